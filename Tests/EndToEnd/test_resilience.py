"""What survives, what is refused, and what goes away when a server starts, stops or dies."""

import contextlib
import json
import os
import signal
import socket
import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests

from deadlines import eventually
from emulator import assert_refuses_to_start
from processes import alive, assert_gone, children, marked
from rest import Api, Function, assert_failed

SOON = 5
QUIET = ["--log-level", "error"]


def no_longer_accepts(server) -> None:
    eventually(lambda: not server.accepts(), SOON, "no connection accepted any more")


# Starting


def test_a_port_in_use_is_one_clear_line_and_exit_code_1(fresh_server):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        server = fresh_server(port=port, options=QUIET, ready=False)
        assert_refuses_to_start(server, str(port))


def unprivileged_ports_begin_above_1() -> bool:
    setting = Path("/proc/sys/net/ipv4/ip_unprivileged_port_start")
    return not setting.exists() or int(setting.read_text()) > 1


@pytest.mark.skipif(os.geteuid() == 0, reason="root may use port 1")
@pytest.mark.skipif(not unprivileged_ports_begin_above_1(), reason="everyone may use port 1")
def test_a_forbidden_port_is_one_clear_line_and_exit_code_1(fresh_server):
    assert_refuses_to_start(fresh_server(port=1, options=QUIET, ready=False), "1")


def test_a_second_server_on_the_same_data_is_refused_and_the_first_goes_on(
    fresh_server, project_of, tmp_path
):
    data = tmp_path / "data"
    first = fresh_server(data_dir=data)
    function = project_of(first).create("echo")
    second = fresh_server(data_dir=data, options=QUIET, ready=False)
    assert_refuses_to_start(second, str(data))
    assert function.call({"a": 1}) == {"a": 1}


def test_a_data_directory_that_cannot_be_made_is_one_clear_line_and_exit_code_1(
    fresh_server, tmp_path
):
    (tmp_path / "file").write_text("in the way")
    data = tmp_path / "file" / "data"
    assert_refuses_to_start(fresh_server(data_dir=data, options=QUIET, ready=False), str(data))


def test_a_server_announces_itself_on_standard_output_and_in_its_ready_file(fresh_server):
    server = fresh_server()
    ready = json.loads(server.ready_file.read_text())
    assert ready == {"url": f"http://127.0.0.1:{server.port}", "port": server.port, "pid": server.pid}
    assert server.output.read_text() == f"fgs-emulator ready on http://127.0.0.1:{server.port}\n"
    assert [path.name for path in server.ready_file.parent.glob("ready*")] == ["ready.json"]


def test_options_come_from_the_command_line_or_the_environment(fresh_server, project_of):
    project_id = "0123456789abcdef" * 2
    by_option = fresh_server(options=["--region", "eu-nl", "--project-id", project_id])
    by_environment = fresh_server(
        environment={"FGS_EMULATOR_REGION": "eu-nl", "FGS_EMULATOR_PROJECT_ID": project_id}
    )
    for server in [by_option, by_environment]:
        function = project_of(server, "eu-nl").create()
        assert function.urn == f"urn:fss:eu-nl:{project_id}:function:default:{function.name}"


def test_a_strict_server_takes_only_tokens_it_gave_out(fresh_server):
    api = Api(fresh_server(options=["--auth", "strict"]).url)
    assert api.get("/fgs/functions").status_code == 200
    answer = api.get("/fgs/functions", headers={"X-Auth-Token": "made-up"})
    assert answer.status_code == 401 and answer.json()["error_code"] == "FSS.0401"


# Ending


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
def test_an_ephemeral_server_leaves_nothing_behind(fresh_server, project_of, number):
    server = fresh_server()
    project = project_of(server)
    for sample, handler in [("hello", "index.handler"), ("nested", "src/index.handler")]:
        project.create(sample, handler=handler).call({})
    assert server.stop(number) == 0
    assert server.left_behind() == []


def test_a_signal_lets_a_running_call_finish(fresh_server, project_of, gate, background):
    server = fresh_server()
    function = project_of(server).create("gate")
    call = background(function.invoke, gate.event("last"))
    caller = gate.next()
    server.send_signal(signal.SIGTERM)
    no_longer_accepts(server)
    assert server.runs()
    caller.let_go()
    assert call.result().succeeded
    assert server.wait() == 0


def test_an_asynchronous_call_has_the_whole_grace_to_finish(fresh_server, project_of, gate, tmp_path):
    server = fresh_server(data_dir=tmp_path / "data", options=["--grace", "60"])
    function = project_of(server).create("gate")
    identifier = function.submit(gate.event())
    caller = gate.next()
    server.send_signal(signal.SIGTERM)
    no_longer_accepts(server)
    # Longer than instances that have nothing to do but to end may take.
    time.sleep(5.5)
    assert server.runs()
    caller.let_go()
    assert server.wait() == 0
    again = Function(Api(fresh_server(data_dir=tmp_path / "data").url), function.created)
    assert again.finished(identifier)["status"] == "SUCCESS"
    assert gate.nobody_came()


def test_what_outlasts_the_grace_is_ended_with_it(fresh_server, project_of, gate, background):
    server = fresh_server(options=["--grace", "1"])
    call = background(project_of(server).create("gate").invoke, gate.event())
    gate.next()
    processes = server.processes()
    server.send_signal(signal.SIGTERM)
    server.wait(4)
    assert_gone(processes)
    assert call.exception() is not None or not call.result().succeeded


def test_a_second_signal_stops_at_once(fresh_server, project_of, gate, background):
    server = fresh_server()
    function = project_of(server).create("gate")
    call = background(function.invoke, gate.event())
    gate.next()
    processes = server.processes()
    server.send_signal(signal.SIGTERM)
    no_longer_accepts(server)
    assert server.runs()
    started = time.monotonic()
    server.send_signal(signal.SIGTERM)
    server.wait(SOON)
    assert time.monotonic() - started < 3
    assert_gone(processes)
    assert call.exception() is not None or not call.result().succeeded


def test_an_open_connection_does_not_hold_up_the_end(fresh_server):
    server = fresh_server()
    api = Api(server.url)
    assert api.get("/fgs/functions").status_code == 200
    with socket.create_connection(("127.0.0.1", server.port)) as half:
        half.sendall(b"GET /v3 HTTP/1.1\r\nHost: 127.0.0.1\r\n")
        started = time.monotonic()
        assert server.stop() == 0
        assert time.monotonic() - started < SOON


def test_everything_is_there_again_after_a_restart(fresh_server, project_of, tmp_path):
    data = tmp_path / "data"
    server = fresh_server(data_dir=data)
    project = project_of(server)
    inline = project.create_inline("def handler(e, c): return 'inline'", description="ü")
    zipped = project.create("hello", memory_size=256)
    zipped.set_max_instances(3)
    gone = project.create()
    gone.delete()
    before = [inline.config(), zipped.config()]
    assert server.stop() == 0

    again = Api(fresh_server(data_dir=data).url)
    inline, zipped = [Function(again, function.created) for function in [inline, zipped]]
    assert [inline.config(), zipped.config()] == before
    assert again.get(f"{gone.path}/config").status_code == 404
    assert inline.invoke({}).text == "inline"
    assert zipped.call({"name": "you"}) == {"message": "Hello, you!"}


TO_AN_EARLIER_RELEASE = """
PRAGMA foreign_keys = OFF;
CREATE TABLE earlier (digest TEXT NOT NULL PRIMARY KEY, size INTEGER NOT NULL, bytes BLOB NOT NULL) WITHOUT ROWID;
INSERT INTO earlier SELECT digest, size, bytes FROM code;
DROP TABLE code;
ALTER TABLE earlier RENAME TO code;
ALTER TABLE async_requests DROP COLUMN memory;
DELETE FROM grdb_migrations;
INSERT INTO grdb_migrations VALUES ('1'), ('2');
"""


def test_what_an_earlier_release_has_stored_is_there(fresh_server, project_of, tmp_path):
    data = tmp_path / "data"
    server = fresh_server(data_dir=data)
    function = project_of(server).create("echo")
    function.finished(function.submit({}))
    assert server.stop() == 0
    with contextlib.closing(sqlite3.connect(data / "functions.sqlite")) as database:
        database.executescript(TO_AN_EARLIER_RELEASE)
    again = Function(Api(fresh_server(data_dir=data).url), function.created)
    assert again.config()["digest"] == function.created["digest"]
    assert again.call({"a": 1}) == {"a": 1}
    again.finished(again.submit({}))
    assert len(again.async_requests()) == 2


def unpacked(data) -> int:
    """How much code stands unpacked below a data directory."""
    return len(list((data / "code").iterdir()))


def test_unpacked_code_that_nothing_has_any_more_goes_when_it_has_become_much(fresh_server, project_of, tmp_path):
    data = tmp_path / "data"
    project = project_of(fresh_server(data_dir=data))
    kept = project.create_inline("def handler(e, c): return -1")
    assert kept.call({}) == -1
    function = project.create("echo")
    for number in range(120):
        function.update_code(project.archive(index=f"def handler(e, c): return {number}"))
        assert function.call({}) == number
    # A hundred that nothing needs are kept, for whoever creates the same function again.
    eventually(lambda: unpacked(data) == 102, 10, "102 left")
    function.update_code(project.archive(index="def handler(e, c): return 50"))
    assert function.call({}) == 50
    assert kept.call({}) == -1


def test_unpacked_code_that_an_earlier_server_left_goes(fresh_server, project_of, tmp_path):
    data = tmp_path / "data"
    server = fresh_server(data_dir=data)
    kept, gone = [project_of(server).create_inline(f"def handler(e, c): return {n}") for n in range(2)]
    assert [kept.call({}), gone.call({})] == [0, 1]
    assert server.stop() == 0
    # This one unpacks nothing, so it does not know that there is anything to remove.
    server = fresh_server(data_dir=data)
    Function(Api(server.url), gone.created).delete()
    assert server.stop() == 0
    server = fresh_server(data_dir=data)
    eventually(lambda: unpacked(data) == 1, 5, "one left")
    assert Function(Api(server.url), kept.created).call({}) == 0


# Dying


@pytest.mark.timeout(180)
def test_an_acknowledged_function_survives_the_death_of_the_server(
    fresh_server, project_of, tmp_path
):
    data = tmp_path / "data"
    created = []
    for _ in range(5):
        server = fresh_server(data_dir=data)
        for function in created:
            assert Function(Api(server.url), function.created).call({"a": 1}) == {"a": 1}
        created.append(project_of(server).create("echo"))
        processes = server.processes()
        server.send_signal(signal.SIGKILL)
        server.wait()
        assert_gone(processes)
    server = fresh_server(data_dir=data)
    listed = Api(server.url).get("/fgs/functions").json()["functions"]
    assert [item["func_name"] for item in listed] == [function.name for function in created][::-1]


def test_what_was_acknowledged_while_the_server_died_is_there(fresh_server, project_of, tmp_path):
    data = tmp_path / "data"
    server = fresh_server(data_dir=data)
    project = project_of(server)
    acknowledged, finished = [], threading.Event()

    def create_on_and_on():
        try:
            while True:
                acknowledged.append(project.create("echo"))
        except requests.RequestException:
            finished.set()

    thread = threading.Thread(target=create_on_and_on, daemon=True)
    thread.start()
    eventually(lambda: len(acknowledged) >= 20, 30, "20 functions")
    server.kill()
    assert finished.wait(SOON)

    again = Api(fresh_server(data_dir=data).url)
    there = {item["func_name"] for item in again.get("/fgs/functions").json()["functions"]}
    assert {function.name for function in acknowledged} <= there
    assert len(there) <= len(acknowledged) + 1
    last = Function(again, acknowledged[-1].created)
    assert last.call({"a": 1}) == {"a": 1}


def test_no_worker_survives_the_death_of_the_server(
    fresh_server, project_of, gate, background, tmp_path
):
    """One instance idle, one in a handler that waits, one in a handler that computes."""
    server = fresh_server(data_dir=tmp_path / "data")
    project = project_of(server)
    idle = project.create("globals")
    idle.call({})
    waiting = background(project.create("gate").invoke, gate.event())
    gate.next()
    busy_source = """
import socket
def handler(event, context):
    with socket.create_connection(("127.0.0.1", event["port"])) as line:
        line.sendall(b'{"name": "busy"}\\n')
    while True: pass
"""
    busy_function = project.create_inline(busy_source, timeout=300)
    busy = background(busy_function.invoke, gate.event())
    gate.next("busy")

    workers = [process for process in server.processes() if process.pid != server.pid]
    assert len(workers) >= 3
    server.send_signal(signal.SIGKILL)
    server.wait()
    assert_gone(workers)
    for call in [waiting, busy]:
        assert isinstance(call.exception(), requests.RequestException)


def test_a_crashed_zygote_is_replaced(fresh_server, project_of):
    """The process that instances are forked from is a child of the server like any other."""
    server = fresh_server()
    project = project_of(server)
    function = project.create("echo")
    assert function.call({"a": 1}) == {"a": 1}
    for process in server.processes():
        if process.pid != server.pid:
            os.kill(process.pid, signal.SIGKILL)
    again = project.create("echo")

    def answers():
        return again.invoke({"a": 2}).succeeded and function.invoke({"a": 2}).succeeded

    eventually(answers, 10, "functions to run again")


def test_what_a_killed_server_had_begun_is_removed_by_the_next(fresh_server, project_of, tmp_path):
    """Archives that were being unpacked, and files of instances that had no /tmp of their own."""
    data = tmp_path / "data"
    server = fresh_server(data_dir=data)
    function = project_of(server).create("echo")
    assert function.call({"a": 1}) == {"a": 1}
    server.kill()
    (unpacked,) = (data / "code").iterdir()
    for remains in [unpacked / "code.a1B2c3" / "package", data / "tmp" / "1"]:
        remains.mkdir(parents=True)
        (remains / "file").write_text("half of it")
    again = Function(Api(fresh_server(data_dir=data).url), function.created)
    assert again.call({"a": 2}) == {"a": 2}
    assert sorted(path.name for path in unpacked.iterdir()) == ["code", "digests", "pycache"]
    assert not (data / "tmp" / "1").exists()


def test_nothing_is_left_of_a_crashed_zygote(fresh_server, project_of, gate, background):
    """Neither its instances, not even as zombies, nor what they have started and hidden."""
    server = fresh_server()
    project = project_of(server)
    spawner = project.create("spawner")
    marks = [f"orphan-{os.urandom(4).hex()}" for _ in range(3)]
    for mark, kind in zip(marks, ["plain", "detached", "daemon"]):
        spawner.call({"kind": kind, "mark": mark})
    waiting = background(project.create("gate").invoke, gate.event())
    gate.next()
    assert all(marked(mark[:15]) or marked(mark) for mark in marks)
    (zygote,) = children(server.pid)
    os.kill(zygote.pid, signal.SIGKILL)
    assert_failed(waiting.result(), 4204)
    for mark in marks:
        eventually(lambda: not marked(mark[:15]) and not marked(mark), SOON, f"{mark} gone")
    assert project.create("echo").call({"a": 1}) == {"a": 1}
    eventually(lambda: len(children(server.pid)) == 1, SOON, "no child but the new zygote")
    assert children(server.pid) != [zygote]


@pytest.mark.timeout(120)
def test_calls_wait_for_the_zygote_that_replaces_a_crashed_one(fresh_server, project_of):
    """Only what an instance has begun to run is lost with it."""
    server = fresh_server()
    project = project_of(server)
    with ThreadPoolExecutor(max_workers=4) as pool:
        for deaths in range(1, 11):
            (zygote,) = eventually(lambda: children(server.pid), SOON, "a zygote")
            functions = [project.create("echo") for _ in range(4)]
            os.kill(zygote.pid, signal.SIGKILL)
            for call in [pool.submit(function.invoke, {"a": 1}) for function in functions]:
                assert call.result().code in ("0", "4204"), call.result()
            others = [project.create("echo") for _ in range(4)]
            while server.log.read_text().count("the Python worker ended") < deaths:
                pass
            assert list(pool.map(lambda function: function.call({"a": 1}), others)) == [{"a": 1}] * 4
            eventually(lambda: len(children(server.pid)) == 1, SOON, "one zygote and nothing else")


# Many


@pytest.mark.timeout(300)
def test_200_functions_are_created_and_run(fresh_server, project_of):
    server = fresh_server()
    project = project_of(server)

    def make(number: int) -> Function:
        source = (
            "calls = 0\n"
            "def handler(event, context):\n"
            "    global calls\n"
            "    calls += 1\n"
            f"    return [{number}, event, calls]\n"
        )
        return project.create(project.archive(index=source), func_name=f"fn{number}")

    with ThreadPoolExecutor(max_workers=8) as pool:
        functions = list(pool.map(make, range(200)))
        for calls in [1, 2]:
            results = list(pool.map(lambda function: function.call({"a": 1}), functions))
            assert results == [[number, {"a": 1}, calls] for number in range(200)]
    listed = project.api.get("/fgs/functions").json()
    assert listed["count"] == 200 and len(listed["functions"]) == 200
    started = time.monotonic()
    assert server.stop() == 0
    assert time.monotonic() - started < 10


def test_many_clients_at_once_lose_nothing(project):
    function = project.create("echo")
    with ThreadPoolExecutor(max_workers=16) as pool:
        events = [{"number": number} for number in range(400)]
        assert list(pool.map(function.call, events)) == events


def test_crashes_side_by_side_stay_apart(project):
    crashing = project.create("exits", handler="index.os_exit")
    sound = project.create("echo")
    with ThreadPoolExecutor(max_workers=8) as pool:
        failures = [pool.submit(crashing.invoke, {}) for _ in range(30)]
        successes = [pool.submit(sound.call, {"n": number}) for number in range(100)]
        assert {call.result().code for call in failures} == {"4204"}
        assert [call.result() for call in successes] == [{"n": number} for number in range(100)]


def test_a_client_that_leaves_in_the_middle_hurts_nobody(server, project, gate):
    function = project.create("gate")
    body = json.dumps(gate.event()).encode()
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        connection.sendall(
            f"POST /v2/{project.api.project_id}{function.path}/invocations HTTP/1.1\r\n"
            f"Host: 127.0.0.1\r\nX-Auth-Token: t\r\nContent-Length: {len(body)}\r\n\r\n".encode()
            + body
        )
        caller = gate.next()
    caller.let_go()
    assert function.call(gate.event("next", wait=False))["name"] == "next"
    assert any(alive(process) for process in server.processes() if process.pid == server.pid)
