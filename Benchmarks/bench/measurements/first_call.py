import time
import uuid

from .. import events
from ..contenders import EMULATOR, MINISTACK, NO_SPARES
from ..contenders.emulator import EmulatorService, new_project
from ..floors import FORK
from ..floors.fork import ForkFloor
from ..function import ECHO, IMPORTING, INITIALIZED
from ..http_client import Client, Target
from ..metric import MILLISECONDS, Metric
from ..package import archive
from ..session import Session

PLAIN = Metric("first.plain", "first call, a function of two lines", MILLISECONDS, "less")
INITIALIZER = Metric("first.initializer", "first call, with an initializer", MILLISECONDS, "less")
IMPORTS = Metric("first.imports", "first call, with `import datetime, json, requests` never seen before", MILLISECONDS, "less")
SEEN = Metric("first.seen", "first call, the same with code that another function ran before", MILLISECONDS, "less")
CREATE = Metric("first.create", "from creating a function to its first answer", MILLISECONDS, "less")

#: Between two samples, so that what is done ahead of a first call is done, as it is when a person or a test comes by.
_PAUSE = 0.03


class FirstCall:
    name = "first-call"
    title = "First calls"
    about = (
        "A function is created, then called for the first time over a connection that is open; only the call is timed. "
        "requests and what it needs are in the function's zip. "
        "The floor is a CPython process with json imported that is told over a socket pair to fork; the child imports "
        "the module and answers; for code seen before it finds bytecode. For the last table the creation is timed too."
    )
    metrics = [PLAIN, INITIALIZER, IMPORTS, SEEN, CREATE]

    def run(self, session: Session) -> None:
        emulators = [session.service(EMULATOR), session.service(NO_SPARES)]
        ministack = session.service(MINISTACK)
        known = archive(IMPORTING.source)
        self._first_call(session, emulators[0], SEEN, IMPORTING.source, archive=known, record=False)
        with ForkFloor() as floor:
            for _ in session.long_turns([EMULATOR]):
                for _ in range(session.settings.samples_per_round):
                    self._plain(session, emulators, floor)
                self._importing(session, emulators, floor, known)
                self._first_call(session, ministack, PLAIN, ECHO.source)
                self._create_and_call(session, ministack)

    def _plain(self, session: Session, emulators: "list[EmulatorService]", floor: ForkFloor) -> None:
        for service in emulators:
            self._first_call(session, service, PLAIN, ECHO.source)
            self._first_call(
                session, service, INITIALIZER, INITIALIZED.source, initializer_handler="index.initializer",
                initializer_timeout=10,
            )
        self._create_and_call(session, emulators[0])
        session.results.add(PLAIN, FORK, floor.timed(floor.directory(self._unique(ECHO.source))))

    def _importing(
        self, session: Session, emulators: "list[EmulatorService]", floor: ForkFloor, known: bytes
    ) -> None:
        for service in emulators:
            new = archive(self._unique(IMPORTING.source))
            self._first_call(session, service, IMPORTS, IMPORTING.source, archive=new)
            self._first_call(session, service, SEEN, IMPORTING.source, archive=known)
        for metric, compiled in [(IMPORTS, False), (SEEN, True)]:
            directory = floor.directory(self._unique(IMPORTING.source), known, compiled)
            session.results.add(metric, FORK, floor.timed(directory))

    def _first_call(self, session, service, metric, source, record=True, **options) -> None:
        target = self._create(service, source, **options)
        time.sleep(_PAUSE)
        with Client(service.port) as client:
            seconds = client.timed(target, events.SMALL)
        if record:
            session.results.add(metric, service.name, seconds)
        service.delete(target)

    def _create_and_call(self, session, service) -> None:
        time.sleep(_PAUSE)
        with Client(service.port) as client:
            start = time.perf_counter()
            target = self._create(service, ECHO.source)
            client.timed(target, events.SMALL)
            session.results.add(CREATE, service.name, time.perf_counter() - start)
        service.delete(target)

    def _create(self, service, source: str, **options) -> Target:
        """A function whose code is like no other's, unless an archive is given."""
        if isinstance(service, EmulatorService):
            options["project"] = new_project()
        return service.create(f"first-{uuid.uuid4().hex[:12]}", self._unique(source), **options)

    @staticmethod
    def _unique(source: str) -> str:
        return f"{source}\n# {uuid.uuid4()}\n"
