"""What a server holds at a moment: processes, descriptors, files and memory."""

import os
import re
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from emulator import Server
from processes import Process, alive, children, descendants

_NUMBER = re.compile(r"\[\d+\]")
_DATABASE = re.compile(r".*/(functions|logs)\.sqlite(-wal|-shm|-journal)?$")
# What instances write beside the code; CPython leaves a half-written file there when it is killed.
_BYTECODE = re.compile(r".*/pycache/.*")

DATABASE_CONNECTIONS = 6
"""One that writes and, as GRDB has it, five that read; each is opened when first needed, and kept."""


class Census(NamedTuple):
    """`processes` counts those below the server by command; `memory` is the server's own, in KiB."""

    processes: "Counter[str]"
    server_descriptors: "Counter[str]"
    zygote_descriptors: "Counter[str]"
    database_descriptors: int
    files: "list[str]"
    memory: int

    def differences(self, before: "Census") -> "list[str]":
        """What is there now and was not, or the other way round; memory is another matter."""
        found = []
        for name in ["processes", "server_descriptors", "zygote_descriptors"]:
            then, now = getattr(before, name), getattr(self, name)
            for kind in sorted({*then, *now}):
                if then[kind] != now[kind]:
                    found.append(f"{name}: {then[kind]} became {now[kind]} of {kind}")
        if self.database_descriptors > 3 * DATABASE_CONNECTIONS:
            found.append(f"{self.database_descriptors} descriptors of the database")
        for path in sorted({*before.files} ^ {*self.files}):
            found.append(f"file {'gone' if path in before.files else 'left'}: {path}")
        return found


def zygote(server: Server) -> "Process | None":
    """The process that instances are forked from, if it runs at the moment."""
    found = [process for process in children(server.pid) if alive(process)]
    return found[0] if len(found) == 1 else None


def workers(server: Server) -> "list[Process]":
    """Instances, spare ones too, and what they have started."""
    parent = zygote(server)
    return [process for process in descendants(parent.pid) if process != parent] if parent else []


def take(server: Server) -> Census:
    parent = zygote(server)
    own = _descriptors(server.pid)
    database = sum(number for kind, number in own.items() if _DATABASE.match(kind))
    return Census(
        processes=Counter(process.command for process in server.processes() if process.pid != server.pid),
        server_descriptors=Counter(
            {kind: number for kind, number in own.items() if not _DATABASE.match(kind)}
        ),
        zygote_descriptors=_descriptors(parent.pid) if parent else Counter(),
        database_descriptors=database,
        files=[path for path in server.left_behind() if not _BYTECODE.match(path)],
        memory=memory(server.pid),
    )


def memory(pid: int) -> int:
    """The memory of a process in KiB but for files; what is shared counts in proportion (Pss).

    How much of the program's own file counts as this process's depends on who else runs it.
    """
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss_Anon:"):
            return int(line.split()[1])
    raise AssertionError("no Pss_Anon in smaps_rollup")


def _descriptors(pid: int) -> "Counter[str]":
    """Open descriptors by what they lead to."""
    found: "Counter[str]" = Counter()
    for path in Path(f"/proc/{pid}/fd").iterdir():
        try:
            found[_NUMBER.sub("", os.readlink(path))] += 1
        except OSError:
            pass
    return found
