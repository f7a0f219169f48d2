"""HTTP as bytes on a socket, for what client libraries refuse to send."""

import json
import socket
from typing import NamedTuple


class Response(NamedTuple):
    status: int
    headers: "dict[str, str]"
    body: bytes

    def json(self):
        return json.loads(self.body)


class Wire:
    """One connection. Header names of responses are lower case."""

    def __init__(self, port: int, timeout: float = 10):
        self._socket = socket.create_connection(("127.0.0.1", port), timeout)
        self._input = self._socket.makefile("rb")

    def __enter__(self) -> "Wire":
        return self

    def __exit__(self, *exception) -> None:
        self._input.close()
        self._socket.close()

    def send(self, data: "bytes | str") -> None:
        self._socket.sendall(data.encode() if isinstance(data, str) else data)

    def receive(self, body: bool = True) -> Response:
        """The next response; `body=False` for the answer to HEAD."""
        line = self._input.readline()
        assert line.startswith(b"HTTP/1.1 "), line
        status = int(line.split()[1])
        headers = {}
        while (line := self._input.readline()) not in (b"\r\n", b""):
            name, _, value = line.decode("latin-1").partition(":")
            headers[name.lower()] = value.strip()
        if not body or status < 200 or status in (204, 304):
            return Response(status, headers, b"")
        return Response(status, headers, self._input.read(int(headers["content-length"])))

    def is_closed_by_server(self) -> bool:
        """Whether the server ends the connection without sending anything more."""
        try:
            return self._input.read(1) == b""
        except ConnectionResetError:
            return True


def request(
    method: str, target: str, host: str = "127.0.0.1", body: "bytes | None" = None, **headers: str
) -> bytes:
    """A well-formed request. `X_Name="value"` makes the header `X-Name: value`."""
    lines = [f"{method} {target} HTTP/1.1", f"Host: {host}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    if body is not None:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + (body or b"")
