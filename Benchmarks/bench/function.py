"""The functions that contenders serve."""

from typing import NamedTuple

from .places import FUNCTIONS


class Function(NamedTuple):
    """One file of `functions/`, by its name."""

    name: str

    @property
    def source(self) -> str:
        return (FUNCTIONS / f"{self.name}.py").read_text()


ECHO = Function("echo")
BUSY = Function("busy")
COUNTING = Function("counting")
INITIALIZED = Function("initialized")
IMPORTING = Function("importing")
WAITING = Function("waiting")
