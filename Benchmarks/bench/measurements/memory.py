import time
import uuid

from .. import events
from ..contenders import EMULATOR, SERVERS
from ..contenders.emulator import EmulatorService, new_project
from ..function import ECHO
from ..http_client import Client
from ..metric import MEBIBYTES, Metric
from ..process_memory import anonymous, children, pss, total_pss
from ..session import Session
from ..wrk import load

IDLE = Metric("memory.idle", "after starting, before any call: the server and all its processes", MEBIBYTES, "less")
CORE = Metric("memory.core", "of that, fgs-emulator's server and zygote", MEBIBYTES, "less", "server and zygote")
INSTANCE = Metric("memory.instance", "an instance that has answered a call", MEBIBYTES, "less")
GROWN = Metric("memory.grown", "grown over many calls", MEBIBYTES, "less", "server and instances", compared=False)

#: Seconds after which a server that was started has nothing left to do.
_IDLE = 2
_INSTANCES = 20
_CALLS_BEFORE = 5_000


class Memory:
    name = "memory"
    title = "Memory"
    about = (
        "Proportional set size, from /proc/PID/smaps_rollup: what processes share is shared out among them. Instances are "
        f"those of {_INSTANCES} functions, after one call each. Growth is that of anonymous memory, which does not depend on how "
        f"many processes share it, from {_CALLS_BEFORE:,} calls over 16 connections on (see the number of calls)."
    )
    metrics = [IDLE, CORE, INSTANCE, GROWN]

    def run(self, session: Session) -> None:
        # One after the other: what two of them share would be shared out between them.
        session.stop_services()
        for contender in SERVERS:
            with contender.launch(ECHO) as service:
                service.wait_until_accepting()
                time.sleep(_IDLE)
                if contender is EMULATOR:
                    self._parts(session, service)
                session.results.add(IDLE, contender.name, total_pss(service.child.pids()))
                if contender is EMULATOR:
                    self._instances(session, service)
        with EMULATOR.launch(ECHO) as service:
            service.ready(events.SMALL)
            self._growth(session, service)

    @staticmethod
    def _parts(session: Session, service: EmulatorService) -> None:
        server = service.child.pid
        zygotes = children(server)
        spares = [child for zygote in zygotes for child in children(zygote)]
        session.results.add(CORE, "server and zygote", pss(server) + total_pss(zygotes))
        session.results.add(CORE, "server", pss(server))
        session.results.add(CORE, "zygote", total_pss(zygotes))
        for spare in spares:
            session.results.add(CORE, "each instance forked ahead", pss(spare))

    @staticmethod
    def _instances(session: Session, service: EmulatorService) -> None:
        before = set(service.child.pids())
        project = new_project()
        # Those forked ahead become instances too, so others than the new ones may be used.
        for number in range(_INSTANCES):
            target = service.create(f"instance-{number}", f"{ECHO.source}\n# {uuid.uuid4()}\n", project=project)
            with Client(service.port) as client:
                client.timed(target, events.SMALL)
        time.sleep(0.5)
        zygotes = children(service.child.pid)
        forked = {child for zygote in zygotes for child in children(zygote)}
        # The newest are forked ahead for what comes next.
        used = sorted(forked - before)[:-2] or sorted(forked)
        for pid in used:
            session.results.add(INSTANCE, EMULATOR.name, pss(pid))

    @staticmethod
    def _growth(session: Session, service: EmulatorService) -> None:
        settings = session.settings

        def call(count: int) -> int:
            """Calls it at least so often, unless that takes too long."""
            done, deadline = 0, time.monotonic() + settings.memory_seconds
            while done < count and time.monotonic() < deadline:
                done += load(service.target, 16, settings.seconds, events.SMALL).must_succeed().answers
            return done

        def measured() -> "dict[int, int]":
            time.sleep(0.3)
            return {pid: anonymous(pid) for pid in service.child.pids()}

        call(_CALLS_BEFORE)
        before = measured()
        calls = call(settings.memory_calls)
        after = measured()
        session.say(f"memory: {calls:,} calls")
        # Where calls wait, more instances are started meanwhile; that is no growth of those there are.
        grown = {pid: after[pid] - before[pid] for pid in before.keys() & after.keys()}
        server = grown[service.child.pid]
        session.results.add(GROWN, "server and instances", sum(grown.values()))
        session.results.add(GROWN, "server", server)
        session.results.add(GROWN, f"instances (after {calls:,} calls)", sum(grown.values()) - server)
