"""A client that does as little as possible beside what is measured."""

import socket
import time
from typing import NamedTuple


class Target(NamedTuple):
    """Where and how to call a function, or any other resource."""

    port: int
    path: str
    method: str = "POST"
    headers: "tuple[tuple[str, str], ...]" = ()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}{self.path}"

    def request(self, body: bytes = b"") -> bytes:
        """The bytes of a request."""
        lines = [f"{self.method} {self.path} HTTP/1.1", f"Host: 127.0.0.1:{self.port}"]
        lines += [f"{name}: {value}" for name, value in self.headers]
        if body or self.method in ("POST", "PUT"):
            lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
        return "\r\n".join([*lines, "", ""]).encode() + body


class Answer(NamedTuple):
    status: int
    body: bytes


class AnswerReader:
    """Puts one answer together from the bytes that arrive."""

    def __init__(self):
        self._bytes = bytearray()
        self._body_start = 0
        self._length: "int | None" = None

    def feed(self, received: bytes) -> "Answer | None":
        """The answer, once it is whole. No bytes are the end of the connection."""
        if not received:
            raise ConnectionError(f"the connection ended after {bytes(self._bytes[:200])!r}")
        self._bytes += received
        if not self._body_start and not self._read_head():
            return None
        if len(self._bytes) < self._body_start + self._length:
            return None
        status = int(self._bytes[9:12])
        return Answer(status, bytes(self._bytes[self._body_start : self._body_start + self._length]))

    def _read_head(self) -> bool:
        end = self._bytes.find(b"\r\n\r\n")
        if end < 0:
            return False
        self._body_start = end + 4
        for line in bytes(self._bytes[:end]).lower().split(b"\r\n"):
            if line.startswith(b"content-length:"):
                self._length = int(line[15:])
        if self._bytes[9:12] == b"204":
            self._length = 0
        if self._length is None:
            raise ValueError(f"an answer without a length: {bytes(self._bytes[:end])!r}")
        return True


class Client:
    """One connection that is kept open."""

    def __init__(self, port: int, timeout: float = 60):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_) -> None:
        self.socket.close()

    def send(self, request: bytes) -> None:
        self.socket.sendall(request)

    def receive(self) -> Answer:
        reader = AnswerReader()
        while (answer := reader.feed(self.socket.recv(1 << 18))) is None:
            pass
        return answer

    def ask(self, target: Target, body: bytes = b"") -> Answer:
        self.send(target.request(body))
        return self.receive()

    def timed(self, target: Target, body: bytes = b"", status: int = 200) -> float:
        """The seconds from sending to the whole answer, which has to have this status."""
        request = target.request(body)
        start = time.perf_counter()
        self.send(request)
        answer = self.receive()
        seconds = time.perf_counter() - start
        if answer.status != status:
            raise ValueError(f"{target.method} {target.path} answered {answer.status}: {answer.body[:300]!r}")
        return seconds


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
