import uuid

from .. import events
from ..contenders import EMULATOR, NO_SPARES
from ..contenders.emulator import EmulatorService, new_project
from ..floors import FORK
from ..floors.fork import ForkFloor
from ..function import ECHO
from ..http_client import Client
from ..metric import MILLISECONDS, Metric
from ..session import Session

CREATE = Metric("hundred.create", "creating a function, 100 in a row, each", MILLISECONDS, "less")
FIRST = Metric("hundred.first", "first call of each of 100 functions, one after the other, each", MILLISECONDS, "less")
CPU = Metric("hundred.cpu", "processor time of the server and all its processes for a first call", MILLISECONDS, "less")
SECOND = Metric("hundred.second", "second call of each of them, each", MILLISECONDS, "less")

_FUNCTIONS = 100


class HundredFunctions:
    name = "hundred-functions"
    title = "A hundred functions"
    about = (
        "100 functions with code of their own are created, then each is called once, over one connection and without "
        "pauses, then each once more. A value is one call's share of the 100. "
        "The floor forks, imports and answers as often."
    )
    metrics = [CREATE, FIRST, CPU, SECOND]

    def run(self, session: Session) -> None:
        for contender in session.long_turns([EMULATOR, NO_SPARES, None]):
            if contender:
                self._emulator(session, session.service(contender))
            else:
                self._floor(session)

    def _emulator(self, session: Session, service: EmulatorService) -> None:
        project = new_project()
        with Client(service.port) as client:
            create = 0.0
            for number in range(_FUNCTIONS):
                body = service.description(f"one-of-{number}", self._source(number))
                create += client.timed(service.functions(project), body)
            targets = [service.function(project, f"one-of-{number}") for number in range(_FUNCTIONS)]
            before = service.child.cpu_seconds()
            first = sum(client.timed(target, events.SMALL) for target in targets)
            cpu = service.child.cpu_seconds() - before
            second = sum(client.timed(target, events.SMALL) for target in targets)
        for metric, total in zip(self.metrics, [create, first, cpu, second]):
            session.results.add(metric, service.name, total / _FUNCTIONS)
        for target in targets:
            service.delete(target)

    def _floor(self, session: Session) -> None:
        with ForkFloor() as floor:
            before = floor.cpu_seconds()
            first = sum(floor.timed(floor.directory(self._source(number))) for number in range(_FUNCTIONS))
            cpu = floor.cpu_seconds() - before
        session.results.add(FIRST, FORK, first / _FUNCTIONS)
        session.results.add(CPU, FORK, cpu / _FUNCTIONS)

    @staticmethod
    def _source(number: int) -> str:
        """Code that nobody else has."""
        return f"{ECHO.source}\n# {number} {uuid.uuid4()}\n"
