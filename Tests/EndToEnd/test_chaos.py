"""Everything at once, for a few seconds; `scripts/chaos` does it for longer."""

import pytest

from chaos import load
from chaos.kills import Kills


@pytest.mark.timeout(300)
def test_a_server_answers_everything_and_holds_on_to_nothing_whatever_happens(fresh_server, fixtures):
    server = fresh_server(options=load.options())
    running = load.Load(server, fixtures, seed=1)
    try:
        running.run(8)
        before = running.settle()
        running.run(12)
        running.check(before, running.settle())
    finally:
        running.close()
    assert running.faults == []
    assert server.stop() == 0
    assert server.left_behind() == []


@pytest.mark.timeout(300)
def test_a_server_that_is_killed_again_and_again_loses_no_asynchronous_call(fixtures):
    with Kills(fixtures, seed=1) as kills:
        counts = kills.run(5)
    assert kills.faults == []
    assert counts["accepted"] > 0
