import json
import time
from pathlib import Path

from ..contenders import EMULATOR
from ..contenders.contender import Service
from ..function import COUNTING
from ..http_client import Client, Target
from ..metric import PER_SECOND, Metric
from ..session import Session
from ..wrk import load

ACCEPT = Metric("async.accept", "asynchronous calls accepted per second, 16 connections", PER_SECOND, "more")
DRAIN = Metric("async.drain", "asynchronous calls run per second, after the last was accepted", PER_SECOND, "more")
SYNC = Metric("async.sync", "synchronous calls of the same function per second, 16 connections", PER_SECOND, "more")

_DRAIN_DEADLINE = 120
#: Calls that have to be left when the last one is accepted, for the rate after that to mean something.
_BACKLOG = 500


class Asynchronous:
    name = "async"
    title = "Asynchronous calls"
    about = (
        "wrk posts to …/invocations-async. The function adds a byte to a file, so that runs can be counted; the rest of "
        "the queue is timed from the last acceptance to the last byte. Where less than 500 calls are left "
        "then, calls run as fast as they are accepted, and that rate is given."
    )
    metrics = [ACCEPT, DRAIN, SYNC]

    def run(self, session: Session) -> None:
        directory = session.service(EMULATOR).directory
        tally = directory / "tally"
        event = json.dumps({"tally": str(tally)}).encode()
        service = session.service(EMULATOR, COUNTING, event)
        queued = service.target._replace(path=service.target.path + "-async")
        with Client(service.port) as client:
            answer = client.ask(queued, event)
        if answer.status != 202:
            for metric in (ACCEPT, DRAIN):
                session.results.leave_out(metric, EMULATOR.name, f"answers {answer.status}")
        for _ in session.turns([EMULATOR]):
            self._synchronous(session, service, event)
            if answer.status == 202:
                self._asynchronous(session, queued, tally, event)

    @staticmethod
    def _synchronous(session: Session, service: Service, event: bytes) -> None:
        done = load(service.target, 16, session.settings.seconds, event).must_succeed()
        session.results.add(SYNC, EMULATOR.name, done.rate)

    def _asynchronous(self, session: Session, queued: Target, tally: Path, event: bytes) -> None:
        time.sleep(0.2)
        before = tally.stat().st_size
        start = time.perf_counter()
        done = load(queued, 16, session.settings.seconds, event)
        accepted = done.answers - done.refused
        stop = time.perf_counter()
        left = accepted - (tally.stat().st_size - before)
        self._wait_for(tally, before + accepted)
        end = time.perf_counter()
        session.results.add(ACCEPT, EMULATOR.name, accepted / done.seconds)
        rate = left / (end - stop) if left >= _BACKLOG else accepted / (end - start)
        session.results.add(DRAIN, EMULATOR.name, rate)

    @staticmethod
    def _wait_for(tally: Path, size: int) -> None:
        deadline = time.monotonic() + _DRAIN_DEADLINE
        while (now := tally.stat().st_size) < size:
            if time.monotonic() > deadline:
                raise TimeoutError(f"{size - now} asynchronous calls did not run within {_DRAIN_DEADLINE} s")
            time.sleep(0.005)
