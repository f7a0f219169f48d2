"""What runs on this machine, read from /proc."""

import os
import socket
import struct
from pathlib import Path
from typing import Iterator, NamedTuple

from deadlines import eventually


class Process(NamedTuple):
    """A process id is used again; together with the start time it is not."""

    pid: int
    started: int
    command: str = ""


def _status(pid: int):
    """Name, state, parent and start time, or None when there is no such process."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(errors="replace")
    except OSError:
        return None
    name, _, rest = text.partition("(")[2].rpartition(")")
    fields = rest.split()
    return name, fields[0], int(fields[1]), int(fields[19])


def _pids() -> Iterator[int]:
    return (int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit())


def _read(pid: int, what: str) -> bytes:
    try:
        return Path(f"/proc/{pid}/{what}").read_bytes()
    except OSError:
        return b""


def _describe(pid: int) -> Process:
    status = _status(pid)
    command = _read(pid, "cmdline").replace(b"\0", b" ").decode(errors="replace").strip()
    return Process(pid, status[3] if status else 0, command or (status[0] if status else ""))


def alive(process: Process) -> bool:
    """Whether it still runs; a zombie does not."""
    status = _status(process.pid)
    return status is not None and status[3] == process.started and status[1] not in "ZX"


def descendants(pid: int) -> "list[Process]":
    """The process and all below it."""
    children: "dict[int, list[int]]" = {}
    for other in _pids():
        status = _status(other)
        if status:
            children.setdefault(status[2], []).append(other)
    found, queue = [], [pid]
    while queue:
        current = queue.pop()
        if _status(current):
            found.append(_describe(current))
        queue.extend(children.get(current, []))
    return found


def children(pid: int) -> "list[Process]":
    """The processes whose parent it is."""
    return [_describe(other) for other in _pids() if (_status(other) or (0, 0, 0))[2] == pid]


def with_environment(entry: str) -> "list[Process]":
    """Processes started with `entry` ("NAME=value") in their environment."""
    needle = entry.encode()
    found = (_describe(pid) for pid in _pids() if needle in _read(pid, "environ").split(b"\0"))
    return [process for process in found if alive(process)]


def marked(mark: str) -> "list[Process]":
    """Processes that carry `mark` as an argument or as their name."""
    found = []
    for pid in _pids():
        status = _status(pid)
        if status and (status[0] == mark or mark.encode() in _read(pid, "cmdline").split(b"\0")):
            found.append(_describe(pid))
    return [process for process in found if alive(process)]


def holding_connection(accepted: socket.socket) -> "list[Process]":
    """Processes with the other end of a TCP connection that was accepted on this machine."""
    here, there = (_address(name) for name in [accepted.getsockname(), accepted.getpeername()])
    inodes = {
        fields[9]
        for fields in (line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:])
        if fields[1:3] == [there, here]
    }
    return [_describe(pid) for pid in _pids() if inodes & _sockets(pid)]


def _address(name: "tuple[str, int]") -> str:
    """An IPv4 address and port as /proc/net/tcp writes them."""
    (number,) = struct.unpack("=I", socket.inet_aton(name[0]))
    return f"{number:08X}:{name[1]:04X}"


def _sockets(pid: int) -> "set[str]":
    """The inodes of a process's sockets."""
    found = set()
    try:
        for path in Path(f"/proc/{pid}/fd").iterdir():
            target = os.readlink(path)
            if target.startswith("socket:["):
                found.add(target[8:-1])
    except OSError:
        pass
    return found


def assert_gone(processes: "list[Process]", within: float = 5) -> None:
    def remaining():
        return [process for process in processes if alive(process)]

    try:
        eventually(lambda: not remaining(), within, "processes gone")
    except AssertionError:
        lines = "\n".join(f"  {process.pid} {process.command}" for process in remaining())
        raise AssertionError(f"still running after {within:g} s:\n{lines}") from None
