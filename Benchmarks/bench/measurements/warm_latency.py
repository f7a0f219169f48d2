from .. import events
from ..contenders import EMULATOR, FRAMEWORK, MINISTACK, NGINX, UVICORN, UWSGI_1, UWSGI_ROUTED
from ..floors import SOCKET_PAIR
from ..floors.socket_pair import SocketPairFloor
from ..metric import MICROSECONDS, Metric
from ..samples import percentile
from ..session import Session
from ..wrk import load

P50 = Metric("warm.p50", "warm call, 1 connection, median", MICROSECONDS, "less")
P90 = Metric("warm.p90", "warm call, 1 connection, 90th percentile", MICROSECONDS, "less")
P99 = Metric("warm.p99", "warm call, 1 connection, 99th percentile", MICROSECONDS, "less")


class WarmLatency:
    name = "warm-latency"
    title = "Warm calls, one at a time"
    about = (
        "wrk with one connection that is kept open, 1 KB of JSON there and back. "
        "The floor sends the same event to a Python process over a socket pair, from Python."
    )
    metrics = [P50, P90, P99]

    def run(self, session: Session) -> None:
        contenders = [EMULATOR, UWSGI_1, UWSGI_ROUTED, UVICORN, FRAMEWORK, MINISTACK]
        services = [session.service(contender) for contender in contenders]
        for service in services:
            service.check_echo(events.SMALL)
        services.append(session.service(NGINX))
        with SocketPairFloor() as floor:
            for service in session.long_turns([*services, None]):
                if service is None:
                    trips = floor.run(events.SMALL, session.settings.seconds)
                    name, shares = SOCKET_PAIR, [percentile(trips, share) for share in (0.5, 0.9, 0.99)]
                else:
                    done = load(service.target, 1, session.settings.seconds, events.SMALL).must_succeed()
                    name, shares = service.name, [done.p50, done.p90, done.p99]
                for metric, value in zip(self.metrics, shares):
                    session.results.add(metric, name, value)
