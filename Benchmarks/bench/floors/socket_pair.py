"""The floor of a warm call: a message to a CPython process and one back, over a socket pair.

Both ends are Python: this end's two system calls are made by CPython too, which costs some 3 µs more than C would.
"""

import socket
import subprocess
import time
from pathlib import Path

from ..places import PYTHON

_PROGRAM = Path(__file__).with_name("loop.py")


class SocketPairFloor:
    def __init__(self):
        self._peer, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._process = subprocess.Popen(
            [PYTHON, "-I", "-S", str(_PROGRAM), str(theirs.fileno())], pass_fds=[theirs.fileno()]
        )
        theirs.close()

    def __enter__(self) -> "SocketPairFloor":
        return self

    def __exit__(self, *_) -> None:
        self._peer.close()
        self._process.wait(10)

    def run(self, event: bytes, seconds: float) -> "list[float]":
        """The seconds of each round trip, for so long."""
        peer, clock, trips = self._peer, time.perf_counter, []
        end = clock() + seconds
        while (start := clock()) < end:
            peer.send(event)
            if not peer.recv(1 << 20):
                raise RuntimeError("the Python process ended")
            trips.append(clock() - start)
        return trips
