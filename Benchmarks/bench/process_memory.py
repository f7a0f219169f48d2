"""The memory of processes: proportional set size, in which what several share is shared out among them."""

from pathlib import Path
from typing import Iterable


def pss(pid: int) -> int:
    """Bytes; 0 for a process that is gone."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    for line in text.splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) << 10
    return 0


def total_pss(pids: "Iterable[int]") -> int:
    return sum(map(pss, pids))


def children(pid: int) -> "list[int]":
    """The processes that it started and that still run."""
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for task in tasks for child in task.read_text().split()]
