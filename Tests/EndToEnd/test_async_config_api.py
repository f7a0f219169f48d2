"""How asynchronous calls of a function are treated (A-1 to A-4)."""

import json
import re

import pytest

from rest import WITH_OFFSET, answered, assert_error

DAY = 24 * 3600
DEFAULTS = {"max_async_event_age_in_seconds": 3600, "max_async_retry_attempts": 1,
            "enable_async_status_log": False}  # fmt: skip
BUCKET = {"destination": "OBS",
          "param": json.dumps({"bucket": "results", "prefix": "/ok", "expires": 7})}  # fmt: skip
TOPIC = {"destination": "SMN", "param": json.dumps({"topic_urn": "urn:smn:eu-de:0:alarms"})}

either_method = pytest.mark.parametrize("method", ["PUT", "POST"])


def try_to_configure(function, method: str = "PUT", **body):
    return function.api.request(method, f"{function.path}/async-invoke-config", json=body)


def configure(function, method: str = "PUT", **body) -> dict:
    return answered(try_to_configure(function, method, **body))


def config(function) -> dict:
    return answered(function.api.get(f"{function.path}/async-invoke-config"))


def configs(function, **query) -> dict:
    return answered(function.api.get(f"{function.path}/async-invoke-configs", params=query))


def remove(function):
    return function.api.delete(f"{function.path}/async-invoke-config")


def function_destination(function) -> dict:
    return {"destination": "FunctionGraph",
            "param": json.dumps({"func_urn": function.created["func_urn"]})}  # fmt: skip


@pytest.fixture
def function(project):
    return project.create()


# What is refused

BAD = [
    *[{"max_async_event_age_in_seconds": age} for age in [0, -1, DAY + 1, 1.5, "60", True]],
    *[{"max_async_retry_attempts": number} for number in [-1, 4, 1.5, "1", True]],
    {"enable_async_status_log": "yes"},
    *[{"destination_config": wrong} for wrong in ["text", 7, [BUCKET]]],
    *[
        {"destination_config": {"on_failure": wrong}}
        for wrong in [
            {"destination": "DIS", "param": "{}"},
            {"destination": "smn", "param": "{}"},
            {"destination": "SMN", "param": "{}"},
            {"destination": "OBS", "param": "{}"},
            {"destination": "FunctionGraph", "param": "{}"},
            {"destination": "OBS", "param": json.dumps({"bucket": "results", "expires": 366})},
            {"destination": "OBS", "param": json.dumps({"bucket": "results", "expires": -1})},
            {"destination": "OBS", "param": json.dumps({"bucket": "results", "expires": "soon"})},
            {"destination": 7, "param": "{}"},
            {"param": "{}"},
            {"destination": "SMN", "param": "no JSON"},
            {"destination": "SMN", "param": {"topic_urn": "u"}},
            "text",
        ]
    ],
]


@either_method
@pytest.mark.parametrize("body", BAD, ids=str)
def test_a_bad_member_is_refused_and_nothing_is_configured(function, method, body):
    assert_error(try_to_configure(function, method, **body), 400, "FSS.0400")
    assert_error(function.api.get(f"{function.path}/async-invoke-config"), 404, "FSS.0404")


@pytest.mark.parametrize("body", BAD[:3], ids=str)
def test_a_bad_member_changes_nothing(function, body):
    configure(function, max_async_retry_attempts=3)
    before = config(function)
    assert_error(try_to_configure(function, **body), 400, "FSS.0400")
    assert config(function) == before


def test_what_was_never_configured_answers_404(function):
    assert_error(function.api.get(f"{function.path}/async-invoke-config"), 404, "FSS.0404")
    assert_error(remove(function), 404, "FSS.0404")
    assert configs(function)["async_invoke_configs"] == []


# What is accepted


@either_method
def test_a_configuration_has_its_documented_form(function, method):
    destinations = {"on_success": BUCKET, "on_failure": TOPIC}
    answer = configure(
        function,
        method,
        max_async_event_age_in_seconds=1000,
        max_async_retry_attempts=2,
        enable_async_status_log=True,
        destination_config=destinations,
    )
    assert answer["func_urn"] == function.created["func_urn"]
    assert answer["max_async_event_age_in_seconds"] == 1000
    assert answer["max_async_retry_attempts"] == 2
    assert answer["enable_async_status_log"] is True
    assert answer["destination_config"] == destinations
    assert WITH_OFFSET.fullmatch(answer["created_time"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", answer["last_modified"])
    assert config(function) == answer


@either_method
@pytest.mark.parametrize(
    "body", [{}, {name: None for name in [*DEFAULTS, "destination_config"]}], ids=str
)
def test_what_is_not_said_has_its_default(function, method, body):
    assert DEFAULTS.items() <= configure(function, method, **body).items()


@pytest.mark.parametrize(
    "body",
    [{"max_async_event_age_in_seconds": 1}, {"max_async_event_age_in_seconds": DAY},
     {"max_async_retry_attempts": 0}, {"max_async_retry_attempts": 3},
     {"destination_config": {"on_success": TOPIC}}, {"destination_config": {"on_failure": BUCKET}}],
    ids=str,
)  # fmt: skip
def test_a_value_at_the_edge_is_accepted_and_given_back(function, body):
    answer = configure(function, **body)
    for name, value in body.items():
        if isinstance(value, dict):
            assert value.items() <= answer[name].items()
        else:
            assert answer[name] == value


def test_a_function_may_be_the_destination(project, function):
    destination = {"on_success": function_destination(project.create())}
    answer = configure(function, destination_config=destination)
    assert answer["destination_config"]["on_success"] == destination["on_success"]


@either_method
def test_a_second_configuration_replaces_the_first_and_keeps_its_birthday(function, method):
    first = configure(function, max_async_retry_attempts=3, destination_config={"on_success": TOPIC})
    second = configure(function, method, max_async_event_age_in_seconds=60)
    assert second["created_time"] == first["created_time"]
    assert second["max_async_event_age_in_seconds"] == 60
    assert second["max_async_retry_attempts"] == 1
    assert not (second.get("destination_config") or {}).get("on_success")
    assert config(function) == second


def test_a_removed_configuration_is_gone(function):
    configure(function)
    answer = remove(function)
    assert answer.status_code == 204 and answer.content == b""
    assert_error(function.api.get(f"{function.path}/async-invoke-config"), 404, "FSS.0404")
    assert_error(remove(function), 404, "FSS.0404")
    assert configs(function)["count"] == 0


def test_a_function_takes_its_configuration_along(project, function):
    configure(function)
    function.delete()
    again = project.create(func_name=function.name)
    assert_error(again.api.get(f"{again.path}/async-invoke-config"), 404, "FSS.0404")


# Versions


def test_each_version_has_a_configuration_of_its_own(function):
    function.publish("v1")
    configure(function, max_async_retry_attempts=3)
    version = function.at("v1")
    assert_error(function.api.get(f"{version.path}/async-invoke-config"), 404, "FSS.0404")
    answer = configure(version, max_async_retry_attempts=0)
    assert answer["func_urn"] == f"{function.urn}:v1"
    assert config(function)["max_async_retry_attempts"] == 3
    assert config(function.at("latest")) == config(function)
    answered(remove(version), 204)
    assert config(function)["max_async_retry_attempts"] == 3


def test_the_configurations_of_all_versions_are_listed(function):
    function.publish("v1")
    function.publish_changed("v2")
    made = {configure(function.at(name))["func_urn"] for name in ["latest", "v1", "v2"]}
    answer = configs(function)
    assert {row["func_urn"] for row in answer["async_invoke_configs"]} == made
    assert answer["count"] == 3
    assert answer["page_info"]["current_count"] == 3
    for row in answer["async_invoke_configs"]:
        assert config(function.at(row["func_urn"].rpartition(":")[2])) == row
    assert configs(function.at("v1")) == answer


def test_the_list_comes_in_pages_of_ten(function):
    for number in range(1, 13):
        function.publish_changed(f"v{number}")
        configure(function.at(f"v{number}"))
    found, marker = [], 0
    for expected in [10, 2, 0]:
        page = configs(function, marker=marker)
        assert len(page["async_invoke_configs"]) == expected
        assert page["count"] == 12
        assert page["page_info"]["next_marker"] == marker + expected
        found += [row["func_urn"] for row in page["async_invoke_configs"]]
        marker = page["page_info"]["next_marker"]
    assert len(set(found)) == 12
    for limit, expected in [(5, 5), (0, 10), (12, 12), (100, 12), (1000, 12)]:
        assert len(configs(function, limit=limit)["async_invoke_configs"]) == expected


def test_a_version_shows_its_configuration(function):
    function.publish("v1")
    configure(function.at("v1"), max_async_retry_attempts=2)
    versions = answered(function.api.get(f"{function.path}/versions"))["versions"]
    shown = versions[1]["function_async_config"]
    assert shown["max_async_retry_attempts"] == 2
    assert not versions[0].get("function_async_config")
