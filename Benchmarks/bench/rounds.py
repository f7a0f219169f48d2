"""Which rounds count."""

from typing import NamedTuple

Counts = "dict[tuple[str, str], int]"


class Round(NamedTuple):
    """All contenders in turn, once."""

    #: What other machines took of the processors meanwhile, 0…1.
    stolen: float
    #: How many values there were before and after it.
    before: Counts
    after: Counts


class Rounds:
    """Rounds of one measurement, some more than wanted when others disturb.

    A virtual machine that is not given its processors stops in the middle of a call, whoever serves it. How often that
    happens says nothing about any contender, so a round, all contenders of it alike, counts only if there are not enough
    others that were disturbed less. At most twice as many are measured as are wanted.
    """

    #: A round in which others took no more than this is as good as any, 0…1.
    LIMIT = 0.03
    #: The same where a 99th percentile is measured: it is about a hundredth of the time, and where the machine stood still
    #: for longer than that, it says how the machine does, whoever serves.
    STRICT = 0.01

    def __init__(self, wanted: int, limit: float = LIMIT):
        self._wanted = wanted
        self._limit = limit
        self._rounds: "list[Round]" = []

    @property
    def count(self) -> int:
        return len(self._rounds)

    @property
    def is_complete(self) -> bool:
        good = sum(each.stolen <= self._limit for each in self._rounds)
        return good >= self._wanted or self.count >= 2 * self._wanted

    def add(self, stolen: float, before: Counts, after: Counts) -> None:
        self._rounds.append(Round(stolen, before, after))

    def disturbed(self) -> "list[tuple[Counts, Counts]]":
        """Those that do not count, the last one first, as the numbers of values before and after each."""
        by_disturbance = sorted(range(self.count), key=lambda index: self._rounds[index].stolen)
        return [
            (self._rounds[index].before, self._rounds[index].after)
            for index in sorted(by_disturbance[self._wanted:], reverse=True)
        ]
