import json
import time

from ..contenders import EMULATOR
from ..function import COUNTING
from ..http_client import Client, Target
from ..metric import PER_SECOND, Metric
from ..session import Session
from ..tally import Tally
from ..wrk import load

ACCEPT = Metric("async.accept", "asynchronous calls accepted per second, 16 connections", PER_SECOND, "more")
DRAIN = Metric("async.drain", "asynchronous calls run per second, after the last was accepted", PER_SECOND, "more")
SYNC = Metric("async.sync", "synchronous calls of the same function per second, 16 connections", PER_SECOND, "more")

_DRAIN_DEADLINE = 120
#: Seconds in which what was under way when the load ended comes to its end.
_SETTLE = 0.3
#: Calls that have to be left when the last one is accepted, for the rate after that to mean something.
_BACKLOG = 500


class Asynchronous:
    name = "async"
    title = "Asynchronous calls"
    about = (
        "wrk posts to …/invocations-async. The function sends a byte to a counter; the rest of the queue is timed from "
        "the last acceptance to the last byte. Where less than 500 calls are left "
        "then, calls run as fast as they are accepted, and that rate is given."
    )
    metrics = [ACCEPT, DRAIN, SYNC]

    def run(self, session: Session) -> None:
        with Tally() as tally:
            event = json.dumps({"port": tally.port}).encode()
            service = session.service(EMULATOR, COUNTING, event)
            queued = service.target._replace(path=service.target.path + "-async")
            with Client(service.port) as client:
                answer = client.ask(queued, event)
            if answer.status != 202:
                for metric in (ACCEPT, DRAIN):
                    session.results.leave_out(metric, EMULATOR.name, f"answers {answer.status}")
            for _ in session.turns([EMULATOR]):
                done = load(service.target, 16, session.settings.seconds, event).must_succeed()
                session.results.add(SYNC, EMULATOR.name, done.rate)
                if answer.status == 202:
                    self._asynchronous(session, queued, tally, event)
            # The instances' connections end with them, before the tally does.
            session.stop_services()

    @staticmethod
    def _asynchronous(session: Session, queued: Target, tally: Tally, event: bytes) -> None:
        time.sleep(_SETTLE)
        before, start = tally.count, time.perf_counter()
        done = load(queued, 16, session.settings.seconds, event)
        accepted, stop = done.answers - done.refused, time.perf_counter()
        left = accepted - (tally.count - before)
        tally.wait_for(before + accepted, _DRAIN_DEADLINE)
        end = time.perf_counter()
        session.results.add(ACCEPT, EMULATOR.name, accepted / done.seconds)
        rate = left / (end - stop) if left >= _BACKLOG else accepted / (end - start)
        session.results.add(DRAIN, EMULATOR.name, rate)
