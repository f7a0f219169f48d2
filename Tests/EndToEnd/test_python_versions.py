"""Runtimes on Pythons of their own: --python NAME=LIBRARY.

The library stands in for another Python; that it really is another process family is what is tested here. With
FGS_E2E_LIBPYTHON=LIBRARY it is that one.
"""

import os
import shutil
import signal
import subprocess
import sysconfig
import tempfile
from pathlib import Path

import pytest

from control import Control, text_of
from deadlines import eventually
from emulator import assert_refuses_to_start
from processes import children
from rest import assert_failed, user_data

QUIET = ["--log-level", "error"]


def library() -> "Path | None":
    """A shared library of a Python on this machine, at its real place."""
    if os.environ.get("FGS_E2E_LIBPYTHON"):
        return Path(os.environ["FGS_E2E_LIBPYTHON"]).resolve()
    directories = [Path("/usr/lib/x86_64-linux-gnu"), Path(sysconfig.get_config_var("LIBDIR"))]
    found = [path for directory in directories for path in directory.glob("libpython3.[0-9]*.so.1.0")]
    return found[0].resolve() if found else None


LIBRARY = library()
needs_library = pytest.mark.skipif(LIBRARY is None, reason="this machine has no shared libpython")

WHO = "import sys\ndef handler(event, context): return list(sys.version_info[:2])\n"


@pytest.fixture
def server(fresh_server):
    return fresh_server(options=["--python", f"Python3.9={LIBRARY}"])


# What is refused


@pytest.mark.parametrize("text", ["", "Python3.9", "=", "Python3.9=", f"={LIBRARY}"])
def test_an_option_without_name_or_path_is_a_usage_error(fresh_server, text):
    server = fresh_server(options=["--python", text], ready=False)
    assert server.wait() not in (0, 1)
    assert "--python" in server.log.read_text()


@pytest.mark.parametrize("name", ["Python9.9", "Node.js12.13", "http", "python"])
def test_a_name_that_is_no_python_runtime_is_a_usage_error(fresh_server, name):
    server = fresh_server(options=["--python", f"{name}={LIBRARY}"], ready=False)
    assert server.wait() not in (0, 1)
    assert name in server.log.read_text()


def test_a_path_with_nothing_there_is_one_clear_line_and_exit_code_1(fresh_server, tmp_path):
    path = str(tmp_path / "libpython3.9.so")
    server = fresh_server(options=[*QUIET, "--python", f"Python3.9={path}"], ready=False)
    assert_refuses_to_start(server, "Python3.9", path)


@pytest.mark.parametrize("content", [b"", b"no library at all", b"\x7fELF and no more"])
def test_a_file_that_is_no_library_is_one_clear_line_and_exit_code_1(
    fresh_server, tmp_path, content
):
    path = tmp_path / "libpython3.9.so"
    path.write_bytes(content)
    server = fresh_server(options=[*QUIET, "--python", f"Python3.9={path}"], ready=False)
    assert_refuses_to_start(server, "Python3.9", str(path))


def test_a_library_that_is_no_python_is_one_clear_line_and_exit_code_1(fresh_server):
    path = next(Path("/usr/lib/x86_64-linux-gnu").glob("libz.so.1*"), None)
    if path is None:
        pytest.skip("no other library to try")
    server = fresh_server(options=[*QUIET, "--python", f"Python3.9={path}"], ready=False)
    assert_refuses_to_start(server, "Python3.9", str(path))


@needs_library
def test_a_path_that_the_dynamic_linker_cannot_be_given_is_refused(fresh_server, tmp_path):
    for name in ["with blank", "with:colon"]:
        path = tmp_path / name
        shutil.copy(LIBRARY, path)
        server = fresh_server(options=[*QUIET, "--python", f"Python3.9={path}"], ready=False)
        assert_refuses_to_start(server, "Python3.9", str(path), "blanks or colons")


def elsewhere(directory: Path) -> Path:
    """The library and its standard library below another directory, as Debian lays them out."""
    release = f"python3.{LIBRARY.name.split('.')[1]}"
    modules = next(above / "lib" / release for above in LIBRARY.parents if (above / "lib" / release).is_dir())
    libraries = directory / "usr/lib/x86_64-linux-gnu"
    libraries.mkdir(parents=True)
    (libraries.parent / release).symlink_to(modules)
    return Path(shutil.copy(LIBRARY, libraries))


@needs_library
def test_a_standard_library_that_functions_do_not_see_is_refused(fresh_server):
    with tempfile.TemporaryDirectory(dir="/tmp") as directory:
        path = elsewhere(Path(directory))
        server = fresh_server(options=[*QUIET, "--python", f"Python3.9={path}"], ready=False)
        assert_refuses_to_start(server, "Python3.9", str(path), "/tmp")


@pytest.mark.skipif(shutil.which("cc") is None, reason="this machine has no C compiler")
def test_a_python_that_is_too_old_is_refused(fresh_server, tmp_path):
    source, path = tmp_path / "old.c", tmp_path / "libpython2.7.so"
    source.write_text(
        'const char *Py_GetVersion(void) { return "2.7.18 (default)"; }\nvoid Py_InitializeEx(int a) {}\n'
    )
    subprocess.run(["cc", "-shared", "-fPIC", "-o", path, source], check=True)
    server = fresh_server(options=[*QUIET, "--python", f"Python2.7={path}"], ready=False)
    assert_refuses_to_start(server, "Python2.7", str(path), "it is Python 2.7", "3.7 or newer")


# What runs


@needs_library
def test_a_python_is_found_with_what_belongs_to_it_wherever_it_stands(fresh_server, project_of):
    source = "import sys, email\ndef handler(event, context): return [sys.prefix, sys.executable]\n"
    with tempfile.TemporaryDirectory(dir="/var/tmp") as directory:
        # Instances are users of their own.
        os.chmod(directory, 0o755)
        server = fresh_server(options=["--python", f"Python3.9={elsewhere(Path(directory))}"])
        prefix, executable = project_of(server).create_inline(source, runtime="Python3.9").call({})
        assert prefix == f"{directory}/usr"
        assert executable == f"{prefix}/bin/python3.{LIBRARY.name.split('.')[1]}"
        server.stop()


@needs_library
def test_a_function_runs_on_the_python_of_its_runtime(server, project_of):
    project = project_of(server)
    minor = int(LIBRARY.name.split(".")[1])
    stand_in = project.create_inline(WHO, runtime="Python3.9")
    default = project.create_inline(WHO, runtime="Python3.10")
    for _ in range(2):
        assert stand_in.call({}) == [3, minor]
        assert default.call({}) == list(Control(server.url).python)


@needs_library
def test_the_end_of_one_python_is_not_that_of_another(server, project_of):
    project = project_of(server)
    default, stand_in = [project.create("globals", runtime=runtime) for runtime in ["Python3.10", "Python3.9"]]
    default.call({})
    before = stand_in.call({})
    pythons = children(server.pid)
    other, main = sorted(pythons, key=lambda python: "worker-shared" not in python.command)
    assert "worker-shared" in other.command and "worker-shared" not in main.command
    os.kill(main.pid, signal.SIGKILL)
    eventually(lambda: main not in children(server.pid), 5, "the end of it")
    eventually(lambda: len(children(server.pid)) == 2, 5, "another in its place, and nothing of it left")
    assert default.call({})["calls"] == 1
    assert other in children(server.pid)
    assert stand_in.call({}) == before | {"calls": 2}


@needs_library
def test_the_log_says_which_library_runs_a_function(server, project_of):
    project, control = project_of(server), Control(server.url)
    function = project.create("printer", runtime="Python3.9")
    function.invoke({})
    records = eventually(lambda: control.logs(function.urn), 5, "records of the log")
    start, first_line = text_of(records).splitlines()[:2]
    assert "Start invoke request" in start
    assert f"Runtime Python3.9 is run by CPython 3.{LIBRARY.name.split('.')[1]}" in first_line
    assert LIBRARY.name in first_line


@needs_library
@pytest.mark.parametrize(
    "sample, handler, event, result",
    [
        ("echo", "index.handler", {"a": [1, None]}, {"a": [1, None]}),
        ("nested", "src/index.handler", {"name": "you"}, None),
        ("returns", "index.non_ascii_dict", {}, {"greeting": "Grüße"}),
        ("globals", "index.handler", {}, None),
    ],
)
def test_samples_run_as_on_the_other_python(server, project_of, sample, handler, event, result):
    function = project_of(server).create(sample, handler=handler, runtime="Python3.9")
    for _ in range(2):
        answer = function.call(event)
        assert result is None or answer == result


@needs_library
@pytest.mark.parametrize(
    "sample, handler, code",
    [
        ("raising", "index.handler", 4002),
        ("broken", "syntax_error.handler", 4001),
        ("returns", "index.a_set", 4007),
        ("returns", "index.too_large", 4004),
        ("exits", "index.os_exit", 4204),
        ("segfault", "index.handler", 4204),
    ],
)
def test_failures_are_the_same_as_on_the_other_python(server, project_of, sample, handler, code):
    function = project_of(server).create(sample, handler=handler, runtime="Python3.9")
    for _ in range(2):
        assert_failed(function.invoke({}), code)


@needs_library
def test_limits_are_the_same_as_on_the_other_python(server, project_of):
    project = project_of(server)
    slow = project.create("sleeper", timeout=3, runtime="Python3.9")
    assert_failed(slow.invoke({"seconds": 600}), 4010)
    greedy = project.create("memory", runtime="Python3.9")
    assert_failed(greedy.invoke({"megabytes": 600, "hold": 10}), 4205)


@needs_library
def test_context_logger_and_output_are_the_same_as_on_the_other_python(server, project_of):
    project = project_of(server)
    function = project.create(
        "context", runtime="Python3.9", memory_size=256, user_data=user_data(COLOUR="green")
    )
    result = function.call({"keys": ["COLOUR"]})
    assert result["methods"]["getMemorySize"] == "256"
    assert result["user_data"] == {"COLOUR": "green"}
    logger = project.create("logger", handler="index.levels", runtime="Python3.9")
    assert " INFO an info line\n" in logger.invoke({}, tail=True).log
    roads = project.create("printer", handler="index.every_road", runtime="Python3.9")
    log = roads.invoke({}, tail=True).log
    assert "1 print\n" in log and "3 subprocess\n" in log and "6 libc puts\n" in log


@needs_library
def test_initializers_and_several_requests_at_once_work_too(server, project_of, gate, background):
    project = project_of(server)
    function = project.create(
        "gate",
        runtime="Python3.9",
        initializer_handler="index.initializer",
        initializer_timeout=10,
        user_data=gate.variables(),
    )
    function.update_config(strategy_config={"concurrency": 1, "concurrent_num": 3})
    calls = [background(function.invoke, gate.event(str(number))) for number in range(3)]
    gate.next("initializer")
    callers = gate.take(3)
    assert len({caller.instance for caller in callers}) == 1
    for caller in callers:
        caller.let_go()
    assert all(call.result().succeeded for call in calls)


@needs_library
def test_instances_of_two_pythons_end_with_the_server(fresh_server, project_of):
    """The end of the server is checked to leave no process behind."""
    server = fresh_server(options=["--python", f"Python3.9={LIBRARY}"])
    project = project_of(server)
    for runtime in ["Python3.9", "Python3.10", "Python3.9"]:
        project.create("globals", runtime=runtime).call({})
    assert server.stop() == 0


@needs_library
def test_two_runtimes_may_share_a_library(fresh_server, project_of):
    options = ["--python", f"Python3.9={LIBRARY}", "--python", f"Python3.6={LIBRARY}"]
    project = project_of(fresh_server(options=options))
    first, second = (
        project.create_inline(WHO, runtime=runtime) for runtime in ["Python3.9", "Python3.6"]
    )
    assert first.call({}) == second.call({})
