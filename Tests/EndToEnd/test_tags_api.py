"""Tags of functions, and finding functions by them (F-9 to F-13)."""

import pytest

from rest import answered, assert_error

EVERYTHING = "Aä9 _.:=+-@"


def pairs(tags: dict) -> "list[dict]":
    return [{"key": key, "value": value} for key, value in tags.items()]


def tags_of(function) -> dict:
    answer = answered(function.api.get(function.tags))
    assert isinstance(answer["sys_tags"], list)
    return {tag["key"]: tag["value"] for tag in answer["tags"]}


def tags_in(project) -> dict:
    answer = answered(project.api.get("/functions/tags"))
    assert isinstance(answer["sys_tags"], list)
    return {tag["key"]: sorted(tag["values"]) for tag in answer["tags"]}


def try_to_set(function, tags, **members):
    return function.api.post(f"{function.tags}/create", json={"tags": tags, **members})


def remove(function, *tags: dict) -> None:
    answer = function.api.delete(f"{function.tags}/delete", json={"tags": list(tags)})
    assert answer.status_code == 204 and answer.content == b"", answer.text


def find(project, action: str = "filter", **body) -> dict:
    path = f"/functions/resource-instances/{action}"
    return answered(project.api.post(path, json={"action": action, **body}))


def names(found: dict) -> "set[str]":
    return {resource["resource_name"] for resource in found["resources"]}


# Setting: what is refused


@pytest.mark.parametrize(
    "tag",
    [
        {"value": "v"},
        {"key": "", "value": "v"},
        {"key": 7, "value": "v"},
        {"key": "k", "value": 7},
        {"key": "k"},
        {"key": "k", "value": None},
        {"key": " k", "value": "v"},
        {"key": "k ", "value": "v"},
        {"key": "_sys_k", "value": "v"},
        {"key": "k/k", "value": "v"},
        {"key": "k*", "value": "v"},
        {"key": "k" * 129, "value": "v"},
        {"key": "k", "value": "v" * 256},
        {"key": "k", "value": "v*"},
        "text",
    ],
    ids=str,
)
def test_a_bad_tag_is_refused_and_no_tag_is_set(project, tag):
    function = project.create()
    answer = try_to_set(function, [{"key": "good", "value": "v"}, tag])
    assert_error(answer, 400, "FSS.0400")
    assert tags_of(function) == {}


@pytest.mark.parametrize("tags", ["text", 7, {"k": "v"}])
def test_tags_that_are_no_list_are_refused(project, tags):
    assert_error(try_to_set(project.create(), tags), 400, "FSS.0400")


def test_the_21st_tag_is_refused(project):
    function = project.create()
    function.set_tags(**{f"k{number}": "v" for number in range(19)})
    assert_error(try_to_set(function, pairs({"a": "v", "b": "v"})), 400, "FSS.0400")
    assert len(tags_of(function)) == 19
    function.set_tags(k19="v")
    function.set_tags(k19="another value", k0="another value")
    assert_error(try_to_set(function, pairs({"k20": "v"})), 400, "FSS.0400")
    assert len(tags_of(function)) == 20


@pytest.mark.parametrize(
    "members", [{"action": "delete"}, {"action": "foo"}, {"sys_tags": pairs({"_sys_enterprise_project_id": "5"})}]
)
def test_what_contradicts_the_path_or_could_not_be_done_is_refused_and_no_tag_is_set(project, members):
    function = project.create()
    assert_error(try_to_set(function, pairs({"a": "b"}), **members), 400, "FSS.0400")
    assert tags_of(function) == {}


# Setting: what is accepted


@pytest.mark.parametrize(
    "key, value",
    [("k", ""), ("K", "v"), ("k" * 128, "v" * 255), (EVERYTHING, EVERYTHING + "/"), ("sys_", "v"),
     ("k k", " v ")],
)  # fmt: skip
def test_a_tag_at_the_edge_is_accepted_and_given_back(project, key, value):
    function = project.create()
    answer = try_to_set(function, [{"key": key, "value": value}])
    assert answer.status_code == 204 and answer.content == b""
    assert tags_of(function) == {key: value}


@pytest.mark.parametrize(
    "members", [{"action": "create"}, {"sys_tags": None}, {"action": "create", "sys_tags": []}]
)
def test_members_that_clients_add_are_accepted(project, members):
    function = project.create()
    answered(try_to_set(function, pairs({"a": "b"}), **members), 204)
    assert tags_of(function) == {"a": "b"}


@pytest.mark.parametrize("tags", [[], None])
def test_no_tags_are_no_error(project, tags):
    function = project.create()
    answered(try_to_set(function, tags), 204)
    assert tags_of(function) == {}


def test_tags_are_added_and_those_that_exist_get_the_new_value(project):
    function = project.create()
    function.set_tags(a="1", b="2")
    function.set_tags(b="3", c="4")
    assert tags_of(function) == {"a": "1", "b": "3", "c": "4"}


def test_tags_belong_to_the_function_whatever_version_the_urn_names(project):
    function = project.create()
    function.publish("v1")
    for qualifier in ["latest", "v1"]:
        function.at(qualifier).set_tags(**{qualifier: "x"})
    assert tags_of(function) == tags_of(function.at("v1")) == {"latest": "x", "v1": "x"}


# Removing


def test_tags_are_removed_by_key(project):
    function = project.create()
    function.set_tags(a="1", b="2", c="3")
    remove(function, {"key": "a"}, {"key": "b", "value": "2"})
    assert tags_of(function) == {"c": "3"}


def test_a_tag_with_another_value_stays(project):
    function = project.create()
    function.set_tags(a="1")
    remove(function, {"key": "a", "value": "2"})
    assert tags_of(function) == {"a": "1"}


def test_removing_what_is_not_there_is_no_error(project):
    function = project.create()
    function.set_tags(a="1")
    remove(function, {"key": "nobody"}, {"key": "a"})
    remove(function, {"key": "a"})
    remove(function)
    assert tags_of(function) == {}


@pytest.mark.parametrize("tag", [{"value": "v"}, {"key": 7}, "text"])
def test_removing_without_a_key_is_refused(project, tag):
    function = project.create()
    function.set_tags(a="1")
    answer = function.api.delete(f"{function.tags}/delete", json={"tags": [tag]})
    assert_error(answer, 400, "FSS.0400")
    assert tags_of(function) == {"a": "1"}


def test_what_the_go_sdk_sends_to_remove_tags_is_accepted(project):
    function = project.create()
    function.set_tags(a="1")
    body = {"action": "delete", "tags": pairs({"a": "1"}), "sys_tags": None}
    answered(function.api.delete(f"{function.tags}/delete", json=body), 204)
    assert tags_of(function) == {}


# All tags of a project


def test_a_project_s_tags_have_each_key_once_with_its_different_values(own_project):
    assert tags_in(own_project) == {}
    first, second, third = [own_project.create() for _ in range(3)]
    first.set_tags(team="blue", env="test")
    second.set_tags(team="red", env="test")
    third.set_tags(team="blue")
    assert tags_in(own_project) == {"team": ["blue", "red"], "env": ["test"]}
    remove(second, {"key": "team"})
    first.delete()
    assert tags_in(own_project) == {"team": ["blue"], "env": ["test"]}


# Finding functions


def test_an_unknown_action_is_refused(own_project):
    answer = own_project.api.post("/functions/resource-instances/delete", json={})
    assert answer.status_code in (400, 404), answer.text
    assert_error(answer, answer.status_code, "FSS.0400", "FSS.0404")


@pytest.mark.parametrize(
    "body",
    [{"limit": "x"}, {"limit": -1}, {"offset": "x"}, {"offset": -1}, {"matches": "text"},
     {"matches": ["text"]}, {"tags": ["text"]}, {"without_any_tag": "text"}],
)  # fmt: skip
def test_a_bad_question_is_refused(own_project, body):
    answer = own_project.api.post("/functions/resource-instances/filter", json=body)
    assert_error(answer, 400, "FSS.0400", "FSS.1001")


def test_a_found_function_has_its_documented_form(own_project):
    function = own_project.create()
    function.set_tags(a="1", b="")
    found = find(own_project)
    assert found["total_count"] == 1
    (resource,) = found["resources"]
    assert resource["resource_name"] == function.name
    assert resource["resource_id"]
    assert resource["resource_detail"]["detailId"].startswith(function.urn)
    assert sorted(resource["tags"], key=str) == pairs({"a": "1", "b": ""})
    assert isinstance(resource["sys_tags"], list)


def test_counting_answers_the_number_only(own_project):
    for number in range(3):
        own_project.create().set_tags(number=str(number))
    assert find(own_project, "count") == {"total_count": 3}
    assert find(own_project, "count", limit="1", offset="1") == {"total_count": 3}


def test_functions_are_found_by_name(own_project):
    wanted = own_project.create(func_name="alpha-resize")
    own_project.create(func_name="beta-resize")
    matches = [{"key": "resource_name", "value": "alpha"}]
    assert names(find(own_project, matches=matches)) == {wanted.name}
    assert find(own_project, "count", matches=matches) == {"total_count": 1}
    assert names(find(own_project, matches=[{"key": "resource_name", "value": "gamma"}])) == set()
    assert len(names(find(own_project, matches=[]))) == 2


def test_functions_are_found_by_tags(own_project):
    blue, red, plain = [own_project.create() for _ in range(3)]
    blue.set_tags(team="blue", env="test")
    red.set_tags(team="red", env="test")

    def found(*tags: dict) -> "set[str]":
        return names(find(own_project, tags=list(tags)))

    assert found({"key": "team", "values": ["blue"]}) == {blue.name}
    assert found({"key": "team", "values": ["blue", "red"]}) == {blue.name, red.name}
    assert found({"key": "team", "values": []}) == {blue.name, red.name}
    assert found({"key": "team", "values": ["green"]}) == set()
    both = [{"key": "team", "values": ["red"]}, {"key": "env", "values": ["test"]}]
    assert found(*both) == {red.name}
    assert found() == {blue.name, red.name, plain.name}


def test_the_enterprise_project_is_a_tag_that_the_system_gives(own_project):
    special, plain = own_project.create(enterprise_project_id="77"), own_project.create()
    key = "_sys_enterprise_project_id"
    answer = answered(special.api.get(special.tags))
    assert answer == {"tags": [], "sys_tags": pairs({key: "77"})}
    answer = answered(own_project.api.get("/functions/tags"))
    assert answer == {"tags": [], "sys_tags": [{"key": key, "values": ["0", "77"]}]}
    for values, expected in [(["77"], {special.name}), (["0"], {plain.name}), (["5"], set()),
                             ([], {special.name, plain.name})]:  # fmt: skip
        assert names(find(own_project, sys_tags=[{"key": key, "values": values}])) == expected
    (found,) = find(own_project, sys_tags=[{"key": key, "values": ["77"]}])["resources"]
    assert found["sys_tags"] == pairs({key: "77"})
    assert find(own_project, "count", sys_tags=[{"key": "nope", "values": ["77"]}]) == {"total_count": 0}


def test_functions_without_any_tag_are_found(own_project):
    tagged, plain, emptied = [own_project.create() for _ in range(3)]
    tagged.set_tags(a="1")
    emptied.set_tags(a="1")
    remove(emptied, {"key": "a"})
    assert names(find(own_project, without_any_tag=True)) == {plain.name, emptied.name}
    assert find(own_project, "count", without_any_tag=True) == {"total_count": 2}
    assert len(names(find(own_project, without_any_tag=False))) == 3


@pytest.mark.parametrize("kind", [int, str])
def test_found_functions_come_in_pages(own_project, kind):
    made = {own_project.create().name for _ in range(5)}
    found = set()
    for offset, expected in [(0, 2), (2, 2), (4, 1), (6, 0)]:
        page = find(own_project, limit=kind(2), offset=kind(offset))
        assert len(page["resources"]) == expected
        assert page["total_count"] == 5
        assert not found & names(page)
        found |= names(page)
    assert found == made


def test_a_question_may_have_nulls_for_what_it_leaves_open(own_project):
    function = own_project.create()
    nothing = {"limit": None, "offset": None, "matches": None, "tags": None, "sys_tags": None,
               "without_any_tag": None}  # fmt: skip
    assert names(find(own_project, **nothing)) == {function.name}
