"""Functions as archives: export (X-1), import (X-2), and the way from one to the other."""

import copy
import hashlib
import io
import re
import zipfile

import pytest
import requests
import yaml

from rest import answered, assert_error, encoded

HELLO = b"def handler(event, context):\n    return 'hello'\n"
SETTINGS = {
    "timeout": 41,
    "memory_size": 256,
    "description": "größtmöglich: 'quoted', # and: more",
    "user_data": '{"COLOUR": "green", "EMPTY": ""}',
    "xrole": "configuration-agency",
    "app_xrole": "execution-agency",
    "initializer_handler": "src/index.initializer",
    "initializer_timeout": 9,
    "enable_dynamic_memory": True,
    "is_stateful_function": True,
    "func_vpc": {"vpc_id": "vpc-1", "subnet_id": "subnet-1"},
    "lts_custom_tag": {"team": "blue"},
}
SOURCE = (
    b"def initializer(context): pass\n"
    b"def handler(event, context):\n"
    b"    return [open('code/conf/app.ini').read(), context.getUserData('COLOUR')]\n"
)


def export(function, **query) -> dict:
    query = query or {"type": "code"}
    return answered(function.api.get(f"{function.path}/export", params=query))


def downloaded(exported: dict) -> "dict[str, bytes]":
    """The files of the archive that an export leads to, those of an archive of code in it too."""
    answer = requests.get(exported["code_url"], timeout=30)
    assert answer.status_code == 200, answer.text
    files = unpacked(answer.content)
    for name in [name for name in files if name.endswith(".zip")]:
        files.update(unpacked(files.pop(name)))
    return files


def unpacked(archive: bytes) -> "dict[str, bytes]":
    source = zipfile.ZipFile(io.BytesIO(archive))
    return {name: source.read(name) for name in source.namelist() if not name.endswith("/")}


def try_to_import(project, archive: bytes, **fields):
    """Named after the archive, as the Python SDK has it; a field that is None is left out."""
    body = {"file_name": f"{project.unique('imp')}.zip", "file_type": "zip",
            "file_code": encoded(archive)["file"], **fields}  # fmt: skip
    body = {name: value for name, value in body.items() if value is not None}
    return project.api.post("/fgs/functions/import", json=body)


def import_(project, archive: bytes, **fields):
    return project.adopt(try_to_import(project, archive, **fields))


def numbers(document) -> "set[int]":
    """Every number in a description, however it is laid out."""
    if isinstance(document, dict):
        document = list(document.values())
    if isinstance(document, list):
        return {number for item in document for number in numbers(item)}
    return {document} if type(document) is int else set()


@pytest.fixture
def function(project, fixtures):
    """A function with files in directories, and settings."""
    files = {"src/index.py": SOURCE, "conf/app.ini": b"size = 7", "empty": b""}
    return project.create(fixtures.archive(files), handler="src/index.handler", **SETTINGS)


# Export: what is refused


@pytest.mark.parametrize(
    "query",
    [{}, {"code": "false"}, {"config": "false", "code": "false"}, {"type": "both"}, {"type": ""},
     {"code": "yes"}, {"config": "1"}, {"type": "code", "code": "true"},
     {"type": "config", "config": "true"}],
    ids=str,
)  # fmt: skip
def test_an_export_of_nothing_or_of_contradictions_is_refused(project, query):
    function = project.create()
    answer = function.api.get(f"{function.path}/export", params=query)
    assert_error(answer, 400, "FSS.1001", "FSS.0400")


# Export: what is accepted

VARIANTS = [
    ({"type": "code"}, ["code"]),
    ({"type": "config"}, ["config"]),
    ({"code": "true"}, ["code"]),
    ({"config": "true"}, ["config"]),
    ({"code": "true", "config": "false"}, ["code"]),
    ({"config": "true", "code": "true"}, ["code", "config"]),
]


@pytest.mark.parametrize("query, parts", VARIANTS, ids=str)
def test_an_export_has_what_was_asked_for(function, query, parts):
    files = downloaded(export(function, **query))
    code = {"src/index.py": SOURCE, "conf/app.ini": b"size = 7", "empty": b""}
    description = f"{function.name}.yaml"
    expected = {*(code if "code" in parts else []), *([description] if "config" in parts else [])}
    assert files.keys() == expected
    assert all(files[name] == content for name, content in code.items() if name in files)
    if "config" in parts:
        assert function.name in str(yaml.safe_load(files[description]))


def test_an_export_is_named_after_function_and_code(function, fixtures):
    exported = export(function)
    assert re.fullmatch(re.escape(function.name) + r"_[0-9a-f]{32}\.zip", exported["file_name"])
    assert export(function)["file_name"] == exported["file_name"]
    function.update_code(fixtures.sample("hello"))
    assert export(function)["file_name"] != exported["file_name"]


def test_the_address_of_an_export_is_one_of_the_server_that_was_asked(function, server):
    assert export(function)["code_url"].startswith(f"{server.url}/")


def test_an_export_of_text_is_an_archive_of_one_file(project):
    function = project.create_inline(HELLO.decode())
    assert downloaded(export(function)) == {"index.py": HELLO}


def test_a_version_is_exported_as_it_was_published(project):
    function = project.create_inline(HELLO.decode(), timeout=33)
    function.publish("v1")
    function.update_code(project.archive(index="new = True"))
    function.update_config(timeout=44)
    assert downloaded(export(function.at("v1"))) == {"index.py": HELLO}
    assert downloaded(export(function)) == {"index.py": b"new = True"}
    (description,) = downloaded(export(function.at("v1"), type="config")).values()
    assert {33} == {33, 44} & numbers(yaml.safe_load(description))


def test_what_get_code_links_to_can_be_downloaded(project, fixtures):
    archive = fixtures.sample("hello")
    function = project.create(archive)
    answer = requests.get(function.code()["func_code"]["link"], timeout=30)
    assert answer.status_code == 200 and answer.content == archive


# Import: what is refused


@pytest.mark.parametrize(
    "fields, status, codes",
    [
        ({"file_type": "tar"}, 400, ["FSS.1013"]),
        ({"file_type": 7}, 400, ["FSS.1013", "FSS.0400"]),
        ({"file_code": None}, 400, ["FSS.1011", "FSS.1012", "FSS.0400"]),
        ({"file_code": ""}, 400, ["FSS.1011", "FSS.1012", "FSS.0400"]),
        ({"file_code": "no base64!"}, 400, ["FSS.1011"]),
        ({"file_code": encoded("no archive")["file"]}, 400, ["FSS.1011"]),
        ({"file_name": None}, 400, ["FSS.1002", "FSS.0400"]),
        ({"file_name": ".zip"}, 400, ["FSS.1002", "FSS.0400"]),
        ({"file_name": "1st.zip"}, 400, ["FSS.1002"]),
        ({"func_name": "a b"}, 400, ["FSS.1002"]),
        ({"func_name": "x" * 61}, 400, ["FSS.1002"]),
        ({"package": "a b"}, 400, ["FSS.1004", "FSS.1027"]),
    ],
    ids=str,
)
def test_a_bad_member_is_refused_and_nothing_is_imported(
    own_project, fixtures, fields, status, codes
):
    answer = try_to_import(own_project, fixtures.archive({"index.py": HELLO}), **fields)
    assert_error(answer, status, *codes)
    assert answered(own_project.api.get("/fgs/functions"))["count"] == 0


@pytest.mark.parametrize(
    "files",
    [{}, {"README.md": b"no code"}, {"../index.py": HELLO}],
    ids=str,
)
def test_an_archive_without_a_function_to_be_found_is_refused(own_project, files):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as output:
        for name, content in files.items():
            output.writestr(name, content)
    answer = try_to_import(own_project, buffer.getvalue())
    assert answer.status_code in (400, 404), answer.text
    codes = ["FSS.0400", "FSS.1003", "FSS.1005", "FSS.1011", "FSS.1057"]
    assert_error(answer, answer.status_code, *codes)
    assert answered(own_project.api.get("/fgs/functions"))["count"] == 0


def test_a_function_that_exists_is_not_overwritten(project, fixtures):
    function = project.create_inline(HELLO.decode())
    archive = fixtures.archive({"index.py": b"def handler(e, c): return 'new'"})
    for fields in [{"file_name": f"{function.name}.zip"}, {"func_name": function.name}]:
        assert_error(try_to_import(project, archive, **fields), 409, "FSS.1061")
    assert function.invoke({}).text == "hello"


# Import: what is accepted


def test_the_archive_that_users_import_first_is_imported_and_runs(own_project, fixtures):
    """The call of the Python SDK's guide: a name in `file_name` only, and no description file."""
    function = import_(own_project, fixtures.sample("seed_import"), file_name="test.zip")
    created = function.created
    assert created["func_name"] == "test"
    assert created["package"] == "default"
    assert created["func_urn"] == f"{function.urn}:latest"
    assert created["handler"] == "dep.handler"
    assert created["runtime"] == "Python3.9"
    assert created["memory_size"] == 128 and created["timeout"] == 30
    assert created["code_type"] == "zip"
    assert isinstance(created["code_url"], str)
    answer = function.call('{"a": "b"}')
    assert answer == {"statusCode": 200, "body": "Data received: {'a': 'b'}"}


def test_an_imported_function_is_like_any_other(project, fixtures):
    archive = fixtures.archive({"index.py": HELLO})
    function = import_(project, archive)
    assert function.created["digest"] == hashlib.sha512(archive).hexdigest()
    assert function.created["code_size"] == len(archive)
    config = function.config()
    for name in ["func_urn", "runtime", "handler", "timeout", "memory_size", "digest", "version"]:
        assert config[name] == function.created[name], name
    function.update_config(timeout=31)
    function.publish("v1")
    assert function.at("v1").invoke({}).text == "hello"


def test_the_name_may_be_said_and_the_package_too(project, fixtures):
    name, package = project.unique("named"), project.unique("p")
    archive = fixtures.archive({"index.py": HELLO})
    function = import_(project, archive, func_name=name, package=package)
    assert function.created["func_name"] == name
    assert function.created["package"] == package


@pytest.mark.parametrize(
    "files, runtime, handler",
    [
        (["index.py"], "Python3.9", "index.handler"),
        (["main.py"], "Python3.9", "main.handler"),
        (["index.py", "helper.py"], "Python3.9", "index.handler"),
        (["index.py", "README.md", "data.json"], "Python3.9", "index.handler"),
        (["index.js"], "Node.js16.17", "index.handler"),
        (["app.js", "package.json"], "Node.js16.17", "app.handler"),
        (["index.php"], "PHP7.3", "index.handler"),
    ],
)
def test_runtime_and_handler_follow_from_the_files(project, fixtures, files, runtime, handler):
    function = import_(project, fixtures.archive({name: HELLO for name in files}))
    assert function.created["runtime"] == runtime
    assert function.created["handler"] == handler


def test_a_java_archive_is_recognised(project, fixtures):
    archive = fixtures.archive({"app.jar": b"PK"})
    assert import_(project, archive).created["runtime"] == "Java11"


# There and back


def settings_of(function) -> dict:
    config = function.config()
    names = {*SETTINGS, "runtime", "handler", "encrypted_user_data", "strategy_config",
             "pre_stop_handler", "domain_names", "type", "ephemeral_storage"}  # fmt: skip
    return {name: config[name] for name in names}


def archive_of(function) -> bytes:
    exported = export(function, code="true", config="true")
    return requests.get(exported["code_url"], timeout=30).content


def test_what_is_exported_and_imported_is_the_same_function(function, own_project):
    """In another project, since a name is taken once."""
    function.set_max_instances(7)
    imported = import_(own_project, archive_of(function), func_name=function.name)
    assert settings_of(imported) == settings_of(function)
    assert imported.call({}) == function.call({}) == ["size = 7", "green"]
    assert downloaded(export(imported)) == downloaded(export(function))


def test_text_is_exported_and_imported_too(project, own_project):
    function = project.create_inline(HELLO.decode(), timeout=33)
    imported = import_(own_project, archive_of(function), func_name=function.name)
    assert imported.config()["timeout"] == 33
    assert imported.invoke({}).text == "hello"


def test_code_alone_is_imported_without_the_settings(function, own_project):
    archive = requests.get(export(function)["code_url"], timeout=30).content
    imported = import_(own_project, archive, func_name=function.name)
    assert imported.created["timeout"] == 30
    assert imported.created["handler"] == "src/index.handler"


def test_aliases_and_versions_stay_behind(function, own_project):
    function.publish("v1")
    function.create_alias("prod", "v1")
    imported = import_(own_project, archive_of(function), func_name=function.name)
    assert answered(imported.api.get(f"{imported.path}/aliases")) == []
    assert answered(imported.api.get(f"{imported.path}/versions"))["count"] == 1


# Description files


def description_of(function) -> "tuple[str, object]":
    ((name, text),) = downloaded(export(function, type="config")).items()
    return name, yaml.safe_load(text)


def without(document, name: str):
    """The document without the entries that hold this name."""
    if isinstance(document, dict):
        kept = {key: without(value, name) for key, value in document.items() if value != name}
        return {("" if key == name else key): value for key, value in kept.items()}
    if isinstance(document, list):
        return [without(item, name) for item in document if item != name]
    return document


def doubled(document, name: str):
    """The document with the description of the function in it twice."""
    if isinstance(document, dict) and name in document.values():
        return [document, copy.deepcopy(document)]
    if isinstance(document, list):
        return [again for item in document for again in _as_list(doubled(item, name))]
    return {key: doubled(value, name) for key, value in document.items()}


def _as_list(document) -> list:
    return document if isinstance(document, list) else [document]


def try_to_import_description(project, fixtures, name: str, *texts: str):
    files = {"index.py": HELLO, f"{name}.yaml": texts[0].encode()}
    files.update({f"{name}{n}.yml": text.encode() for n, text in enumerate(texts[1:])})
    return try_to_import(project, fixtures.archive(files), file_name=f"{name}.zip")


@pytest.fixture
def described(project):
    """A function, and what its description file holds."""
    function = project.create_inline(HELLO.decode())
    return function, description_of(function)[1]


def test_two_description_files_are_refused(own_project, fixtures, described):
    function, document = described
    texts = [yaml.safe_dump(document)] * 2
    answer = try_to_import_description(own_project, fixtures, function.name, *texts)
    assert_error(answer, 400, "FSS.1022")


@pytest.mark.parametrize("text", ["a: [", "a: b: c", "\t- x", "just text", "", "- 1\n- 2", "7"])
def test_a_description_that_cannot_be_read_is_refused(own_project, fixtures, text):
    answer = try_to_import_description(own_project, fixtures, "broken", text)
    assert_error(answer, 400, "FSS.1025")


def test_a_description_that_names_no_function_is_refused(own_project, fixtures, described):
    function, document = described
    text = yaml.safe_dump(without(document, function.name))
    answer = try_to_import_description(own_project, fixtures, function.name, text)
    assert_error(answer, 404, "FSS.1057")


def test_a_description_that_names_a_function_twice_is_refused(own_project, fixtures, described):
    function, document = described
    text = yaml.safe_dump(doubled(document, function.name))
    answer = try_to_import_description(own_project, fixtures, function.name, text)
    assert_error(answer, 400, "FSS.1058")
    assert answered(own_project.api.get("/fgs/functions"))["count"] == 0


def test_a_description_with_a_bad_setting_is_refused_like_a_request(
    own_project, fixtures, described
):
    function, document = described
    text = re.sub(r"(timeout['\"]?: *)30\b", r"\g<1>2", yaml.safe_dump(document), count=1)
    answer = try_to_import_description(own_project, fixtures, function.name, text)
    assert_error(answer, 400, "FSS.1008", "FSS.1025")
    assert answered(own_project.api.get("/fgs/functions"))["count"] == 0
