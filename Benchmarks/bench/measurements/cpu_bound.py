import json
import time

from ..contenders import EMULATOR, UWSGI_1, UWSGI_2
from ..floors import COMPUTE_1, COMPUTE_2
from ..floors.compute import compute
from ..function import BUSY, Function
from ..http_client import Client
from ..metric import PER_SECOND, Metric
from ..session import Session
from ..wrk import load

ONE = "fgs-emulator, 1 instance"
TWO = "fgs-emulator, 2 instances"
RATE = Metric("cpu-bound", "calls per second of a function that computes, 4 connections", PER_SECOND, "more", TWO)
#: What one call is to take, in seconds.
_BUSY = 0.01


class CPUBound:
    name = "cpu-bound"
    title = "A function that computes"
    about = (
        "The maximum of instances is set to 1 and to 2. uWSGI with 1 and 2 processes, and the floor, which is 1 and 2 "
        "processes that only call the function, show what the second core was worth on this machine at this time."
    )
    metrics = [RATE]

    def run(self, session: Session) -> None:
        rounds = self._rounds(BUSY)
        event = json.dumps({"rounds": rounds}).encode()
        emulator = session.service(EMULATOR, BUSY, event)
        uwsgi = [session.service(contender, BUSY, event) for contender in (UWSGI_1, UWSGI_2)]
        subjects = [
            (ONE, emulator, 1), (TWO, emulator, 2), *((service.name, service, 0) for service in uwsgi),
            (COMPUTE_1, None, 1), (COMPUTE_2, None, 2),
        ]
        for name, service, count in session.long_turns(subjects):
            if not service:
                session.results.add(RATE, name, compute(BUSY, count, rounds, session.settings.seconds))
                continue
            if count:
                emulator.set_max_instances(emulator.target, count)
            with Client(service.port) as client:
                client.timed(service.target, event)
            done = load(service.target, 4, session.settings.seconds, event).must_succeed()
            session.results.add(RATE, name, done.rate)

    @staticmethod
    def _rounds(function: Function) -> int:
        """So many that this Python takes `_BUSY` for a call."""
        names: dict = {}
        exec(function.source, names)
        rounds = 10_000
        seconds = []
        for _ in range(5):
            start = time.perf_counter()
            names["handler"]({"rounds": rounds}, None)
            seconds.append(time.perf_counter() - start)
        return max(1, int(rounds * _BUSY / min(seconds)))
