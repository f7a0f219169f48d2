"""Which rounds of a benchmark count, when the machine below takes processors away."""

import pathlib
import sys

sys.path.append(str(pathlib.Path(__file__).parents[2] / "Benchmarks"))

from bench.rounds import Rounds  # noqa: E402


def measured(wanted: int, shares: "list[float]", limit: float = Rounds.LIMIT) -> Rounds:
    """Rounds in which these shares of the processors were taken away, as long as more are wanted."""
    rounds = Rounds(wanted, limit)
    for number, share in enumerate(shares):
        if rounds.is_complete:
            break
        rounds.add(share, {("contender", "metric"): number}, {("contender", "metric"): number + 1})
    return rounds


def dropped(rounds: Rounds) -> "list[int]":
    """The numbers of those that do not count, in the order in which their values are to be taken out."""
    return [before["contender", "metric"] for before, _ in rounds.disturbed()]


def test_rounds_that_nobody_disturbed_are_all_that_is_measured():
    rounds = measured(3, [0, 0.01, 0.02, 0, 0])
    assert rounds.count == 3
    assert dropped(rounds) == []


def test_a_disturbed_round_is_measured_again_and_does_not_count():
    rounds = measured(3, [0, 0.2, 0.02, 0.03, 0])
    assert rounds.count == 4
    assert dropped(rounds) == [1]


def test_what_is_taken_out_begins_at_the_end_so_that_the_numbers_before_it_hold():
    rounds = measured(2, [0.2, 0.01, 0.3, 0.02])
    assert dropped(rounds) == [2, 0]


def test_at_most_twice_as_many_are_measured_and_the_least_disturbed_count():
    rounds = measured(2, [0.4, 0.1, 0.3, 0.2, 0, 0])
    assert rounds.count == 4
    assert dropped(rounds) == [2, 0]


def test_what_is_about_a_hundredth_of_the_time_is_measured_again_where_others_took_more_than_that():
    rounds = measured(2, [0.02, 0.005, 0.01, 0], limit=Rounds.STRICT)
    assert rounds.count == 3
    assert dropped(rounds) == [0]
