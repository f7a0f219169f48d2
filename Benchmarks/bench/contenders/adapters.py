"""How contenders that serve one function are told which."""

from ..function import Function
from ..places import ADAPTERS, FUNCTIONS


def environment(function: Function, **more: str) -> "dict[str, str]":
    path = f"{ADAPTERS}:{FUNCTIONS}"
    return {"PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1", "BENCH_FUNCTION": function.name, **more}
