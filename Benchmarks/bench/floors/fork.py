"""The floor of a first call: fork an initialised CPython, import a module nobody has imported, answer an event."""

import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

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

    def timed(self, source: str, event: bytes) -> float:
        """The seconds from asking to the answer of a function that never ran."""
        directory = self._directory / str(self._count)
        self._count += 1
        directory.mkdir()
        (directory / "index.py").write_text(source)
        order = f"{directory}\n".encode() + event
        start = time.perf_counter()
        self._control.send(order)
        answer = self._control.recv(1 << 20)
        seconds = time.perf_counter() - start
        if not answer:
            raise RuntimeError("the forked Python gave no answer")
        return seconds
