"""A rendezvous with running functions.

The sample function `gate` calls in at a port and goes on when let go, so a test
knows that a handler runs, and ends it when it likes, without any waiting.
"""

import json
import select
import socket


class Caller:
    """One running handler that waits at the gate."""

    def __init__(self, connection: socket.socket):
        self._connection = connection
        with connection.makefile("rb") as lines:
            self.hello = json.loads(lines.readline())

    @property
    def name(self) -> str:
        return self.hello["name"]

    def let_go(self) -> None:
        self._connection.close()


class Gate:
    def __init__(self):
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self._callers: "list[Caller]" = []
        self.port = self._listener.getsockname()[1]

    def event(self, name: str = "", wait: bool = True) -> dict:
        """The event that sends the sample function to this gate."""
        return {"port": self.port, "name": name, "wait": wait}

    def next(self, within: float = 15) -> Caller:
        """The next handler to call in."""
        self._listener.settimeout(within)
        try:
            connection, _ = self._listener.accept()
        except TimeoutError:
            raise AssertionError(f"no handler called in within {within:g} s") from None
        connection.settimeout(within)
        self._callers.append(Caller(connection))
        return self._callers[-1]

    def nobody_came(self) -> bool:
        return not select.select([self._listener], [], [], 0.1)[0]

    def close(self) -> None:
        for caller in self._callers:
            caller.let_go()
        self._listener.close()
