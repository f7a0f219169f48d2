"""What every contender can do."""

import json
import shutil
import tempfile
import time
from pathlib import Path
from typing import Protocol

from ..child import Child
from ..function import Function
from ..http_client import Client, Target

START_DEADLINE = 60
_POLL = 0.0005


class Contender(Protocol):
    """A way to answer HTTP requests with a Python function."""

    name: str
    #: What it is and how it is started, in a sentence.
    about: str

    def version(self) -> str: ...

    def launch(self, function: Function) -> "Service":
        """Starts a server for this function, and does not wait for it."""
        ...


class Service:
    """A contender's running server. What can be told apart is told apart here: started, accepting, answering."""

    def __init__(self, name: str, port: int, target: Target):
        self.name = name
        self.port = port
        #: Where the function is called.
        self.target = target
        self.directory = Path(tempfile.mkdtemp(prefix="fgs-bench-"))
        self.child: "Child | None" = None

    def start(self, arguments: "list[str]", environment: "dict[str, str] | None" = None) -> "Service":
        self.child = Child(arguments, self.directory, environment)
        return self

    def wait_until_accepting(self) -> None:
        deadline = time.monotonic() + START_DEADLINE
        while True:
            try:
                return Client(self.port).socket.close()
            except ConnectionRefusedError:
                self.child.check()
                if time.monotonic() > deadline:
                    raise TimeoutError(f"{self.name} did not listen\n{self.child.log_tail()}") from None
                time.sleep(_POLL)

    def provide(self) -> None:
        """Makes the function callable, where starting the server was not enough."""

    def wait_until_answering(self, event: bytes) -> bytes:
        """The first successful answer of the function."""
        deadline = time.monotonic() + START_DEADLINE
        while True:
            try:
                with Client(self.port) as client:
                    answer = client.ask(self.target, event)
            except ConnectionError:
                answer = None
            if answer and answer.status == 200:
                return answer.body
            if time.monotonic() > deadline:
                raise TimeoutError(f"{self.name} answered {answer}\n{self.child.log_tail()}")
            self.child.check()
            time.sleep(_POLL)

    def ready(self, event: bytes) -> "Service":
        """Itself, when the function has answered."""
        try:
            self.wait_until_accepting()
            self.provide()
            self.wait_until_answering(event)
        except BaseException:
            self.close()
            raise
        return self

    def check_echo(self, event: bytes) -> None:
        """Raises unless the function answers what it was given."""
        with Client(self.port) as client:
            answer = client.ask(self.target, event)
        if answer.status != 200 or json.loads(answer.body) != json.loads(event):
            raise ValueError(f"{self.name} answered {answer.status}: {answer.body[:300]!r}")

    def close(self) -> None:
        if self.child:
            self.child.stop()
        shutil.rmtree(self.directory, ignore_errors=True)

    def __enter__(self) -> "Service":
        return self

    def __exit__(self, *_) -> None:
        self.close()


class Platform(Service):
    """A service to which functions can be given while it runs."""

    def create(self, name: str, source: str, **options) -> Target:
        """Stores a function and gives where it is called."""
        raise NotImplementedError

    def delete(self, target: Target) -> None:
        """Removes what `create` made."""
        raise NotImplementedError
