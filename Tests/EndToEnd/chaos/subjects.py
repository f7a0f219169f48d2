"""The functions that a load is put on, and what becomes of their calls."""

import itertools
import threading
from typing import NamedTuple

import requests

from rest import Api, Function, Invocation, Project, answered, user_data


class Way(NamedTuple):
    """Something that the sample function `mayhem` does, the code it ends with, and how often it is chosen."""

    name: str
    code: str
    weight: int


WAYS = [
    Way("answer", "0", 60),
    Way("rest", "0", 6),
    Way("litter", "0", 4),
    Way("chatter", "0", 4),
    Way("desert", "0", 3),
    Way("fail", "4002", 6),
    Way("leave", "4204", 4),
    Way("segfault", "4204", 4),
    Way("hog", "4205", 2),
    Way("hang", "4010", 1),
]

SIDE_EFFECTS = {"4204", "4205", "4208"}
"""How a call may end because of others: its process was killed or died, or its instance was cancelled."""


class Watched(Api):
    """An API that notes answers that a server must never give, and fails loudly when there is none."""

    def __init__(self, url: str, faults: "list[str]"):
        super().__init__(url)
        self.faults = faults

    def request(self, method: str, path: str, **options) -> requests.Response:
        answer = super().request(method, path, **options)
        if answer.status_code >= 500:
            self.faults.append(f"{method} {path}: {answer.status_code} {answer.text[:300]}")
        return answer


class Subject:
    """A function with the sample `mayhem` whose code and configuration change all the time.

    Its states are numbered pairs; which ones an answer may come from follows from when it was asked for.
    """

    CODES = 4
    """So many archives take turns, so that the cache of unpacked code is full after the first of each."""

    def __init__(self, project: Project, name: str, shares: bool = False, **fields):
        self.name = name
        self.shares = shares
        """Whether calls share an instance, and with it their fate."""
        self._archives = [
            project.sample("mayhem", state=f"NUMBER = {number}\n") for number in range(self.CODES)
        ]
        self.function = project.create(
            self._archives[0], timeout=3, user_data=user_data(SETTING="0"), **fields
        )
        self._states = [(0, 0)]
        self._acknowledged = 0
        self._lock = threading.Lock()
        self.accepted: "dict[str, str]" = {}
        """Asynchronous calls by their request ids: what they are to do."""
        self.cancelled: "set[str]" = set()

    def at(self, api: Api) -> Function:
        """The function by another client."""
        return Function(api, self.function.created)

    def change_code(self, api: Api) -> None:
        with self._lock:
            number, setting = self._states[-1]
            number = (number + 1) % self.CODES
            self._states.append((number, setting))
            self.at(api).update_code(self._archives[number])
            self._acknowledged = len(self._states) - 1

    def change_configuration(self, api: Api) -> None:
        with self._lock:
            number, setting = self._states[-1]
            self._states.append((number, setting + 1))
            self.at(api).update_config(user_data=user_data(SETTING=str(setting + 1)))
            self._acknowledged = len(self._states) - 1

    def call(self, api: Api, way: Way, say: str) -> "tuple[Invocation, str | None]":
        """A synchronous call, and what is wrong with its answer."""
        first = self._acknowledged
        invocation = self.at(api).invoke({"do": way.name, "say": say})
        return invocation, self._complaint(invocation, say, self._states[first:])

    def _complaint(self, invocation: Invocation, say: str, states: "list[tuple[int, int]]") -> "str | None":
        if not invocation.succeeded:
            return None
        answer = invocation.json()
        if answer["say"] != say:
            return f"the answer of another call: {answer} for {say}"
        if (answer["number"], answer["setting"]) not in states:
            return f"the answer of another state: {answer}, not one of {states}"
        return None

    def submit(self, api: Api, way: Way, port: int) -> "str | None":
        """An asynchronous call that tells at the port when it runs; None if it was not accepted."""
        event = {"do": way.name, "say": "", "port": port}
        answer = self.at(api).try_to_submit(event)
        if answer.status_code != 202:
            return None
        identifier = answer.json()["request_id"]
        self.accepted[identifier] = way.name
        return identifier

    def cancel(self, api: Api, identifier: str) -> None:
        self.cancelled.add(identifier)
        answered(self.at(api).cancel(identifier, type="force"))

    def requests(self, api: Api, **query) -> "dict[str, dict]":
        """All asynchronous calls that the server knows of, by their ids."""
        return records(self.at(api), **query)


def records(function: Function, **query) -> "dict[str, dict]":
    """All asynchronous calls of a function that the server knows of, by their ids."""
    found: "dict[str, dict]" = {}
    for page in itertools.count():
        # The newest come first; those since the first page move the others back, and come twice.
        items = function.async_requests(limit=500, marker=str(page * 500), **query)
        found.update((item["request_id"], item) for item in items)
        if len(items) < 500:
            return found
    raise AssertionError
