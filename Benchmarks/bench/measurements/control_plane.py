import json
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Callable

from ..contenders import EMULATOR, MINISTACK
from ..contenders.emulator import EmulatorService, new_project
from ..function import ECHO
from ..http_client import Client, Target
from ..metric import MILLISECONDS, PER_SECOND, Metric
from ..session import Session
from ..wrk import load

CREATE = Metric("control.create", "creating a function of two lines", MILLISECONDS, "less")
GET = Metric("control.get", "reading a function's configuration", MILLISECONDS, "less")
LIST = Metric("control.list", "listing 100 functions", MILLISECONDS, "less")
UPDATE = Metric("control.update", "changing a function's configuration", MILLISECONDS, "less")
CREATE_16 = Metric("control.create16", "functions created per second, 16 connections", PER_SECOND, "more")
GET_16 = Metric("control.get16", "configurations read per second, 16 connections", PER_SECOND, "more")
LIST_16 = Metric("control.list16", "listings of 100 functions per second, 16 connections", PER_SECOND, "more")
UPDATE_16 = Metric("control.update16", "configurations changed per second, 16 connections", PER_SECOND, "more")

_CONNECTIONS = 16


class ControlPlane:
    name = "control-plane"
    title = "The control plane"
    about = (
        "One request after the other over one connection that is kept open; then 16 connections at once. What is read is "
        "asked for by wrk, what is written by 16 threads of Python, whose own work is in the numbers."
    )
    metrics = [CREATE, GET, LIST, UPDATE, CREATE_16, GET_16, LIST_16, UPDATE_16]

    def run(self, session: Session) -> None:
        service = session.service(EMULATOR)
        project = new_project()
        targets = [service.create(f"listed-{number}", ECHO.source, project=project) for number in range(100)]
        ministack = session.service(MINISTACK)
        with Client(service.port) as client:
            for _ in range(session.settings.samples):
                self._create(session, client, service)
                session.results.add(GET, EMULATOR.name, client.timed(service.configuration(targets[50])))
                listing = service.functions(project, "GET", "?maxitems=100")
                session.results.add(LIST, EMULATOR.name, client.timed(listing))
                session.results.add(UPDATE, EMULATOR.name, self._update(client, service, targets, 51))
                start = time.perf_counter()
                target = ministack.create(f"made-{uuid.uuid4().hex[:12]}", ECHO.source)
                session.results.add(CREATE, MINISTACK.name, time.perf_counter() - start)
                ministack.delete(target)
        for _ in session.long_turns([EMULATOR]):
            self._many(session, service, project, targets)
        for target in targets:
            service.delete(target)

    def _many(self, session: Session, service: EmulatorService, project: str, targets: list) -> None:
        seconds = session.settings.seconds
        for metric, target in [
            (GET_16, service.configuration(targets[50])), (LIST_16, service.functions(project, "GET", "?maxitems=100")),
        ]:
            session.results.add(metric, EMULATOR.name, load(target, _CONNECTIONS, seconds).must_succeed().rate)

        def create(client: Client, _: int) -> None:
            self._create_one(client, service)

        def update(client: Client, number: int) -> None:
            self._update(client, service, targets, number)

        for metric, write in [(CREATE_16, create), (UPDATE_16, update)]:
            session.results.add(metric, EMULATOR.name, _rate(service.port, seconds, write))

    @staticmethod
    def _create(session: Session, client: Client, service: EmulatorService) -> None:
        session.results.add(CREATE, EMULATOR.name, ControlPlane._create_one(client, service))

    @staticmethod
    def _create_one(client: Client, service: EmulatorService) -> float:
        body = service.description("made", f"{ECHO.source}\n# {uuid.uuid4()}\n")
        return client.timed(service.functions(new_project()), body)

    @staticmethod
    def _update(client: Client, service: EmulatorService, targets: "list[Target]", number: int) -> float:
        body = {
            "func_name": f"listed-{number}", "runtime": "Python3.10", "handler": "index.handler", "timeout": 30, "memory_size": 512,
            "description": str(uuid.uuid4()),
        }
        return client.timed(service.configuration(targets[number])._replace(method="PUT"), json.dumps(body).encode())


def _rate(port: int, seconds: float, write: Callable[[Client, int], object]) -> float:
    """Writes per second over several connections, on each the next one as soon as the last is answered."""

    def write_until_the_end(number: int) -> int:
        count = 0
        with Client(port) as client:
            while time.perf_counter() < end:
                write(client, number)
                count += 1
        return count

    start = time.perf_counter()
    end = start + seconds
    with ThreadPoolExecutor(_CONNECTIONS) as pool:
        done = sum(pool.map(write_until_the_end, range(_CONNECTIONS)))
    return done / (time.perf_counter() - start)
