"""What the platform's documents leave open, as users decide it: --fidelity CHOICE=VALUE."""

import json

import pytest

from control import Control
from gateway import assert_refused, expose
from rest import Project, answered, assert_error, assert_failed

USAGE_ERROR = 64


def listed(control: Control) -> "dict[str, dict]":
    """The choices by their names."""
    return {choice["name"]: choice for choice in answered(control.get("fidelity"))["fidelity"]}


# What is refused


@pytest.mark.parametrize(
    "options, variables, parts",
    [
        (["str_result"], {}, ["str_result", "choice=value"]),
        (["=json"], {}, ["=json", "choice=value"]),
        (["colour=green"], {}, ["colour", "failure_status"]),
        (["str_result=green"], {}, ["str_result", "green", "raw, json"]),
        (["none_result=null", "str_result=green"], {}, ["str_result", "green"]),
        ([], {"FGS_EMULATOR_FIDELITY": "str_result=green"}, ["str_result", "green"]),
        ([], {"FGS_EMULATOR_FIDELITY_STR_RESULT": "green"}, ["str_result", "green"]),
    ],
    ids=str,
)
def test_a_choice_that_there_is_not_is_a_usage_error(fresh_server, options, variables, parts):
    arguments = [argument for choice in options for argument in ["--fidelity", choice]]
    server = fresh_server(options=arguments, environment=variables, ready=False)
    assert server.wait() == USAGE_ERROR
    log = server.log.read_text()
    for part in parts:
        assert part in log


# What each value does


def failures_have_status_500(project: Project) -> None:
    function = project.create("raising")
    plain = function.invoke({})
    assert (plain.status, plain.code, plain.failed) == (500, "4002", True)
    assert plain.json()["errorType"] == "ZeroDivisionError"
    envelope = function.invoke({}, version="v1")
    assert (envelope.status, envelope.json()["status"]) == (200, 500)
    assert project.create("echo").call({"a": 1}) == {"a": 1}


def text_is_json(project: Project) -> None:
    for handler, payload in [
        ("a_str", '"plain text"'),
        ("an_empty_str", '""'),
        ("non_ascii_str", json.dumps("Grüße, 世界 🌍")),
        ("a_json_str", json.dumps('{"statusCode":200,"body":"hi"}')),
        ("an_int", "7"),
        ("none", "null"),
    ]:
        function = project.create("returns", handler=f"index.{handler}")
        assert function.invoke({}).text == payload
        assert function.invoke({}, version="v1").json()["result"] == payload


def nothing_is_empty(project: Project) -> None:
    function = project.create("returns", handler="index.none")
    plain = function.invoke({})
    assert plain.succeeded and plain.text == ""
    assert function.invoke({}, version="v1").json()["result"] == ""
    nested = project.create("returns", handler="index.a_list").call({})
    assert nested == [1, "two", None, {"three": 3.0}]


def bytes_are_sent_as_they_are(project: Project) -> None:
    source = "def handler(event, context): return {}(range(256))\n"
    for kind in ["bytes", "bytearray"]:
        function = project.create_inline(source.format(kind))
        answer = function.api.post(f"{function.path}/invocations", data=b"{}")
        assert answer.headers["X-Func-Err-Code"] == "0"
        assert answer.content == bytes(range(256))
    assert_failed(project.create("returns", handler="index.a_set").invoke({}), 4007)


def coroutines_are_no_results(project: Project) -> None:
    function = project.create_inline("async def handler(event, context): return 1\n")
    assert_failed(function.invoke({}), 4007)
    # Only what a handler returns is a result.
    source = "async def initializer(context): pass\ndef handler(event, context): return 1\n"
    initialized = project.create_inline(source, initializer_handler="index.initializer", initializer_timeout=5)
    assert initialized.call({}) == 1


def running_time_is_in_seconds(project: Project) -> None:
    result = project.create("context", timeout=20).call({})
    assert result["methods"]["getRunningTimeInSeconds"] == 20
    assert result["attributes"]["timeout"] == 20_000


def disabled_functions_are_forbidden(project: Project) -> None:
    function = project.create("globals")
    function.set_max_instances(0)
    for version in ["v0", "v1"]:
        answer = function.invoke({}, version=version).response
        assert_error(answer, 403, "FSS.0403", message="Function Disabled")
    assert_error(function.try_to_submit({}), 403, "FSS.0403", message="Function Disabled")
    assert_refused(expose(function).get(), 403, "FSS.0403")
    function.set_max_instances(1)
    assert function.call({})["calls"] == 1


VALUES = {
    ("failure_status", "500"): failures_have_status_500,
    ("str_result", "json"): text_is_json,
    ("none_result", "empty"): nothing_is_empty,
    ("bytes_result", "raw"): bytes_are_sent_as_they_are,
    ("async_handler", "error"): coroutines_are_no_results,
    ("running_time", "seconds"): running_time_is_in_seconds,
    ("disabled_status", "403"): disabled_functions_are_forbidden,
}
"""The values that are not the default of their choice. What the defaults do is tested where it belongs."""


def test_every_value_that_can_be_chosen_is_tested_here(control):
    values = {
        (name, value)
        for name, choice in listed(control).items()
        for value in choice["values"]
        if value != choice["default"]
    }
    assert values == VALUES.keys()


@pytest.mark.parametrize("name, value", VALUES)
def test_a_value_does_what_it_says(fresh_server, project_of, name, value):
    server = fresh_server(options=["--fidelity", f"{name}={value}"])
    VALUES[name, value](project_of(server))


# How it is chosen


def test_nothing_is_chosen_unless_somebody_says_so(control):
    for choice in listed(control).values():
        assert choice["value"] == choice["default"] == choice["values"][0]


def test_every_choice_can_be_made_at_once(fresh_server):
    options = [argument for name, value in VALUES for argument in ["--fidelity", f"{name}={value}"]]
    made = listed(Control(fresh_server(options=options).url))
    assert {(name, choice["value"]) for name, choice in made.items()} == VALUES.keys()


def test_variables_choose_and_the_command_line_wins(fresh_server, control):
    variables = {listed(control)[name]["variable"]: value for name, value in VALUES}
    server = fresh_server(options=["--fidelity", "none_result=null"], environment=variables)
    made = {name: choice["value"] for name, choice in listed(Control(server.url)).items()}
    assert made == {**dict(VALUES.keys()), "none_result": "null"}


def test_one_variable_may_make_several_choices(fresh_server):
    variables = {"FGS_EMULATOR_FIDELITY": "str_result=json,running_time=seconds"}
    made = listed(Control(fresh_server(environment=variables).url))
    assert made["str_result"]["value"] == "json" and made["running_time"]["value"] == "seconds"
    assert made["none_result"]["value"] == "null"
