"""What was measured."""

from typing import Iterator, Sequence

from .metric import Metric
from .samples import median_ratio


class Results:
    """Values by metric and subject, in the order they came."""

    def __init__(self):
        self._values: "dict[tuple[str, str], list[float]]" = {}
        self._reasons: "dict[tuple[str, str], str]" = {}

    def add(self, metric: Metric, subject: str, value: float) -> None:
        self._values.setdefault((metric.id, subject), []).append(value)

    def counts(self) -> "dict[tuple[str, str], int]":
        """How many values there are of each metric and subject."""
        return {key: len(values) for key, values in self._values.items()}

    def remove(self, since: "dict[tuple[str, str], int]", until: "dict[tuple[str, str], int]") -> None:
        """Takes out what was added between two moments, which `counts` describes."""
        for key, end in until.items():
            del self._values[key][since.get(key, 0):end]

    def leave_out(self, metric: Metric, subject: str, reason: str) -> None:
        """Says why there is no value."""
        self._reasons[metric.id, subject] = reason

    def values(self, metric_id: str, subject: str) -> "list[float]":
        return self._values.get((metric_id, subject), [])

    def subjects(self, metric_id: str) -> "list[str]":
        return [subject for metric, subject in self._values if metric == metric_id]

    def reasons(self, metric_id: str) -> "Iterator[tuple[str, str]]":
        return ((subject, why) for (metric, subject), why in self._reasons.items() if metric == metric_id)

    def reason(self, metric_id: str, subject: str) -> "str | None":
        return self._reasons.get((metric_id, subject))

    def ratio(self, above: "tuple[str, str]", below: "tuple[str, str]") -> "float | None":
        """How many times one metric of one subject is another."""
        numerators: Sequence[float] = self.values(*above)
        return median_ratio(numerators, self.values(*below))
