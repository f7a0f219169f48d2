"""Which version runs when a function is called by a version or an alias, and what it is told about that."""

import math
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from rest import answered
from wire import Wire, request

WHO = """
import os
def handler(event, context):
    return {
        "version": context.getVersion(),
        "alias": context.getAlias(),
        "attributes": [context.function_version, context.alias],
        "environment": os.environ["RUNTIME_FUNC_VERSION"],
        "colour": context.getUserData("COLOUR"),
    }
"""


@pytest.fixture
def versioned(project):
    """A function with the versions v1 and v2 besides latest."""
    function = project.create_inline(WHO, user_data='{"COLOUR": "red"}')
    function.publish("v1")
    function.publish_changed("v2", user_data='{"COLOUR": "green"}')
    function.update_config(user_data='{"COLOUR": "blue"}')
    return function


def rule(param: str, op: str, value: str) -> dict:
    return {"rule_type": "Header", "param": param, "op": op, "value": value}


def strategy(*rules: dict, combine_type: str = "and") -> dict:
    return {"v2": {"combine_type": combine_type, "rules": list(rules)}}


# Versions and aliases


@pytest.mark.parametrize(
    "qualifier, version, alias, colour",
    [
        (None, "latest", "", "blue"),
        ("latest", "latest", "", "blue"),
        ("v1", "v1", "", "red"),
        ("v2", "v2", "", "green"),
        ("!one", "v1", "one", "red"),
        ("!two", "v2", "two", "green"),
        ("!newest", "latest", "newest", "blue"),
    ],
)
def test_a_call_runs_its_version_and_tells_it_so(versioned, qualifier, version, alias, colour):
    versioned.create_alias("one", "v1")
    versioned.create_alias("two", "v2")
    versioned.create_alias("newest", "latest")
    function = versioned.at(qualifier) if qualifier else versioned
    invocation = function.invoke({}, tail=True)
    assert invocation.json() == {
        "version": version,
        "alias": alias,
        "attributes": [version, alias],
        "environment": version,
        "colour": colour,
    }
    assert f"Start invoke request '{invocation.request_id}', version: {version}" in invocation.log


def test_the_alias_is_that_of_each_call_in_the_same_instance(versioned):
    versioned.create_alias("one", "v1")
    for _ in range(3):
        assert versioned.at("!one").call({})["alias"] == "one"
        assert versioned.at("v1").call({})["alias"] == ""


# Weights


def bounds(calls: int, share: float) -> "tuple[float, float]":
    """Within these is the number of hits in 99.9 % of all cases."""
    deviation = 3.29 * math.sqrt(calls * share * (1 - share)) + 0.5
    return calls * share - deviation, calls * share + deviation


@pytest.mark.timeout(180)
def test_a_weight_of_10_gets_a_tenth_of_10_000_calls(server, versioned):
    versioned.create_alias("prod", "v1", additional_version_weights={"v2": 10})
    target = f"/v2/{versioned.api.project_id}{versioned.path}:!prod/invocations"
    call = request("POST", target, body=b"{}", X_Auth_Token=versioned.api.token)

    def run(number: int) -> Counter:
        seen = Counter()
        with Wire(server.port, timeout=60) as wire:
            for _ in range(number):
                wire.send(call)
                answer = wire.receive()
                assert answer.status == 200, answer
                seen[answer.json()["version"]] += 1
        return seen

    with ThreadPoolExecutor(max_workers=4) as pool:
        total = sum(pool.map(run, [2500] * 4), Counter())
    lowest, highest = bounds(10_000, 0.1)
    assert total.keys() == {"v1", "v2"} and total.total() == 10_000
    assert lowest <= total["v2"] <= highest


def test_both_versions_of_an_alias_know_its_name(versioned):
    versioned.create_alias("prod", "v1", additional_version_weights={"v2": 50})
    results = [versioned.at("!prod").call({}) for _ in range(40)]
    assert {result["version"] for result in results} == {"v1", "v2"}
    assert {result["alias"] for result in results} == {"prod"}


def test_a_weight_counts_for_asynchronous_calls_too(project, gate):
    function = project.create("gate")
    function.publish("v1")
    function.publish_changed("v2")
    function.create_alias("prod", "v1", additional_version_weights={"v2": 100})
    function.at("!prod").submit(gate.event(wait=False))
    assert gate.next().hello["version"] == "v2"


# Rules about headers

IS_NEW = rule("X-Version", "=", "new")
FROM_TEST = rule("tenant", "in", "test,stage")

# Each row: the rules, how they are combined, headers of the call, whether it goes to v2.
RULED = [
    ([IS_NEW], "and", {}, False),
    ([IS_NEW], "and", {"X-Version": "new"}, True),
    ([IS_NEW], "and", {"x-version": "new"}, True),
    ([IS_NEW], "and", {"X-VERSION": "new"}, True),
    ([IS_NEW], "and", {"X-Version": "New"}, False),
    ([IS_NEW], "and", {"X-Version": "newer"}, False),
    ([IS_NEW], "and", {"X-Version": "old,new"}, False),
    ([IS_NEW], "and", {"X-Other": "new"}, False),
    ([FROM_TEST], "and", {"tenant": "test"}, True),
    ([FROM_TEST], "and", {"Tenant": "stage"}, True),
    ([FROM_TEST], "and", {"tenant": "prod"}, False),
    ([FROM_TEST], "and", {"tenant": "test,stage"}, False),
    ([FROM_TEST], "and", {"tenant": "tes"}, False),
    ([FROM_TEST], "and", {}, False),
    ([IS_NEW, FROM_TEST], "and", {"X-Version": "new"}, False),
    ([IS_NEW, FROM_TEST], "and", {"tenant": "test"}, False),
    ([IS_NEW, FROM_TEST], "and", {"X-Version": "new", "tenant": "stage"}, True),
    ([IS_NEW, FROM_TEST], "or", {"X-Version": "new"}, True),
    ([IS_NEW, FROM_TEST], "or", {"X-Version": "old", "tenant": "test"}, True),
    ([IS_NEW, FROM_TEST], "or", {"X-Version": "old", "tenant": "prod"}, False),
    ([IS_NEW, FROM_TEST], "or", {}, False),
]


@pytest.mark.parametrize("rules, combine_type, headers, matches", RULED)
def test_a_rule_sends_calls_with_its_header_to_the_other_version(
    versioned, rules, combine_type, headers, matches
):
    versioned.create_alias(
        "prod", "v1", additional_version_strategy=strategy(*rules, combine_type=combine_type)
    )
    for _ in range(3):
        result = versioned.at("!prod").call({}, headers=headers)
        assert result["version"] == ("v2" if matches else "v1")
        assert result["alias"] == "prod"


def test_new_rules_count_from_the_next_call_on(versioned):
    versioned.create_alias("prod", "v1", additional_version_strategy=strategy(IS_NEW))
    headers = {"X-Version": "new", "tenant": "prod"}
    assert versioned.at("!prod").call({}, headers=headers)["version"] == "v2"
    body = {"version": "v1", "additional_version_strategy": strategy(FROM_TEST)}
    answered(versioned.api.put(f"{versioned.path}/aliases/prod", json=body))
    assert versioned.at("!prod").call({}, headers=headers)["version"] == "v1"
    headers["tenant"] = "test"
    assert versioned.at("!prod").call({}, headers=headers)["version"] == "v2"


def test_rules_do_not_count_for_calls_of_a_version(versioned):
    versioned.create_alias("prod", "v1", additional_version_strategy=strategy(IS_NEW))
    assert versioned.at("v1").call({}, headers={"X-Version": "new"})["version"] == "v1"
    assert versioned.call({}, headers={"X-Version": "new"})["version"] == "latest"
