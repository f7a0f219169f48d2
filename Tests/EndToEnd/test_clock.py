"""A clock that is frozen, set, advanced and let go: /_emulator/clock."""

import time
from datetime import datetime, timedelta, timezone

import pytest

from rest import assert_error
from steering import Clock, add_timer, moment


@pytest.fixture(scope="module")
def steered(start_server):
    return start_server()


@pytest.fixture
def clock(steered):
    clock = Clock(steered.url)
    clock.set(mode="system")
    return clock


@pytest.mark.parametrize(
    "body",
    [{}, {"now": "tomorrow"}, {"now": 7}, {"now": "1969-12-31T23:59:59Z"}, {"frozen": "yes"}, {"mode": "fast"},
     {"mode": "system", "now": "2026-05-04T08:00:00Z"}, {"mode": "system", "frozen": True}],
    ids=str,
)  # fmt: skip
def test_a_bad_setting_is_refused_and_the_clock_goes_on(clock, body):
    assert_error(clock.request("PUT", "clock", **body), 400, "FSS.0400")
    assert clock.read()["frozen"] is False
    assert abs(clock.now - datetime.now(timezone.utc)) < timedelta(seconds=5)


@pytest.mark.parametrize(
    "body",
    [{}, {"by": 3}, {"by": "3"}, {"by": "-3m"}, {"by": "soon"}, {"to": "soon"}, {"to": 3},
     {"by": "3m", "to": "2026-05-04T08:00:00Z"}, {"by": "3m", "wait": "no"}],
    ids=str,
)  # fmt: skip
def test_a_bad_advance_is_refused_and_the_clock_stays(clock, body):
    clock.freeze("2026-05-04T08:00:00Z")
    assert_error(clock.request("POST", "clock/advance", **body), 400, "FSS.0400")
    assert clock.read()["now"] == "2026-05-04T08:00:00.000Z"


def test_a_frozen_clock_stands_still(clock):
    clock.freeze("2026-05-04T08:00:00Z")
    time.sleep(0.05)
    assert clock.read()["now"] == "2026-05-04T08:00:00.000Z"
    assert clock.read()["frozen"] is True


def test_a_clock_that_was_set_runs_on_from_there(clock):
    clock.set(now="2030-01-01T00:00:00Z")
    assert clock.read()["frozen"] is False
    first = clock.now
    time.sleep(0.02)
    assert moment("2030-01-01T00:00:00Z") <= first < clock.now < moment("2030-01-01T00:01:00Z")


def test_a_frozen_clock_goes_on_when_it_is_let_go(clock):
    clock.freeze("2026-05-04T08:00:00Z")
    clock.set(frozen=False)
    time.sleep(0.02)
    assert moment("2026-05-04T08:00:00Z") < clock.now < moment("2026-05-04T08:01:00Z")


def test_the_clock_of_the_machine_comes_back(clock):
    clock.freeze("2026-05-04T08:00:00Z")
    clock.set(mode="system")
    assert abs(clock.now - datetime.now(timezone.utc)) < timedelta(seconds=5)


def test_advancing_moves_a_frozen_clock_exactly(clock):
    clock.freeze("2026-05-04T08:00:00Z")
    clock.advance("1h30m")
    assert clock.read()["now"] == "2026-05-04T09:30:00.000Z"
    assert clock.read()["frozen"] is True


def test_advancing_to_a_time_in_the_past_changes_nothing(clock):
    clock.freeze("2026-05-04T08:00:00Z")
    clock.request("POST", "clock/advance", to="2026-05-04T07:00:00Z")
    assert clock.read()["now"] == "2026-05-04T08:00:00.000Z"


def test_a_running_clock_that_is_advanced_goes_on_running(clock):
    clock.set(now="2026-05-04T08:00:00Z")
    clock.advance("24h")
    assert clock.read()["frozen"] is False
    assert clock.now >= moment("2026-05-05T08:00:00Z")


def test_what_is_stored_bears_the_time_of_the_clock(clock, steered, project_of):
    clock.freeze("2027-02-03T04:05:06Z")
    function = project_of(steered).create("hello")
    assert function.config()["last_modified"] == "2027-02-03T04:05:06+00:00" or function.config()[
        "last_modified"
    ].startswith("2027-02-03T04:05:06")


def test_an_event_that_has_become_too_old_is_discarded(clock, steered, project_of):
    clock.freeze("2026-05-04T08:00:00Z")
    function = project_of(steered).create("raising")
    answer = function.api.put(
        f"{function.path}/async-invoke-config",
        json={"max_async_event_age_in_seconds": 60, "max_async_retry_attempts": 3, "destination_config": {}},
    )
    assert answer.status_code == 200, answer.text
    answer = function.api.post(f"{function.path}/invocations-async", json={})
    assert answer.status_code == 202, answer.text
    clock.advance("1h")
    rows = function.api.get(f"{function.path}/async-invocations").json()["invocations"]
    # Attempts at 0 s, 1 s and 3 s; the last would be at 7 s: within a minute all have been made.
    assert [row["status"] for row in rows] == ["FAIL"]


def test_a_reset_empties_the_server_and_sets_the_clock_right(clock, steered, project_of):
    clock.freeze("2026-05-04T08:00:00Z")
    project = project_of(steered)
    function = project.create("hello")
    add_timer(function, "@every 1m")
    assert len(clock.advance("3m")) == 3
    assert clock.request("POST", "reset").status_code == 200
    assert clock.fires() == []
    assert clock.read()["frozen"] is False
    assert project.api.get("/fgs/functions").json()["functions"] == []
    assert function.invoke({}).status == 404
    clock.freeze("2026-05-04T08:00:00Z")
    assert clock.advance("3m") == []


def test_a_clock_cannot_be_moved_without_a_token_on_a_strict_server(start_server):
    import requests

    server = start_server(options=["--auth", "strict"], environment={"FGS_EMULATOR_ACCESS_KEYS": "AK:SK"})
    answer = requests.put(
        f"{server.url}/_emulator/clock", json={"frozen": True}, timeout=10, proxies={"http": ""}
    )
    assert answer.status_code == 401, answer.text
