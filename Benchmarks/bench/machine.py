"""The machine, and how busy others keep it."""

import os
import platform
from pathlib import Path

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


class Busyness:
    """How much of the processors others used since this was made."""

    def __init__(self):
        self._all, self._used = self._machine()
        self._own = self._ours()

    def of_others(self) -> float:
        """A share, 0…1. What this process and its children that have ended used does not count."""
        all_now, used_now = self._machine()
        others = (used_now - self._used) - (self._ours() - self._own)
        return max(0.0, others / max(1e-9, all_now - self._all))

    @staticmethod
    def _machine() -> "tuple[float, float]":
        """Processor seconds there were, and those that were used, stolen ones included."""
        user, nice, system, idle, waiting, *rest = map(int, Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9])
        used = user + nice + system + sum(rest)
        return (used + idle + waiting) / _TICKS, used / _TICKS

    @staticmethod
    def _ours() -> float:
        times = os.times()
        return times.user + times.system + times.children_user + times.children_system
