"""Quotas, and how much of them is used (Q-1); the pin of a function (F-14)."""

import random

import pytest

from rest import answered, assert_error

MEBIBYTE = 1 << 20
QUOTAS = {
    "fgs_func_scale_down_timeout": 60,
    "fgs_func_occurs": 100,
    "fgs_func_pat_idle_time": 100,
    "fgs_func_num": 400,
    "fgs_func_code_size": 10_240,
    "fgs_workflow_num": 512,
    "fgs_on_demand_instance_limit": 1000,
    "fgs_func_qos_limit": 1000,
}


def resources(project) -> "dict[str, dict]":
    answer = answered(project.api.get("/fgs/quotas"))
    return {resource["type"]: resource for resource in answer["quotas"]["resources"]}


def used(project, kind: str) -> int:
    return resources(project)[kind]["used"]


def ballast(mebibytes: int) -> "dict[str, bytes]":
    """The files of an archive of about this size."""
    return {
        "index.py": b"def handler(event, context): return 'big'",
        "ballast": random.Random(mebibytes).randbytes(mebibytes * MEBIBYTE),
    }


def test_every_quota_is_listed_with_its_size(own_project):
    listed = resources(own_project)
    assert {kind: resource["quota"] for kind, resource in listed.items()} == QUOTAS
    for kind, resource in listed.items():
        assert type(resource["used"]) is int and resource["used"] >= 0
        assert resource.get("unit") == ("MB" if kind == "fgs_func_code_size" else None)


def test_functions_are_counted(own_project):
    assert used(own_project, "fgs_func_num") == 0
    first, second = own_project.create(), own_project.create()
    assert used(own_project, "fgs_func_num") == 2
    first.publish("v1")
    assert used(own_project, "fgs_func_num") == 2
    second.delete()
    assert used(own_project, "fgs_func_num") == 1


def test_the_size_of_code_is_counted_in_mb(own_project, fixtures):
    function = own_project.create(fixtures.archive(ballast(3)))
    assert used(own_project, "fgs_func_code_size") in (3, 4)
    function.update_code(fixtures.archive(ballast(5)))
    assert used(own_project, "fgs_func_code_size") in (5, 6)
    function.delete()
    assert used(own_project, "fgs_func_code_size") == 0


def test_the_functions_of_another_project_are_not_counted(own_project, project):
    project.create()
    assert used(own_project, "fgs_func_num") == 0


# The pin


@pytest.mark.parametrize("state", ["true", "false", "true"])
def test_a_function_is_pinned_and_let_go(project, state):
    function = project.create()
    answer = function.api.put(f"{function.path}/collect/{state}")
    assert answer.status_code == 200
    # The Python SDK crashes on `null`.
    assert answer.content in (b"", b"{}")


@pytest.mark.parametrize("state", ["yes", "TRUE1", "%20"])
def test_an_unknown_state_of_the_pin_is_refused(project, state):
    function = project.create()
    answer = function.api.put(f"{function.path}/collect/{state}")
    assert answer.status_code in (400, 404), answer.text
    assert_error(answer, answer.status_code, "FSS.0400", "FSS.0404")


def test_a_pin_changes_nothing_else(project):
    function = project.create()
    before = function.config()
    function.api.put(f"{function.path}/collect/true")
    assert function.config() == before
