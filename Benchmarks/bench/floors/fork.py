"""The floor of a first call: fork an initialised CPython, import a module nobody has imported, answer an event."""

import compileall
import io
import os
import shutil
import socket
import subprocess
import tempfile
import time
import zipfile
from pathlib import Path

from .. import events
from ..places import PYTHON

_PROGRAM = Path(__file__).with_name("fork_zygote.py")


class ForkFloor:
    """A Python process is told what to do over a socket pair, and forks."""

    def __init__(self):
        self._directory = Path(tempfile.mkdtemp(prefix="fgs-bench-fork-"))
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._process = subprocess.Popen(
            [PYTHON, "-I", "-S", str(_PROGRAM), str(theirs.fileno())], pass_fds=[theirs.fileno()]
        )
        theirs.close()
        self._count = 0

    def __enter__(self) -> "ForkFloor":
        return self

    def __exit__(self, *_) -> None:
        self._control.close()
        self._process.wait(10)
        shutil.rmtree(self._directory)

    def directory(self, source: str, archive: "bytes | None" = None, compiled: bool = False) -> Path:
        """Where a function is, with what the zip archive holds; with bytecode, if it is to be `compiled`."""
        directory = self._directory / str(self._count)
        self._count += 1
        directory.mkdir()
        if archive:
            with zipfile.ZipFile(io.BytesIO(archive)) as files:
                files.extractall(directory)
        (directory / "index.py").write_text(source)
        if compiled:
            compileall.compile_dir(directory, quiet=2)
        return directory

    def cpu_seconds(self) -> float:
        """Processor time that it and its forked children have used."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")

    def timed(self, directory: Path, event: bytes = events.SMALL) -> float:
        """The seconds from asking to the answer of a function that is in `directory`."""
        order = f"{directory}\n".encode() + event
        start = time.perf_counter()
        self._control.send(order)
        answer = self._control.recv(1 << 20)
        seconds = time.perf_counter() - start
        if not answer:
            raise RuntimeError("the forked Python gave no answer")
        return seconds
