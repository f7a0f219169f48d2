"""Functions that run with dependencies: how files are merged, and packages as they come from PyPI."""

import sys

import pytest

import distributions
from rest import assert_failed

IMPORTS_HELPER = "import helper\ndef handler(event, context): return helper.word\n"


def attached(*dependencies: dict) -> dict:
    """The member of a function that attaches these dependency versions, in this order."""
    return {"depend_version_list": [dependency["id"] for dependency in dependencies]}


def helper(project, word: str, **fields) -> dict:
    """A dependency with the module `helper`."""
    return project.create_dependency(project.archive(helper=f"word = {word!r}"), **fields)


# What is not there


def test_a_module_of_a_dependency_that_is_not_attached_cannot_be_imported(project):
    helper(project, "mine")
    function = project.create(project.archive(index=IMPORTS_HELPER))
    assert assert_failed(function.invoke({}), 4001)["errorType"] == "ModuleNotFoundError"


def test_a_dependency_that_is_taken_away_is_gone_at_the_next_call(project):
    code = project.archive(index=IMPORTS_HELPER)
    function = project.create(code, **attached(helper(project, "mine")))
    assert function.invoke({}).text == "mine"
    function.update_code(code, depend_version_list=[])
    assert assert_failed(function.invoke({}), 4001)["errorType"] == "ModuleNotFoundError"


def test_a_dependency_whose_module_fails_fails_the_function(project):
    broken = project.create_dependency(project.archive(helper="raise ValueError('broken helper')"))
    function = project.create(project.archive(index=IMPORTS_HELPER), **attached(broken))
    error = assert_failed(function.invoke({}), 4001)
    assert error["errorMessage"] == "function entry exception, error: broken helper"
    assert any("helper.py" in line for line in error["stackTrace"])


@pytest.mark.parametrize("one, other", [("clash", "clash/inner"), ("clash/inner", "clash")])
def test_a_file_that_is_a_directory_elsewhere_answers_4225(project, one, other):
    """Between the function and a dependency, and between two dependencies."""
    code = {"index.py": "def handler(event, context): return 'corrected'\n"}
    first, second = [project.create_dependency(project.pack({name: ""})) for name in [one, other]]
    for files, dependencies in [({**code, other: ""}, [first]), (code, [first, second])]:
        function = project.create(project.pack(files), **attached(*dependencies))
        message = assert_failed(function.invoke({}), 4225)["errorMessage"]
        assert message.startswith("the code archive is invalid: ") and "clash" in message
        function.update_code(project.pack(code), depend_version_list=[])
        assert function.invoke({}).text == "corrected"


# Merging


def test_a_dependency_wins_over_a_file_of_the_function(project):
    code = project.archive(index=IMPORTS_HELPER, helper="word = 'function'")
    function = project.create(code)
    assert function.invoke({}).text == "function"
    function.update_code(code, **attached(helper(project, "dependency")))
    assert function.invoke({}).text == "dependency"


def test_of_two_dependencies_the_later_wins(project):
    first, second = helper(project, "first"), helper(project, "second")
    code = project.archive(index=IMPORTS_HELPER)
    assert project.create(code, **attached(first, second)).invoke({}).text == "second"
    assert project.create(code, **attached(second, first)).invoke({}).text == "first"


def test_two_versions_of_one_dependency_are_two_dependencies(project):
    first = helper(project, "first")
    second = helper(project, "second", name=first["name"])
    code = project.archive(index=IMPORTS_HELPER)
    for dependencies, word in [
        ([first], "first"), ([second], "second"),
        ([first, second], "second"), ([second, first], "first"),
    ]:  # fmt: skip
        assert project.create(code, **attached(*dependencies)).invoke({}).text == word


def test_files_of_one_directory_may_come_from_everywhere(project):
    """A package of which the function and two dependencies each have a part."""
    source = (
        "from parts import here, one, two\n"
        "def handler(event, context):\n"
        "    text = open('code/parts/data.txt').read()\n"
        "    return [here.word, one.word, two.word, text]\n"
    )
    code = {"index.py": source, "parts/__init__.py": "", "parts/here.py": "word = 'here'"}
    one = {"parts/one.py": "word = 'one'", "parts/data.txt": "of one"}
    two = {"parts/two.py": "word = 'two'", "parts/data.txt": "of two"}
    dependencies = [project.create_dependency(project.pack(files)) for files in [one, two]]
    function = project.create(project.pack(code), **attached(*dependencies))
    assert function.call({}) == ["here", "one", "two", "of two"]


def test_a_dependency_may_bring_the_handler(project):
    dependency = project.create_dependency(
        project.archive(entry="def handler(event, context): return 'from the dependency'\n")
    )
    function = project.create(project.archive(index=""), "entry.handler", **attached(dependency))
    assert function.invoke({}).text == "from the dependency"


def test_a_program_in_a_dependency_can_be_run(project):
    dependency = project.create_dependency(
        project.pack({"bin/tool": "#!/bin/sh\necho tool: $1\n"}, executable=["bin/tool"])
    )
    source = (
        "import subprocess\n"
        "def handler(event, context):\n"
        "    return subprocess.check_output(['code/bin/tool', 'here'], text=True)\n"
    )
    function = project.create(project.archive(index=source), **attached(dependency))
    assert function.invoke({}).text == "tool: here\n"


def test_a_dependency_wins_over_a_bundled_library(project):
    dependency = project.create_dependency(project.archive(yaml="__version__ = 'mine'"))
    source = "import yaml\ndef handler(event, context): return yaml.__version__\n"
    function = project.create(project.archive(index=source), **attached(dependency))
    assert function.invoke({}).text == "mine"


def test_twenty_dependencies_are_merged(project):
    dependencies = [
        project.create_dependency(
            project.pack({f"module_{n}.py": "", "last.py": f"number = {n}"})
        )
        for n in range(20)
    ]
    source = (
        "import importlib, last\n"
        "def handler(event, context):\n"
        "    for number in range(20): importlib.import_module(f'module_{number}')\n"
        "    return last.number\n"
    )
    function = project.create(project.archive(index=source), **attached(*dependencies))
    assert function.call({}) == 19


# Whose they are


def test_functions_share_a_dependency_and_nothing_else(project):
    dependency = project.create_dependency(project.archive(helper="words = []"))
    source = (
        "import helper\n"
        "def handler(event, context):\n"
        "    helper.words.append(event)\n"
        "    return helper.words\n"
    )
    functions = [
        project.create(project.archive(index=source), **attached(dependency)) for _ in range(3)
    ]
    for number, function in enumerate(functions):
        assert function.call(number) == [number]
    assert functions[0].call("again") == [0, "again"]


def test_functions_with_the_same_code_may_have_different_dependencies(project):
    code = project.archive(index=IMPORTS_HELPER)
    dependencies = {word: helper(project, word) for word in ["red", "green"]}
    functions = {word: project.create(code, **attached(dependencies[word])) for word in dependencies}
    for _ in range(2):
        for word, function in functions.items():
            assert function.invoke({}).text == word
    assert_failed(project.create(code).invoke({}), 4001)


def test_a_new_version_of_a_dependency_changes_no_function(project):
    first = helper(project, "first")
    function = project.create(project.archive(index=IMPORTS_HELPER), **attached(first))
    assert function.invoke({}).text == "first"
    helper(project, "second", name=first["name"])
    assert function.invoke({}).text == "first"


def test_a_version_keeps_its_dependencies(project):
    code = project.archive(index=IMPORTS_HELPER)
    function = project.create(code, **attached(helper(project, "old")))
    function.publish("v1")
    function.update_code(code, **attached(helper(project, "new")))
    for _ in range(2):
        assert function.at("v1").invoke({}).text == "old"
        assert function.invoke({}).text == "new"


def test_dependencies_are_there_after_a_restart(fresh_server, project_of, tmp_path):
    server = fresh_server(data_dir=tmp_path / "data")
    project = project_of(server)
    function = project.create(
        project.archive(index=IMPORTS_HELPER), **attached(helper(project, "kept"))
    )
    assert function.invoke({}).text == "kept"
    server.stop()
    function.api = project_of(fresh_server(data_dir=tmp_path / "data")).api
    assert function.invoke({}).text == "kept"


# Packages from PyPI


def packaged(project, *names: str) -> dict:
    """A dependency with distributions that are installed beside this suite."""
    return project.create_dependency(project.pack(distributions.files(*names)))


@pytest.fixture
def same_python(control):
    """For compiled packages, which only run on the Python they were compiled for."""
    if control.python != sys.version_info[:2]:
        pytest.skip(f"functions run on Python {control.python}, this suite does not")


def test_a_pure_python_package_works(project):
    source = (
        "from importlib.metadata import version\n"
        "from itsdangerous import URLSafeSerializer\n"
        "def handler(event, context):\n"
        "    serializer = URLSafeSerializer('secret')\n"
        "    there = serializer.dumps(event)\n"
        "    return {'back': serializer.loads(there), 'version': version('itsdangerous')}\n"
    )
    dependency = packaged(project, "itsdangerous")
    function = project.create(project.archive(index=source), **attached(dependency))
    result = function.call({"a": ["b"]})
    assert result == {"back": {"a": ["b"]}, "version": distributions.version("itsdangerous")}


def test_a_package_with_a_compiled_extension_works(project, same_python):
    source = (
        "import ujson\n"
        "def handler(event, context):\n"
        "    return {'text': ujson.dumps(event), 'file': ujson.__file__.endswith('.so')}\n"
    )
    dependency = packaged(project, "ujson")
    function = project.create(project.archive(index=source), **attached(dependency))
    assert function.call({"a": [1, 2]}) == {"text": '{"a":[1,2]}', "file": True}


def test_a_compiled_extension_inside_a_package_works(project, same_python):
    source = (
        "import markupsafe, markupsafe._speedups\n"
        "def handler(event, context):\n"
        "    return [str(markupsafe.escape(event)), markupsafe._speedups.__file__[-3:]]\n"
    )
    dependency = packaged(project, "markupsafe")
    function = project.create(project.archive(index=source), **attached(dependency))
    assert function.call("<&>") == ["&lt;&amp;&gt;", ".so"]


def test_packages_of_two_dependencies_work_together(project, same_python):
    source = (
        "import jinja2\n"
        "def handler(event, context):\n"
        "    return jinja2.Template('Hello, {{ name | upper }}!').render(event)\n"
    )
    dependencies = [packaged(project, "jinja2"), packaged(project, "markupsafe")]
    function = project.create(project.archive(index=source), **attached(*dependencies))
    assert function.invoke({"name": "you"}).text == "Hello, YOU!"
