"""Nothing of one project can be seen, changed or used from another."""

import pytest

from kinds import RESOURCES
from operations import OPERATIONS
from rest import Api, answered, assert_error

every_resource = pytest.mark.parametrize("make", RESOURCES.values(), ids=RESOURCES)

# What the lists of a project are empty of when it has nothing.
LISTS = {
    "/fgs/functions": "functions",
    "/fgs/dependencies?dependency_type=private": "dependencies",
    "/fgs/functions/reservedinstanceconfigs": "reserved_instances",
    "/fgs/functions/reservedinstances": "reservedinstances",
    "/functions/tags": "tags",
}


@pytest.fixture
def stranger(server) -> Api:
    """Somebody who is logged in to another project."""
    return Api(server.url, "the strangers' project")


@every_resource
def test_a_resource_cannot_be_read_from_another_project(own_project, stranger, make):
    resource = make(own_project)
    status, body = resource.state(stranger)
    if status == 200:
        # A list, which is empty.
        assert body["count"] == 0, body
    else:
        assert status == 404, body


@every_resource
def test_a_resource_cannot_be_removed_from_another_project(own_project, stranger, make):
    resource = make(own_project)
    before = resource.state(own_project.api)
    answer = resource.end(stranger)
    assert answer.status_code == 404, answer.text
    assert resource.state(own_project.api) == before


@every_resource
def test_a_resource_appears_in_no_list_of_another_project(own_project, server, make):
    make(own_project)
    empty = Api(server.url, own_project.unique("empty"))
    for path, key in LISTS.items():
        assert answered(empty.get(path))[key] == [], path
    found = answered(empty.post("/functions/resource-instances/count", json={}))
    assert found == {"total_count": 0}
    used = answered(empty.get("/fgs/quotas"))["quotas"]["resources"]
    assert {r["type"]: r["used"] for r in used if r["used"]} == {}


@pytest.mark.parametrize(
    "operation", [o for o in OPERATIONS if o.concerns_a_function], ids=str
)
def test_a_short_name_means_a_function_of_the_path_s_own_project(own_project, stranger, operation):
    function = own_project.create()
    target = operation.target(function_urn=f"default:{function.name}")
    answer = stranger.request(operation.method, target, json={})
    assert 400 <= answer.status_code < 500, answer.text
    assert function.config()["func_name"] == function.name


def test_a_name_is_free_in_every_project(own_project, project):
    first = own_project.create()
    second = project.create(func_name=first.name)
    assert first.created["func_id"] != second.created["func_id"]
    dependency = own_project.create_dependency()
    again = project.create_dependency(name=dependency["name"], runtime="Python3.9")
    assert again["version"] == 1 and again["dep_id"] != dependency["dep_id"]


def test_the_dependency_of_another_project_cannot_be_used(own_project, project):
    made = own_project.create_dependency()
    answer = project.try_to_create(project.body(depend_version_list=[made["id"]]))
    assert answer.status_code in (403, 404), answer.text
    assert_error(answer, answer.status_code, "FSS.1046", "FSS.1056")


def test_deleting_a_function_leaves_its_namesake_in_another_project(own_project, project):
    first = own_project.create()
    second = project.create(func_name=first.name)
    first.delete()
    assert second.call({"a": 1})["statusCode"] == 200


@pytest.mark.parametrize("name", ["x", "7", "a-b_c", "0123456789abcdef" * 4])
def test_any_segment_of_a_path_is_a_project(api, name):
    """The reference has 32 hexadecimal digits; callers make up what they like."""
    headers = {"X-Auth-Token": api.token}
    answer = api.anonymous("GET", f"/v2/{name}/fgs/functions", headers=headers)
    assert answered(answer)["count"] == 0
