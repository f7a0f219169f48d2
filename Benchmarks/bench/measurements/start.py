import time

from .. import events
from ..contenders import EMULATOR, NGINX, SERVERS
from ..function import ECHO
from ..metric import MILLISECONDS, Metric
from ..session import Session

ACCEPT = Metric("start.accept", "from starting the server until it accepts connections", MILLISECONDS, "less")
ANSWER = Metric("start.answer", "from starting the server to the first answer of a function", MILLISECONDS, "less")


class Start:
    name = "start"
    title = "Starting the server"
    about = (
        "The process is started, and a client connects until it is let in; then the function is called until it answers. "
        "The emulator has the function in its data directory, where it never ran; MiniStack is given it first, "
        "since it keeps none."
    )
    metrics = [ACCEPT, ANSWER]

    def run(self, session: Session) -> None:
        # What is prepared once is prepared before.
        EMULATOR.launch(ECHO).close()
        for contender in session.long_turns([*SERVERS, NGINX]):
            start = time.perf_counter()
            with contender.launch(ECHO) as service:
                service.wait_until_accepting()
                session.results.add(ACCEPT, contender.name, time.perf_counter() - start)
                service.provide()
                service.wait_until_answering(events.SMALL)
                session.results.add(ANSWER, contender.name, time.perf_counter() - start)
