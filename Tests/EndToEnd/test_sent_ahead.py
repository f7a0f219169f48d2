"""Quick calls are sent to a busy instance before it has asked for them; nobody may notice.

A volley is many calls that the server gets at once, of a function with few instances: most of them are behind others.
"""

import base64
import json
import os
import pathlib
import random
import select
import signal
import time

import pytest

from rest import answered, eventually
from wire import Wire, request

SOURCE = """
import ctypes
import os
import random
import sys
import time

last = None

def handler(event, context):
    global last
    previous, last = last, event["number"]
    what = event.get("what")
    if what == "print":
        print("said by %d" % event["number"])
    elif what == "write":
        os.write(2, b"said by %d\\n" % event["number"])
    elif what == "write early":
        os.write(2, b"said by %d\\n" % event["number"])
        end = time.perf_counter() + random.random() * 1e-4
        while time.perf_counter() < end:
            pass
    elif what == "child":
        os.system("echo said by %d" % event["number"])
    elif what == "exit":
        os._exit(3)
    elif what == "crash":
        ctypes.string_at(0)
    elif what == "fill":
        bytearray(1 << 40)
    elif what == "hoard":
        hoard = b"x" * (300 << 20)
        time.sleep(30)
    elif what == "raise":
        raise ValueError("number %d" % event["number"])
    elif what == "sleep":
        time.sleep(event["seconds"])
    elif what == "process":
        return os.getpid()
    return {"number": event["number"], "request": context.getRequestID(), "padding": event.get("padding")}
"""
WRITERS = ["print", "write", "write early", "child"]


class Volley:
    """So many connections, which send at the same moment."""

    def __init__(self, server, function, size: int):
        self._wires = [Wire(server.port, timeout=60) for _ in range(size)]
        self._path = f"{function.api.base}{function.path}/invocations".removeprefix(server.url)

    def send(self, events: "list[dict]") -> None:
        assert len(events) == len(self._wires)
        for index, event in enumerate(events):
            self._send(index, event)

    def _send(self, index: int, event: dict) -> None:
        self._wires[index].send(
            request(
                "POST", self._path, body=json.dumps(event).encode(), X_Auth_Token="any",
                Content_Type="application/json", X_Cff_Log_Type="tail",
            )
        )

    def receive(self) -> list:
        return [wire.receive() for wire in self._wires]

    def fire(self, events: "list[dict]") -> list:
        """The answers, in the order of the events."""
        self.send(events)
        return self.receive()

    def warm_up(self) -> None:
        """The server learns that the function is quick."""
        for _ in range(3):
            for answer in self.fire([{"number": number} for number in range(len(self._wires))]):
                assert code(answer) == 0

    def until_answered(self, indexes: "set[int]") -> "list[int]":
        """Waits for some of the answers; the indexes in the order of their arrival."""
        order, waiting = [], {self._wires[index]._socket: index for index in indexes}
        while waiting:
            ready, _, _ = select.select(list(waiting), [], [], 60)
            assert ready, "nobody answers"
            order += [waiting.pop(socket) for socket in ready]
        return order

    def keep_busy_until_answered(self, events: "list[dict]", seconds: float) -> None:
        """Who is answered asks again, until each has been answered once."""
        indexes = {wire._socket: index for index, wire in enumerate(self._wires)}
        unanswered, end = set(indexes), time.monotonic() + seconds
        while unanswered:
            ready, _, _ = select.select(list(indexes), [], [], 1)
            assert time.monotonic() < end, f"{len(unanswered)} calls are not answered"
            for socket in ready:
                assert code(self._wires[indexes[socket]].receive()) == 0
                unanswered.discard(socket)
                self._send(indexes[socket], events[indexes[socket]])
        self.receive()

    def close(self) -> None:
        for wire in self._wires:
            wire.__exit__()


@pytest.fixture
def volley(server, project):
    volleys = []

    def volley(size: int = 24, instances: int = 1, **fields) -> Volley:
        function = project.create(project.archive(index=SOURCE), **fields)
        answered(function.set_max_instances(instances))
        volleys.append(Volley(server, function, size))
        volleys[-1].function = function
        return volleys[-1]

    yield volley
    for each in volleys:
        each.close()


def is_stopped(process: int) -> bool:
    return pathlib.Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "T"


def code(answer) -> int:
    assert answer.status == 200, answer
    return int(answer.headers["x-func-err-code"])


def log(answer) -> str:
    return base64.b64decode(answer.headers["x-cff-function-log"]).decode()


def said(answer) -> "list[str]":
    """The lines that the handler wrote."""
    return [line for line in log(answer).splitlines() if line.startswith("said by")]


def assert_answered(answers, events) -> None:
    for answer, event in zip(answers, events, strict=True):
        assert code(answer) == 0, (event, answer)
        result = answer.json()
        assert result["number"] == event["number"]
        assert result["request"] == answer.headers["x-cff-request-id"]
        assert f"Start invoke request '{result['request']}'" in log(answer)
        assert said(answer) == ([f"said by {event['number']}"] if event.get("what") in WRITERS else []), log(answer)


def mixed(size: int, share: float, *whats: str, **fields) -> "list[dict]":
    """Events, some of which are of these kinds."""
    return [
        {"number": number, **({"what": random.choice(whats), **fields} if random.random() < share else {})}
        for number in range(size)
    ]


@pytest.mark.parametrize("instances", [1, 2])
def test_every_call_gets_its_own_answer(volley, instances):
    volley = volley(instances=instances)
    volley.warm_up()
    for _ in range(40):
        events = mixed(24, 0)
        assert_answered(volley.fire(events), events)


def test_large_and_small_events_may_follow_each_other(volley):
    volley = volley()
    volley.warm_up()
    for _ in range(20):
        events = [
            {"number": number, "padding": "x" * random.choice([0, 3_500, 3_900, 4_100, 20_000, 200_000])}
            for number in range(24)
        ]
        assert_answered(volley.fire(events), events)


@pytest.mark.parametrize("share", [0.05, 0.15, 0.5, 1])
def test_what_calls_write_stands_in_their_own_logs(volley, share):
    volley = volley()
    volley.warm_up()
    for _ in range(20):
        events = mixed(24, share, *WRITERS)
        assert_answered(volley.fire(events), events)


def test_a_slow_call_keeps_nobody_waiting_who_could_run_elsewhere(volley):
    volley = volley(instances=2)
    volley.warm_up()
    for _ in range(3):
        events = mixed(24, 0)
        slow = random.randrange(4)
        events[slow] |= {"what": "sleep", "seconds": 1}
        volley.send(events)
        assert volley.until_answered(set(range(24)))[-1] == slow
        assert_answered(volley.receive(), events)


def test_slow_calls_of_a_handler_that_was_quick_leave_no_instance_idle_that_others_wait_for(volley):
    volley = volley(instances=12)
    volley.fire(mixed(24, 1, "sleep", seconds=0.3))
    for _ in range(3):
        volley.warm_up()
        events = [{"number": number} for number in range(24)]
        slow = set(random.sample(range(24), 11))
        for number in slow:
            events[number] |= {"what": "sleep", "seconds": 1.5}
        volley.send(events)
        assert set(volley.until_answered(set(range(24)))[:13]).isdisjoint(slow)
        assert_answered(volley.receive(), events)


def test_a_call_that_its_instance_does_not_get_to_is_run_by_another(volley):
    volley = volley(instances=2)
    volley.warm_up()
    processes = set()

    def both_have_answered() -> bool:
        processes.update(answer.json() for answer in volley.fire(mixed(24, 1, "process")))
        return len(processes) == 2

    eventually(both_have_answered, 10, "both instances at work")
    for process in processes:
        os.kill(process, signal.SIGSTOP)
        # Until it gets there it may still begin a call, which is its own then.
        eventually(lambda: is_stopped(process), 10, "the process stopped")
        try:
            for number in range(4):
                assert volley.function.invoke({"number": number}).json()["number"] == number
            volley.send(mixed(24, 0))
            volley.keep_busy_until_answered(mixed(24, 0), seconds=20)
        finally:
            os.kill(process, signal.SIGCONT)


def test_calls_behind_one_that_runs_out_of_time_are_answered(volley):
    # With one instance they would have waited for as long as they may.
    volley = volley(instances=2, timeout=3)
    volley.warm_up()
    events = mixed(24, 0)
    events[1] |= {"what": "sleep", "seconds": 30}
    answers = volley.fire(events)
    assert code(answers.pop(1)) == 4010
    assert_answered(answers, events[:1] + events[2:])


@pytest.mark.parametrize(
    "what, failure", [("exit", 4204), ("crash", 4204), ("fill", 4205), ("raise", 4002)]
)
def test_calls_behind_one_that_fails_do_not_fail(volley, what, failure):
    volley = volley()
    volley.warm_up()
    for _ in range(10):
        events = mixed(24, 0.1, what)
        for answer, event in zip(volley.fire(events), events):
            if "what" in event:
                assert code(answer) == failure, (event, answer)
            else:
                assert_answered([answer], [event])


def test_calls_behind_one_that_holds_too_much_memory_are_answered(volley):
    volley = volley(memory_size=128)
    volley.warm_up()
    events = mixed(24, 0)
    events[2] |= {"what": "hoard"}
    answers = volley.fire(events)
    assert code(answers.pop(2)) == 4205
    assert_answered(answers, events[:2] + events[3:])


def test_asynchronous_calls_that_are_cancelled_leave_the_others_alone(volley):
    volley = volley()
    function = volley.function
    volley.warm_up()
    blocker = function.submit({"number": -1, "what": "sleep", "seconds": 2})
    eventually(lambda: function.status(blocker) == "RUNNING", 10, "the first call running")
    requests = [function.submit({"number": number}) for number in range(12)]
    cancelled = set(random.sample(requests, 4))
    for each in cancelled:
        assert function.cancel(each).status_code in (200, 204)
    statuses = {each: function.finished(each)["status"] for each in [blocker, *requests]}
    assert {each for each, status in statuses.items() if status != "SUCCESS"} <= cancelled


def test_the_time_of_a_call_does_not_include_those_before_it(volley):
    volley = volley(instances=1)
    volley.warm_up()
    events = mixed(24, 0)
    events[0] |= {"what": "sleep", "seconds": 0.5}
    began = time.monotonic()
    answers = volley.fire(events)
    assert time.monotonic() - began >= 0.5
    durations = [json.loads(answer.headers["x-cff-invoke-summary"])["duration"] for answer in answers]
    assert durations[0] >= 500
    assert max(durations[1:]) < 500
