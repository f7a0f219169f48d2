import json
import time
from contextlib import ExitStack

from .. import events
from ..contenders import Emulator
from ..contenders.emulator import PROJECT_QUOTA, EmulatorService, new_project
from ..function import ECHO, WAITING
from ..http_client import Client
from ..metric import MICROSECONDS, MILLISECONDS, PER_SECOND, Metric
from ..session import Session
from ..wrk import Load, load
from .burst import call_at_once

#: Named after the first state, with which the others are compared.
_FEW = "10 stored"
_ONE = "1 instance"

WARM = Metric("growth.warm", "warm call, 1 connection, median, by functions stored", MICROSECONDS, "less", _FEW)
RATE = Metric("growth.rate", "warm calls per second, 16 connections, by functions stored", PER_SECOND, "more", _FEW)
CPU = Metric("growth.cpu", "processor time per warm call, 16 connections, by functions stored", MICROSECONDS, "less", _FEW)
CREATE = Metric("growth.create", "creating a function, by functions stored", MILLISECONDS, "less", _FEW)
GET = Metric("growth.get", "reading a function's configuration, by functions stored", MILLISECONDS, "less", _FEW)
LIST = Metric("growth.list", "listing the 100 functions of a project, by functions stored", MILLISECONDS, "less", _FEW)
FIRE = Metric("growth.fire", "a timer fires: from its due time until the function has run, by functions stored", MICROSECONDS,
              "less", _FEW)
FIRE_CPU = Metric("growth.fire.cpu", "processor time per fire of a timer, by functions stored", MICROSECONDS, "less", _FEW)
INSTANCES = Metric("growth.instances", "warm call, 1 connection, median, by instances of the function that are alive",
                   MICROSECONDS, "less", _ONE)
INSTANCES_CPU = Metric("growth.instances.cpu", "processor time per warm call, 1 connection, by instances that are alive",
                       MICROSECONDS, "less", _ONE)

#: What is compared here differs by less than single creations, readings and rounds do. So there are more of them.
_TIMES_AS_MANY = 4
_TIMES_AS_MANY_ROUNDS = 2
#: How long a server may do after a start what nobody waits for, in seconds.
_PAUSE = 0.5
#: How many fires are timed at once, as often as that makes a good part of a second.
_FIRES = 100
_TIMES_IN_A_ROUND = 10

_PATIENT = Emulator("fgs-emulator", "keeping idle instances", "--idle-timeout", "3600")


class Growth:
    name = "growth"
    title = "What grows with what is there"
    about = (
        "Servers side by side, with few and with many functions stored, spread over projects since one may have "
        f"{PROJECT_QUOTA}; and with few and many idle instances of the function that is called. For warm calls a server is "
        "started anew each time, with what it has stored. For the timer the clock is "
        f"stopped, and moved by {_FIRES} minutes at a time, in each of which it is due once."
    )
    metrics = [WARM, RATE, CPU, CREATE, GET, LIST, FIRE, FIRE_CPU, INSTANCES, INSTANCES_CPU]

    def run(self, session: Session) -> None:
        self._stored(session)
        self._instances(session)

    def _stored(self, session: Session) -> None:
        settings = session.settings
        with ExitStack() as stack:
            subjects = []
            for count in settings.stored:
                service = stack.enter_context(_PATIENT.launch(ECHO))
                service.ready(events.SMALL)
                stored = self._fill(service, count, settings.fill_seconds)
                if stored < count:
                    session.say(f"growth: stored only {stored:,} of {count:,} functions in {settings.fill_seconds:.0f} s")
                subjects.append((f"{stored:,} stored", service))
            for name, service in session.long_turns(subjects, _TIMES_AS_MANY_ROUNDS):
                # Two processes of one program differ by several percent for as long as they live, by where they are in
                # memory: that is not to be taken for what they have stored.
                service.restart(events.SMALL)
                time.sleep(_PAUSE)
                done, _ = self._load(service, 1, settings.seconds)
                session.results.add(WARM, name, done.p50)
                done, cpu = self._load(service, 16, settings.seconds)
                session.results.add(RATE, name, done.rate)
                session.results.add(CPU, name, cpu)
            listed = new_project()
            for _, service in subjects:
                for number in range(100):
                    service.create(f"listed-{number}", ECHO.source, project=listed)
            for name, service in session.turns(subjects, _TIMES_AS_MANY * settings.samples):
                with Client(service.port) as client:
                    project = new_project()
                    body = service.description("made", ECHO.source)
                    session.results.add(CREATE, name, client.timed(service.functions(project), body))
                    session.results.add(GET, name, client.timed(service.configuration(service.target)))
                    listing = service.functions(listed, "GET", "?maxitems=100")
                    session.results.add(LIST, name, client.timed(listing))
                    # What is stored must not become more by what is measured.
                    service.delete(service.function(project, "made"))
            for _, service in subjects:
                service.stop_clock()
                service.create_timer(service.target, "1m")
                # By then the instances that were called before have been idle for long enough to end.
                self._fire(service)
            for name, service in session.long_turns(subjects, _TIMES_AS_MANY_ROUNDS):
                wall, cpu = self._fire(service)
                session.results.add(FIRE, name, wall)
                session.results.add(FIRE_CPU, name, cpu)

    @staticmethod
    def _fire(service: EmulatorService) -> "tuple[float, float]":
        """The seconds that a timer's fire takes, with the run of the function, and those of processor time."""
        advance = b'{"by":"%dm"}' % _FIRES
        with Client(service.port) as client:
            before, start = service.child.cpu_seconds(), time.perf_counter()
            answers = [client.ask(service.control("clock/advance"), advance) for _ in range(_TIMES_IN_A_ROUND)]
            seconds, cpu = time.perf_counter() - start, service.child.cpu_seconds() - before
        for answer in answers:
            if answer.status != 200 or len(json.loads(answer.body)["fired"]) != _FIRES:
                raise ValueError(f"not {_FIRES} fires: {answer.status} {answer.body[:300]!r}")
        fires = _FIRES * len(answers)
        return seconds / fires, cpu / fires

    @staticmethod
    def _fill(service: EmulatorService, count: int, seconds: float) -> int:
        """Stores functions until there are so many or the time is over; how many there are."""
        deadline = time.monotonic() + seconds
        stored = 1
        with Client(service.port) as client:
            while stored < count and time.monotonic() < deadline:
                collection = service.functions(new_project())
                for number in range(min(PROJECT_QUOTA, count - stored)):
                    client.timed(collection, service.description(f"stored-{number}", ECHO.source))
                    stored += 1
                    if time.monotonic() > deadline:
                        break
        return stored

    def _instances(self, session: Session) -> None:
        with ExitStack() as stack:
            subjects = []
            for count in session.settings.instances:
                service = stack.enter_context(_PATIENT.launch(WAITING))
                service.ready(events.SMALL)
                waiting = json.dumps({"seconds": 0.5 + count / 100}).encode()
                if count > 1:
                    call_at_once([service.target] * count, waiting)
                subjects.append((f"{count} instance{'s' if count > 1 else ''}", service))
            for name, service in session.long_turns(subjects, _TIMES_AS_MANY_ROUNDS):
                done, cpu = self._load(service, 1, session.settings.seconds)
                session.results.add(INSTANCES, name, done.p50)
                session.results.add(INSTANCES_CPU, name, cpu)

    @staticmethod
    def _load(service: EmulatorService, connections: int, seconds: int) -> "tuple[Load, float]":
        """What came of it, and the seconds of processor time per call."""
        before = service.child.cpu_seconds()
        done = load(service.target, connections, seconds, events.SMALL).must_succeed()
        return done, (service.child.cpu_seconds() - before) / done.answers
