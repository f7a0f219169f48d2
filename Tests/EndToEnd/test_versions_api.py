"""Publishing, listing, reading and deleting versions (V-1, V-2, F-3)."""

import re

import pytest

from rest import WITH_OFFSET, answered, assert_error, encoded
from triggers import timer

SETTINGS = {
    "runtime": "Python3.10",
    "timeout": 41,
    "memory_size": 256,
    "description": "settings of a version",
    "user_data": '{"COLOUR": "green"}',
    "xrole": "configuration-agency",
    "app_xrole": "execution-agency",
    "func_vpc": {"vpc_id": "vpc-1", "subnet_id": "subnet-1"},
    "initializer_handler": "index.initializer",
    "initializer_timeout": 9,
    "enable_dynamic_memory": True,
}


def returning(value) -> str:
    """The source of a handler with a constant result."""
    return f"def handler(event, context):\n    return {value!r}\n"


def try_to_publish(function, **body):
    return function.api.post(f"{function.path}/versions", json=body)


def versions(function, **query) -> dict:
    return answered(function.api.get(f"{function.path}/versions", params=query))


def names(function, **query) -> "list[str]":
    return [version["version"] for version in versions(function, **query)["versions"]]


@pytest.fixture
def published(project):
    """A function with one version, v1."""
    function = project.create_inline(returning("v1"))
    function.publish("v1")
    return function


# Publishing: what is refused


@pytest.mark.parametrize(
    "name", ["latest", "-v", "v-", ".v", "v.", "_v", "a b", "a:b", "!v", "ü", "v" * 43, 7]
)
def test_a_bad_name_is_refused_and_nothing_is_published(project, name):
    function = project.create()
    assert_error(try_to_publish(function, version=name), 400, "FSS.1015", "FSS.0400")
    assert names(function) == ["latest"]


def test_a_description_above_512_characters_is_refused(project):
    function = project.create()
    assert_error(try_to_publish(function, version="v1", description="d" * 513), 400, "FSS.1019")
    assert names(function) == ["latest"]


@pytest.mark.parametrize("body", [{"version": "v2"}, {"version": "v2", "description": "x"}, {}])
def test_a_function_that_has_not_changed_is_not_published_again(published, body):
    assert_error(try_to_publish(published, **body), 400, "FSS.1016")
    assert names(published) == ["latest", "v1"]


def test_what_is_no_part_of_a_version_is_no_change(published):
    published.create_alias("prod", "v1")
    published.create_event("event")
    published.set_tags(a="b")
    assert_error(try_to_publish(published, version="v2"), 400, "FSS.1016")


def test_a_name_that_exists_answers_409(published):
    published.update_config(timeout=31)
    assert_error(try_to_publish(published, version="v1"), 409, "FSS.1062")
    assert names(published) == ["latest", "v1"]


def test_the_20th_published_version_is_refused_because_latest_counts(project):
    function = project.create()
    for number in range(1, 20):
        function.publish_changed(f"v{number}")
    function.update_config(description="one more")
    assert_error(try_to_publish(function, version="v20"), 403, "FSS.0403")
    assert versions(function)["count"] == 20
    function.api.delete(f"{function.path}:v7")
    function.publish("v20")
    assert versions(function)["count"] == 20


# Publishing: what is accepted


@pytest.mark.parametrize("name", ["v", "1", "1.0.0", "new-version", "a_b-c.d", "v" * 42])
def test_a_name_at_the_edge_is_accepted(project, name):
    function = project.create()
    assert function.publish(name)["version"] == name
    assert names(function) == ["latest", name]


@pytest.mark.parametrize("body", [b"{}", b"{}\n", b'{"version": null, "description": null}', b""])
def test_a_version_without_name_is_called_after_the_time(project, body):
    function = project.create()
    version = answered(function.api.post(f"{function.path}/versions", data=body))
    assert re.fullmatch(r"v\d{8}-\d{6}", version["version"])
    assert version["version_description"] == ""


@pytest.mark.parametrize("digest", ["", "d41d8cd98f00b204e9800998ecf8427e", "nonsense"])
def test_the_digest_of_a_request_is_ignored(project, digest):
    function = project.create()
    assert function.publish("v1", digest=digest)["version"] == "v1"


@pytest.mark.parametrize(
    "change",
    [{"timeout": 31}, {"memory_size": 256}, {"description": "new"}, {"user_data": '{"A": "b"}'},
     {"handler": "index.other"}],
)  # fmt: skip
def test_a_changed_setting_can_be_published(published, change):
    published.update_config(**change)
    published.publish("v2")
    assert names(published) == ["latest", "v2", "v1"]


def test_changed_code_can_be_published(published, project):
    published.update_code(project.archive(index=returning("v2")))
    published.publish("v2")
    assert names(published) == ["latest", "v2", "v1"]


def test_another_number_of_instances_can_be_published(published):
    published.set_max_instances(3)
    published.publish("v2")
    assert published.at("v2").config()["strategy_config"]["concurrency"] == 3


def test_the_answer_has_the_documented_members(project):
    function = project.create("initializer", description="of the function", **{
        name: value for name, value in SETTINGS.items() if name != "description"
    })  # fmt: skip
    version = function.publish("r1", description="first cut")
    assert version["func_urn"] == f"{function.urn}:r1"
    assert version["version"] == "r1"
    assert version["version_description"] == "first cut"
    assert version["description"] == "of the function"
    assert WITH_OFFSET.fullmatch(version["last_modified"])
    assert re.fullmatch(r"r1-\d{12}@[a-z0-9]{5}", version["image_name"])
    created = function.created
    for name in [
        "func_name", "domain_id", "namespace", "project_name", "package", "runtime", "timeout",
        "handler", "memory_size", "cpu", "code_type", "code_url", "code_filename", "code_size",
        "user_data", "digest", "xrole", "app_xrole", "func_vpc", "strategy_config",
        "initializer_handler", "initializer_timeout", "enterprise_project_id", "long_time", "type",
        "enable_dynamic_memory",
    ]:  # fmt: skip
        assert version[name] == created[name], name
    assert "pre_stop_timeout" not in version


def test_any_version_part_of_the_urn_is_ignored_when_publishing(published):
    published.update_config(timeout=31)
    version = answered(published.api.post(f"{published.path}:v1/versions", json={"version": "v2"}))
    assert version["func_urn"] == f"{published.urn}:v2"
    assert version["timeout"] == 31


# Listing


def test_latest_is_first_and_then_comes_the_newest(project):
    function = project.create()
    for name in ["b", "a", "c"]:
        function.publish_changed(name)
    listed = versions(function)
    assert [version["version"] for version in listed["versions"]] == ["latest", "c", "a", "b"]
    assert listed["count"] == 4 and listed["next_marker"] == 4


def test_a_new_function_has_latest_only(project):
    function = project.create()
    listed = versions(function)
    assert listed["count"] == 1 and listed["next_marker"] == 1
    (version,) = listed["versions"]
    assert version["func_urn"] == function.created["func_urn"]


def test_an_item_has_the_documented_members(published):
    published.publish_changed("v2", timeout=33)
    item = versions(published)["versions"][1]
    config = published.at("v2").config()
    assert item["func_urn"] == f"{published.urn}:v2"
    assert item["concurrency"] == 400 and item["concurrent_num"] == 1
    for name in [
        "func_name", "domain_id", "namespace", "project_name", "package", "runtime", "timeout",
        "handler", "memory_size", "cpu", "code_type", "code_url", "code_filename", "code_size",
        "digest", "version", "image_name", "last_modified", "strategy_config",
        "is_stateful_function", "enable_dynamic_memory", "type",
    ]:  # fmt: skip
        assert item[name] == config[name], name


def test_versions_come_in_pages(project):
    function = project.create()
    for number in range(4):
        function.publish_changed(f"v{number}")
    everything = ["latest", "v3", "v2", "v1", "v0"]
    found, marker = [], 0
    for expected in [2, 2, 1, 0]:
        page = versions(function, marker=marker, maxitems=2)
        assert page["count"] == 5
        assert page["next_marker"] == marker + expected
        found += [version["version"] for version in page["versions"]]
        marker = page["next_marker"]
    assert found == everything
    assert names(function, maxitems=0) == everything
    assert names(function, maxitems=401) == everything


def test_any_version_part_of_the_urn_is_ignored_when_listing(published):
    """The Go SDK asks under the URN of a version, with a parameter named `-`."""
    for qualifier in ["latest", "v1"]:
        answer = published.api.get(
            f"{published.path}:{qualifier}/versions", params={"-": published.urn}
        )
        assert answered(answer) == versions(published)


# A version does not change


def test_a_version_keeps_settings_and_code_while_latest_changes(project):
    function = project.create("initializer", **SETTINGS)
    function.publish("v1", description="kept")
    version = function.at("v1")
    before = version.config(), version.code()
    function.update_config(
        timeout=99, memory_size=512, description="new", user_data="{}", xrole="", func_vpc=None
    )
    function.update_code(project.sample("hello"))
    function.set_max_instances(7)
    assert (version.config(), version.code()) == before
    for name, value in SETTINGS.items():
        if name != "func_vpc":
            assert before[0][name] == value, name


@pytest.mark.parametrize(
    "path, body",
    [
        ("config", {"timeout": 31}),
        ("code", {"code_type": "inline", "func_code": encoded(returning("changed"))}),
        ("config-max-instance", {"max_instance_num": 3}),
    ],
)
def test_a_version_cannot_be_changed(published, path, body):
    version = published.at("v1")
    before = version.config(), version.code()
    assert_error(published.api.put(f"{version.path}/{path}", json=body), 400, "FSS.1015")
    assert (version.config(), version.code()) == before


@pytest.mark.parametrize("path", ["config", "code"])
def test_a_change_under_an_alias_is_refused_too(published, path):
    published.create_alias("prod", "v1")
    body = {"code_type": "inline", "func_code": encoded("x = 1"), "timeout": 31}
    assert_error(published.api.put(f"{published.path}:!prod/{path}", json=body), 400, "FSS.1015")
    assert published.invoke({}).text == "v1"


def test_latest_can_be_changed_under_its_full_name(published):
    answered(published.api.put(f"{published.path}:latest/config", json={"timeout": 31}))
    assert published.config()["timeout"] == 31


# Running


def test_each_version_runs_its_own_code_and_settings(project):
    source = "def handler(event, context):\n    return ['{}', context.getUserData('A')]\n"
    function = project.create(project.archive(index=source.format("one")), user_data='{"A": "1"}')
    function.publish("v1")
    function.update_code(project.archive(index=source.format("two")))
    function.update_config(user_data='{"A": "2"}')
    function.publish("v2")
    function.update_code(project.archive(index=source.format("three")))
    for _ in range(2):
        assert function.at("v1").call({}) == ["one", "1"]
        assert function.at("v2").call({}) == ["two", "2"]
        assert function.at("latest").call({}) == ["three", "2"]
        assert function.call({}) == ["three", "2"]


def test_a_version_knows_its_name(project):
    source = (
        "import os\n"
        "def handler(event, context):\n"
        "    return [context.getVersion(), context.getAlias(), os.environ['RUNTIME_FUNC_VERSION']]\n"
    )
    function = project.create_inline(source)
    function.publish("v1")
    assert function.at("v1").call({}) == ["v1", "", "v1"]
    assert function.call({}) == ["latest", "", "latest"]
    assert "version: v1" in function.at("v1").invoke({}, tail=True).log


def test_versions_share_no_instance(project):
    function = project.create("globals")
    function.publish("v1")
    assert function.call({})["calls"] == 1
    assert function.at("v1").call({})["calls"] == 1
    assert function.call({})["calls"] == 2
    assert function.at("v1").call({})["calls"] == 2


def test_an_unknown_version_cannot_be_run(published):
    assert_error(published.at("v9").invoke({}).response, 404, "FSS.1052")


def test_disabling_the_function_leaves_its_versions_running(published):
    published.set_max_instances(0)
    assert published.invoke({}).status == 429
    assert published.at("v1").invoke({}).text == "v1"


def test_a_version_of_a_disabled_function_stays_disabled(project):
    function = project.create()
    function.set_max_instances(0)
    function.publish("v1")
    function.set_max_instances(400)
    assert function.invoke({}).succeeded
    assert_error(function.at("v1").invoke({}).response, 429, "FSS.0429")


# Deleting


def test_a_deleted_version_is_gone_and_the_others_stay(published):
    published.publish_changed("v2")
    answer = published.api.delete(f"{published.path}:v1")
    assert answer.status_code == 204 and answer.content == b""
    assert names(published) == ["latest", "v2"]
    for path in ["config", "code"]:
        assert_error(published.api.get(f"{published.path}:v1/{path}"), 404, "FSS.1052")
    assert_error(published.at("v1").invoke({}).response, 404, "FSS.1052")
    assert_error(published.api.delete(f"{published.path}:v1"), 404, "FSS.1052")
    assert published.at("v2").invoke({}).succeeded


def test_the_name_of_a_deleted_version_is_free_again(published):
    published.api.delete(f"{published.path}:v1")
    published.update_config(timeout=32)
    published.publish("v1")
    assert published.at("v1").config()["timeout"] == 32


def test_the_aliases_and_triggers_of_a_version_go_with_it(published):
    published.publish_changed("v2")
    published.create_alias("one", "v1")
    published.create_alias("two", "v2")
    published.at("v1").create_trigger("TIMER", timer())
    answered(published.api.delete(f"{published.path}:v1"), 204)
    aliases = answered(published.api.get(f"{published.path}/aliases"))
    assert [alias["name"] for alias in aliases] == ["two"]
    published.publish_changed("v1")
    assert answered(published.api.get(published.at("v1").triggers)) == []


def test_a_version_that_gets_a_share_of_an_alias_s_calls_cannot_be_deleted(published):
    published.publish_changed("v2")
    published.create_alias("prod", "v1", additional_version_weights={"v2": 20})
    assert_error(published.api.delete(f"{published.path}:v2"), 403, "FSS.1094")
    assert names(published) == ["latest", "v2", "v1"]
    body = {"version": "v1"}
    answered(published.api.put(f"{published.path}/aliases/prod", json=body))
    answered(published.api.delete(f"{published.path}:v2"), 204)


def test_deleting_under_an_alias_deletes_its_version(published):
    published.create_alias("prod", "v1")
    answered(published.api.delete(f"{published.path}:!prod"), 204)
    assert names(published) == ["latest"]
    assert answered(published.api.get(f"{published.path}/aliases")) == []


def test_latest_cannot_be_deleted_under_an_alias(published):
    published.create_alias("tip", "latest")
    assert_error(published.api.delete(f"{published.path}:!tip"), 400, "FSS.1015")
    assert names(published) == ["latest", "v1"]


def test_a_function_takes_its_versions_along(project):
    function = project.create()
    function.publish("v1")
    function.delete()
    assert_error(function.api.get(f"{function.path}:v1/config"), 404, "FSS.1051")
    again = project.create(func_name=function.name)
    assert names(again) == ["latest"]
    again.publish("v1")


def test_a_version_with_reserved_instances_can_be_deleted(published):
    version = published.at("v1")
    version.reserve(1)
    answered(published.api.delete(version.path), 204)
    assert names(published) == ["latest"]
