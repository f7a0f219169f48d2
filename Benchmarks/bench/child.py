"""Processes that the benchmark starts, watches, and ends by their ids."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from .places import REPOSITORY

# The end-to-end tests know how to read /proc.
sys.path.append(str(REPOSITORY / "Tests/EndToEnd"))
from processes import alive, descendants  # noqa: E402

CLOCK_TICKS = os.sysconf("SC_CLK_TCK")
#: Nothing that changes how Python, an SDK or the emulator behaves is passed on.
_DROPPED = ("FGS_EMULATOR", "PYTHON", "OS_", "AWS_", "http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY")


class Child:
    """A server with everything below it, in a directory of its own."""

    def __init__(self, arguments: "list[str]", directory: Path, environment: "dict[str, str] | None" = None):
        self.log = directory / "log"
        kept = {name: value for name, value in os.environ.items() if not name.startswith(_DROPPED)}
        own = {"HOME": str(directory), "TMPDIR": str(directory), "SWIFT_BACKTRACE": "enable=no"}
        with open(self.log, "wb") as log:
            self._process = subprocess.Popen(
                arguments, cwd=directory, env={**kept, **own, **(environment or {})}, stdin=subprocess.DEVNULL,
                stdout=log, stderr=log, start_new_session=True,
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    def check(self) -> None:
        """Raises if it has ended."""
        if self._process.poll() is not None:
            raise RuntimeError(f"{self._process.args[0]} exited with {self._process.returncode}\n{self.log_tail()}")

    def pids(self) -> "list[int]":
        """It and all below it."""
        return [process.pid for process in descendants(self.pid)]

    def cpu_seconds(self, alone: bool = False) -> float:
        """Processor time that it and, unless `alone`, what is below it now have used, in user and kernel mode."""
        ticks = 0
        for pid in [self.pid] if alone else self.pids():
            try:
                fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            ticks += int(fields[11]) + int(fields[12])
        return ticks / CLOCK_TICKS

    def stop(self, within: float = 10) -> None:
        """Ends it, and whatever of it does not end by itself."""
        everything = descendants(self.pid)
        if self._process.poll() is None:
            self._process.terminate()
        try:
            self._process.wait(within)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        deadline = time.monotonic() + 2
        while any(map(alive, everything)) and time.monotonic() < deadline:
            time.sleep(0.01)
        for process in filter(alive, everything):
            try:
                os.kill(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass

    def log_tail(self, lines: int = 20) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])
