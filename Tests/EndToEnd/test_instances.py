"""Instances: how many there are, what each of them serves, how they begin and how they end."""

import re
import signal
import subprocess
import time
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from deadlines import eventually
from rest import Function, assert_error, assert_failed
from steering import Clock, moment

NEW_CODE = "def handler(event, context):\n    return 'new'\n"


def gated(project, gate, waiting=(), **fields) -> Function:
    """A function whose initializer and pre-stop handler call in at the gate; the handler tells who it is."""
    handlers = {
        "handler": "index.identify",
        "initializer_handler": "index.initializer",
        "initializer_timeout": 60,
        "user_data": gate.variables(*waiting),
    }
    return project.create("gate", **{**handlers, **fields})


def limited(project, instances: int, requests_each: int = 1, sample="gate", **fields) -> Function:
    function = project.create(sample, **fields)
    function.update_config(
        strategy_config={"concurrency": instances, "concurrent_num": requests_each}
    )
    return function


# Up to the limit


@pytest.mark.parametrize("limit", [1, 3])
def test_there_are_never_more_instances_than_allowed(project, gate, background, limit):
    function = project.create("gate")
    assert function.set_max_instances(limit).status_code == 200
    calls = [background(function.call, gate.event(str(number))) for number in range(limit + 4)]
    running = gate.take(limit)
    instances = {caller.instance for caller in running}
    assert len(instances) == limit
    for _ in range(4):
        assert gate.nobody_came()
        running.pop(0).let_go()
        running.append(gate.next())
        assert running[-1].instance in instances
    for caller in running:
        caller.let_go()
    assert {call.result()["name"] for call in calls} == {str(number) for number in range(limit + 4)}


def test_who_is_refused_after_waiting_in_line_never_runs(project, gate, background):
    """The first two calls take the only instance for the timeout each; nobody else can get it in time."""
    function = project.create("gate", timeout=3)
    function.set_max_instances(1)
    calls = [background(function.invoke, gate.event(str(number))) for number in range(5)]
    started = time.monotonic()
    answers = [call.result() for call in calls]
    assert time.monotonic() - started < 12
    refused = [answer for answer in answers if answer.status == 429]
    assert len(refused) >= 3
    for answer in refused:
        assert_error(answer.response, 429, "FSS.0429")
    came = [gate.next() for _ in range(len(answers) - len(refused))]
    assert gate.nobody_came()
    names = {caller.name for caller in came}
    assert names == {str(n) for n, answer in enumerate(answers) if answer not in refused}


def test_a_line_does_not_hold_up_other_functions(project, gate, background):
    full, free = project.create("gate"), project.create("echo")
    full.set_max_instances(1)
    for _ in range(8):
        background(full.invoke, gate.event())
    gate.next()
    assert free.call({"a": 1}) == {"a": 1}


@pytest.mark.parametrize("limit", [-1, 400])
def test_as_many_instances_start_as_calls_need(project, gate, background, limit):
    function = project.create("gate")
    function.set_max_instances(limit)
    calls = [background(function.call, gate.event(str(number))) for number in range(12)]
    callers = gate.take(12)
    instances = {caller.instance for caller in callers}
    assert len(instances) == 12
    for caller in callers:
        caller.let_go()
    assert {call.result()["calls"] for call in calls} == {1}
    function.call(gate.event(wait=False))
    assert gate.next().instance in instances


def test_both_ways_to_limit_instances_are_one(project, gate, background):
    function = limited(project, 1)
    assert function.config()["strategy_config"]["concurrency"] == 1
    function.set_max_instances(2)
    assert function.config()["strategy_config"]["concurrency"] == 2
    for _ in range(3):
        background(function.invoke, gate.event())
    gate.take(2)
    assert gate.nobody_came()


# Several requests in one instance


def test_requests_of_an_instance_run_in_threads_of_one_process(project, gate, background):
    function = limited(project, 1, 4)
    calls = [background(function.invoke, gate.event(str(number))) for number in range(4)]
    callers = gate.take(4)
    for member, number in [("instance", 1), ("pid", 1), ("thread", 4), ("request_id", 4)]:
        assert len({caller.hello[member] for caller in callers}) == number, member
    for caller in callers:
        caller.let_go()
    for call, caller in zip(calls, callers):
        assert call.result().json()["name"] == caller.name
        assert call.result().request_id == caller.request_id


def test_instances_fill_up_to_their_number_of_requests_and_the_next_waits(
    project, gate, background
):
    function = limited(project, 3, 4)
    for number in range(12):
        background(function.invoke, gate.event(f"{number:02}"))
    callers = gate.take(12)
    assert sorted(Counter(caller.instance for caller in callers).values()) == [4, 4, 4]
    last = background(function.invoke, gate.event("last"))
    assert gate.nobody_came()
    callers[7].let_go()
    thirteenth = gate.next("last")
    assert thirteenth.instance == callers[7].instance
    thirteenth.let_go()
    assert last.result().succeeded


def test_another_instance_starts_when_one_is_full(project, gate, background):
    function = limited(project, -1, 2)
    for _ in range(6):
        background(function.invoke, gate.event())
    numbers = Counter(caller.instance for caller in gate.take(6))
    assert max(numbers.values()) <= 2
    assert len(numbers) >= 3


def test_an_exception_fails_its_request_only(project, gate, background):
    function = limited(project, 1, 3)
    calls = [background(function.invoke, gate.event(str(number))) for number in range(3)]
    callers = gate.take(3)
    callers[1].tell("raise")
    assert_failed(calls[1].result(), 4002)
    for number in [0, 2]:
        callers[number].let_go()
        assert calls[number].result().succeeded
    function.call(gate.event(wait=False))
    assert gate.next().instance == callers[0].instance


def test_a_crash_fails_every_request_of_its_instance_and_no_other(project, gate, background):
    function = limited(project, 2, 2)
    calls = {number: background(function.invoke, gate.event(str(number))) for number in range(4)}
    callers = gate.take(4)
    crashed = callers[0].instance
    callers[0].tell("exit")
    for caller in callers:
        if caller.instance == crashed:
            assert_failed(calls[int(caller.name)].result(), 4204)
        else:
            caller.let_go()
            assert calls[int(caller.name)].result().succeeded


WAYS = [
    "print", "stderr", "pieces", "logger", "library", "thread", "thread's logger", "pool",
    "subprocess", "subprocess's stderr", "fork",
]  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
def test_output_of_requests_at_the_same_time_is_told_apart(project, background, way):
    function = limited(project, 1, 3, "chatter")
    names = ["ann", "bob", "cid"]
    calls = [
        background(function.invoke, {"way": way, "name": name}, tail=True) for name in names
    ]
    for name, call in zip(names, calls):
        invocation = call.result()
        assert invocation.succeeded, invocation
        written = re.findall(r"<(\w+) (\d)>", invocation.log)
        assert written == [(name, "0"), (name, "1"), (name, "2")], invocation.log
        for line in invocation.log.splitlines():
            if way in ("logger", "library", "thread's logger") and f"<{name} " in line:
                assert invocation.request_id in line


# Whom an instance serves


def test_an_instance_serves_one_function_one_version_one_project(project, own_project):
    """Same names, same code, same settings, all called in a mix."""
    name = project.unique()
    served = []
    for owner in [project, own_project]:
        for stem in [name, f"{name}2"]:
            function = owner.create("gate", handler="index.identify", func_name=stem)
            function.publish("v1")
            function.publish_changed("v2")
            function.create_alias("prod", "v1", additional_version_weights={"v2": 50})
            served += [function, function.at("v1"), function.at("v2"), function.at("!prod")]

    def who(function):
        result = function.call({})
        project_and_name = function.urn.split(":")[3:7:3]
        return result["instance"], (*project_and_name, result["version"])

    with ThreadPoolExecutor(max_workers=8) as pool:
        seen = defaultdict(set)
        for instance, what in pool.map(who, served * 6):
            seen[instance].add(what)
    assert {len(whats) for whats in seen.values()} == {1}
    assert len({what for whats in seen.values() for what in whats}) == 2 * 2 * 3


def test_calls_of_different_memory_use_different_instances(project):
    function = project.create("gate", handler="index.identify", enable_dynamic_memory=True)

    def call(memory):
        headers = {"X-Cff-Instance-Memory": memory} if memory else {}
        return function.call({}, headers=headers)

    instances = defaultdict(set)
    for memory in ["", "256", "512", "128", "256", "", "512"]:
        result = call(memory)
        assert result["memory"] == (memory or "128")
        instances[result["memory"]].add(result["instance"])
    assert {memory: len(used) for memory, used in instances.items()} == {
        "128": 1, "256": 1, "512": 1,
    }  # fmt: skip
    assert len(set.union(*instances.values())) == 3


@pytest.mark.parametrize("first, second", [("512", ""), ("", "512"), ("256", "512")])
def test_an_instance_of_another_size_that_does_nothing_makes_room(project, first, second):
    function = project.create("gate", handler="index.identify", enable_dynamic_memory=True, timeout=5)
    function.set_max_instances(1)
    for size in [first, second, first]:
        headers = {"X-Cff-Instance-Memory": size} if size else {}
        assert function.call({}, headers=headers)["memory"] == (size or "128")


def test_a_call_waits_for_the_end_of_a_call_of_another_size(project, gate, background):
    function = project.create("gate", enable_dynamic_memory=True, timeout=20)
    function.set_max_instances(1)
    large = background(function.invoke, gate.event("large"), headers={"X-Cff-Instance-Memory": "512"})
    running = gate.next("large")
    waiting = [function.submit(gate.event("submitted")), background(function.invoke, gate.event("small"))]
    assert gate.nobody_came()
    running.let_go()
    for _ in waiting:
        gate.next().let_go()
    assert large.result().succeeded and waiting[1].result().succeeded
    assert function.finished(waiting[0])["status"] == "SUCCESS"


def test_the_memory_of_a_call_is_its_limit_and_what_is_billed(project):
    function = project.create("memory", enable_dynamic_memory=True)
    headers = {"X-Cff-Instance-Memory": "512"}
    event = {"megabytes": 300, "hold": 1}
    large = function.invoke(event, headers=headers, tail=True)
    assert large.succeeded, large
    assert "billing memory: 512MB" in large.log
    assert_failed(function.invoke(event), 4205)


# Initializers


def test_three_failed_initializers_fail_the_call_and_the_next_call_tries_again(
    project, gate, background
):
    function = gated(project, gate, ["initializer"])
    for _ in range(2):
        call = background(function.invoke, {})
        instances = set()
        for _ in range(3):
            attempt = gate.next("initializer")
            instances.add(attempt.instance)
            attempt.tell("raise")
        error = assert_failed(call.result(), 4201)
        assert error["errorMessage"].startswith("function initialization")
        assert gate.nobody_came()
        assert len(instances) == 3


@pytest.mark.parametrize("order", ["raise", "exit"])
@pytest.mark.parametrize("failures", [1, 2])
def test_a_call_succeeds_when_the_second_or_third_initializer_does(
    project, gate, background, order, failures
):
    function = gated(project, gate, ["initializer"])
    call = background(function.call, {})
    for _ in range(failures):
        failed = gate.next("initializer")
        failed.tell(order)
        failed.assert_gone()
    good = gate.next("initializer")
    good.let_go()
    result = call.result()
    assert result["instance"] == good.instance
    assert result["initializations"] == 1 and result["calls"] == 1


def test_no_call_runs_before_the_initializer_is_done(project, gate, background):
    function = gated(project, gate, ["initializer"], handler="index.handler")
    function.update_config(strategy_config={"concurrency": 1, "concurrent_num": 2})
    for name in ["a", "b"]:
        background(function.invoke, gate.event(name))
    initializer = gate.next("initializer")
    assert gate.nobody_came()
    initializer.let_go()
    callers = gate.take(2)
    assert {caller.name for caller in callers} == {"a", "b"}
    assert {caller.instance for caller in callers} == {initializer.instance}


def test_each_instance_is_initialized_once_on_behalf_of_one_of_the_calls(project, gate, background):
    function = gated(project, gate, handler="index.handler")
    calls = [background(function.invoke, gate.event(str(number))) for number in range(3)]
    arrived = gate.take(6)
    initializers = [caller for caller in arrived if caller.name == "initializer"]
    assert len({caller.instance for caller in initializers}) == 3
    for caller in arrived:
        caller.let_go()
    identifiers = {call.result().request_id for call in calls}
    assert {caller.request_id for caller in initializers} <= identifiers


def test_an_initializer_is_killed_after_its_own_timeout(project, gate):
    function = gated(project, gate, ["initializer"], initializer_timeout=1, timeout=60)
    error = assert_failed(function.invoke({}), 4211)
    assert error["errorMessage"] == "runtime initialization timed out after 1s"
    gate.next("initializer").assert_gone()


def test_the_time_of_an_initializer_is_not_that_of_the_handler(project, gate, background):
    function = gated(project, gate, ["initializer"], timeout=3)
    call = background(function.invoke, {})
    initializer = gate.next("initializer")
    time.sleep(3.5)
    initializer.let_go()
    assert call.result().succeeded


# Idle instances


@pytest.fixture
def hasty(fresh_server):
    """A server that releases an instance after a second without requests."""
    return fresh_server(options=["--idle-timeout", "1"])


def test_an_idle_instance_is_released_and_the_next_call_begins_anew(hasty, project_of, gate):
    function = project_of(hasty).create("gate")
    function.call(gate.event(wait=False, keep=True))
    answered_at = time.monotonic()
    first = gate.next()
    first.assert_gone()
    assert 0.8 < time.monotonic() - answered_at
    assert function.call(gate.event(wait=False))["calls"] == 1
    assert gate.next().instance != first.instance


def test_an_instance_at_work_is_not_idle(hasty, project_of, gate, background):
    project = project_of(hasty)
    function, other = project.create("gate"), project.create("gate")
    call = background(function.call, gate.event("working", keep=True))
    working = gate.next("working")
    for _ in range(2):
        other.call(gate.event("idle", wait=False, keep=True))
        gate.next("idle").assert_gone()
    assert working.is_there()
    working.let_go()
    call.result()
    assert function.call(gate.event(wait=False))["calls"] == 2


def test_instances_of_a_past_peak_are_released_all(hasty, project_of, gate, background):
    function = project_of(hasty).create("gate")
    calls = [background(function.invoke, gate.event(keep=True)) for _ in range(6)]
    callers = gate.take(6)
    for caller in callers:
        caller.let_go()
    for call in calls:
        assert call.result().succeeded
    for caller in callers:
        caller.assert_gone()


def test_an_instance_is_released_after_a_minute_without_requests(steered, gate):
    project, control = steered
    function = project.create("gate")
    for number in [1, 2]:
        call = function.call(gate.event(wait=False, keep=number == 1))
        assert call["calls"] == number
        control.advance(59_000)
    first, second = gate.take(2)
    assert first.instance == second.instance and first.is_there()
    control.advance(2_000)
    first.assert_gone()
    assert function.call(gate.event(wait=False))["calls"] == 1


BEATING = """
from index import call_in_as, handler

def heartbeat():
    call_in_as("heartbeat")
"""


def test_a_heartbeat_handler_is_kept_and_never_called(steered, gate):
    project, control = steered
    code = project.sample("gate", beating=BEATING)
    function = project.create(code, "beating.handler", user_data=gate.variables())
    function.update_config(heartbeat_handler="beating.heartbeat")
    assert function.config()["heartbeat_handler"] == "beating.heartbeat"
    for number in [1, 2]:
        assert function.call(gate.event("handler", wait=False))["calls"] == number
        gate.next("handler")
        control.advance(30_000)
        assert gate.nobody_came()


# Changes


CHANGES = {
    "code": lambda function, project: function.update_code(project.archive(index=NEW_CODE)),
    "configuration": lambda function, project: function.update_config(memory_size=256),
    "variables": lambda function, project: function.update_config(user_data='{"COLOUR": "red"}'),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_ends_idle_instances_at_once(project, gate, change):
    function = project.create("gate")
    function.call(gate.event(wait=False, keep=True))
    old = gate.next()
    CHANGES[change](function, project)
    old.assert_gone()


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_lets_running_requests_finish_and_their_instance_ends_then(
    project, gate, background, change
):
    function = limited(project, 1, 2)
    calls = [background(function.call, gate.event(name, keep=True)) for name in ["a", "b"]]
    first, second = gate.take(2)
    CHANGES[change](function, project)
    assert function.invoke(gate.event("c", wait=False)).succeeded
    first.let_go()
    assert calls[0].result()["name"] == "a"
    assert second.is_there()
    second.let_go()
    assert calls[1].result()["name"] == "b"
    second.assert_gone()


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_loses_nobody_who_waits_in_line(project, gate, background, change):
    function = project.create("gate")
    function.set_max_instances(1)
    calls = [background(function.invoke, gate.event("first"))]
    first = gate.next("first")
    calls += [background(function.invoke, gate.event(wait=False)) for _ in range(5)]
    CHANGES[change](function, project)
    first.let_go()
    assert all(call.result().succeeded for call in calls)


def test_a_request_of_a_function_that_is_deleted_meanwhile_is_answered(project, gate, background):
    function = project.create("gate")
    call = background(function.invoke, gate.event(keep=True))
    running = gate.next()
    assert function.delete().status_code == 204
    assert_error(function.invoke({}).response, 404, "FSS.1051")
    running.let_go()
    call.result()
    running.assert_gone()


# Pre-stop handlers


def stopping(project, gate, waiting=(), **fields) -> Function:
    handlers = {"pre_stop_handler": "index.pre_stop", "pre_stop_timeout": 10}
    variables = {"user_data": gate.variables(*waiting)}
    return project.create("gate", **{**handlers, **variables, **fields})


def begin(function: Function, gate):
    """An idle instance of the function."""
    function.call(gate.event("handler", wait=False, keep=True))
    return gate.next("handler")


ENDS = {
    "deletion": lambda function, project: function.delete(),
    "disabling": lambda function, project: function.set_max_instances(0),
    **CHANGES,
}


@pytest.mark.parametrize("end", ENDS)
def test_a_pre_stop_handler_runs_before_an_instance_ends(project, gate, end):
    function = stopping(project, gate, ["pre_stop"])
    instance = begin(function, gate)
    ENDS[end](function, project)
    stop = gate.next("pre_stop")
    assert stop.instance == instance.instance and instance.is_there()
    stop.let_go()
    instance.assert_gone()


def test_a_pre_stop_handler_runs_when_an_idle_instance_is_released(hasty, project_of, gate):
    instance = begin(stopping(project_of(hasty), gate), gate)
    assert gate.next("pre_stop").instance == instance.instance
    instance.assert_gone()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
def test_pre_stop_handlers_run_when_the_server_stops(fresh_server, project_of, gate, number):
    server = fresh_server()
    project = project_of(server)
    instances = {begin(stopping(project, gate), gate).instance for _ in range(3)}
    server.send_signal(number)
    assert {gate.next("pre_stop").instance for _ in range(3)} == instances
    assert server.wait() == 0


def test_a_pre_stop_handler_waits_for_running_requests(project, gate, background):
    function = stopping(project, gate)
    call = background(function.call, gate.event("running"))
    running = gate.next("running")
    CHANGES["configuration"](function, project)
    assert gate.nobody_came()
    running.let_go()
    assert call.result()["name"] == "running"
    assert gate.next("pre_stop").instance == running.instance


def test_a_pre_stop_handler_is_killed_after_its_timeout(project, gate):
    function = stopping(project, gate, ["pre_stop"], pre_stop_timeout=1)
    begin(function, gate)
    function.delete()
    stop = gate.next("pre_stop")
    since = time.monotonic()
    stop.assert_gone()
    assert 0.8 < time.monotonic() - since < 4


def test_a_pre_stop_handler_that_never_ends_does_not_hold_up_the_server_s_end(
    fresh_server, project_of, gate
):
    server = fresh_server()
    begin(stopping(project_of(server), gate, ["pre_stop"], pre_stop_timeout=1), gate)
    server.send_signal(signal.SIGTERM)
    gate.next("pre_stop")
    assert server.wait(8) == 0


@pytest.mark.parametrize("order", ["raise", "exit"])
def test_a_pre_stop_handler_that_fails_only_ends_its_instance(project, gate, order):
    function = stopping(project, gate, ["pre_stop"])
    instance = begin(function, gate)
    function.update_config(memory_size=256)
    gate.next("pre_stop").tell(order)
    instance.assert_gone()
    assert function.call(gate.event(wait=False))["calls"] == 1


def test_no_pre_stop_handler_runs_in_an_instance_that_is_killed(project, gate, background):
    function = stopping(project, gate, timeout=3)
    call = background(function.invoke, gate.event("late", keep=True))
    late = gate.next("late")
    assert_failed(call.result(), 4010)
    late.assert_gone()
    call = background(function.invoke, gate.event("crash"))
    gate.next("crash").tell("exit")
    assert_failed(call.result(), 4204)
    assert gate.nobody_came()


def test_an_instance_that_has_not_run_yet_can_be_stopped(project, gate, background):
    """Its initializer still runs when the function is deleted."""
    function = gated(project, gate, ["initializer"])
    call = background(function.invoke, {})
    initializer = gate.next("initializer")
    function.delete()
    initializer.let_go()
    call.result()
    initializer.assert_gone()


# Reserved instances


def reserved(gate, number: int) -> "set[str]":
    """The instances that have called in from their initializers, without being asked for."""
    callers = [gate.next("initializer") for _ in range(number)]
    assert {caller.request_id for caller in callers} == {""}
    instances = {caller.instance for caller in callers}
    assert len(instances) == number
    return instances


def serves(function: Function, instances: "set[str]") -> None:
    """Calls are answered by one of the instances, once these are ready."""
    eventually(
        lambda: function.call({})["instance"] in instances, 5, "an answer of a reserved instance"
    )


def test_reserved_instances_start_ahead_of_any_call(project, gate):
    function = gated(project, gate)
    function.reserve(2)
    instances = reserved(gate, 2)
    serves(function, instances)
    for _ in range(5):
        result = function.call({})
        assert result["instance"] in instances
        assert result["initializations"] == 1


def test_calls_beyond_the_reserved_instances_start_others(project, gate, background):
    function = gated(project, gate, handler="index.handler")
    function.set_max_instances(1)
    function.reserve(2)
    instances = reserved(gate, 2)
    calls = []
    for _ in range(3):
        calls.append(background(function.invoke, gate.event("handler")))
    running = [caller for caller in gate.take(4) if caller.name == "handler"]
    used = {caller.instance for caller in running}
    assert instances < used and len(used) == 3
    for caller in running:
        caller.let_go()
    assert all(call.result().succeeded for call in calls)


def test_reserved_instances_are_kept_however_idle(hasty, project_of, gate):
    project = project_of(hasty)
    function, other = gated(project, gate), project.create("gate")
    function.reserve(1)
    kept = gate.next("initializer")
    for _ in range(2):
        begin(other, gate).assert_gone()
    assert kept.is_there()
    assert function.call({})["instance"] == kept.instance


def test_a_reserved_instance_that_dies_is_replaced(project, gate, background):
    function = gated(project, gate, handler="index.handler")
    function.reserve(1)
    first = gate.next("initializer")
    call = background(function.invoke, gate.event("handler"))
    gate.next("handler").tell("exit")
    assert_failed(call.result(), 4204)
    first.assert_gone()
    second = gate.next("initializer")
    assert second.instance != first.instance and second.request_id == ""


@pytest.mark.parametrize("change", ["configuration", "code"])
def test_reserved_instances_are_replaced_after_a_change(project, gate, change):
    function = gated(project, gate)
    function.reserve(1)
    old = gate.next("initializer")
    if change == "code":
        function.update_code(project.sample("gate", another=""))
    else:
        function.update_config(memory_size=256)
    new = gate.next("initializer")
    old.assert_gone()
    assert new.hello["memory"] == ("256" if change == "configuration" else "128")
    serves(function, {new.instance})


def test_reserved_instances_follow_their_number(project, gate):
    function = gated(project, gate)
    function.reserve(2)
    both = [gate.next("initializer") for _ in range(2)]
    function.reserve(1)
    eventually(lambda: not all(caller.is_there() for caller in both), 5, "one instance fewer")
    assert gate.nobody_came()
    assert any(caller.is_there() for caller in both)
    function.reserve(3)
    more = [gate.next("initializer") for _ in range(2)]
    function.reserve(0)
    for caller in both + more:
        caller.assert_gone()
    assert gate.nobody_came()


def test_reserved_instances_follow_their_schedule_from_its_start_to_its_expiry(steered, gate):
    """One, from eight of the second day on three, and one again when that is over."""
    project, _ = steered
    clock = Clock(project.api.url)
    clock.freeze("2026-05-04T06:00:00Z")
    schedule = {"name": "mornings", "cron": "0 0 8 * * ?", "count": 3,
                "start_time": int(moment("2026-05-05T00:00:00Z").timestamp()),
                "expired_time": int(moment("2026-05-05T20:00:00Z").timestamp())}  # fmt: skip
    function = gated(project, gate)
    function.reserve(1, tactics_config={"cron_configs": [schedule]})
    there = [gate.next("initializer")]
    for time_of_day, more in [
        ("04T08:00:01", 0), ("05T07:59:59", 0), ("05T08:00:00", 2), ("05T19:59:59", 0),
    ]:  # fmt: skip
        clock.advance_to(f"2026-05-{time_of_day}Z")
        there += [gate.next("initializer") for _ in range(more)]
        assert gate.nobody_came() and all(caller.is_there() for caller in there)
    clock.advance_to("2026-05-05T20:00:00Z")

    def left() -> "set[str]":
        return {caller.instance for caller in there if caller.is_there()}

    eventually(lambda: len(left()) == 1, 5, "two instances fewer")
    (kept,) = left()
    clock.advance_to("2026-05-06T08:00:01Z")
    assert gate.nobody_came() and left() == {kept}
    serves(function, {kept})


def test_reserved_instances_of_a_version_run_that_version(project, gate):
    function = gated(project, gate)
    function.publish("v1")
    function.update_config(memory_size=256)
    function.at("v1").reserve(1)
    caller = gate.next("initializer")
    assert (caller.hello["version"], caller.hello["memory"]) == ("v1", "128")
    serves(function.at("v1"), {caller.instance})
    assert function.call({})["instance"] != caller.instance


def test_reserved_instances_of_an_alias_follow_the_alias(project, gate):
    function = gated(project, gate)
    function.publish("v1")
    function.publish_changed("v2")
    alias = function.create_alias("prod", "v1")
    function.at("!prod").reserve(1)
    first = gate.next("initializer")
    assert first.hello["version"] == "v1"
    serves(function.at("!prod"), {first.instance})
    body = {"name": alias["name"], "version": "v2"}
    assert function.api.put(f"{function.path}/aliases/prod", json=body).status_code == 200
    second = gate.next("initializer")
    assert second.hello["version"] == "v2"
    first.assert_gone()


def test_reserved_instances_go_with_their_function(project, gate):
    function = gated(project, gate)
    function.reserve(2)
    callers = [gate.next("initializer") for _ in range(2)]
    function.delete()
    for caller in callers:
        caller.assert_gone()
    assert gate.nobody_came()


def test_reserved_instances_are_there_again_after_a_restart(
    fresh_server, project_of, gate, tmp_path
):
    server = fresh_server(data_dir=tmp_path / "data")
    gated(project_of(server), gate).reserve(2)
    before = reserved(gate, 2)
    assert server.stop() == 0
    fresh_server(data_dir=tmp_path / "data")
    assert not before & reserved(gate, 2)


def test_an_initializer_that_fails_ahead_of_any_call_fails_nothing_else(
    project, gate, background
):
    function = gated(project, gate, ["initializer"])
    function.reserve(1)
    gate.next("initializer").tell("raise")
    sound = project.create("echo")
    assert sound.call({"a": 1}) == {"a": 1}
    good = gate.next("initializer")
    good.let_go()
    serves(function, {good.instance})


def said_with_the_runtime_package(script: str) -> str:
    """What a script writes that a Python without site-packages runs, which finds the runtime package."""
    runtimes = Path(__file__).parents[2] / "runtimes" / "python"
    return subprocess.run(
        ["python3", "-S", "-c", script], env={"PYTHONPATH": str(runtimes)}, check=True, capture_output=True, text=True
    ).stdout


def test_what_spare_processes_do_meanwhile_works_and_changes_nothing():
    """Where it fails, instances are only slower, so nothing else would notice."""
    assert not said_with_the_runtime_package(
        "import json, logging, os, sys\n"
        "from fgs_runtime import rehearsal, zygote\n"
        "zygote.preload()\n"
        "state = lambda: (set(sys.modules), dict(os.environ), os.getcwd(), sys.path[:], logging.root.handlers[:],"
        " sys.stdout, sys.__stdout__, sys.argv, sys.dont_write_bytecode, os.listdir('/proc/self/fd'))\n"
        "before = state()\n"
        "code, result = rehearsal.rehearse()\n"
        "assert state() == before\n"
        "assert code == 0 and json.loads(result)['name'] == 'rehearsal 2', (code, result)\n"
    )


def test_nothing_that_instances_find_imported_has_to_be_told_of_the_fork_but_what_has_locks():
    """CPython tells nothing of the fork of an instance, and so not `random`, which would have the same numbers in all."""
    told = said_with_the_runtime_package(
        "import os, sys\n"
        "told = set()\n"
        "os.register_at_fork = lambda **functions: told.add(sys._getframe(1).f_globals['__name__'])\n"
        "from fgs_runtime import zygote\n"
        "zygote.preload()\n"
        "print(*told)\n"
    )
    assert set(told.split()) <= {"threading", "logging"}


def test_an_instance_is_a_process_of_its_own_to_everything_that_asks(project):
    source = (
        "import os, random, threading\n"
        "def handler(event, context):\n"
        "    main, native = threading.main_thread(), threading.get_native_id()\n"
        "    return [os.getpid() == native == main.native_id, threading.current_thread() is main,\n"
        "            random.random(), open('/proc/self/stat').read().split()[0] == str(os.getpid())]\n"
    )
    answers = [project.create(project.pack({"index.py": source})).call({}) for _ in range(3)]
    assert all(own and current and process for own, current, _, process in answers)
    assert len({number for _, _, number, _ in answers}) == 3


def test_the_environment_is_the_handler_s_to_change_and_that_of_what_it_starts(project):
    source = (
        "import os, subprocess\n"
        "def handler(event, context):\n"
        "    del os.environ['GOES']\n"
        "    os.environ['COMES'] = 'new'\n"
        "    os.environ['STAYS'] += 'er'\n"
        "    seen = subprocess.run(['env', '-0'], capture_output=True, text=True, check=True).stdout\n"
        "    assert dict(line.split('=', 1) for line in seen.split('\\0') if line) == dict(os.environ)\n"
        "    return {name: os.environ.get(name) for name in ('GOES', 'COMES', 'STAYS', 'EMPTY')}\n"
    )
    variables = '{"GOES": "x", "STAYS": "läng", "EMPTY": ""}'
    function = project.create(project.pack({"index.py": source}), user_data=variables)
    assert function.call({}) == {"GOES": None, "COMES": "new", "STAYS": "länger", "EMPTY": ""}


def test_bytecode_of_the_function_is_kept_and_that_of_the_standard_library_is_found(project):
    source = (
        "import colorsys\n"
        "import os\n"
        "from package import other\n"
        "def handler(event, context):\n"
        "    modules = [colorsys, other]\n"
        "    return [[module.__cached__, os.path.exists(module.__cached__)] for module in modules]\n"
    )
    function = project.create(project.pack({"index.py": source, "package/other.py": "VALUE = 1\n"}))
    (standard, standard_exists), (own, own_exists) = function.call({})
    assert standard_exists and own_exists
    assert Path(standard).parent.name == "__pycache__"
    assert Path(own).parent.name == "package" and "pycache" in Path(own).parents[1].name
