from ..contenders import EMULATOR, NGINX
from ..http_client import Target
from ..metric import MICROSECONDS, PER_SECOND, Metric
from ..session import Session
from ..wrk import load

RATE = Metric("static.rate", "answers per second of GET /_emulator/health, 16 connections", PER_SECOND, "more")
P50 = Metric("static.p50", "the same, 1 connection, median latency", MICROSECONDS, "less")


class StaticRoute:
    name = "static-route"
    title = "A route without a function"
    about = "wrk on `/_emulator/health`, and on nginx with a fixed answer of the same length."
    metrics = [RATE, P50]

    def run(self, session: Session) -> None:
        for contender in session.long_turns([EMULATOR, NGINX]):
            target = Target(session.service(contender).port, "/_emulator/health", "GET")
            seconds = session.settings.seconds
            session.results.add(RATE, contender.name, load(target, 16, seconds).must_succeed().rate)
            session.results.add(P50, contender.name, load(target, 1, seconds).must_succeed().p50)
