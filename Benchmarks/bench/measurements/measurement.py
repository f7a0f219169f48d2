"""What every measurement can do."""

from typing import Protocol

from ..metric import Metric
from ..session import Session


class Measurement(Protocol):
    """One question, answered by one or more metrics."""

    name: str
    title: str
    #: How it is measured, in a sentence or two.
    about: str
    metrics: "list[Metric]"

    def run(self, session: Session) -> None:
        """Measures, and adds to the results of the session."""
        ...
