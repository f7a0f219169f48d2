"""Keeps instances busy, so that what is called meanwhile waits."""

import json
import socket
import threading

from .http_client import Client, Target


class Hold:
    """Calls of `functions/counting.py` that run until the end of the `with` block."""

    def __init__(self, target: Target, number: int):
        self._target = target
        self._number = number

    def __enter__(self) -> "Hold":
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._callers = [threading.Thread(target=self._call) for _ in range(self._number)]
        for caller in self._callers:
            caller.start()
        self._handlers = [self._listener.accept()[0] for _ in self._callers]
        return self

    def __exit__(self, *_) -> None:
        for handler in self._handlers:
            handler.close()
        self._listener.close()

    def wait(self) -> None:
        """Returns when the calls have been answered."""
        for caller in self._callers:
            caller.join()

    def _call(self) -> None:
        with Client(self._target.port) as client:
            client.ask(self._target, json.dumps({"wait": self._listener.getsockname()[1]}).encode())
