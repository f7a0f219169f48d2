"""TIMER triggers that fire, by the clock of the machine and by one that is steered."""

import time
from datetime import datetime, timedelta, timezone

import pytest

from deadlines import eventually
from rest import answered
from steering import Clock, add_timer, dues, every, moment

START = "2026-01-01T00:00:00Z"


@pytest.fixture(scope="module")
def steered(start_server):
    return start_server()


@pytest.fixture
def clock(steered):
    clock = Clock(steered.url)
    answered(clock.request("POST", "reset"))
    clock.freeze(START)
    return clock


@pytest.fixture
def function(clock, steered, project_of):
    return project_of(steered).create("hello")


def update(function, trigger: dict, **body) -> dict:
    path = f"/fgs/triggers/{function.urn}:latest/TIMER/{trigger['trigger_id']}"
    return answered(function.api.put(path, json=body))


def test_a_disabled_timer_does_not_fire(clock, function):
    trigger = add_timer(function, "@every 1m")
    update(function, trigger, trigger_status="DISABLED")
    assert clock.advance("1h") == []


def test_a_timer_fires_again_an_interval_after_it_was_enabled(clock, function):
    trigger = add_timer(function, "@every 1m")
    update(function, trigger, trigger_status="DISABLED")
    clock.advance("90s")
    update(function, trigger, trigger_status="ACTIVE")
    assert dues(clock.advance("2m")) == ["2026-01-01T00:02:30.000Z", "2026-01-01T00:03:30.000Z"]


def test_a_deleted_timer_does_not_fire(clock, function):
    trigger = add_timer(function, "@every 1m")
    path = f"/fgs/triggers/{function.urn}:latest/TIMER/{trigger['trigger_id']}"
    assert function.api.delete(path).status_code == 204
    assert clock.advance("1h") == []


def test_a_timer_goes_with_its_function(clock, function):
    add_timer(function, "@every 1m")
    assert function.api.delete(function.path).status_code == 204
    assert clock.advance("1h") == []


def test_a_schedule_that_is_changed_counts_from_then(clock, function):
    trigger = add_timer(function, "@every 1m")
    clock.advance("30s")
    update(function, trigger, event_data={"schedule": "@every 5m"})
    assert dues(clock.advance("10m")) == ["2026-01-01T00:05:30.000Z", "2026-01-01T00:10:30.000Z"]


def test_what_failed_is_told_with_its_reason(clock, steered, project_of):
    function = project_of(steered).create("raising")
    add_timer(function, "3m", kind="Rate")
    (fire,) = clock.advance("3m")
    assert (fire["result"], fire["error_code"]) == ("failed", 4002)
    assert "division by zero" in fire["error_message"]


def test_a_rate_fires_from_one_interval_after_its_creation_on(clock, function):
    add_timer(function, "3m", kind="Rate")
    fires = clock.advance("10m")
    assert dues(fires) == [f"2026-01-01T00:0{minute}:00.000Z" for minute in (3, 6, 9)]
    assert {fire["result"] for fire in fires} == {"success"}
    assert all(fire["due"] == fire["fired"] for fire in fires)


def test_the_handler_gets_the_event_of_a_timer(clock, steered, project_of, gate):
    function = project_of(steered).create(
        "gate", handler="index.report", user_data=gate.variables()
    )
    schedule = "CRON_TZ=Europe/Berlin 0 30 8 * * *"
    add_timer(function, schedule, name="nightly", user_event='{"mode": "full"}')
    clock.advance("24h")
    assert gate.next("report").hello["event"] == {
        "version": "v1.0", "time": "2026-01-01T08:30:00+01:00", "trigger_type": "TIMER",
        "trigger_name": "nightly", "user_event": '{"mode": "full"}',
    }  # fmt: skip


def test_an_alias_fires_what_it_leads_to(clock, function):
    version = answered(function.api.post(f"{function.path}/versions", json={"version": "v1"}))["version"]
    answered(function.api.post(f"{function.path}/aliases", json={"name": "live", "version": version}))
    add_timer(function, "@every 1m", qualifier="!live")
    (fire,) = clock.advance("1m")
    assert fire["func_urn"] == f"{function.urn}:!live"
    assert fire["result"] == "success"


def test_timers_of_one_moment_all_fire_and_times_stay_in_order(clock, function):
    for name, seconds in {"a": 2, "b": 3, "c": 6}.items():
        add_timer(function, f"@every {seconds}s", name=name)
    fires = clock.advance("6s")
    assert sorted((fire["due"][17:19], fire["trigger_name"]) for fire in fires) == [
        ("02", "a"), ("03", "b"), ("04", "a"), ("06", "a"), ("06", "b"), ("06", "c"),
    ]  # fmt: skip
    assert dues(fires) == sorted(dues(fires))


def test_a_year_of_timers_fires_exactly_at_their_times(clock, function):
    begin = moment(START)
    end = begin + timedelta(days=365)
    expected = {
        "hourly": every(begin, timedelta(hours=1), end),
        "daily": every(begin - timedelta(hours=16), timedelta(days=1), end),
        "noon": every(begin - timedelta(hours=12), timedelta(days=1), end),
    }
    add_timer(function, "@every 1h", name="hourly")
    add_timer(function, "0 0 8 * * *", name="daily")
    add_timer(function, "0 0 12 * * ?", name="noon")
    add_timer(function, "CRON_TZ=Europe/Berlin 0 30 9 1 * *", name="monthly")
    fires = clock.advance("8760h", wait=False)
    for name, times in expected.items():
        assert [fire["due"] for fire in fires if fire["trigger_name"] == name] == times, name
    monthly = [fire["due"] for fire in fires if fire["trigger_name"] == "monthly"]
    assert monthly == [
        f"2026-{month:02}-01T{'07' if 4 <= month <= 10 else '08'}:30:00.000Z" for month in range(1, 13)
    ]
    assert all(fire["due"] == fire["fired"] for fire in fires)


def test_a_month_is_played_with_every_invocation_in_its_place(clock, function):
    add_timer(function, "0 0 */6 * * *")
    fires = clock.advance("744h")
    assert len(fires) == 124
    assert {fire["result"] for fire in fires} == {"success"}


def test_fires_are_listed_in_pieces_and_by_trigger(clock, function):
    first = add_timer(function, "@every 1m", name="first")
    add_timer(function, "@every 2m", name="second")
    clock.advance("4m")
    answer = answered(clock.control.get("fires", params={"limit": 2}))
    assert len(answer["fires"]) == 2
    rest = clock.fires(marker=answer["next_marker"])
    assert len(rest) == 4
    assert len(clock.fires(trigger_id=first["trigger_id"])) == 4
    assert len(clock.fires(type="timer", function=function.name)) == 6
    assert clock.fires(type="OBS") == []


def test_the_clock_of_the_machine_fires_too(start_server, project_of):
    server = start_server()
    clock = Clock(server.url)
    function = project_of(server).create("hello")
    add_timer(function, "@every 1s")
    fires = eventually(lambda: clock.fires(function=function.name)[1:], 30, "the timer to fire twice")
    assert all(moment(fire["fired"]) >= moment(fire["due"]) for fire in fires)


def test_timers_go_on_after_a_restart_and_missed_runs_are_not_made_up(fresh_server, project_of, tmp_path):
    server = fresh_server(tmp_path / "data")
    function = project_of(server).create("hello")
    add_timer(function, "@every 1s")
    server.kill()
    time.sleep(2.5)
    began = datetime.now(timezone.utc)
    server = fresh_server(tmp_path / "data")
    fires = eventually(lambda: Clock(server.url).fires(), 30, "the timer to fire")
    assert moment(fires[0]["due"]) >= began - timedelta(seconds=1)


def test_a_server_that_stops_while_timers_fire_stops_in_order(fresh_server, project_of):
    for _ in range(3):
        server = fresh_server(options=["--log-level", "warning"])
        project = project_of(server)
        for _ in range(20):
            function = project.create_inline("def handler(event, context): pass\n")
            for number in range(10):
                add_timer(function, "@every 1s", name=f"t{number}")
        # All of them are due at the beginning of a second, which is when it is told to stop.
        time.sleep(2 - time.time() % 1 + 0.004)
        assert server.stop() == 0
        assert server.log.read_text() == ""
