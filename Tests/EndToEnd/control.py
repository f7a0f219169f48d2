"""What only an emulator has: the endpoints below /_emulator."""

import contextlib
import json
from typing import Iterator

import requests

from rest import answered, session


class Control:
    def __init__(self, url: str):
        self.url = f"{url}/_emulator"
        self._session = session()
        # Some tell what functions write; to a lenient server anybody's name will do.
        self._session.headers["X-Auth-Token"] = "anybody"

    def get(self, name: str, **options) -> requests.Response:
        options.setdefault("timeout", 30)
        return self._session.get(f"{self.url}/{name}", **options)

    @property
    def isolation(self) -> str:
        """How instances are kept apart: "namespaces" or "none"."""
        return answered(self.get("version"))["isolation"]

    @property
    def python(self) -> "tuple[int, int]":
        """The version of the Python that functions run on."""
        *_, number = answered(self.get("version"))["python"].split()
        major, minor, *_ = number.split(".")
        return int(major), int(minor)

    def freeze(self) -> None:
        """Stops the clock, so that only `advance` moves it."""
        answered(self._session.put(f"{self.url}/clock", json={"frozen": True}, timeout=30))

    def advance(self, milliseconds: int) -> None:
        """Moves the clock forward without waiting for what that sets off."""
        body = {"by": f"{milliseconds}ms", "wait": False}
        answered(self._session.post(f"{self.url}/clock/advance", json=body, timeout=30))

    def logs(self, function: "str | None" = None, **query) -> "list[dict]":
        """Records of the log, the newest last; of one function by its URN or name."""
        if function is not None:
            query["function"] = function
        return answered(self.get("logs", params=query))["logs"]

    @contextlib.contextmanager
    def follow(self, function: str, timeout: float = 30, **query) -> "Iterator[Iterator[dict]]":
        """Records of the log as they are written; for at most `timeout` seconds without one."""
        query = {"function": function, "follow": 1, **query}
        with self.get("logs", params=query, stream=True, timeout=timeout) as answer:
            assert answer.status_code == 200, answer.text
            assert answer.headers["Content-Type"].startswith("text/event-stream")
            yield (
                json.loads(line[len(b"data:") :])
                for line in answer.iter_lines(chunk_size=1)
                if line.startswith(b"data:")
            )

    def notifications(self) -> "list[dict]":
        """The messages to topics that have no endpoint."""
        return answered(self.get("notifications"))["notifications"]


def text_of(records: "list[dict]") -> str:
    """What records of the log say, a line each at least."""
    return "\n".join(record["text"] for record in records)
