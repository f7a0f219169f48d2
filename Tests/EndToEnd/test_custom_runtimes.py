"""Custom runtimes: a program of the function's own that fetches events from the runtime API."""

import json
import time

import pytest

from rest import Function, assert_failed, user_data

pytestmark = pytest.mark.usefixtures("isolated")

MEBIBYTE = 1024 * 1024
SAMPLES = ["custom_bash", "custom_python"]
UNKNOWN = "00000000-0000-4000-8000-000000000000"


def custom(project, code="custom_python", **fields) -> Function:
    return project.create(code, **{"handler": "bootstrap", "runtime": "Custom", **fields})


# What fails


@pytest.mark.parametrize(
    "files, executable",
    [
        ({"runtime.py": ""}, []),
        ({"bin/bootstrap": "#!/bin/sh\nsleep 600\n"}, ["bin/bootstrap"]),
        ({"bootstrap": "#!/bin/sh\nsleep 600\n"}, []),
    ],
    ids=["missing", "elsewhere", "not executable"],
)
def test_a_function_without_executable_bootstrap_answers_4202(project, files, executable):
    function = custom(project, project.pack(files, executable))
    error = assert_failed(function.invoke({}), 4202)
    assert error["errorMessage"] == "runtime bootstrap file is not found"


@pytest.mark.parametrize("line", ["exit 0", "exit 3", "no_such_program", "kill -9 $$"])
def test_a_bootstrap_that_ends_at_once_fails_the_call_soon(project, line):
    code = project.pack({"bootstrap": f"#!/bin/sh\n{line}\n"}, ["bootstrap"])
    started = time.monotonic()
    error = assert_failed(custom(project, code).invoke({}), 4204)
    assert error["errorMessage"] == "runtime process is exited"
    assert time.monotonic() - started < 10


def test_a_bootstrap_that_never_asks_for_an_event_takes_too_long(project):
    code = project.pack({"bootstrap": "#!/bin/sh\nsleep 600\n"}, ["bootstrap"])
    invocation = custom(project, code, timeout=3).invoke({})
    assert invocation.failed and invocation.code in ("4010", "4211", "4012"), invocation


def test_an_event_whose_result_never_comes_takes_too_long(project):
    function = custom(project, timeout=3)
    first = function.call({"do": "identify"})
    error = assert_failed(function.invoke({"do": "hang"}), 4010)
    assert error["errorMessage"] == "call invoke timeout 3s"
    assert function.call({"do": "identify"})["instance"] != first["instance"]


def test_a_crash_answers_4204_and_the_next_call_starts_it_again(project):
    function = custom(project)
    first = function.call({"do": "identify"})
    for _ in range(2):
        invocation = function.invoke({"do": "exit"}, tail=True)
        error = assert_failed(invocation, 4204)
        assert error["errorMessage"] == "runtime process is exited"
        assert "leaving" in invocation.log
        assert function.call({"do": "identify"})["instance"] != first["instance"]


@pytest.mark.parametrize(
    "sample, event", [("custom_bash", {"fail": 1}), ("custom_python", {"do": "fail"})]
)
def test_an_error_fails_the_call_with_what_the_runtime_says(project, sample, event):
    function = custom(project, sample)
    for _ in range(2):
        invocation = function.invoke(event)
        assert invocation.status == 200 and invocation.failed, invocation
        assert invocation.code == "4002"
        assert invocation.json() == {"errorType": "Told", "errorMessage": "to fail"}


def test_an_error_in_v1_keeps_what_the_runtime_says_and_has_status_500(project):
    invocation = custom(project).invoke({"do": "fail"}, version="v1")
    assert invocation.status == 200 and invocation.failed and invocation.code == "4002"
    envelope = invocation.json()
    assert envelope["status"] == 500
    assert envelope["result"] == '{"errorType": "Told", "errorMessage": "to fail"}'


def test_an_error_leaves_the_runtime_alive(project):
    function = custom(project)
    first = function.call({"do": "identify"})
    assert function.invoke({"do": "fail"}).failed
    assert function.call({"do": "identify"}) == first


def test_a_result_above_6_mb_answers_4004_and_the_next_call_works(project):
    function = custom(project)
    first = function.call({"do": "identify"})
    invocation = function.invoke({"do": "large", "bytes": 6 * MEBIBYTE + 1000})
    assert_failed(invocation, 4004)
    assert function.call({"do": "identify"})["name"] == first["name"]


def test_the_runtime_api_refuses_what_it_does_not_know(project):
    """Results for requests that are not there, unknown paths; the request itself goes on."""
    function = custom(project)
    strangers = [
        f"/response/{UNKNOWN}", f"/error/{UNKNOWN}", "/response/", "/response/no-id", "/request",
        "/nothing",
    ]  # fmt: skip
    assert function.call({"do": "echo", "post to": strangers})["do"] == "echo"
    statuses = function.call({"do": "statuses"})
    assert len(statuses) == len(strangers)
    assert all(400 <= status < 500 for status in statuses), statuses


def test_a_second_result_of_a_request_is_refused_and_changes_nothing(project):
    function = custom(project)
    assert function.call({"do": "echo", "again": 2}) == {"do": "echo", "again": 2}
    statuses = function.call({"do": "statuses"})
    assert len(statuses) == 2 and all(400 <= status < 500 for status in statuses)


# What works


@pytest.mark.parametrize("sample", SAMPLES)
def test_events_and_results_pass_as_they_are(project, sample):
    function = custom(project, sample)
    for number in range(3):
        event = {"do": "echo", "number": number, "text": "Grüße 🌍", "nested": [{"a": None}]}
        result = function.call(event)
        assert result == (
            {"calls": number + 1, "event": event} if sample == "custom_bash" else event
        )


@pytest.mark.parametrize("result", [b"plain text", b"", b"[1, 2", bytes(range(256))], ids=repr)
def test_a_result_need_not_be_json(project, result):
    function = custom(project)
    body = {"do": "raw", "hex": result.hex()}
    answer = function.api.post(f"{function.path}/invocations", json=body)
    assert answer.status_code == 200 and answer.headers["X-Func-Err-Code"] == "0"
    assert answer.content == result


def test_megabytes_pass_both_ways(project):
    event = {"do": "echo", "text": "x" * (2 * MEBIBYTE)}
    for sample in SAMPLES:
        result = custom(project, sample, timeout=60).call(event)
        assert (result["event"] if sample == "custom_bash" else result) == event


def test_an_event_comes_with_headers_that_describe_it(project):
    function = custom(project)
    invocation = function.invoke({"do": "headers"})
    headers = invocation.json()
    assert headers["x-cff-request-id"] == invocation.request_id
    assert headers["x-cff-invoke-type"] == "sync"
    assert "x-cff-access-key" not in headers or headers["x-cff-access-key"] == ""


def test_an_asynchronous_event_says_so(project, gate):
    """The result is in the report that another function passes on."""
    listener = project.create("gate", handler="index.report", user_data=gate.variables())
    target = json.dumps({"func_urn": f"{listener.urn}:latest"})
    destination = {"destination": "FunctionGraph", "param": target}
    function = custom(project)
    function.configure_async(destination_config={"on_success": destination})
    identifier = function.submit({"do": "headers"})
    headers = json.loads(gate.next("report").hello["event"]["response_payload"])
    assert headers["x-cff-invoke-type"] == "async"
    assert headers["x-cff-request-id"] == identifier


def test_an_asynchronous_error_is_a_failure(project):
    function = custom(project)
    item = function.finished(function.submit({"do": "fail"}))
    assert (item["status"], item["error_code"]) == ("FAIL", 4002)


def test_the_environment_describes_the_function(project, api):
    function = custom(project, user_data=user_data(COLOUR="green"), memory_size=256, timeout=20)
    seen = function.call({"do": "environment"})
    environment = seen["environment"]
    host, _, port = environment["RUNTIME_API_ADDR"].rpartition(":")
    assert host and port.isdigit()
    expected = {
        "RUNTIME_PROJECT_ID": api.project_id,
        "RUNTIME_FUNC_NAME": function.name,
        "RUNTIME_FUNC_VERSION": "latest",
        "RUNTIME_PACKAGE": "default",
        "RUNTIME_HANDLER": "bootstrap",
        "RUNTIME_TIMEOUT": "20",
        "RUNTIME_MEMORY": "256",
        "RUNTIME_CODE_ROOT": "/opt/function/code",
        "COLOUR": "green",
    }
    assert {name: environment.get(name) for name in expected} == expected
    assert seen["directory"] == "/opt/function"
    assert seen["user"] == 1003


def test_output_is_logged(project):
    function = custom(project)
    log = function.invoke({"do": "talk", "text": "something to say"}, tail=True).log
    assert log.index("Start invoke request") < log.index("something to say")
    assert "something to say on stderr" in log
    assert "event number 1" in custom(project, "custom_bash").invoke({}, tail=True).log


def test_requests_run_at_the_same_time_in_one_runtime(project, background):
    function = custom(project, user_data=user_data(THREADS="2"))
    function.update_config(strategy_config={"concurrency": 1, "concurrent_num": 2})
    calls = [background(function.invoke, {"do": "meet"}) for _ in range(2)]
    seen = [call.result() for call in calls]
    assert len({item.json()["instance"] for item in seen}) == 1
    assert [item.json()["request_id"] for item in seen] == [item.request_id for item in seen]


def test_a_runtime_gets_one_request_at_a_time_unless_it_may_have_more(project, background):
    """Two requests in the same process would meet there; these wait for each other in vain."""
    function = custom(project, user_data=user_data(THREADS="2"), timeout=3)
    calls = [background(function.invoke, {"do": "meet"}) for _ in range(2)]
    assert [call.result().code for call in calls] == ["4010", "4010"]


def test_functions_get_their_own_events_only(project, background):
    names = ["ann", "bob", "cid"]
    functions = {name: custom(project, user_data=user_data(NAME=name)) for name in names}
    calls = [(name, background(functions[name].call, {"do": "identify"})) for name in names * 10]
    for name, call in calls:
        assert call.result()["name"] == name
