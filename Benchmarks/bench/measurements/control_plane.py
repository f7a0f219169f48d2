import time
import uuid

from ..contenders import EMULATOR, MINISTACK
from ..contenders.emulator import EmulatorService, new_project
from ..function import ECHO
from ..http_client import Client
from ..metric import MILLISECONDS, Metric
from ..session import Session

CREATE = Metric("control.create", "creating a function of two lines", MILLISECONDS, "less")
GET = Metric("control.get", "reading a function's configuration", MILLISECONDS, "less")
LIST = Metric("control.list", "listing 100 functions", MILLISECONDS, "less")


class ControlPlane:
    name = "control-plane"
    title = "The control plane"
    about = "One request after the other over one connection that is kept open."
    metrics = [CREATE, GET, LIST]

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
                start = time.perf_counter()
                target = ministack.create(f"made-{uuid.uuid4().hex[:12]}", ECHO.source)
                session.results.add(CREATE, MINISTACK.name, time.perf_counter() - start)
                ministack.delete(target)
        for target in targets:
            service.delete(target)

    @staticmethod
    def _create(session: Session, client: Client, service: EmulatorService) -> None:
        project = new_project()
        body = service.description("made", f"{ECHO.source}\n# {uuid.uuid4()}\n")
        session.results.add(CREATE, EMULATOR.name, client.timed(service.functions(project), body))
