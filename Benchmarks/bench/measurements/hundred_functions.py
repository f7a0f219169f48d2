import uuid

from .. import events
from ..contenders import EMULATOR, NO_SPARES
from ..contenders.emulator import new_project
from ..function import ECHO
from ..http_client import Client
from ..metric import MILLISECONDS, Metric
from ..session import Session

CREATE = Metric("hundred.create", "creating a function, 100 in a row, each", MILLISECONDS, "less")
FIRST = Metric("hundred.first", "first call of each of 100 functions, one after the other, each", MILLISECONDS, "less")
SECOND = Metric("hundred.second", "second call of each of them, each", MILLISECONDS, "less")


class HundredFunctions:
    name = "hundred-functions"
    title = "A hundred functions"
    about = (
        "100 functions with code of their own are created, then each is called once, over one connection and without "
        "pauses, then each once more. A value is one call's share of the 100."
    )
    metrics = [CREATE, FIRST, SECOND]

    def run(self, session: Session) -> None:
        for contender in session.turns([EMULATOR, NO_SPARES], max(1, session.settings.rounds // 2)):
            service = session.service(contender)
            project = new_project()
            with Client(service.port) as client:
                create = 0.0
                for number in range(100):
                    body = service.description(f"one-of-{number}", f"{ECHO.source}\n# {uuid.uuid4()}\n")
                    create += client.timed(service.functions(project), body)
                targets = [
                    service.target._replace(path=service.path(project, f"one-of-{number}") + "/invocations")
                    for number in range(100)
                ]
                times = [create, *(sum(client.timed(target, events.SMALL) for target in targets) for _ in range(2))]
            for metric, total in zip(self.metrics, times):
                session.results.add(metric, contender.name, total / 100)
            for target in targets:
                service.delete(target)
