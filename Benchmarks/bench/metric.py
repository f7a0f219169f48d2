"""What a number means."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Unit:
    name: str
    #: What a value in seconds, bytes or calls is multiplied by.
    scale: float

    def text(self, value: float) -> str:
        shown = value * self.scale
        digits = 0 if abs(shown) >= 100 else 1 if abs(shown) >= 10 else 2
        return f"{shown:,.{digits}f} {self.name}".rstrip()


MICROSECONDS = Unit("µs", 1e6)
MILLISECONDS = Unit("ms", 1e3)
SECONDS = Unit("s", 1)
PER_SECOND = Unit("/s", 1)
MEBIBYTES = Unit("MiB", 1 / (1 << 20))
PLAIN = Unit("", 1)


@dataclass(frozen=True)
class Metric:
    """One table of results: a number of several subjects, which are contenders or states of one."""

    id: str
    title: str
    unit: Unit
    better: Literal["less", "more"]
    #: The subject that the others are compared with.
    subject: str = "fgs-emulator"
    #: Whether ratios mean something.
    compared: bool = True
