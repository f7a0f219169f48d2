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

    def logs(self, function: "str | None" = None, **query) -> "list[dict]":
        """Records of the log, the newest last; of one function by its URN or name."""
        if function is not None:
            query["function"] = function
        return answered(self.get("logs", params=query))["logs"]

    @contextlib.contextmanager
    def follow(self, function: str, **query) -> "Iterator[Iterator[dict]]":
        """Records of the log as they are written."""
        query = {"function": function, "follow": 1, **query}
        with self.get("logs", params=query, stream=True) as answer:
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
