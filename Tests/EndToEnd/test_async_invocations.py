"""Asynchronous invocations as they run: waiting, tried again, growing old, stopped, and kept over restarts.

The API's own rules are in test_async_requests_api.py; where results go is in test_destinations.py.
"""

import contextlib
import json
import re
import signal
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone

import pytest
import requests

from control import Control
from deadlines import eventually
from gate import Caller
from rest import REQUEST_ID, Function, answered, assert_error, assert_failed

LIMIT = 256 * 1024
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")


def busy(project, gate, background, **fields) -> "tuple[Function, Caller]":
    """A function whose only instance is taken by a call that waits at the gate."""
    function = project.create("gate", **fields)
    function.set_max_instances(1)
    background(function.invoke, gate.event("in the way"))
    return function, gate.next("in the way")


def now(**ahead: float) -> str:
    """The time as the API spells it, some time ahead."""
    return (datetime.now(timezone.utc) + timedelta(**ahead)).strftime("%Y-%m-%dT%H:%M:%S")


# What is accepted


def test_dynamic_memory_sizes_the_instance_of_one_call(restarted, gate):
    server, project = restarted()
    function = project.create("gate", enable_dynamic_memory=True)
    function.set_max_instances(1)
    first = function.submit(gate.event("first"), headers={"X-Cff-Instance-Memory": "256"})
    assert gate.next("first").hello["memory"] == "256"
    second = function.submit(gate.event("second", wait=False), headers={"X-Cff-Instance-Memory": "512"})
    third = function.submit(gate.event("third", wait=False))
    # It is kept with the call.
    server.kill()
    restarted(function)
    seen = {}
    for _ in range(3):
        caller = gate.next()
        seen[caller.request_id] = caller.hello["memory"]
        caller.let_go()
    assert seen == {first: "256", second: "512", third: "128"}


def test_a_memory_that_is_none_is_refused_where_it_matters(project):
    headers = {"X-Cff-Instance-Memory": "100"}
    function = project.create("echo", enable_dynamic_memory=True)
    assert_error(function.try_to_submit({}, headers=headers), 406, "FSS.0406")
    assert function.async_requests() == []
    answered(project.create("echo").try_to_submit({}, headers=headers), 202)


@pytest.mark.parametrize("length, status", [(LIMIT, 202), (LIMIT + 1, 413)])
def test_an_event_may_have_256_kb_and_not_a_byte_more(project, length, status):
    function = project.create("echo")
    body = json.dumps("x" * (length - 2)).encode()
    assert len(body) == length
    assert function.try_to_submit(data=body).status_code == status


def test_a_disabled_function_is_refused_and_runs_nothing(project, gate):
    function = project.create("gate")
    function.set_max_instances(0)
    assert_error(function.try_to_submit(gate.event()), 429, "FSS.0429")
    assert gate.nobody_came()


def test_the_answer_comes_before_the_handler_is_done_and_names_its_request(project, gate):
    function = project.create("gate")
    answer = function.try_to_submit(gate.event())
    accepted = answered(answer, 202)
    assert accepted.keys() == {"request_id"}
    assert REQUEST_ID.fullmatch(accepted["request_id"])
    running = gate.next()
    assert running.request_id == accepted["request_id"]
    running.let_go()
    assert function.finished(accepted["request_id"])["status"] == "SUCCESS"


@pytest.mark.parametrize(
    "data, event", [(b'{"a": [1]}', {"a": [1]}), (b'{"body": {"a": 1}}', {"body": {"a": 1}}), (b"", {})]
)
def test_the_event_reaches_the_handler_as_it_is(project, gate, data, event):
    function = project.create("gate", handler="index.report", user_data=gate.variables())
    function.submit(data=data)
    assert gate.next("report").hello["event"] == event


def test_a_call_that_waits_for_an_instance_is_accepted_at_once(project, gate, background):
    function, in_the_way = busy(project, gate, background)
    identifiers = [function.submit(gate.event(str(number), wait=False)) for number in range(5)]
    assert gate.nobody_came()
    in_the_way.let_go()
    assert {caller.request_id for caller in gate.take(5)} == set(identifiers)


def test_many_calls_run_once_each(project, gate):
    function = project.create("gate")
    with ThreadPoolExecutor(max_workers=8) as pool:
        events = [gate.event(str(number), wait=False) for number in range(200)]
        identifiers = list(pool.map(function.submit, events))
    ran = [gate.next().request_id for _ in identifiers]
    assert sorted(ran) == sorted(identifiers)
    for identifier in identifiers:
        assert function.finished(identifier)["status"] == "SUCCESS"
    assert gate.nobody_came()


def test_a_synchronous_call_does_not_wait_for_asynchronous_ones(project, gate):
    function, other = project.create("gate"), project.create("echo")
    for _ in range(10):
        function.submit(gate.event())
    assert other.call({"a": 1}) == {"a": 1}
    assert function.call(gate.event("sync", wait=False))["name"] == "sync"


def test_the_result_may_be_large(project):
    """Only requests are limited to 256 KB."""
    function = project.create("returns", handler="index.just_below_the_limit")
    assert function.finished(function.submit({}))["status"] == "SUCCESS"


# Status


def test_the_status_goes_from_wait_over_running_to_success(project, gate, background):
    function, in_the_way = busy(project, gate, background)
    identifier = function.submit(gate.event("async"))
    assert function.status(identifier) == "WAIT"
    in_the_way.let_go()
    running = gate.next("async")
    eventually(lambda: function.status(identifier) == "RUNNING", 5, "RUNNING")
    running.let_go()
    item = function.finished(identifier)
    assert item["status"] == "SUCCESS"
    assert item["error_code"] == 0 and item["error_message"] == ""
    assert TIME.fullmatch(item["start_time"]) and TIME.fullmatch(item["end_time"])
    assert now(minutes=-5) < item["start_time"] <= item["end_time"] <= now(seconds=2)


@pytest.mark.parametrize(
    "sample, handler, code, part",
    [
        ("raising", "index.handler", 4002, "division by zero"),
        ("broken", "index.nobody", 4001, "nobody"),
        ("exits", "index.os_exit", 4204, "runtime process is exited"),
        ("returns", "index.a_set", 4007, ""),
        ("returns", "index.too_large", 4004, ""),
        ("initializer", "index.handler", 4201, "initializ"),
    ],
)
def test_a_call_that_fails_says_how(project, sample, handler, code, part):
    fields = {}
    if sample == "initializer":
        fields = {"initializer_handler": "index.raising", "initializer_timeout": 10}
    function = project.create(sample, handler=handler, **fields)
    item = function.finished(function.submit({}))
    assert item["status"] == "FAIL"
    assert item["error_code"] == code
    assert part in item["error_message"]
    assert TIME.fullmatch(item["end_time"])


def test_a_call_that_takes_too_long_fails_with_4010(project):
    function = project.create("sleeper", timeout=3)
    item = function.finished(function.submit({"seconds": 600}))
    assert (item["status"], item["error_code"]) == ("FAIL", 4010)
    assert "call invoke timeout 3s" in item["error_message"]


# The list of requests


def test_synchronous_calls_are_not_in_the_list(project):
    function = project.create("echo")
    function.call({})
    assert function.async_requests() == []


@pytest.fixture
def history(project, gate, background):
    """A function with one request of each status, and these requests by status."""
    function, in_the_way = busy(project, gate, background)
    function.configure_async(max_async_event_age_in_seconds=1)
    discarded = function.submit(gate.event("discarded"))
    assert function.finished(discarded)["status"] == "DISCARD"
    function.configure_async(max_async_event_age_in_seconds=3600, max_async_retry_attempts=0)
    in_the_way.let_go()
    succeeded = function.submit(gate.event("succeeded", wait=False))
    gate.next("succeeded")
    function.finished(succeeded)
    failed = function.submit(gate.event("failed"))
    gate.next("failed").tell("raise")
    function.finished(failed)
    running = function.submit(gate.event("running"))
    gate.next("running")
    waiting = function.submit(gate.event("waiting"))
    eventually(lambda: function.status(running) == "RUNNING", 5, "RUNNING")
    requests = {
        "DISCARD": discarded, "SUCCESS": succeeded, "FAIL": failed, "RUNNING": running,
        "WAIT": waiting,
    }  # fmt: skip
    return function, requests


def test_requests_are_found_by_status_and_by_id(history):
    function, of_status = history
    for status, identifier in of_status.items():
        for query in [
            {"status": status},
            {"request_id": identifier},
            {"request_id": identifier, "status": status},
        ]:
            items = function.async_requests(**query)
            assert [(item["request_id"], item["status"]) for item in items] == [(identifier, status)]
    assert function.async_requests(request_id=of_status["FAIL"], status="SUCCESS") == []


# Trying again


def test_without_configuration_a_failure_is_final(project, gate):
    function = project.create("gate")
    identifier = function.submit(gate.event())
    gate.next().tell("raise")
    assert function.finished(identifier)["status"] == "FAIL"
    assert gate.nobody_came()


@pytest.mark.parametrize("order, code", [("raise", 4002), ("exit", 4204)])
@pytest.mark.parametrize("retries", [0, 1, 2, 3])
def test_a_failure_is_tried_again_as_often_as_configured(steered, gate, retries, order, code):
    """After 1, 2 and 4 seconds, and under the same request id."""
    project, control = steered
    function = project.create("gate")
    function.configure_async(max_async_retry_attempts=retries)
    identifier = function.submit(gate.event())
    for pause in [None, 1000, 2000, 4000][: 1 + retries]:
        if pause:
            eventually(lambda: function.status(identifier) == "WAIT", 5, "the attempt over")
            control.advance(pause - 100)
            assert gate.nobody_came()
            control.advance(200)
        running = gate.next()
        assert running.request_id == identifier
        running.tell(order)
    item = function.finished(identifier)
    assert (item["status"], item["error_code"]) == ("FAIL", code)
    control.advance(100_000)
    assert gate.nobody_came()


def test_attempts_are_made_until_the_age_is_reached(steered, gate):
    project, control = steered
    function = project.create("gate")
    function.configure_async(max_async_retry_attempts=3, max_async_event_age_in_seconds=5)
    identifier = function.submit(gate.event())
    for pause in [1000, 2000, 4000]:
        gate.next().tell("raise")
        eventually(lambda: function.status(identifier) != "RUNNING", 5, "the attempt over")
        control.advance(pause)
    assert function.finished(identifier)["status"] in ("FAIL", "DISCARD")
    assert gate.nobody_came()


def test_a_call_whose_function_is_disabled_before_its_next_attempt_fails_with_150434(steered, gate):
    project, control = steered
    function = project.create("gate")
    function.configure_async(max_async_retry_attempts=1)
    identifier = gate.fail_once(function)
    function.set_max_instances(0)
    control.advance(2000)
    item = function.finished(identifier)
    assert (item["status"], item["error_code"]) == ("FAIL", 150434)
    assert item["error_message"] == "Function Disabled"
    assert gate.nobody_came()


def test_a_call_whose_version_is_deleted_before_its_next_attempt_fails_with_4024(steered, gate):
    project, control = steered
    function = project.create("gate")
    function.publish("v1")
    function.at("v1").configure_async(max_async_retry_attempts=1)
    identifier = gate.fail_once(function.at("v1"))
    assert function.at("v1").delete().status_code == 204
    control.advance(2000)
    item = function.finished(identifier)
    assert (item["status"], item["error_code"]) == ("FAIL", 4024)
    assert gate.nobody_came()


def test_a_call_is_good_for_an_hour_unless_configured(steered, gate, background):
    project, control = steered
    function, in_the_way = busy(project, gate, background, timeout=300)
    identifier = function.submit(gate.event("late"))
    control.advance(3_590_000)
    assert function.status(identifier) == "WAIT"
    control.advance(20_000)
    assert function.finished(identifier)["status"] == "DISCARD"
    in_the_way.let_go()
    assert gate.nobody_came()


def test_a_second_attempt_that_succeeds_is_a_success(project, gate):
    function = project.create("gate")
    function.configure_async(max_async_retry_attempts=3)
    identifier = function.submit(gate.event())
    gate.next().tell("raise")
    gate.next().let_go()
    item = function.finished(identifier)
    assert item["status"] == "SUCCESS"
    assert item["error_code"] == 0 and item["error_message"] == ""
    assert gate.nobody_came()


def test_the_number_of_attempts_is_1_when_a_configuration_names_none(project, gate):
    function = project.create("gate")
    assert function.configure_async()["max_async_retry_attempts"] == 1
    identifier = function.submit(gate.event())
    for _ in range(2):
        gate.next().tell("raise")
    assert function.finished(identifier)["status"] == "FAIL"
    assert gate.nobody_came()


def test_a_call_that_is_tried_again_holds_up_no_other(project, gate):
    function = project.create("gate")
    function.configure_async(max_async_retry_attempts=3)
    function.submit(gate.event("first"))
    gate.next("first").tell("raise")
    second = function.submit(gate.event("second", wait=False))
    gate.next("second")
    assert function.finished(second)["status"] == "SUCCESS"
    gate.next("first").let_go()


def test_each_version_has_a_configuration_of_its_own(project, gate):
    function = project.create("gate")
    function.publish("v1")
    function.configure_async(max_async_retry_attempts=0)
    function.at("v1").configure_async(max_async_retry_attempts=1)
    for target, attempts in [(function, 1), (function.at("v1"), 2)]:
        identifier = target.submit(gate.event())
        for _ in range(attempts):
            gate.next().tell("raise")
        assert target.finished(identifier)["status"] == "FAIL"
        assert gate.nobody_came()


def test_each_attempt_has_a_start_and_a_finish_line(project, gate, control):
    function = project.create("gate")
    function.configure_async(max_async_retry_attempts=1)
    identifier = function.submit(gate.event())
    gate.next().tell("raise")
    gate.next().let_go()
    function.finished(identifier)

    def written():
        records = control.logs(function.urn, request_id=identifier)
        text = "\n".join(record["text"] for record in records)
        return [
            text.count(f"{word} invoke request '{identifier}'") for word in ["Start", "Finish"]
        ] == [2, 2]

    eventually(written, 5, "two Start and two Finish lines")


# Growing old


def test_a_call_past_its_age_is_discarded_and_never_runs(project, gate, background):
    function, in_the_way = busy(project, gate, background)
    function.configure_async(max_async_event_age_in_seconds=1)
    identifier = function.submit(gate.event("late"))
    assert function.status(identifier) == "WAIT"
    item = function.finished(identifier)
    assert item["status"] == "DISCARD"
    in_the_way.let_go()
    function.call(gate.event("next", wait=False))
    gate.next("next")
    assert gate.nobody_came()


def test_a_call_that_runs_may_grow_older_than_its_age(steered, gate):
    project, control = steered
    function = project.create("gate")
    function.configure_async(max_async_event_age_in_seconds=1)
    identifier = function.submit(gate.event())
    running = gate.next()
    control.advance(100_000)
    running.let_go()
    assert function.finished(identifier)["status"] == "SUCCESS"


# Stopping


def assert_cancelled(item: dict) -> None:
    assert item["status"] == "FAIL"
    assert item["error_code"] == 4208
    assert item["error_message"] == "function invocation canceled"


@pytest.mark.parametrize("fields", [{"type": "force"}, {"type": "recursive"}, {}], ids=str)
def test_a_running_request_is_stopped_with_its_instance_and_not_tried_again(project, gate, fields):
    function = project.create("gate")
    function.configure_async(max_async_retry_attempts=3)
    identifier = function.submit(gate.event("stopped", keep=True))
    running = gate.next()
    answer = function.cancel(identifier, **fields)
    assert answer.status_code == 200 and answer.text in ("", "null")
    assert_cancelled(function.finished(identifier))
    running.assert_gone()
    assert gate.nobody_came()
    assert function.call(gate.event("next", wait=False)) == {"name": "next", "calls": 1}


def test_a_request_that_waits_is_stopped_and_never_runs(project, gate, background):
    function, in_the_way = busy(project, gate, background)
    identifier = function.submit(gate.event("stopped"))
    assert function.cancel(identifier).status_code == 200
    assert_cancelled(function.finished(identifier))
    in_the_way.let_go()
    function.call(gate.event("next", wait=False))
    gate.next("next")
    assert gate.nobody_came()


def test_a_request_that_waits_for_its_next_attempt_is_stopped(project, gate):
    function = project.create("gate")
    function.configure_async(max_async_retry_attempts=3)
    identifier = function.submit(gate.event())
    gate.next().tell("raise")
    assert function.cancel(identifier, type="force").status_code == 200
    assert_cancelled(function.finished(identifier))
    assert gate.nobody_came()


def test_all_requests_of_the_instance_are_stopped_with_one(project, gate, background):
    """Synchronous ones too; those of another instance are not."""
    function = project.create("gate")
    function.update_config(strategy_config={"concurrency": 2, "concurrent_num": 3})
    stopped = function.submit(gate.event("stopped", keep=True))
    first = gate.next()
    also = [function.submit(gate.event("async")), background(function.invoke, gate.event("sync"))]
    assert {caller.instance for caller in gate.take(2)} == {first.instance}
    elsewhere = background(function.invoke, gate.event("elsewhere"))
    other = gate.next("elsewhere")
    assert other.instance != first.instance
    assert function.cancel(stopped, type="force").status_code == 200
    assert_cancelled(function.finished(stopped))
    assert_cancelled(function.finished(also[0]))
    error = assert_failed(also[1].result(), 4208)
    assert error["errorMessage"] == "function invocation canceled"
    first.assert_gone()
    other.let_go()
    assert elsewhere.result().succeeded


CALL = """
import sys, urllib.request
url, event = sys.argv[1:]
headers = {"Content-Type": "application/json", "X-Auth-Token": "any"}
print(urllib.request.urlopen(urllib.request.Request(url, event.encode(), headers)).read().decode())
"""

CALLING = f"""
import json, subprocess

def handler(event, context):
    command = ["python3", "-c", {CALL!r}, event["url"], json.dumps(event["event"])]
    return json.loads(subprocess.check_output(command))
"""


def calling(function, event: dict) -> dict:
    """The event with which `CALLING` calls a function, in a process of its own, and waits for the answer."""
    return {"url": f"{function.api.base}{function.path}/invocations", "event": event}


@pytest.fixture
def chain(project, gate):
    """Three functions: the first calls the second, which calls the third, which waits at the gate."""
    first, second = [project.create_inline(CALLING, timeout=60) for _ in range(2)]
    third = project.create("gate", timeout=60)
    event = calling(second, calling(third, gate.event("called", keep=True)))
    identifier = first.submit(event)
    return first, identifier, third, gate.next("called", within=30)


def test_a_recursive_stop_ends_what_the_handler_waits_for_too(chain, gate, background):
    first, identifier, third, called = chain
    unconcerned = background(third.invoke, gate.event("unconcerned"))
    other = gate.next("unconcerned")
    assert first.cancel(identifier, type="recursive").status_code == 200
    assert_cancelled(first.finished(identifier))
    called.assert_gone()
    other.let_go()
    assert unconcerned.result().succeeded


def test_a_stop_by_force_leaves_what_the_handler_waits_for(server, chain):
    first, identifier, third, called = chain
    assert first.cancel(identifier, type="force").status_code == 200
    assert_cancelled(first.finished(identifier))
    called.let_go()
    eventually(lambda: [entry["code"] for entry in Control(server.url).logs(third.urn)] == [0], 5, "the call went on")


# A store that cannot be written


@pytest.fixture
def restarted(fresh_server, project_of, tmp_path):
    """Starts servers on the same data, one after the other, and gives the function on each."""

    def start(function: "Function | None" = None):
        server = fresh_server(data_dir=tmp_path / "data")
        if function is None:
            return server, project_of(server)
        return server, Function(project_of(server).api, function.created)

    return start


def test_what_ended_more_than_a_week_ago_is_forgotten_at_the_next_start(restarted, tmp_path):
    server, project = restarted()
    function = project.create("echo")
    ids = [function.submit({"number": number}) for number in range(3)]
    for identifier in ids:
        function.finished(identifier)
    assert server.stop() == 0
    with contextlib.closing(sqlite3.connect(tmp_path / "data" / "functions.sqlite")) as database, database:
        for identifier, days in zip(ids, [8, 6]):
            database.execute(
                "UPDATE async_requests SET ended_at = ended_at - ? WHERE id = ?", (days * 86_400_000, identifier)
            )
    _, function = restarted(function)
    eventually(lambda: {item["request_id"] for item in function.async_requests()} == {*ids[1:]}, 5, "forgotten")


def test_an_end_that_could_not_be_written_down_is_written_down_later(restarted, gate, tmp_path):
    """Somebody else holds on to the database when the handler returns."""
    server, project = restarted()
    function = project.create("gate")
    identifier = function.submit(gate.event())
    running = gate.next()
    eventually(lambda: function.status(identifier) == "RUNNING", 5, "RUNNING")
    path = tmp_path / "data" / "functions.sqlite"
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("BEGIN IMMEDIATE")
        running.let_go()
        failed = "asynchronous invocations cannot be stored"
        eventually(lambda: failed in server.log.read_text(), 15, "an attempt to write")
        database.execute("ROLLBACK")
    assert function.finished(identifier)["status"] == "SUCCESS"
    assert gate.nobody_came()


# Restarts


def ran(gate, identifiers: "list[str]", within: float = 30) -> None:
    """Each of the requests has run, some perhaps more than once."""
    missing = set(identifiers)
    deadline = time.monotonic() + within
    while missing:
        missing.discard(gate.next(within=max(deadline - time.monotonic(), 0.1)).request_id)


def test_what_was_accepted_runs_although_the_server_dies_at_once(restarted, gate):
    server, project = restarted()
    function = project.create("gate")
    function.set_max_instances(1)
    identifiers = [function.submit(gate.event(wait=False)) for _ in range(30)]
    server.kill()
    _, again = restarted(function)
    ran(gate, identifiers)
    for identifier in identifiers:
        assert again.finished(identifier)["status"] == "SUCCESS"


def test_nothing_is_lost_that_was_accepted_while_the_server_died(restarted, gate):
    server, project = restarted()
    function = project.create("gate")
    accepted = []

    def submit_on_and_on():
        try:
            while True:
                accepted.append(function.submit(gate.event(wait=False)))
        except requests.RequestException:
            return

    with ThreadPoolExecutor(max_workers=4) as pool:
        for _ in range(4):
            pool.submit(submit_on_and_on)
        eventually(lambda: len(accepted) >= 40, 30, "40 requests")
        server.kill()
    restarted(function)
    ran(gate, accepted)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM], ids=["SIGKILL", "SIGTERM"])
def test_what_waits_in_line_runs_after_a_restart(restarted, gate, number):
    server, project = restarted()
    function = project.create("gate")
    function.set_max_instances(1)
    first = function.submit(gate.event("first"))
    in_the_way = gate.next("first")
    waiting = [function.submit(gate.event("waiting", wait=False)) for _ in range(5)]
    if number == signal.SIGTERM:
        server.send_signal(number)
        eventually(lambda: not server.accepts(), 5, "no connection accepted any more")
        in_the_way.let_go()
        assert server.wait() == 0
    else:
        server.stop(number)
    _, again = restarted(function)
    if number == signal.SIGKILL:
        running = gate.next("first")
        assert running.request_id == first
        running.let_go()
    ran(gate, waiting)
    for identifier in [first, *waiting]:
        assert again.finished(identifier)["status"] == "SUCCESS"


def test_attempts_made_before_a_restart_count(restarted, gate):
    server, project = restarted()
    function = project.create("gate")
    function.configure_async(max_async_retry_attempts=2, enable_async_status_log=True)
    identifier = function.submit(gate.event())
    gate.next().tell("raise")
    gate.next().tell("raise")
    eventually(lambda: function.status(identifier) == "WAIT", 5, "the end of the second attempt")
    assert server.stop() == 0
    _, again = restarted(function)
    gate.next().tell("raise")
    item = again.finished(identifier)
    assert (item["status"], item["error_code"]) == ("FAIL", 4002)
    assert gate.nobody_came()


def test_what_is_over_is_not_run_again_and_its_status_is_kept(restarted, gate):
    server, project = restarted()
    function = project.create("gate")
    function.configure_async(max_async_retry_attempts=0, enable_async_status_log=True)
    succeeded = function.submit(gate.event("succeeded", wait=False))
    gate.next()
    failed = function.submit(gate.event("failed"))
    gate.next().tell("raise")
    before = [function.finished(identifier) for identifier in [succeeded, failed]]
    assert server.stop() == 0
    _, again = restarted(function)
    assert [again.finished(identifier) for identifier in [succeeded, failed]] == before
    assert gate.nobody_came()


def test_a_cancelled_request_stays_cancelled_after_a_restart(restarted, gate):
    server, project = restarted()
    function = project.create("gate")
    function.set_max_instances(1)
    function.submit(gate.event("first"))
    gate.next("first")
    identifier = function.submit(gate.event("cancelled"))
    assert function.cancel(identifier).status_code == 200
    server.kill()
    restarted(function)
    gate.next("first").let_go()
    assert gate.nobody_came()
