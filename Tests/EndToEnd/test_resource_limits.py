"""Limits of a running function: time, memory, files, processes; and the files it sees."""

import errno
import time

import pytest

from rest import assert_failed

OPEN_FILES = 2048
PROCESSES = 1024
SLACK = 64
"""How much of a limit the runtime itself may use."""
CODE = "/opt/function/code"


@pytest.fixture
def neighbour(project, gate, background):
    """A call of another function that runs all the time; it has to end well."""
    call = background(project.create("gate", timeout=120).call, gate.event("neighbour"))
    caller = gate.next("neighbour")
    yield caller
    caller.let_go()
    assert call.result() == {"name": "neighbour", "calls": 1}


# Time


HANGS = [
    "asleep", "busy", "in C", "in C with the interpreter's lock", "deaf to signals",
    "with a child", "in a lock",
]  # fmt: skip


def test_whatever_a_handler_does_its_timeout_ends_it(project, neighbour, background):
    function = project.create("resources", handler="index.hang", timeout=3)
    started = time.monotonic()
    calls = {how: background(function.invoke, {"how": how}) for how in HANGS}
    for how, call in calls.items():
        error = assert_failed(call.result(), 4010)
        assert error["errorMessage"] == "call invoke timeout 3s", how
        assert "stackTrace" not in error
    assert time.monotonic() - started < 15


def test_a_module_that_loads_too_slowly_answers_4012(project, neighbour):
    function = project.create_inline("import time\ntime.sleep(600)\ndef handler(e, c): pass\n")
    started = time.monotonic()
    error = assert_failed(function.invoke({}), 4012)
    assert error["errorMessage"] == "load function timed out after 10s"
    assert 9 < time.monotonic() - started < 20


def test_an_initializer_that_never_lets_go_of_the_interpreter_answers_4211(project, neighbour):
    source = (
        "def initializer(context): sum(range(10**15))\n"
        "def handler(event, context): return 'never'\n"
    )
    function = project.create_inline(
        source, initializer_handler="index.initializer", initializer_timeout=1
    )
    error = assert_failed(function.invoke({}), 4211)
    assert error["errorMessage"] == "runtime initialization timed out after 1s"


def test_the_instance_of_a_call_that_took_too_long_is_gone_with_its_memory(project):
    """A counter that the first call has set begins anew."""
    source = (
        "import time\n"
        "state = {'calls': 0}\n"
        "def handler(event, context):\n"
        "    state['calls'] += 1\n"
        "    time.sleep(event.get('sleep', 0))\n"
        "    return state['calls']\n"
    )
    function = project.create_inline(source, timeout=3)
    assert function.call({}) == 1
    assert function.call({}) == 2
    assert_failed(function.invoke({"sleep": 600}), 4010)
    assert function.call({}) == 1


# Memory


@pytest.mark.parametrize(
    "how", ["in steps", "at once", "in a child", "in a child of a thread", "in threads", "in C"]
)
def test_memory_above_the_limit_answers_4205_however_it_was_taken(project, neighbour, how):
    function = project.create("resources", handler="index.memory")
    invocation = function.invoke({"how": how, "megabytes": 600})
    error = assert_failed(invocation, 4205)
    assert error == {"errorMessage": "runtime memory limit exceeded", "errorType": "MemoryError"}


HOARDS = """
import time

def hoard():
    held = [b"1" * 2**20 for _ in range(400)]
    time.sleep(10)

def leap(): bytearray(2000 << 20)
def begin(context): hoard()
def begin_with_a_leap(context): leap()
def handler(event, context): return "never"
"""


@pytest.mark.parametrize(
    "source, fields",
    [
        (f"{HOARDS}\nhoard()\n", {}),
        (f"{HOARDS}\nleap()\n", {}),
        (HOARDS, {"initializer_handler": "index.begin", "initializer_timeout": 30}),
        (HOARDS, {"initializer_handler": "index.begin_with_a_leap", "initializer_timeout": 30}),
    ],
    ids=["module", "module, at once", "initializer", "initializer, at once"],
)
def test_memory_above_the_limit_answers_4205_before_the_first_call_too(
    project, neighbour, source, fields
):
    function = project.create_inline(source, **fields)
    for _ in range(2):
        error = assert_failed(function.invoke({}), 4205)
        assert error["errorMessage"] == "runtime memory limit exceeded"
        assert error["errorType"] == "MemoryError"


def test_the_memory_that_was_too_much_is_reported(project):
    function = project.create("resources", handler="index.memory")
    invocation = function.invoke({"how": "in steps", "megabytes": 600}, tail=True)
    assert_failed(invocation, 4205)
    assert invocation.summary["memorySize"] == 128
    assert invocation.summary["memoryUsed"] > 100
    assert f"Finish invoke request '{invocation.request_id}'(invoke Failed)" in invocation.log


# Disk


def test_more_than_512_mb_in_tmp_answers_4207_and_the_next_call_has_room(
    project, isolated, neighbour
):
    function = project.create("resources", handler="index.fill", memory_size=1024)
    first = function.call({"megabytes": 1})
    error = assert_failed(function.invoke({"megabytes": 600, "hold": 10}), 4207)
    assert error["errorMessage"] == "disk usage exceed limit"
    assert "stackTrace" not in error
    second = function.call({"megabytes": 1})
    assert second["instance"] != first["instance"]
    assert second["files"] == ["fill-0"]


def test_a_function_may_fill_tmp_almost_to_the_limit(project, isolated):
    function = project.create("resources", handler="index.fill", memory_size=1024)
    assert function.call({"megabytes": 480})["files"] == [f"fill-{n}" for n in range(8)]


def test_a_larger_tmp_can_be_asked_for(project, isolated):
    function = project.create("resources", handler="index.fill", memory_size=1024)
    function.update_config(ephemeral_storage=10240)
    assert len(function.call({"megabytes": 600})["files"]) == 10


def test_the_finish_line_tells_how_much_is_stored(project, isolated):
    function = project.create("resources", handler="index.fill")
    log = function.invoke({"megabytes": 20}, tail=True).log
    stored = float(log.rpartition("storage used: ")[2].partition("MB")[0])
    assert 20 <= stored < 25


# Descriptors and processes


def test_2048_files_can_be_open_and_no_more(project):
    function = project.create("resources", handler="index.descriptors")
    for _ in range(2):
        result = function.call({})
        assert result["errno"] == errno.EMFILE
        assert OPEN_FILES - SLACK < result["opened"] < OPEN_FILES
        assert result["limit"] == [OPEN_FILES, OPEN_FILES]


def test_1024_processes_can_run_and_no_more(project, isolated, neighbour):
    function = project.create("resources", handler="index.processes", memory_size=10240, timeout=60)
    for _ in range(2):
        result = function.call({})
        assert result["errno"] == errno.EAGAIN
        assert PROCESSES - SLACK < result["started"] <= PROCESSES


def test_1024_threads_can_run_and_no_more(project, isolated, neighbour):
    function = project.create("resources", handler="index.threads", memory_size=1024, timeout=60)
    result = function.call({})
    assert "can't start new thread" in result["refusal"]
    assert PROCESSES - SLACK < result["started"] <= PROCESSES


def test_two_functions_count_their_processes_apart(project, isolated, background):
    functions = [
        project.create("resources", handler="index.processes", memory_size=10240, timeout=60)
        for _ in range(2)
    ]
    for call in [background(function.call, {}) for function in functions]:
        assert call.result()["started"] > PROCESSES - SLACK


@pytest.mark.timeout(120)
def test_a_fork_bomb_hurts_nobody_else(project, control, isolated, neighbour, background):
    bomb = project.create("resources", handler="index.bomb", memory_size=10240, timeout=5)
    call = background(bomb.invoke, {})
    sound = project.create("echo", timeout=60)
    calls = 0
    while not call.done():
        assert sound.call({"n": calls}) == {"n": calls}
        assert control.get("health").json()["status"] == "ok"
        calls += 1
    assert call.result().code in ("4010", "4204", "4205")
    assert calls > 1
    another = project.create("resources", handler="index.descriptors")
    assert another.call({})["opened"]


# Files


SCRATCH = """
import os
from index import INSTANCE, call_in

def handler(event, context):
    for name in event.get("write", []):
        with open(f"/tmp/{name}", "w") as file:
            file.write(INSTANCE)
    if "port" in event:
        call_in(event["port"], name=event["name"])
    return {"instance": INSTANCE, "files": sorted(os.listdir("/tmp"))}
"""


def scratch(project, **fields):
    return project.create(project.sample("gate", scratch=SCRATCH), "scratch.handler", **fields)


def test_requests_of_an_instance_share_tmp(project, isolated):
    function = scratch(project)
    assert function.call({"write": ["a"]})["files"] == ["a"]
    assert function.call({"write": ["b"]})["files"] == ["a", "b"]


def test_another_instance_sees_nothing_of_it(project, isolated, gate, background):
    function = scratch(project)
    calls = [
        background(function.call, {**gate.event(name), "write": [name, f"{name}{name}"]})
        for name in ["a", "b", "c"]
    ]
    for caller in gate.take(3):
        caller.let_go()
    for name, call in zip("abc", calls):
        assert call.result()["files"] == [name, name + name]
    other = scratch(project)
    assert other.call({})["files"] == []


@pytest.mark.parametrize("end", ["idle", "change", "crash"])
def test_files_go_with_their_instance(fresh_server, project_of, isolated, gate, background, end):
    server = fresh_server(options=["--idle-timeout", "1"])
    project = project_of(server)
    function = scratch(project)
    name = project.unique("left-behind")
    first = function.call({"write": [name]})
    assert first["files"] == [name]
    if end == "change":
        function.update_config(description="changed")
    elif end == "crash":
        call = background(function.invoke, gate.event())
        gate.next().tell("exit")
        assert_failed(call.result(), 4204)
    else:
        # Another function's instance, begun later, is released after the first one's.
        later = project.create("gate")
        later.call(gate.event(wait=False, keep=True))
        gate.next().assert_gone()
    second = function.call({})
    assert second["instance"] != first["instance"]
    assert second["files"] == []
    assert not [path for path in server.left_behind() if name in path]


def test_code_is_at_the_documented_place(project, isolated):
    view = project.create("resources", handler="index.view").call({})
    assert view["root"] == CODE
    assert view["directory"] == "/opt/function"
    assert view["file"] == f"{CODE}/index.py"
    assert "index.py" in view["code"]
    assert CODE in view["path"]
    assert view["tmp"] == []


def test_a_function_is_an_unprivileged_user_and_sees_no_process_but_its_own(project, isolated):
    view = project.create("resources", handler="index.view").call({})
    assert view["user"] == [1003] * 4
    assert len(view["processes"]) <= 3


DIRECTORIES = [
    CODE, "/opt/function", "/opt", "/", "/etc", "/usr", "/usr/lib", "/var/tmp", "/home", "/root",
    "/bin", "/dev", "/proc", "/sys", "/run",
]  # fmt: skip


def test_a_function_can_write_to_tmp_only(project, isolated):
    function = project.create("resources", handler="index.tamper")
    name = project.unique("tamper")
    event = {"name": name, "directories": [*DIRECTORIES, "/tmp"]}
    assert function.call(event) == ["write to /tmp", "mkdir in /tmp"]
    assert function.call(event) == ["write to /tmp", "mkdir in /tmp"]


def test_functions_with_the_same_archive_cannot_harm_each_other_s_code(project, isolated, fixtures):
    archive = fixtures.sample("resources")
    hostile = project.create(archive, handler="index.tamper")
    hostile.call({"name": project.unique("tamper"), "directories": [CODE]})
    view = project.create(archive, handler="index.view").call({})
    assert set(view["code"]) - {"__pycache__"} == {"index.py"}
