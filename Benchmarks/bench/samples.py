"""Arithmetic on measured values."""

import math
import statistics
from typing import Sequence


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that `share` (0…1) of all values do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def median_ratio(numerators: Sequence[float], denominators: Sequence[float]) -> "float | None":
    """How many times the first is the second.

    What was measured side by side is divided pair by pair, so that a busy moment of the machine, which slows down
    both, does not count.
    """
    if not numerators or not denominators:
        return None
    if len(numerators) == len(denominators):
        ratios = [above / below for above, below in zip(numerators, denominators) if below]
        return statistics.median(ratios) if ratios else None
    below = statistics.median(denominators)
    return statistics.median(numerators) / below if below else None
