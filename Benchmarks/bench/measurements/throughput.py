from .. import events
from ..contenders import EMULATOR, FRAMEWORK, FRAMEWORK_2, MINISTACK, NGINX, UVICORN, UWSGI_2, UWSGI_ROUTED
from ..contenders.contender import Service
from ..metric import MICROSECONDS, PER_SECOND, Metric
from ..rounds import Rounds
from ..session import Session
from ..wrk import Load, load

RATE_16 = Metric("throughput.16", "warm calls per second, 16 connections", PER_SECOND, "more")
P50_16 = Metric("throughput.16.p50", "warm call, 16 connections, median", MICROSECONDS, "less")
P99_16 = Metric("throughput.16.p99", "warm call, 16 connections, 99th percentile", MICROSECONDS, "less")
CPU_16 = Metric("throughput.16.cpu", "processor time of the server and all its processes per call, 16 connections",
                MICROSECONDS, "less")
SERVER_ALONE = "fgs-emulator, the server alone"
RATE_64 = Metric("throughput.64", "warm calls per second, 64 connections", PER_SECOND, "more")


class Throughput:
    name = "throughput"
    title = "Warm calls, many at a time"
    about = (
        "wrk with 16 and with 64 connections that are kept open, 1 KB of JSON there and back. "
        "nginx gets the same requests and answers a fixed text. uWSGI without its router serves as many connections as "
        "it has processes, and lets the others wait for good: its latencies are those of the lucky ones."
    )
    metrics = [RATE_16, P50_16, P99_16, CPU_16, RATE_64]

    def run(self, session: Session) -> None:
        few = [EMULATOR, UWSGI_2, UWSGI_ROUTED, UVICORN, FRAMEWORK, FRAMEWORK_2, MINISTACK, NGINX]
        services = [session.service(contender) for contender in few]
        for service in session.long_turns(services, limit=Rounds.STRICT):
            child = service.child
            before, before_alone = child.cpu_seconds(), child.cpu_seconds(alone=True)
            done = self._load(service, 16, session)
            used, used_alone = child.cpu_seconds() - before, child.cpu_seconds(alone=True) - before_alone
            for metric, value in zip(self.metrics, [done.rate, done.p50, done.p99, used / done.answers]):
                session.results.add(metric, service.name, value)
            if service.name == EMULATOR.name:
                session.results.add(CPU_16, SERVER_ALONE, used_alone / done.answers)
        many = [EMULATOR, UWSGI_2, UWSGI_ROUTED, UVICORN, FRAMEWORK_2, NGINX]
        for service in session.long_turns([session.service(contender) for contender in many]):
            session.results.add(RATE_64, service.name, self._load(service, 64, session).rate)

    @staticmethod
    def _load(service: Service, connections: int, session: Session) -> Load:
        return load(service.target, connections, session.settings.seconds, events.SMALL).must_succeed()
