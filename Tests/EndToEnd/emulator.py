"""Starting, watching and stopping the server under test."""

import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import uuid
from pathlib import Path

from deadlines import eventually
from processes import Process, alive, assert_gone, descendants, with_environment

REPOSITORY = Path(__file__).resolve().parents[2]
START_DEADLINE = 20
STOP_DEADLINE = 20


def executable() -> str:
    """$FGS_EMULATOR_BINARY, else the release build."""
    path = Path(os.environ.get("FGS_EMULATOR_BINARY") or REPOSITORY / ".build/release/fgs-emulator")
    if not path.exists():
        raise FileNotFoundError(
            f"{path} is missing: run `swift build -c release` or set FGS_EMULATOR_BINARY"
        )
    return str(path.resolve())


def clean_environment(directory: Path) -> "dict[str, str]":
    """The caller's environment without anything that configures server or clients."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("FGS_EMULATOR", "OS_", "PYTHON", "RUNTIME_"))
    }
    return {**kept, "HOME": str(directory / "home"), "TMPDIR": str(directory / "tmp"),
            "FGS_EMULATOR_REMOTE_CODE": "false"}


class Server:
    """One process of the emulator in a directory of its own.

    Its home, its temporary directory and its working directory are empty
    directories below `directory`, so that a test can see what it leaves there.
    """

    def __init__(
        self,
        data_dir: "Path | None" = None,
        options=(),
        port: int = 0,
        environment: "dict[str, str] | None" = None,
    ):
        self.directory = Path(tempfile.mkdtemp(prefix="fgs-e2e-"))
        for name in ["home", "tmp", "work"]:
            (self.directory / name).mkdir()
        self.ready_file = self.directory / "ready.json"
        self.output = self.directory / "stdout"
        self.log = self.directory / "stderr"
        self.mark = f"FGS_E2E_SERVER={uuid.uuid4().hex}"
        storage = ["--data-dir", str(data_dir)] if data_dir else ["--ephemeral"]
        level = [] if "--log-level" in options else ["--log-level", "info"]
        name, _, value = self.mark.partition("=")
        with open(self.output, "wb") as output, open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                [executable(), "serve", "--port", str(port)]
                + ["--ready-file", str(self.ready_file), *storage, *level, *options],
                cwd=self.directory / "work",
                env={**clean_environment(self.directory), name: value, **(environment or {})},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=log,
            )
        self.url = ""
        self.port = 0
        self._seen: "set[Process]" = set()

    @property
    def pid(self) -> int:
        return self.process.pid

    def runs(self) -> bool:
        return self.process.poll() is None

    def wait_until_ready(self) -> "Server":
        def ready():
            if self.process.poll() is not None:
                raise AssertionError(
                    f"exited with {self.process.returncode} instead of serving\n{self.log_tail()}"
                )
            return self.ready_file.exists()

        try:
            eventually(ready, START_DEADLINE, "the ready file")
        except AssertionError:
            self.discard()
            raise
        announced = json.loads(self.ready_file.read_text())
        self.url, self.port = announced["url"], announced["port"]
        return self

    def processes(self) -> "list[Process]":
        """All processes of this server, the ones that left its tree too."""
        return list({*descendants(self.pid), *with_environment(self.mark)})

    def send_signal(self, number: int) -> None:
        # Workers may have an environment of their own, so afterwards nothing leads to them.
        self._seen.update(self.processes())
        self.process.send_signal(number)

    def accepts(self) -> bool:
        """Whether it still takes connections."""
        try:
            socket.create_connection(("127.0.0.1", self.port), 5).close()
        except OSError:
            return False
        return True

    def wait(self, within: float = STOP_DEADLINE) -> int:
        """Its exit code."""
        try:
            return self.process.wait(within)
        except subprocess.TimeoutExpired:
            raise AssertionError(
                f"still running after {within:g} s\n{self.log_tail()}"
            ) from None

    def stop(self, number: int = signal.SIGTERM, within: float = STOP_DEADLINE) -> int:
        """Ends it by a signal, makes sure that nothing of it is left, gives its exit code."""
        if self.process.poll() is not None:
            return self.process.returncode
        everything = self.processes()
        self.send_signal(number)
        code = self.wait(within)
        assert_gone(everything)
        assert_gone(with_environment(self.mark))
        return code

    def kill(self) -> None:
        """Ends it without warning and makes sure that its workers notice."""
        self.stop(signal.SIGKILL)

    def left_behind(self) -> "list[str]":
        """The files below its home, its temporary and its working directory."""
        return sorted(
            str(path.relative_to(self.directory))
            for name in ["home", "tmp", "work"]
            for path in (self.directory / name).rglob("*")
        )

    def discard(self) -> None:
        """Ends whatever is left and removes its files. For the end of a test only."""
        if self.runs():
            self._seen.update(self.processes())
        for process in filter(alive, [*self._seen, *with_environment(self.mark)]):
            try:
                os.kill(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        self.process.wait()
        shutil.rmtree(self.directory, ignore_errors=True)

    def log_tail(self, lines: int = 40) -> str:
        if not self.log.exists():
            return ""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])


def assert_refuses_to_start(server: Server, *parts: str) -> None:
    """It exits with 1, having said why in one line, and nothing on standard output."""
    assert server.wait() == 1
    lines = [line for line in server.log.read_text().splitlines() if line.strip()]
    assert len(lines) == 1, lines
    for part in parts:
        assert part in lines[0]
    assert server.output.read_bytes() == b""
    assert not server.ready_file.exists()
