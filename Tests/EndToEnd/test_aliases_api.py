"""Creating, listing, reading, changing and deleting aliases (V-3 to V-7), and calling through them."""

import pytest

from rest import WITH_OFFSET, answered, assert_error
from triggers import timer


def try_to_create(function, **body):
    return function.api.post(f"{function.path}/aliases", json=body)


def try_to_update(function, name: str, **body):
    return function.api.put(f"{function.path}/aliases/{name}", json=body)


def get(function, name: str) -> dict:
    return answered(function.api.get(f"{function.path}/aliases/{name}"))


def listed(function) -> "list[dict]":
    return answered(function.api.get(f"{function.path}/aliases"))


def rule(**changes) -> dict:
    """A rule about a header; a member that is None is left out."""
    members = {"rule_type": "Header", "param": "X-Version", "op": "=", "value": "new", **changes}
    return {name: value for name, value in members.items() if value is not None}


def strategy(*rules: dict, combine_type="and") -> dict:
    return {"combine_type": combine_type, "rules": list(rules or [rule()])}


@pytest.fixture
def versioned(project):
    """A function whose versions v1 and v2, and latest, answer with their names."""
    source = "def handler(event, context):\n    return context.getVersion()\n"
    function = project.create_inline(source)
    function.publish("v1")
    function.publish_changed("v2")
    return function


# Creating: what is refused


BAD_NAMES = ["", "1a", "-a", "a-", "a_", "a b", "a:b", "!a", "a/b", "ü", "a" * 65, 7, None]

# Each row: the members, the status and the codes.
REFUSED = [
    *[({"name": name, "version": "v1"}, 400, "FSS.1014", "FSS.0400") for name in BAD_NAMES],
    ({"version": "v1"}, 400, "FSS.1014", "FSS.0400"),
    ({"name": "prod"}, 400, "FSS.1015", "FSS.0400"),
    ({"name": "prod", "version": ""}, 400, "FSS.1015", "FSS.0400"),
    ({"name": "prod", "version": 7}, 400, "FSS.1015", "FSS.0400"),
    ({"name": "prod", "version": "v9"}, 404, "FSS.1052"),
    ({"name": "prod", "version": "v1", "description": "d" * 513}, 400, "FSS.1019"),
]
REFUSED_ADDITIONS = [
    # the version
    *[
        ({"additional_version_weights": weights}, 400, "FSS.1091")
        for weights in [{"v9": 20}, {"latest": 20}, {"!prod": 20}, {"v2": 20, "latest": 20}]
    ],
    ({"additional_version_weights": {"v1": 20}}, 400, "FSS.1093"),
    # the weight
    *[
        ({"additional_version_weights": {"v2": weight}}, 400, "FSS.1092", "FSS.0400")
        for weight in [-1, 101, 1.5, "20", None, True, [20]]
    ],
    ({"additional_version_weights": [{"v2": 20}]}, 400, "FSS.1091", "FSS.1092", "FSS.0400"),
    # the strategy
    *[
        ({"additional_version_strategy": {version: strategy()}}, 400, "FSS.1091")
        for version in ["v9", "latest"]
    ],
    ({"additional_version_strategy": {"v1": strategy()}}, 400, "FSS.1093"),
    *[
        ({"additional_version_strategy": {"v2": wrong}}, 400, "FSS.0400")
        for wrong in [
            strategy(combine_type="xor"),
            strategy(rule(rule_type="Cookie")),
            strategy(rule(op="~")),
            strategy(rule(op=None)),
            strategy(rule(param="a b")),
            strategy(rule(param="")),
            strategy(rule(param=None)),
            strategy(rule(value=None)),
            strategy(rule(value=7)),
            {"combine_type": "and", "rules": "none"},
            7,
        ]
    ],
]


def rows(table):
    return [
        pytest.param(fields, status, codes, id=f"{str(fields)[:70]}-{codes[0]}")
        for fields, status, *codes in table
    ]


@pytest.mark.parametrize("fields, status, codes", rows(REFUSED))
def test_create_refuses_a_bad_member_and_creates_nothing(versioned, fields, status, codes):
    assert_error(try_to_create(versioned, **fields), status, *codes)
    assert listed(versioned) == []


@pytest.mark.parametrize("fields, status, codes", rows(REFUSED_ADDITIONS))
def test_create_refuses_a_bad_additional_version(versioned, fields, status, codes):
    answer = try_to_create(versioned, name="prod", version="v1", **fields)
    assert_error(answer, status, *codes)
    assert listed(versioned) == []


@pytest.mark.parametrize("fields, status, codes", rows(REFUSED_ADDITIONS))
def test_update_refuses_a_bad_additional_version_and_changes_nothing(
    versioned, fields, status, codes
):
    versioned.create_alias("prod", "v1", description="kept")
    before = get(versioned, "prod")
    assert_error(try_to_update(versioned, "prod", version="v1", **fields), status, *codes)
    assert get(versioned, "prod") == before


def test_a_second_alias_of_the_same_name_answers_409(versioned):
    versioned.create_alias("prod", "v1")
    assert_error(try_to_create(versioned, name="prod", version="v2"), 409, "FSS.1063")
    assert get(versioned, "prod")["version"] == "v1"


@pytest.mark.parametrize("version", ["v1", "latest"])
def test_a_version_has_one_alias_at_most(versioned, version):
    versioned.create_alias("prod", version)
    assert_error(try_to_create(versioned, name="again", version=version), 409, "FSS.1066")
    assert [alias["name"] for alias in listed(versioned)] == ["prod"]


def test_the_11th_alias_is_refused(project):
    function = project.create()
    function.create_alias("latest", "latest")
    for number in range(1, 10):
        function.publish_changed(f"v{number}")
        function.create_alias(f"alias{number}", f"v{number}")
    function.publish_changed("v10")
    answer = try_to_create(function, name="alias10", version="v10")
    assert_error(answer, 403, "FSS.1043")
    assert len(listed(function)) == 10


# Creating: what is accepted


@pytest.mark.parametrize("name", ["a", "A1", "a-b_c9", "a" * 64])
def test_a_name_at_the_edge_is_accepted(versioned, name):
    assert versioned.create_alias(name, "v1")["name"] == name
    assert get(versioned, name)["version"] == "v1"


def test_the_answer_has_the_documented_members(versioned):
    alias = versioned.create_alias("prod", "v1", description="what customers get")
    assert WITH_OFFSET.fullmatch(alias.pop("last_modified"))
    assert alias.pop("additional_version_weights", None) in (None, {})
    assert alias == {
        "name": "prod",
        "version": "v1",
        "description": "what customers get",
        "alias_urn": f"{versioned.urn}:!prod",
    }


def test_a_description_is_empty_unless_given(versioned):
    assert versioned.create_alias("prod", "v1")["description"] == ""
    assert versioned.create_alias("test", "v2", description=None)["description"] == ""


def test_a_strategy_is_named_only_where_there_is_one(versioned):
    """The Go SDK cannot decode an answer that carries one."""
    created = versioned.create_alias("prod", "v1", additional_version_weights={"v2": 20})
    for answer in [created, get(versioned, "prod"), *listed(versioned)]:
        assert "additional_version_strategy" not in answer


@pytest.mark.parametrize("weight", [0, 1, 50, 100])
def test_a_weight_is_kept(versioned, weight):
    weights = {"v2": weight}
    alias = versioned.create_alias("prod", "v1", additional_version_weights=weights)
    assert alias["additional_version_weights"] == weights
    assert get(versioned, "prod")["additional_version_weights"] == weights


@pytest.mark.parametrize(
    "given",
    [
        strategy(),
        strategy(combine_type="or"),
        strategy(rule(op="in", value="a,b,c"), rule(param="user_id-2", value="7")),
    ],
)
def test_a_strategy_is_kept(versioned, given):
    fields = {"additional_version_strategy": {"v2": given}}
    alias = versioned.create_alias("prod", "v1", **fields)
    assert alias["additional_version_strategy"] == {"v2": given}
    assert get(versioned, "prod")["additional_version_strategy"] == {"v2": given}


def test_empty_additions_are_none(versioned):
    """What clients send that fill in every member of their model."""
    nothing = {"additional_version_weights": {}, "additional_version_strategy": {}}
    versioned.create_alias("prod", "v1", **nothing)
    nulls = {"additional_version_weights": None, "additional_version_strategy": None}
    versioned.create_alias("test", "v2", **nulls)
    for alias in listed(versioned):
        assert alias.get("additional_version_weights") in (None, {})
        assert alias.get("additional_version_strategy") in (None, {})


def test_an_alias_of_latest_may_share_with_a_version(versioned):
    alias = versioned.create_alias("tip", "latest", additional_version_weights={"v1": 30})
    assert alias["version"] == "latest"


# Listing and reading


def test_a_list_is_an_array_in_the_order_of_creation(versioned):
    assert listed(versioned) == []
    made = [versioned.create_alias(*pair) for pair in [("z", "v1"), ("a", "v2"), ("m", "latest")]]
    assert listed(versioned) == made
    assert [get(versioned, alias["name"]) for alias in made] == made


@pytest.mark.parametrize("qualifier", ["latest", "v1", "v2", "!prod"])
def test_any_version_part_of_the_urn_is_ignored(versioned, qualifier):
    """The Python SDK adds `latest` when it reads an alias, the Go SDK the version always."""
    versioned.create_alias("prod", "v1")
    address = versioned.at(qualifier)
    assert listed(address) == listed(versioned)
    assert get(address, "prod") == get(versioned, "prod")
    assert address.create_alias("test", "v2")["alias_urn"] == f"{versioned.urn}:!test"
    assert answered(try_to_update(address, "test", version="v2", description="x"))
    answered(address.api.delete(f"{address.path}/aliases/test"), 204)
    assert [alias["name"] for alias in listed(versioned)] == ["prod"]


def test_an_unknown_alias_answers_404(versioned):
    for method in ["GET", "DELETE"]:
        answer = versioned.api.request(method, f"{versioned.path}/aliases/nobody")
        assert_error(answer, 404, "FSS.1053")
    assert_error(try_to_update(versioned, "nobody", version="v1"), 404, "FSS.1053")


def test_the_metadata_behind_an_alias_is_that_of_its_version(versioned):
    versioned.create_alias("prod", "v1")
    for path in ["config", "code"]:
        behind = answered(versioned.api.get(f"{versioned.path}:!prod/{path}"))
        assert behind == answered(versioned.api.get(f"{versioned.path}:v1/{path}"))
    assert versioned.at("!prod").config()["func_urn"] == f"{versioned.urn}:v1"


# Changing


@pytest.mark.parametrize(
    "fields, status, codes",
    rows(
        [
            ({}, 400, "FSS.1015", "FSS.0400"),
            ({"version": ""}, 400, "FSS.1015", "FSS.0400"),
            ({"version": "v9"}, 404, "FSS.1052"),
            ({"version": "v1", "description": "d" * 513}, 400, "FSS.1019"),
        ]
    ),
)
def test_update_refuses_a_bad_member_and_changes_nothing(versioned, fields, status, codes):
    versioned.create_alias("prod", "v1", description="kept")
    before = get(versioned, "prod")
    assert_error(try_to_update(versioned, "prod", **fields), status, *codes)
    assert get(versioned, "prod") == before


def test_an_alias_moves_to_another_version(versioned):
    versioned.create_alias("prod", "v1", description="kept")
    updated = answered(try_to_update(versioned, "prod", version="v2"))
    assert updated["version"] == "v2"
    assert updated["description"] == "kept"
    assert updated["alias_urn"] == f"{versioned.urn}:!prod"
    assert get(versioned, "prod") == updated
    versioned.create_alias("free", "v1")


def test_an_alias_cannot_move_to_a_version_that_has_one(versioned):
    versioned.create_alias("prod", "v1")
    versioned.create_alias("test", "v2")
    assert_error(try_to_update(versioned, "prod", version="v2"), 409, "FSS.1066")
    assert answered(try_to_update(versioned, "prod", version="v1"))["version"] == "v1"


def test_a_description_is_changed_and_cleared(versioned):
    versioned.create_alias("prod", "v1", description="old")
    for description in ["new", ""]:
        answered(try_to_update(versioned, "prod", version="v1", description=description))
        assert get(versioned, "prod")["description"] == description


@pytest.mark.parametrize(
    "addition",
    [
        {"additional_version_weights": {"v2": 20}},
        {"additional_version_strategy": {"v2": strategy()}},
    ],
)
def test_an_additional_version_that_an_update_does_not_name_is_gone(versioned, addition):
    versioned.create_alias("prod", "v1", **addition)
    (name,) = addition
    assert answered(try_to_update(versioned, "prod", version="v1", **addition))[name]
    updated = answered(try_to_update(versioned, "prod", version="v1"))
    assert updated.get(name) in (None, {})
    assert get(versioned, "prod").get(name) in (None, {})


# Deleting


def test_a_deleted_alias_is_gone_and_its_version_stays(versioned):
    versioned.create_alias("prod", "v1")
    answer = versioned.api.delete(f"{versioned.path}/aliases/prod")
    assert answer.status_code == 204 and answer.content == b""
    assert listed(versioned) == []
    assert_error(versioned.at("!prod").invoke({}).response, 404, "FSS.1053")
    assert versioned.at("v1").invoke({}).text == "v1"
    versioned.create_alias("prod", "v2")


def test_an_alias_with_triggers_cannot_be_deleted(versioned):
    versioned.create_alias("prod", "v1")
    address = versioned.at("!prod")
    address.create_trigger("TIMER", timer())
    assert_error(versioned.api.delete(f"{versioned.path}/aliases/prod"), 403, "FSS.1154")
    assert [alias["name"] for alias in listed(versioned)] == ["prod"]
    answered(versioned.api.delete(address.triggers), 204)
    answered(versioned.api.delete(f"{versioned.path}/aliases/prod"), 204)


def test_a_function_takes_its_aliases_along(project, versioned):
    versioned.create_alias("prod", "v1")
    versioned.delete()
    assert_error(versioned.api.get(f"{versioned.path}/aliases/prod"), 404, "FSS.1051")
    assert listed(project.create(func_name=versioned.name)) == []


# Calling


def results(function, calls: int = 40) -> "set[str]":
    """What so many calls through the alias answer."""
    return {function.at("!prod").invoke({}).text for _ in range(calls)}


def test_an_alias_calls_its_version(versioned):
    versioned.create_alias("prod", "v1")
    assert results(versioned, 3) == {"v1"}


def test_an_alias_that_moved_calls_its_new_version_at_once(versioned):
    versioned.create_alias("prod", "v1")
    for version in ["v2", "latest", "v1"]:
        answered(try_to_update(versioned, "prod", version=version))
        assert results(versioned, 3) == {version}


@pytest.mark.parametrize("weight, expected", [(0, {"v1"}), (100, {"v2"}), (50, {"v1", "v2"})])
def test_calls_are_divided_by_weight(versioned, weight, expected):
    versioned.create_alias("prod", "v1", additional_version_weights={"v2": weight})
    assert results(versioned) == expected


def test_new_weights_count_from_the_next_call_on(versioned):
    versioned.create_alias("prod", "v1", additional_version_weights={"v2": 100})
    assert results(versioned, 3) == {"v2"}
    answered(
        try_to_update(versioned, "prod", version="v1", additional_version_weights={"v2": 0})
    )
    assert results(versioned, 10) == {"v1"}


def test_a_call_knows_the_alias_it_came_through(project):
    source = (
        "def handler(event, context):\n    return [context.getAlias(), context.getVersion()]\n"
    )
    function = project.create_inline(source)
    function.publish("v1")
    function.create_alias("prod", "v1")
    assert function.at("!prod").call({}) == ["prod", "v1"]
    assert function.at("v1").call({}) == ["", "v1"]


@pytest.mark.parametrize("spelling", ["!prod", "%21prod"])
def test_an_alias_is_found_in_its_short_forms(versioned, spelling):
    versioned.create_alias("prod", "v1")
    api = versioned.api
    urn = f"{api.project_id}:default:{versioned.name}:{spelling}"
    assert api.post(f"/fgs/functions/{urn}/invocations", data=b"{}").text == "v1"


def test_an_alias_without_its_mark_is_found_where_no_version_has_the_name(versioned):
    versioned.create_alias("prod", "v1")
    assert versioned.at("prod").invoke({}).text == "v1"
    versioned.publish_changed("prod")
    assert versioned.at("prod").invoke({}).text == "prod"
    assert versioned.at("!prod").invoke({}).text == "v1"
