"""Figures about what ran, in the statistics of functions and projects and in /_emulator/metrics for Prometheus.

The form of the statistics is in test_statistics_api.py.
"""

import time

import pytest
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample

from control import Control
from deadlines import eventually
from rest import Function, answered


def period(minutes: float = 5) -> str:
    """From so long ago until a minute from now."""
    now = time.time() * 1000
    return f"{int(now - minutes * 60_000)},{int(now + 60_000)}"


def statistics(function: Function) -> dict:
    return answered(function.api.get(f"{function.path}/statistics/{period()}"))


def total(series: "list[dict]") -> float:
    """The sum over all buckets; -1 stands for no data."""
    return sum(item["value"] for item in series if item["value"] != -1)


def values(series: "list[dict]") -> "list[float]":
    return [item["value"] for item in series if item["value"] != -1]


def counted(function: Function, **numbers: int) -> dict:
    """The statistics, once the series add up to these numbers."""

    def right():
        figures = statistics(function)
        return all(total(figures[name]) == number for name, number in numbers.items()) and figures

    try:
        return eventually(right, 5, str(numbers))
    except AssertionError as error:
        figures = statistics(function)
        raise AssertionError(f"{error}: {({name: total(figures[name]) for name in numbers})}") from None


# A function


def test_failures_are_counted_by_whose_fault_they_are(project):
    function = project.create("exits", handler="index.exit_then_count")
    for leave in [True, False, True, False, True]:
        function.invoke({"exit": leave})
    counted(function, count=5, fail_count=3, function_error_count=3, system_error_count=0)


@pytest.mark.parametrize(
    "sample, handler", [("broken", "index.nobody"), ("exits", "index.os_exit"), ("returns", "index.a_set")]
)
def test_failures_of_every_kind_are_failures(project, sample, handler):
    function = project.create(sample, handler=handler)
    for _ in range(2):
        assert function.invoke({}).failed
    counted(function, count=2, fail_count=2)


def test_refused_calls_are_counted_as_such(project):
    function = project.create("echo")
    function.call({})
    function.set_max_instances(0)
    for _ in range(3):
        assert function.invoke({}).status == 429
    counted(function, reject_count=3, count=4)


def test_durations_are_those_of_the_handler(project):
    function = project.create("sleeper")
    for seconds in [0.05, 0.2, 0.05]:
        function.call({"seconds": seconds})
    figures = counted(function, count=3)
    highest = max(values(figures["max_duration"]))
    lowest = min(values(figures["min_duration"]))
    average = max(values(figures["duration"]))
    assert 200 <= highest < 1000
    assert 50 <= lowest < 200
    assert lowest <= average <= highest


def test_each_attempt_of_an_asynchronous_call_counts(project, gate):
    function = project.create("gate")
    function.configure_async(max_async_retry_attempts=1)
    identifier = function.submit(gate.event())
    for _ in range(2):
        gate.next().tell("raise")
    function.finished(identifier)
    counted(function, count=2, fail_count=2)


def test_reserved_instances_and_concurrency_are_shown(project, gate, background):
    function = project.create("gate")
    function.reserve(2)
    for _ in range(3):
        background(function.invoke, gate.event())
    for caller in gate.take(3):
        caller.let_go()

    def shown():
        figures = statistics(function)
        reserved, running = (
            max(values(figures[name]), default=0)
            for name in ["reserved_instance_num", "concurrency_num"]
        )
        return reserved == 2 and running >= 3

    eventually(shown, 10, "two reserved instances and three calls at once")


def test_figures_are_there_after_a_restart(fresh_server, project_of, tmp_path):
    server = fresh_server(data_dir=tmp_path / "data")
    function = project_of(server).create("echo")
    for _ in range(3):
        function.call({})
    assert server.stop() == 0
    function.api = project_of(fresh_server(data_dir=tmp_path / "data")).api
    counted(function, count=3)
    function.call({})
    counted(function, count=4)


# A project


def project_figures(project, **query) -> dict:
    query = {"filter": "monitor_data", "period": "5", **query}
    return answered(project.api.get("/fgs/functions/statistics", params=query))


def test_a_project_s_figures_are_those_of_its_functions(own_project):
    good, bad = own_project.create("echo"), own_project.create("raising")
    for _ in range(3):
        good.call({})
        bad.invoke({})
    disabled = own_project.create("echo")
    disabled.set_max_instances(0)
    disabled.invoke({})

    def right():
        figures = project_figures(own_project)["statistics"]
        numbers = [total(figures[name]) for name in ["count", "fail_count", "reject_count"]]
        return numbers == [7, 3, 1]

    eventually(right, 5, "7 calls, 3 failed and 1 refused")


def test_the_monthly_report_counts_calls_and_gigabyte_seconds(own_project):
    function = own_project.create("sleeper", memory_size=1024)
    for _ in range(2):
        function.call({"seconds": 0.5})

    def report():
        return project_figures(own_project, filter="monthly_report", option="0")

    eventually(lambda: total(report()["count"]) == 2, 5, "2 calls in this month")
    figures = report()
    assert 0.9 < total(figures["gbs"]) < 10
    months = {item["date"] for item in figures["count"]}
    assert months == {time.strftime("%Y-%m", time.gmtime())}


# Prometheus


def samples(control) -> "list[Sample]":
    answer = control.get("metrics")
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"].startswith("text/plain")
    families = list(text_string_to_metric_families(answer.text))
    assert families
    for family in families:
        assert family.name.startswith("fgs_") and family.documentation
        assert family.type in ("counter", "gauge", "histogram", "summary")
    return [sample for family in families for sample in family.samples]


def of(function: Function, control, part: str) -> float:
    """The value of the function's only sample whose name has this part."""
    found = [
        sample.value
        for sample in samples(control)
        if part in sample.name
        and any(value.startswith(function.urn) or value == function.name for value in sample.labels.values())
    ]
    return sum(found)


def test_prometheus_reads_the_metrics_before_anything_ran(fresh_server):
    samples(Control(fresh_server().url))


def test_prometheus_reads_how_often_a_function_ran_and_failed(control, project):
    function = project.create("exits", handler="index.exit_then_count")
    for leave in [True, False, False, True]:
        function.invoke({"exit": leave})
    assert of(function, control, "invocations_total") == 4
    assert of(function, control, "errors_total") == 2
    function.set_max_instances(0)
    function.invoke({})
    assert of(function, control, "rejections_total") == 1


def test_no_two_samples_are_the_same_series(control, project):
    for _ in range(2):
        project.create("echo").call({})
    series = [(sample.name, *sorted(sample.labels.items())) for sample in samples(control)]
    assert len(series) == len(set(series))


def test_after_a_reset_a_function_of_the_same_name_is_counted_anew(fresh_server, project_of):
    server = fresh_server()
    project, control = project_of(server), Control(server.url)
    name = project.unique("again")
    for _ in range(2):
        function = project.create("echo", func_name=name)
        function.call({})
        assert of(function, control, "invocations_total") == 1
        answered(project.api.anonymous("POST", "/_emulator/reset", headers={"X-Auth-Token": "me"}))


def test_prometheus_reads_how_long_a_function_took(control, project):
    function = project.create("sleeper")
    for _ in range(2):
        function.call({"seconds": 0.1})
    assert 0.2 <= of(function, control, "duration_seconds_sum") < 2
    assert of(function, control, "duration_seconds_count") == 2
