"""Packages of this suite's own Python, to be given to functions as dependencies."""

import importlib.metadata

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name


def files(*names: str) -> "dict[str, bytes]":
    """The importable files of installed distributions, as they are below site-packages."""
    found = {}
    for name in names:
        for path in importlib.metadata.files(name):
            if ".." not in path.parts and path.suffix != ".pyc":
                found[path.as_posix()] = path.read_binary()
    return found


def version(name: str) -> str:
    return importlib.metadata.version(name)


FLASK = ["flask", "werkzeug", "jinja2", "markupsafe", "itsdangerous", "click", "blinker"]
"""Flask and what it needs."""


def closure(name: str) -> "list[str]":
    """A distribution and all that it needs."""
    found, queue = [], [name]
    while queue:
        current = canonicalize_name(queue.pop())
        if current not in found:
            found.append(current)
            needed = map(Requirement, importlib.metadata.requires(current) or [])
            queue += [one.name for one in needed if one.marker is None or one.marker.evaluate({"extra": ""})]
    return found
