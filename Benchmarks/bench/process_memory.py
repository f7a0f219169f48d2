"""The memory of processes, from /proc/PID/smaps_rollup."""

from pathlib import Path
from typing import Iterable


def pss(pid: int) -> int:
    """Bytes of proportional set size: what several share is shared out among them. 0 for a process that is gone."""
    return _figure(pid, "Pss")


def anonymous(pid: int) -> int:
    """Bytes that it has written, or inherited from whoever forked it; 0 for a process that is gone.

    Unlike the proportional set size it stays the same when others begin or cease to share them.
    """
    return _figure(pid, "Anonymous")


def _figure(pid: int, name: str) -> int:
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    for line in text.splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) << 10
    return 0


def total_pss(pids: "Iterable[int]") -> int:
    return sum(map(pss, pids))


def children(pid: int) -> "list[int]":
    """The processes that it started and that still run."""
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for task in tasks for child in task.read_text().split()]
