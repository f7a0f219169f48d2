"""The machine, and how busy others keep it."""

import os
import platform
from pathlib import Path
from typing import NamedTuple

_TICKS = os.sysconf("SC_CLK_TCK")


def describe() -> str:
    """Processor, memory, system."""
    model = next(
        (line.partition(":")[2].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
         if line.startswith("model name")),
        platform.machine(),
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / (1 << 30)
    return f"{os.cpu_count()} × {model}, {memory:.0f} GiB, {_system()}, Linux {platform.release()}"


def _system() -> str:
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except OSError:
        return "unknown system"


class Shares(NamedTuple):
    """Of the processor time there was, 0…1."""

    #: What other processes used.
    others: float
    #: What the machine below this one, if it is a virtual one, gave to others while something here was ready to run.
    stolen: float


class Busyness:
    """How much of the processors others used since this was made."""

    def __init__(self):
        self._then = self._machine()
        self._own = self._ours()

    def shares(self) -> Shares:
        """What this process and its children that have ended used does not count."""
        whole, used, stolen = (now - then for now, then in zip(self._machine(), self._then, strict=True))
        whole = max(1e-9, whole)
        return Shares(max(0.0, (used - (self._ours() - self._own)) / whole), stolen / whole)

    @staticmethod
    def _machine() -> "tuple[float, float, float]":
        """Processor seconds there were, those that were used, and those that were stolen."""
        user, nice, system, idle, waiting, interrupts, soft, stolen = map(
            int, Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]
        )
        used = user + nice + system + interrupts + soft
        return tuple(ticks / _TICKS for ticks in (used + idle + waiting + stolen, used, stolen))

    @staticmethod
    def _ours() -> float:
        times = os.times()
        return times.user + times.system + times.children_user + times.children_system
