import selectors
import time
import uuid

from .. import events
from ..contenders import EMULATOR, NO_SPARES
from ..contenders.emulator import EmulatorService, new_project
from ..floors import FORK
from ..floors.fork import ForkFloor
from ..function import ECHO
from ..http_client import AnswerReader, Client, Target
from ..metric import MILLISECONDS, Metric
from ..session import Session

BURST = Metric("burst", "50 first calls at once, until the last answer", MILLISECONDS, "less")
_CALLS = 50


class Burst:
    name = "burst"
    title = "A burst of first calls"
    about = (
        "50 functions are created, 50 connections opened; then each function gets its first call, all at once. "
        "The floor forks, imports and answers 50 times, one after the other."
    )
    metrics = [BURST]

    def run(self, session: Session) -> None:
        emulators = [session.service(EMULATOR), session.service(NO_SPARES)]
        with ForkFloor() as floor:
            for _ in range(session.settings.bursts):
                for service in emulators:
                    session.results.add(BURST, service.name, self._burst(service))
                directories = [floor.directory(f"{ECHO.source}\n# {number}\n") for number in range(_CALLS)]
                session.results.add(BURST, FORK, sum(map(floor.timed, directories)))

    @staticmethod
    def _burst(service: EmulatorService) -> float:
        project = new_project()
        targets = [
            service.create(f"burst-{number}", f"{ECHO.source}\n# {uuid.uuid4()}\n", project=project)
            for number in range(_CALLS)
        ]
        time.sleep(0.05)
        try:
            return call_at_once(targets)
        finally:
            for target in targets:
                service.delete(target)


def call_at_once(targets: "list[Target]", event: bytes = events.SMALL) -> float:
    """Calls all of them, each over a connection of its own; the seconds until the last answer."""
    clients = [Client(target.port) for target in targets]
    requests = [target.request(event) for target in targets]
    try:
        with selectors.DefaultSelector() as selector:
            for client in clients:
                selector.register(client.socket, selectors.EVENT_READ, AnswerReader())
            start = time.perf_counter()
            for client, request in zip(clients, requests):
                client.send(request)
            missing = len(clients)
            while missing:
                ready = selector.select(60)
                if not ready:
                    raise TimeoutError(f"{missing} of {len(clients)} calls got no answer")
                for key, _ in ready:
                    answer = key.data.feed(key.fileobj.recv(1 << 16))
                    if answer is None:
                        continue
                    if answer.status != 200:
                        raise ValueError(f"a call answered {answer.status}: {answer.body[:300]!r}")
                    selector.unregister(key.fileobj)
                    missing -= 1
            return time.perf_counter() - start
    finally:
        for client in clients:
            client.socket.close()
