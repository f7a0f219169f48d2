"""Packages of this suite's own Python, to be given to functions as dependencies."""

import importlib.metadata


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
