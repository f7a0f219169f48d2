"""One run of the benchmark."""

import sys
import time
from typing import Iterable, Iterator, TypeVar

from . import events
from .contenders import ALL, Contender
from .contenders.contender import Service
from .function import ECHO, Function
from .machine import Busyness
from .results import Results
from .rounds import Rounds
from .settings import Settings

Subject = TypeVar("Subject")


class Session:
    """What measurements share: how much to measure, the running servers, where results go."""

    def __init__(self, settings: Settings):
        self.settings = settings
        self.results = Results()
        #: Rounds that take seconds, as many as were measured, and those of them that count.
        self.measured_rounds = self.kept_rounds = 0
        self._services: "dict[tuple[str, Function], Service]" = {}
        self._start = time.monotonic()

    def __enter__(self) -> "Session":
        return self

    def __exit__(self, *_) -> None:
        self.stop_services()
        for contender in ALL:
            if hasattr(contender, "close"):
                contender.close()

    def say(self, text: str) -> None:
        print(f"[{time.monotonic() - self._start:6.1f} s] {text}", file=sys.stderr, flush=True)

    def service(self, contender: Contender, function: Function = ECHO, event: bytes = events.SMALL) -> Service:
        """A server of this contender that answers; it is kept for later measurements, since an idle one costs nothing."""
        key = (contender.name, function)
        if key not in self._services:
            self._services[key] = contender.launch(function).ready(event)
        return self._services[key]

    def stop_services(self) -> None:
        """Ends all servers, for a measurement that others would disturb even when idle."""
        while self._services:
            self._services.popitem()[1].close()

    def turns(self, subjects: "Iterable[Subject]", rounds: int) -> "Iterator[Subject]":
        """Each subject in turn, and all of them again: A B A B."""
        subjects = list(subjects)
        for _ in range(rounds):
            yield from subjects

    def long_turns(
        self, subjects: "Iterable[Subject]", times: int = 1, limit: float = Rounds.LIMIT
    ) -> "Iterator[Subject]":
        """The same in rounds that take seconds, of which those count in which other machines disturbed the least, see
        `Rounds`: as many as the settings say, or so many times as many. A round in which they took no more than `limit`,
        0…1, is as good as any."""
        subjects = list(subjects)
        wanted = times * self.settings.rounds
        measured = Rounds(wanted, limit)
        while not measured.is_complete:
            busyness, before = Busyness(), self.results.counts()
            yield from subjects
            measured.add(busyness.shares().stolen, before, self.results.counts())
        for before, after in measured.disturbed():
            self.results.remove(before, after)
        self.measured_rounds += measured.count
        self.kept_rounds += wanted
