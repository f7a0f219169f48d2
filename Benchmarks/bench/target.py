"""What a measured value has to be."""

import statistics
from dataclasses import dataclass
from typing import NamedTuple

from .metric import Metric
from .results import Results


class Verdict(NamedTuple):
    #: `None` where it was not measured.
    passed: "bool | None"
    measured: str


@dataclass(frozen=True)
class Target:
    """A limit for the median of a metric, or, with `over`, for its ratio to another one."""

    what: str
    metric: Metric
    at_most: "float | None" = None
    at_least: "float | None" = None
    subject: "str | None" = None
    #: The metric and the subject that are divided by; the same metric, where it is a name.
    over: "tuple[Metric, str] | None" = None
    #: Whether the sign does not count.
    either_way: bool = False

    @property
    def limit(self) -> str:
        sign, bound = ("≤", self.at_most) if self.at_most is not None else ("≥", self.at_least)
        return f"{sign} {bound:g} ×" if self.over else f"{sign} {self.metric.unit.text(bound)}"

    def judge(self, results: Results) -> Verdict:
        subject = self.subject or self.metric.subject
        values = results.values(self.metric.id, subject)
        if self.over:
            value = results.ratio((self.metric.id, subject), (self.over[0].id, self.over[1]))
        else:
            value = statistics.median(values) if values else None
        if value is None:
            return Verdict(None, results.reason(self.metric.id, subject) or "not measured")
        compared = abs(value) if self.either_way else value
        passed = (self.at_most is None or compared <= self.at_most) and (
            self.at_least is None or compared >= self.at_least
        )
        return Verdict(passed, f"{value:.2f} ×" if self.over else self.metric.unit.text(value))
