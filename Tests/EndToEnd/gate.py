"""A rendezvous with running functions.

The sample function `gate` calls in at a port and goes on when let go, so a test
knows that a handler runs, and ends it when it likes, without any waiting.
"""

import json
import select
import socket
import time

from deadlines import eventually
from processes import Process, holding_connection
from rest import Function


class Caller:
    """A running handler, initializer or pre-stop handler that waits at the gate."""

    def __init__(self, connection: socket.socket, hello: dict):
        self._connection = connection
        self.hello = hello

    @classmethod
    def greet(cls, connection: socket.socket) -> "Caller | None":
        """Who has called in; None if it was killed before it could say."""
        try:
            with connection.makefile("rb") as lines:
                line = lines.readline()
        except ConnectionResetError:
            line = b""
        if line.endswith(b"\n"):
            return cls(connection, json.loads(line))
        connection.close()
        return None

    def __repr__(self) -> str:
        return f"<{self.hello}>"

    @property
    def name(self) -> str:
        return self.hello["name"]

    @property
    def instance(self) -> str:
        return self.hello["instance"]

    @property
    def request_id(self) -> str:
        return self.hello["request_id"]

    def tell(self, order: str) -> None:
        """Lets it go on with an order: `raise`, `exit`, or nothing in particular."""
        self._connection.sendall(order.encode() + b"\n")

    def let_go(self) -> None:
        try:
            self.tell("")
        except OSError:
            pass

    def process(self) -> Process:
        """Its process, as this machine numbers it."""
        (process,) = holding_connection(self._connection)
        return process

    def assert_gone(self, within: float = 5) -> None:
        """Its end of the connection gets closed; if it keeps the connection, by the end of its process."""
        self._connection.settimeout(within)
        try:
            rest = self._connection.recv(1)
        except ConnectionResetError:
            rest = b""
        except TimeoutError:
            raise AssertionError(f"{self} is still there after {within:g} s") from None
        assert rest == b"", rest

    def is_there(self) -> bool:
        return not select.select([self._connection], [], [], 0)[0]

    def close(self) -> None:
        self._connection.close()


class Gate:
    """The port where they call in."""

    def __init__(self):
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=512)
        self._callers: "list[Caller]" = []
        self.port = self._listener.getsockname()[1]

    def event(self, name: str = "", wait: bool = True, keep: bool = False) -> dict:
        """The event that sends the sample function to this gate.

        With `keep` its connection ends with its process.
        """
        return {"port": self.port, "name": name, "wait": wait, "keep": keep}

    def variables(self, *waiting: str, **others: str) -> str:
        """The `user_data` by which code without such an event finds this gate.

        Those named (`initializer`, `pre_stop`) wait here, the others only call in.
        """
        return json.dumps({"GATE": str(self.port), "WAIT": " ".join(waiting), **others})

    def next(self, name: "str | None" = None, within: float = 15) -> Caller:
        """The next to call in, which has to have that name if one is given."""
        deadline, caller = time.monotonic() + within, None
        while caller is None:
            self._listener.settimeout(max(deadline - time.monotonic(), 0.001))
            try:
                connection, _ = self._listener.accept()
            except TimeoutError:
                raise AssertionError(f"no {name or 'handler'} called in within {within:g} s") from None
            connection.settimeout(within)
            caller = Caller.greet(connection)
        self._callers.append(caller)
        assert name in (None, caller.name), caller
        return caller

    def take(self, number: int) -> "list[Caller]":
        """So many callers, by name."""
        return sorted((self.next() for _ in range(number)), key=lambda caller: caller.name)

    def fail_once(self, function: Function) -> str:
        """The id of a request whose first attempt has failed, and whose next one is not due yet."""
        identifier = function.submit(self.event("first attempt"))
        self.next("first attempt").tell("raise")
        eventually(lambda: function.status(identifier) == "WAIT", 5, "the attempt over")
        return identifier

    def nobody_came(self) -> bool:
        return not select.select([self._listener], [], [], 0.1)[0]

    def close(self) -> None:
        for caller in self._callers:
            caller.close()
        self._listener.close()
