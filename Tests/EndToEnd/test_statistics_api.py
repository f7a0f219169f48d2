"""How often functions ran and how long it took (M-1, M-2)."""

import re
import time
from datetime import datetime, timedelta, timezone

import pytest

from deadlines import eventually
from rest import answered, assert_error

HOUR = 3600
SERIES = {
    "count", "duration", "fail_count", "max_duration", "min_duration", "reject_count",
    "function_error_count", "system_error_count", "reserved_instance_num", "concurrency_num",
}  # fmt: skip
DURATIONS = {"duration", "max_duration", "min_duration"}
RAISING = "def handler(event, context):\n    if event.get('raise'): raise ValueError('x')\n    return 1\n"


def now() -> int:
    """Milliseconds since 1970."""
    return int(time.time() * 1000)


def metrics(function, period: "str | None" = None) -> dict:
    """Of the last half hour, unless another period is asked for."""
    period = period or f"{now() - HOUR * 500},{now() + 60_000}"
    return answered(function.api.get(f"{function.path}/statistics/{period}"))


def total(series: "list[dict]") -> float:
    """What the buckets that have data add up to."""
    return sum(bucket["value"] for bucket in series if bucket["value"] > 0)


def assert_series(series: "list[dict]", name: str) -> None:
    """Buckets in order, evenly spaced; empty ones say -1, or 0 where something is counted."""
    for bucket in series:
        assert bucket.keys() == {"timestamp", "value"}, name
        assert type(bucket["timestamp"]) is int
        assert type(bucket["value"]) in (int, float) and bucket["value"] >= -1
    times = [bucket["timestamp"] for bucket in series]
    assert times == sorted(set(times)), name
    assert len({later - earlier for earlier, later in zip(times, times[1:])}) <= 1, name


def width(answer: dict) -> int:
    """Seconds between two buckets."""
    first, second = answer["count"][:2]
    return (second["timestamp"] - first["timestamp"]) // 1000


# Of a function: the period


@pytest.mark.parametrize(
    "period", ["nonsense", "1,2,3", ",", "1596679200000,", "1596679200000,x", "%20", "P1D"]
)
def test_a_period_without_sense_is_refused(project, period):
    function = project.create()
    answer = function.api.get(f"{function.path}/statistics/{period}")
    assert_error(answer, 400, "FSS.1001", "FSS.0400")


def forms_of_the_last_hour() -> "dict[str, str]":
    """The last hour as clients spell it, and as they do not yet."""
    end = time.time()
    begin = end - HOUR
    zoned = datetime.fromtimestamp(begin, timezone(timedelta(hours=2))).isoformat(timespec="seconds")
    utc = datetime.fromtimestamp(begin, timezone.utc)
    return {
        "milliseconds": f"{int(begin * 1000)},{int(end * 1000)}",
        "milliseconds, the later first": f"{int(end * 1000)},{int(begin * 1000)}",
        "seconds": f"{int(begin)},{int(end)}",
        "seconds with a fraction, the later first": f"{end},{begin}",
        "one RFC 3339 time": utc.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "one RFC 3339 time with an offset": zoned,
        "one RFC 3339 time with an offset, encoded": zoned.replace("+", "%2B").replace(":", "%3A"),
        "one time in milliseconds": str(int(begin * 1000)),
        "an encoded comma": f"{int(begin * 1000)}%2C{int(end * 1000)}",
    }


@pytest.mark.parametrize("form", forms_of_the_last_hour())
def test_a_period_is_understood_in_every_form(project, form):
    function = project.create()
    answer = metrics(function, forms_of_the_last_hour()[form])
    times = [bucket["timestamp"] for bucket in answer["count"]]
    assert times, answer
    slack = 300_000
    assert now() - HOUR * 1000 - slack <= times[0] <= times[-1] <= now() + slack
    assert times[-1] - times[0] >= HOUR * 1000 - slack


@pytest.mark.parametrize(
    "hours, expected", [(0.5, 60), (1, 60), (2, 300), (24, 300), (25, HOUR), (24 * 7, HOUR)]
)
def test_the_width_of_a_bucket_follows_the_period(project, hours, expected):
    end = now() // HOUR // 1000 * HOUR * 1000
    begin = int(end - hours * HOUR * 1000)
    assert width(metrics(project.create(), f"{begin},{end}")) == expected


def test_a_period_of_three_years_has_not_an_answer_without_end(project):
    """The Python SDK's guide asks for one."""
    started = time.monotonic()
    answer = metrics(project.create(), "1596679200000,1696679200000")
    assert time.monotonic() - started < 10
    assert 0 < len(answer["count"]) < 20_000
    assert len({len(answer[name]) for name in SERIES}) == 1


def test_a_period_of_one_moment_is_no_error(project):
    metrics(project.create(), f"{now()},{now()}")


# Of a function: what is counted


def test_a_function_that_never_ran_has_every_series_and_nothing_in_it(project):
    answer = metrics(project.create())
    assert SERIES <= answer.keys()
    for name in SERIES:
        assert_series(answer[name], name)
        expected = {-1} if name in DURATIONS else {-1, 0}
        assert {bucket["value"] for bucket in answer[name]} <= expected, name


def test_the_series_are_there_under_the_names_the_python_sdk_may_look_for(project):
    """Having asked for the project's, it expects the function's under the same name."""
    answer = metrics(project.create())
    for name in ["monitor_data", "monthly_report"]:
        assert SERIES <= answer[name].keys()
        assert answer[name]["count"] == answer["count"]


def test_calls_are_counted_and_measured(project):
    function = project.create("sleeper", handler="index.handler")
    for _ in range(3):
        function.invoke({"seconds": 0.01})

    def counted():
        answer = metrics(function)
        return answer if total(answer["count"]) == 3 else None

    answer = eventually(counted, 10, "three calls in the statistics")
    for name in SERIES:
        assert_series(answer[name], name)
    bucket = next(b for b in answer["count"] if b["value"] > 0)
    assert abs(now() - bucket["timestamp"]) < 5 * 60_000
    values = {
        name: next(b["value"] for b in answer[name] if b["timestamp"] == bucket["timestamp"])
        for name in SERIES
    }
    assert 0 < values["min_duration"] <= values["duration"] <= values["max_duration"] < 60_000
    for name in ["fail_count", "reject_count", "function_error_count", "system_error_count"]:
        assert total(answer[name]) == 0, name


def test_failures_are_counted_as_calls_and_as_failures(project):
    function = project.create_inline(RAISING)
    for fails in [True, True, False]:
        function.invoke({"raise": fails})

    def counted():
        answer = metrics(function)
        return answer if total(answer["count"]) == 3 else None

    answer = eventually(counted, 10, "three calls in the statistics")
    assert total(answer["fail_count"]) == 2
    assert total(answer["function_error_count"]) == 2
    assert total(answer["system_error_count"]) == 0


def test_asynchronous_calls_are_counted(project):
    function = project.create()
    answered(function.api.post(f"{function.path}/invocations-async", json={}), 202)
    eventually(lambda: total(metrics(function)["count"]) == 1, 10, "one call in the statistics")


def test_a_call_outside_the_period_is_not_counted(project):
    function = project.create()
    function.invoke({})
    eventually(lambda: total(metrics(function)["count"]) == 1, 10, "one call in the statistics")
    begin, end = now() - 3 * HOUR * 1000, now() - 2 * HOUR * 1000
    assert total(metrics(function, f"{begin},{end}")["count"]) == 0


def test_the_calls_of_another_function_are_not_counted(project):
    function, other = project.create(), project.create()
    other.invoke({})
    eventually(lambda: total(metrics(other)["count"]) == 1, 10, "one call in the statistics")
    assert total(metrics(function)["count"]) == 0


# Of a project


def statistics(project, **query) -> dict:
    query = {"filter": "monitor_data", **query}
    return answered(project.api.get("/fgs/functions/statistics", params=query))


def months(*back: int) -> "list[str]":
    """Months before this one, the current one being 0."""
    today = datetime.now(timezone.utc)
    numbers = [today.year * 12 + today.month - 1 - number for number in back]
    return [f"{number // 12:04d}-{number % 12 + 1:02d}" for number in numbers]


@pytest.mark.parametrize(
    "query", [{}, {"filter": ""}, {"filter": "yearly"}, {"filter": "monitor_data", "period": "x"},
              {"filter": "monitor_data", "period": "-5"}]
)  # fmt: skip
def test_a_question_without_sense_is_refused(own_project, query):
    answer = own_project.api.get("/fgs/functions/statistics", params=query)
    assert_error(answer, 400, "FSS.1001", "FSS.0400")


@pytest.mark.parametrize("kind", ["monitor_data", "monthly_report"])
def test_an_answer_has_the_members_of_every_client(own_project, kind):
    answer = statistics(own_project, filter=kind)
    for report in [answer, answer["monthly_report"]]:
        for name in ["count", "gbs", "gpu_gbs"]:
            for month in report[name]:
                assert month.keys() == {"date", "value"}
                assert re.fullmatch(r"\d{4}-\d\d", month["date"])
                assert type(month["value"]) in (int, float) and month["value"] >= 0
    assert answer["statistics"] == answer["monitor_data"]
    assert SERIES <= answer["statistics"].keys()
    for name in SERIES:
        assert_series(answer["statistics"][name], name)


@pytest.mark.parametrize(
    "option, expected",
    [(None, (0,)), ("0", (0,)), ("1", (1,)), ("2", (2, 1, 0)), ("3", (5, 4, 3, 2, 1, 0)),
     ("7", (0,)), ("x", (0,))],
)  # fmt: skip
def test_a_monthly_report_covers_the_months_asked_for(own_project, option, expected):
    query = {} if option is None else {"option": option}
    report = statistics(own_project, filter="monthly_report", **query)["monthly_report"]
    assert sorted(month["date"] for month in report["count"]) == months(*expected)


def test_the_calls_of_all_functions_of_a_project_are_counted(own_project):
    for function in [own_project.create(), own_project.create()]:
        function.invoke({})

    def counted():
        answer = statistics(own_project, period="60")
        return total(answer["statistics"]["count"]) == 2

    eventually(counted, 10, "two calls in the project's statistics")
    report = statistics(own_project, filter="monthly_report")["monthly_report"]
    assert {month["date"]: month["value"] for month in report["count"]}[months(0)[0]] == 2
    assert {month["date"]: month["value"] for month in report["gbs"]}[months(0)[0]] > 0


def test_the_calls_of_another_project_are_not_counted(own_project, project):
    function = project.create()
    function.invoke({})
    eventually(lambda: total(metrics(function)["count"]) == 1, 10, "one call in the statistics")
    assert total(statistics(own_project)["statistics"]["count"]) == 0


def test_calls_stay_counted_after_their_function_is_gone(own_project):
    function = own_project.create()
    function.invoke({})

    def counted():
        return total(statistics(own_project, period="60")["statistics"]["count"]) == 1

    eventually(counted, 10, "one call in the project's statistics")
    function.delete()
    assert counted()
