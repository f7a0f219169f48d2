"""How long and how often is measured."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    name: str
    #: Times that each contender has its turn where that takes seconds, and how many (whole ones: wrk knows no others).
    rounds: int
    seconds: int
    #: Calls, creations and the like that are timed one by one.
    samples: int
    #: Bursts of first calls.
    bursts: int
    #: Calls over which memory has to stay flat, and the seconds after which to leave it at fewer.
    memory_calls: int
    memory_seconds: float
    #: Functions stored and instances alive, to see what grows with them, and the seconds to spend on storing.
    stored: "tuple[int, ...]"
    instances: "tuple[int, ...]"
    fill_seconds: float

    @property
    def samples_per_round(self) -> int:
        """How many of the samples there are in each of the rounds, where they are taken in rounds."""
        return -(-self.samples // self.rounds)


QUICK = Settings(
    name="quick", rounds=3, seconds=1, samples=15, bursts=3, memory_calls=20_000, memory_seconds=10,
    stored=(10, 1_000), instances=(1, 10, 100), fill_seconds=20,
)
FULL = Settings(
    name="full", rounds=9, seconds=1, samples=60, bursts=5, memory_calls=1_000_000, memory_seconds=90,
    stored=(10, 1_000, 10_000), instances=(1, 10, 100), fill_seconds=120,
)
