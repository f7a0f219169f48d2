"""Reserved instances: how many, for what, and when (R-1 to R-3)."""

import time

import pytest

from rest import answered, assert_error

DAY = 24 * 3600


def try_to_reserve(function, **body):
    return function.api.put(f"{function.path}/reservedinstances", json=body)


def reserve(function, count: int, **members) -> dict:
    return answered(try_to_reserve(function, count=count, **members))


def policies(project, **query) -> dict:
    return answered(project.api.get("/fgs/functions/reservedinstanceconfigs", params=query))


def counts(project, **query) -> dict:
    return answered(project.api.get("/fgs/functions/reservedinstances", params=query))


def schedule(**changes) -> dict:
    """A number of instances at certain times."""
    begin = int(time.time()) + DAY
    members = {"name": "mornings", "cron": "0 0 8 * * ?", "count": 3, "start_time": begin,
               "expired_time": begin + DAY, **changes}  # fmt: skip
    return {name: value for name, value in members.items() if value is not None}


# What is refused


@pytest.mark.parametrize(
    "body",
    [{}, {"count": None}, {"count": -1}, {"count": 1001}, {"count": 1.5}, {"count": "2"},
     {"count": True}, {"count": 1, "idle_mode": "yes"}, {"count": 1, "tactics_config": "none"},
     {"count": 1, "tactics_config": {"cron_configs": "none"}}],
    ids=str,
)  # fmt: skip
def test_a_bad_number_is_refused_and_nothing_is_reserved(own_project, body):
    function = own_project.create()
    assert_error(try_to_reserve(function, **body), 400, "FSS.0400")
    assert policies(own_project)["reserved_instances"] == []


@pytest.mark.parametrize(
    "changes",
    [{"count": 1}, {"count": -1}, {"count": "3"}, {"count": None}, {"name": None}, {"cron": None},
     {"cron": ""}, {"cron": "nonsense"}, {"cron": "61 * * * * ?"}, {"start_time": None},
     {"expired_time": None}, {"start_time": "tomorrow"}, {"expired_time": 1}],
    ids=str,
)  # fmt: skip
def test_a_bad_schedule_is_refused(own_project, changes):
    """Among others one for fewer instances than are there anyway."""
    function = own_project.create()
    tactics = {"cron_configs": [schedule(**changes)]}
    answer = try_to_reserve(function, count=2, tactics_config=tactics)
    assert_error(answer, 400, "FSS.0400")
    assert policies(own_project)["reserved_instances"] == []


def test_more_than_the_account_s_quota_is_refused(own_project):
    function = own_project.create()
    assert_error(try_to_reserve(function, count=1000), 400, "FSS.0400")


@pytest.mark.parametrize("first, second", [("v1", "!prod"), ("!prod", "v1")])
def test_an_alias_and_its_version_cannot_both_reserve(own_project, first, second):
    function = own_project.create()
    function.publish("v1")
    function.create_alias("prod", "v1")
    reserve(function.at(first), 1)
    answer = try_to_reserve(function.at(second), count=1)
    assert answer.status_code in (400, 403, 409, 412), answer.text
    assert len(policies(own_project)["reserved_instances"]) == 1


# What is accepted


@pytest.mark.parametrize(
    "members",
    [{}, {"idle_mode": False}, {"idle_mode": True}, {"idle_mode": None, "tactics_config": None},
     {"tactics_config": {}}, {"tactics_config": {"cron_configs": []}}],
    ids=str,
)  # fmt: skip
def test_instances_are_reserved(own_project, members):
    function = own_project.create()
    answer = reserve(function, 2, **members)
    assert answer["count"] == 2
    assert answer["idle_mode"] is bool(members.get("idle_mode"))
    (policy,) = policies(own_project)["reserved_instances"]
    assert policy["min_count"] == 2
    assert policy["idle_mode"] is bool(members.get("idle_mode"))


def test_a_schedule_is_kept(own_project):
    function = own_project.create()
    tactics = {"cron_configs": [schedule(), schedule(name="evenings", cron="0 0 20 * * *")]}
    answer = reserve(function, 1, tactics_config=tactics)
    assert answer["tactics_config"] == tactics
    (policy,) = policies(own_project)["reserved_instances"]
    assert policy["tactics_config"] == tactics


def test_a_policy_has_the_members_of_every_client(own_project):
    function = own_project.create()
    reserve(function, 2)
    answer = policies(own_project)
    (policy,) = answer["reserved_instances"]
    assert policy.pop("tactics_config") in ({"cron_configs": []}, {})
    assert policy == {
        "function_urn": function.created["func_urn"],
        "func_urn": function.created["func_urn"],
        "qualifier_type": "version",
        "qualifier_name": "latest",
        "min_count": 2,
        "count": 2,
        "idle_mode": False,
    }
    assert answer["count"] == 1
    assert answer["page_info"]["current_count"] == 1


def test_a_count_has_the_members_of_every_client(own_project):
    function = own_project.create()
    reserve(function, 2)
    answer = counts(own_project)
    assert answer["reservedinstances"] == [{"func_urn": function.created["func_urn"], "count": 2}]
    assert answer["reserved_instances"] == answer["reservedinstances"]
    assert answer["count"] == 1
    assert answer["page_info"]["current_count"] == 1


@pytest.mark.parametrize(
    "qualifier, kind, name",
    [("latest", "version", "latest"), ("v1", "version", "v1"), ("!prod", "alias", "prod")],
)
def test_instances_are_reserved_for_what_the_urn_names(own_project, qualifier, kind, name):
    function = own_project.create()
    function.publish("v1")
    function.publish_changed("v2")
    function.create_alias("prod", "v2")
    reserve(function.at(qualifier), 1)
    (policy,) = policies(own_project)["reserved_instances"]
    assert policy["qualifier_type"] == kind
    assert policy["qualifier_name"] == name
    assert policy["function_urn"] == f"{function.urn}:{qualifier}"


def test_another_number_replaces_the_first(own_project):
    function = own_project.create()
    reserve(function, 2, idle_mode=True, tactics_config={"cron_configs": [schedule()]})
    reserve(function, 1)
    (policy,) = policies(own_project)["reserved_instances"]
    assert policy["min_count"] == 1


def test_the_number_zero_ends_the_reservation(own_project):
    function = own_project.create()
    reserve(function, 2)
    assert reserve(function, 0)["count"] == 0
    assert policies(own_project)["reserved_instances"] == []
    assert counts(own_project)["reservedinstances"] == []
    assert reserve(function, 0)["count"] == 0


def test_reserved_instances_do_not_keep_a_function_from_being_deleted(own_project):
    function = own_project.create()
    reserve(function, 2)
    assert function.delete().status_code == 204
    assert policies(own_project)["count"] == counts(own_project)["count"] == 0


def test_a_deleted_alias_takes_its_reservation_along(own_project):
    function = own_project.create()
    function.publish("v1")
    function.create_alias("prod", "v1")
    reserve(function.at("!prod"), 1)
    answered(function.api.delete(f"{function.path}/aliases/prod"), 204)
    assert policies(own_project)["count"] == 0


# Lists


def reserved(project, number: int) -> list:
    """So many functions with one reserved instance each."""
    made = [project.create() for _ in range(number)]
    for function in made:
        reserve(function, 1)
    return made


def test_the_newest_reservation_is_the_first(own_project):
    expected = [function.created["func_urn"] for function in reserved(own_project, 3)][::-1]
    rows = policies(own_project)["reserved_instances"]
    assert [row["function_urn"] for row in rows] == expected
    rows = counts(own_project)["reservedinstances"]
    assert [row["func_urn"] for row in rows] == expected


@pytest.mark.parametrize(
    "listed, key", [(policies, "reserved_instances"), (counts, "reservedinstances")]
)
def test_reservations_come_in_pages(own_project, listed, key):
    made = {function.created["func_urn"] for function in reserved(own_project, 5)}
    found, marker = [], 0
    for expected in [2, 2, 1, 0]:
        page = listed(own_project, marker=marker, limit=2)
        assert len(page[key]) == page["page_info"]["current_count"] == expected
        assert page["count"] == 5
        assert page["page_info"]["next_marker"] == marker + expected
        found += [row["func_urn"] for row in page[key]]
        marker = page["page_info"]["next_marker"]
    assert len(found) == 5 and set(found) == made
    assert len(listed(own_project, limit=0)[key]) == 5
    assert len(listed(own_project, limit=1000)[key]) == 5


@pytest.mark.parametrize(
    "listed, key, parameter",
    [(policies, "reserved_instances", "function_urn"), (policies, "reserved_instances", "urn"),
     (counts, "reservedinstances", "urn")],
)  # fmt: skip
def test_reservations_are_found_by_urn(own_project, listed, key, parameter):
    wanted, _ = reserved(own_project, 2)
    for urn in [wanted.urn, wanted.created["func_urn"]]:
        answer = listed(own_project, **{parameter: urn})
        assert [row["func_urn"] for row in answer[key]] == [wanted.created["func_urn"]]
        assert answer["count"] == 1
    assert listed(own_project, **{parameter: f"{wanted.urn}-not"})[key] == []


# What they are for


def test_reserved_instances_run_the_function(own_project):
    source = "import os\ndef handler(event, context):\n    return os.getpid()\n"
    function = own_project.create_inline(source)
    reserve(function, 1)
    assert function.call({}) == function.call({})
    reserve(function, 0)
    assert function.call({})
