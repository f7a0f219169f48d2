"""Waiting for what happens elsewhere."""

import time

INTERVAL = 0.01


def eventually(condition, within: float, what: str):
    """The first true value of `condition()`; fails after `within` seconds."""
    deadline = time.monotonic() + within
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {within:g} s: {what}")
        time.sleep(INTERVAL)
