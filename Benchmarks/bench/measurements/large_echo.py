from .. import events
from ..contenders import EMULATOR, FRAMEWORK, UVICORN, UWSGI_1
from ..http_client import Client
from ..metric import MILLISECONDS, Metric
from ..session import Session

ECHO_1MB = Metric("large-echo", "1 MB of JSON there and back, 1 connection", MILLISECONDS, "less")


class LargeEcho:
    name = "large-echo"
    title = "A large event"
    about = "Single calls with an event of 1 MB made of many small values, which the function gives back."
    metrics = [ECHO_1MB]

    def run(self, session: Session) -> None:
        services = [session.service(contender) for contender in [EMULATOR, UVICORN, UWSGI_1, FRAMEWORK]]
        for service in services:
            service.check_echo(events.LARGE)
        for service in session.turns(services, session.settings.samples):
            with Client(service.port) as client:
                session.results.add(ECHO_1MB, service.name, client.timed(service.target, events.LARGE))
