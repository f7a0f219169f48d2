import json
import time

from ..contenders import EMULATOR
from ..function import COUNTING
from ..hold import Hold
from ..http_client import Client, Target
from ..metric import PER_SECOND, Metric
from ..session import Session
from ..tally import Tally
from ..wrk import load

ACCEPT = Metric("async.accept", "asynchronous calls accepted per second, 16 connections", PER_SECOND, "more")
DRAIN = Metric("async.drain", "asynchronous calls run per second, from a queue", PER_SECOND, "more")
SYNC = Metric("async.sync", "synchronous calls of the same function per second, 16 connections", PER_SECOND, "more")

_DRAIN_DEADLINE = 120
#: Seconds in which what was under way when the load ended comes to its end.
_SETTLE = 0.3
#: Instances that run the calls, and are kept busy while a queue of calls gathers.
_INSTANCES = 2


class Asynchronous:
    name = "async"
    title = "Asynchronous calls"
    about = (
        "wrk posts to …/invocations-async, while calls run as they come: that is the rate of acceptance. Then both "
        "instances that the function may have are kept busy while wrk posts once more. The queue that has gathered is "
        "timed from their release to the last call, of which each sends a byte to a counter."
    )
    metrics = [ACCEPT, DRAIN, SYNC]

    def run(self, session: Session) -> None:
        with Tally() as tally:
            event = json.dumps({"port": tally.port}).encode()
            service = session.service(EMULATOR, COUNTING, event)
            service.set_max_instances(service.target, _INSTANCES)
            queued = service.target._replace(path=service.target.path + "-async")
            with Client(service.port) as client:
                answer = client.ask(queued, event)
            if answer.status != 202:
                for metric in (ACCEPT, DRAIN):
                    session.results.leave_out(metric, EMULATOR.name, f"answers {answer.status}")
            for _ in session.long_turns([EMULATOR]):
                done = load(service.target, 16, session.settings.seconds, event).must_succeed()
                session.results.add(SYNC, EMULATOR.name, done.rate)
                if answer.status == 202:
                    self._accept(session, queued, tally, event)
                    self._drain(session, service.target, queued, tally, event)
            # The instances' connections end with them, before the tally does.
            session.stop_services()

    @staticmethod
    def _accept(session: Session, queued: Target, tally: Tally, event: bytes) -> None:
        before = tally.count
        done = load(queued, 16, session.settings.seconds, event)
        accepted = done.answers - done.refused
        session.results.add(ACCEPT, EMULATOR.name, accepted / done.seconds)
        tally.wait_for(before + accepted, _DRAIN_DEADLINE)
        time.sleep(_SETTLE)

    @staticmethod
    def _drain(session: Session, target: Target, queued: Target, tally: Tally, event: bytes) -> None:
        before = tally.count
        with Hold(target, _INSTANCES) as hold:
            done = load(queued, 16, session.settings.seconds, event)
            time.sleep(_SETTLE)
            waiting = done.answers - done.refused - (tally.count - before)
            start = time.perf_counter()
        tally.wait_for(before + done.answers - done.refused, _DRAIN_DEADLINE)
        session.results.add(DRAIN, EMULATOR.name, waiting / (time.perf_counter() - start))
        hold.wait()
        time.sleep(_SETTLE)
