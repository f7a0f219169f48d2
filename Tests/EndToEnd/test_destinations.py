"""Where the outcome of an asynchronous invocation goes: to a function, a bucket or a topic."""

import json
import re
import socket
from datetime import datetime, timezone

import pytest

from control import Control
from deadlines import eventually
from gate import Gate
from rest import WITH_OFFSET, Function, Project
from topics import Subscriber

TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}[+-]\d\d:\d\d")
"""When the invocation began, to the nanosecond."""
TOPIC = "urn:smn:eu-de:0123456789abcdef0123456789abcdef:results"


def destination(kind: str, **param) -> dict:
    return {"destination": kind, "param": json.dumps(param)}


def configure(function: Function, on_success=None, on_failure=None, **fields) -> None:
    config = {"on_success": on_success, "on_failure": on_failure}
    config = {name: value for name, value in config.items() if value}
    function.configure_async(destination_config=config, **fields)


def assert_reports_success(report: dict, function: Function, identifier: str, event, payload: str):
    assert list(report) == [
        "timestamp", "request_context", "request_payload", "response_context", "response_payload"
    ]  # fmt: skip
    assert TIMESTAMP.fullmatch(report["timestamp"])
    assert report["request_context"] == {
        "request_id": identifier,
        "function_urn": f"{function.urn}:latest",
        "condition": "",
        "approximate_invoke_count": 0,
    }
    assert json.loads(report["request_payload"]) == event
    assert report["response_context"] == {"status_code": 200, "function_error": ""}
    assert report["response_payload"] == payload


def listening(project: Project, gate: Gate) -> Function:
    """A function that passes on to the gate what it is invoked with."""
    return project.create("gate", handler="index.report", user_data=gate.variables())


@pytest.fixture
def listener(project, gate):
    return listening(project, gate)


def to(function: Function) -> dict:
    return destination("FunctionGraph", func_urn=f"{function.urn}:latest")


# Functions


def test_a_failure_goes_to_the_function_for_failures_only(project, gate, listener):
    function, other = project.create("raising"), project.create("gate")
    configure(function, on_success=to(other), on_failure=to(listener), max_async_retry_attempts=0)
    event = {"Records": []}
    identifier = function.submit(event)
    report = gate.next("report").hello["event"]
    assert TIMESTAMP.fullmatch(report["timestamp"])
    assert report["request_context"] == {
        "request_id": identifier,
        "function_urn": f"{function.urn}:latest",
        "condition": "UnhandledInvocationError",
        "approximate_invoke_count": 0,
    }
    assert json.loads(report["request_payload"]) == event
    assert report["response_context"] == {"status_code": 500, "function_error": ""}
    error = json.loads(report["response_payload"])
    assert error["errorMessage"] == "function invocation exception, error: division by zero"
    assert error["errorType"] == "ZeroDivisionError" and error["stackTrace"]
    assert other.async_requests() == []


def test_a_success_goes_to_the_function_for_successes_only(project, gate, listener):
    function, other = project.create("returns", handler="index.a_dict"), project.create("gate")
    configure(function, on_success=to(listener), on_failure=to(other))
    identifier = function.submit({"a": 1})
    payload = '{"statusCode": 200, "isBase64Encoded": false, "body": "hi", "headers": {}}'
    report = gate.next("report")
    assert_reports_success(report.hello["event"], function, identifier, {"a": 1}, payload)
    assert report.request_id != identifier
    assert other.async_requests() == []


def test_the_delivery_is_an_asynchronous_invocation_of_its_own(project, gate, listener):
    function = project.create("echo")
    configure(function, on_success=to(listener))
    function.finished(function.submit({}))
    report = gate.next("report")
    assert listener.finished(report.request_id)["status"] == "SUCCESS"


@pytest.mark.parametrize(
    "handler, payload",
    [
        ("a_str", ["plain text", '"plain text"']),
        ("none", ["null"]),
        ("an_int", ["7"]),
        ("non_ascii_dict", ['{"greeting": "Gr\\u00fc\\u00dfe"}']),
    ],
)
def test_the_payload_is_text_whatever_the_result_was(project, gate, listener, handler, payload):
    function = project.create("returns", handler=f"index.{handler}")
    configure(function, on_success=to(listener))
    function.submit({})
    assert gate.next("report").hello["event"]["response_payload"] in payload


def test_a_failure_is_told_after_the_last_attempt_only(project, gate, listener):
    function = project.create("gate")
    configure(function, on_failure=to(listener), max_async_retry_attempts=2)
    identifier = function.submit(gate.event("attempt"))
    for _ in range(3):
        gate.next("attempt").tell("raise")
    context = gate.next("report").hello["event"]["request_context"]
    assert context["request_id"] == identifier
    assert context["approximate_invoke_count"] == 2
    assert context["condition"] == "RetriesExhausted"
    assert gate.nobody_came()


def test_a_success_after_retries_tells_how_many(project, gate, listener):
    function = project.create("gate")
    configure(function, on_success=to(listener), max_async_retry_attempts=2)
    function.submit(gate.event("attempt"))
    gate.next("attempt").tell("raise")
    gate.next("attempt").let_go()
    context = gate.next("report").hello["event"]["request_context"]
    assert context["approximate_invoke_count"] == 1 and context["condition"] == ""


def test_a_timeout_is_told_as_a_failure(project, gate, listener):
    function = project.create("sleeper", timeout=3)
    configure(function, on_failure=to(listener), max_async_retry_attempts=0)
    function.submit({"seconds": 600})
    report = gate.next("report").hello["event"]
    assert report["request_context"]["condition"] == "Timeout"
    assert "call invoke timeout 3s" in report["response_payload"]


def test_an_event_that_grew_too_old_is_told_as_a_failure(project, gate, listener, background):
    function = project.create("gate")
    function.set_max_instances(1)
    configure(function, on_failure=to(listener), max_async_event_age_in_seconds=1)
    background(function.invoke, gate.event("in the way"))
    gate.next("in the way")
    event = gate.event("late")
    identifier = function.submit(event)
    report = gate.next("report").hello["event"]
    assert report["request_context"]["request_id"] == identifier
    assert report["request_context"]["condition"] == "EventAgeExceeded"
    assert json.loads(report["request_payload"]) == event


def test_a_function_that_is_disabled_before_its_next_attempt_is_told_as_a_failure(steered, gate):
    project, control = steered
    function = project.create("gate")
    configure(function, on_failure=to(listening(project, gate)), max_async_retry_attempts=1)
    identifier = gate.fail_once(function)
    function.set_max_instances(0)
    control.advance(2000)
    report = gate.next("report").hello["event"]
    assert report["request_context"]["request_id"] == identifier
    assert report["request_context"]["condition"] == "FunctionDisabled"
    assert report["response_context"]["status_code"] == 500
    assert gate.nobody_came()


def test_synchronous_calls_are_not_told_of(project, gate, listener):
    function = project.create("echo")
    configure(function, on_success=to(listener))
    function.call({})
    assert gate.nobody_came()


def test_a_version_has_destinations_of_its_own(project, gate, listener):
    function = project.create("echo")
    function.publish("v1")
    configure(function.at("v1"), on_success=to(listener))
    function.finished(function.submit({}))
    function.at("v1").submit({})
    context = gate.next("report").hello["event"]["request_context"]
    assert context["function_urn"] == f"{function.urn}:v1"
    assert gate.nobody_came()


def test_an_alias_can_be_a_destination(project, gate, listener):
    listener.publish("v1")
    listener.create_alias("prod", "v1")
    function = project.create("echo")
    configure(function, on_success=destination("FunctionGraph", func_urn=f"{listener.urn}:!prod"))
    function.submit({})
    assert gate.next("report").hello["version"] == "v1"


def test_destinations_make_chains(project, gate, listener):
    """The first function's outcome is the second's event, whose outcome is the third's."""
    first, second = project.create("echo"), project.create("echo")
    configure(first, on_success=to(second))
    configure(second, on_success=to(listener))
    identifier = first.submit({"a": 1})
    outer = gate.next("report").hello["event"]
    assert outer["request_context"]["function_urn"] == f"{second.urn}:latest"
    inner = json.loads(outer["request_payload"])
    assert inner["request_context"]["request_id"] == identifier
    assert json.loads(inner["response_payload"]) == {"a": 1}


def test_a_destination_that_is_gone_leaves_the_outcome_as_it_is(project, listener):
    function = project.create("echo")
    configure(function, on_success=to(listener))
    listener.delete()
    assert function.finished(function.submit({}))["status"] == "SUCCESS"
    assert function.call({"a": 1}) == {"a": 1}


def test_a_destination_that_fails_leaves_the_outcome_as_it_is(project, gate):
    failing = project.create("raising")
    function = project.create("echo")
    configure(function, on_success=to(failing))
    assert function.finished(function.submit({}))["status"] == "SUCCESS"
    requests = eventually(failing.async_requests, 5, "the delivery")
    assert failing.finished(requests[0]["request_id"])["status"] == "FAIL"


# Buckets


@pytest.fixture
def buckets(tmp_path):
    """A directory with the bucket `results`."""
    root = tmp_path / "buckets"
    (root / "results").mkdir(parents=True)
    return root


def objects(root) -> "list[str]":
    """The objects in all buckets; what begins with a dot is not one yet."""
    return sorted(
        str(path.relative_to(root))
        for path in root.rglob("*")
        if path.is_file() and not path.name.startswith(".")
    )


@pytest.mark.parametrize(
    "prefix, directory", [("/ok", "ok/"), ("ok/all", "ok/all/"), ("ok/", "ok/"), ("", ""), (None, "")]
)
def test_an_outcome_becomes_an_object(fresh_server, project_of, buckets, prefix, directory):
    server = fresh_server(options=["--obs-root", str(buckets)])
    function = project_of(server).create("echo")
    param = {"bucket": "results", "prefix": prefix, "expires": 7}
    param = {name: value for name, value in param.items() if value is not None}
    configure(function, on_success=destination("OBS", **param))
    identifier = function.submit({"a": 1})
    before = datetime.now(timezone.utc)
    (name,) = eventually(lambda: objects(buckets), 10, "an object")
    days = {time.strftime("%Y/%m/%d") for time in [before, datetime.now(timezone.utc)]}
    assert name in {f"results/{directory}{function.name}/{day}/{identifier}.json" for day in days}
    report = json.loads((buckets / name).read_text())
    assert_reports_success(report, function, identifier, {"a": 1}, '{"a": 1}')


def test_successes_and_failures_may_go_to_different_buckets(fresh_server, project_of, buckets):
    (buckets / "failures").mkdir()
    server = fresh_server(options=["--obs-root", str(buckets)])
    function = project_of(server).create("exits", handler="index.exit_then_count")
    configure(
        function,
        on_success=destination("OBS", bucket="results"),
        on_failure=destination("OBS", bucket="failures"),
        max_async_retry_attempts=0,
    )
    identifiers = {event: function.submit({"exit": event}) for event in [True, False]}
    eventually(lambda: len(objects(buckets)) == 2, 10, "two objects")
    failure, success = objects(buckets)
    assert failure.startswith("failures/") and identifiers[True] in failure
    assert success.startswith("results/") and identifiers[False] in success


def test_an_object_is_never_seen_half_written(fresh_server, project_of, buckets):
    server = fresh_server(options=["--obs-root", str(buckets)])
    function = project_of(server).create("returns", handler="index.just_below_the_limit")
    configure(function, on_success=destination("OBS", bucket="results"))
    function.submit({})
    (name,) = eventually(lambda: objects(buckets), 10, "an object")
    assert len(json.loads((buckets / name).read_text())["response_payload"]) > 6_000_000


@pytest.mark.parametrize("options", [[], ["--obs-root"]], ids=["no root", "no bucket"])
def test_a_bucket_that_is_missing_leaves_the_outcome_as_it_is(
    fresh_server, project_of, buckets, options
):
    server = fresh_server(options=[*options, str(buckets)] if options else [])
    function = project_of(server).create("echo")
    configure(function, on_success=destination("OBS", bucket="nowhere"))
    assert function.finished(function.submit({}))["status"] == "SUCCESS"
    assert function.call({"a": 1}) == {"a": 1}


# Topics


@pytest.fixture
def subscriber():
    subscriber = Subscriber()
    yield subscriber
    subscriber.close()


def test_an_outcome_is_posted_to_the_endpoint_of_its_topic(fresh_server, project_of, subscriber):
    server = fresh_server(options=["--smn-endpoint", f"{TOPIC}={subscriber.url}/results"])
    function = project_of(server).create("echo")
    configure(function, on_success=destination("SMN", topic_urn=TOPIC))
    identifier = function.submit({"a": 1})
    message = subscriber.next()
    assert message.path == "/results"
    assert message.headers["content-type"].startswith("application/json")
    assert message.body["topic_urn"] == TOPIC
    assert message.body["subject"] == "FunctionGraph async invocation success"
    report = json.loads(message.body["message"])
    assert_reports_success(report, function, identifier, {"a": 1}, '{"a": 1}')


def test_the_subject_tells_a_failure(fresh_server, project_of, subscriber):
    server = fresh_server(options=["--smn-endpoint", f"{TOPIC}={subscriber.url}"])
    function = project_of(server).create("raising")
    topic = destination("SMN", topic_urn=TOPIC)
    configure(function, on_success=topic, on_failure=topic, max_async_retry_attempts=0)
    function.submit({})
    message = subscriber.next()
    assert message.body["subject"] == "FunctionGraph async invocation failure"
    report = json.loads(message.body["message"])
    assert report["request_context"]["condition"] == "UnhandledInvocationError"


def test_each_topic_has_its_endpoint(fresh_server, project_of, subscriber):
    other = Subscriber()
    try:
        options = ["--smn-endpoint", f"{TOPIC}={subscriber.url}"]
        options += ["--smn-endpoint", f"{TOPIC}-too={other.url}"]
        function = project_of(fresh_server(options=options)).create("echo")
        configure(function, on_success=destination("SMN", topic_urn=f"{TOPIC}-too"))
        function.submit({})
        assert other.next().body["topic_urn"] == f"{TOPIC}-too"
        assert subscriber.nothing_came()
    finally:
        other.close()


def test_messages_to_a_topic_without_endpoint_are_listed(project, control):
    function = project.create("echo")
    topic = f"{TOPIC}-{function.name}"
    configure(function, on_success=destination("SMN", topic_urn=topic))
    identifiers = []
    for number in range(3):
        identifiers.append(function.submit({"number": number}))
        function.finished(identifiers[-1])

    def listed():
        return [item for item in control.notifications() if item["topic_urn"] == topic]

    eventually(lambda: len(listed()) == 3, 5, "three messages")
    for item, identifier in zip(listed(), identifiers):
        assert item.keys() >= {"topic_urn", "subject", "message", "time"}
        assert item["subject"] == "FunctionGraph async invocation success"
        assert WITH_OFFSET.fullmatch(item["time"])
        assert json.loads(item["message"])["request_context"]["request_id"] == identifier


def test_an_endpoint_that_fails_leaves_the_outcome_as_it_is(fresh_server, project_of):
    failing = Subscriber(status=500)
    with socket.create_server(("127.0.0.1", 0)) as closed:
        nobody = f"http://127.0.0.1:{closed.getsockname()[1]}"
    try:
        options = ["--smn-endpoint", f"{TOPIC}={failing.url}"]
        options += ["--smn-endpoint", f"{TOPIC}-too={nobody}"]
        server = fresh_server(options=options)
        project = project_of(server)
        for topic in [TOPIC, f"{TOPIC}-too"]:
            function = project.create("echo")
            configure(function, on_success=destination("SMN", topic_urn=topic))
            assert function.finished(function.submit({}))["status"] == "SUCCESS"
            assert function.call({"a": 1}) == {"a": 1}
        failing.next()
        assert Control(server.url).get("health").status_code == 200
    finally:
        failing.close()


def test_an_endpoint_that_is_slow_holds_up_no_call(fresh_server, project_of):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        server = fresh_server(options=["--smn-endpoint", f"{TOPIC}={url}"])
        function = project_of(server).create("echo")
        configure(function, on_success=destination("SMN", topic_urn=TOPIC))
        for _ in range(20):
            assert function.finished(function.submit({}), within=5)["status"] == "SUCCESS"
        assert function.call({"a": 1}) == {"a": 1}


@pytest.mark.parametrize("text", ["", "nothing", f"{TOPIC}", f"{TOPIC}=ftp://127.0.0.1"])
def test_a_bad_endpoint_is_refused_at_the_start(fresh_server, text):
    server = fresh_server(options=["--smn-endpoint", text], ready=False)
    assert server.wait() != 0
    assert "smn-endpoint" in server.log.read_text()
