"""The Huawei Cloud SDK, unmodified: every operation of FunctionGraph that it has and the reference too.

Its requests are signed, carry encoded URNs and JSON content types everywhere, and its answers are
models: what is missing from an answer is None.
"""

import base64
import json
import time

import pytest
from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcore.exceptions.exceptions import ClientRequestException
from huaweicloudsdkcore.region.region import Region
from huaweicloudsdkfunctiongraph import v2
from huaweicloudsdkfunctiongraph.v2 import FunctionGraphClient

from deadlines import eventually
from rest import REQUEST_ID, encoded
from triggers import KINDS, timer

SOON = 10
FUNCTIONS = "functions"  # The type of resource that tags are about.


class Client:
    """Calls methods of the SDK by name, with the models that it has for requests and bodies."""

    def __init__(self, client: FunctionGraphClient):
        self.client = client

    def __getattr__(self, method: str):
        name = "".join(part.capitalize() for part in method.split("_"))
        request = getattr(v2, f"{name}Request")

        def call(body=None, **members):
            if body is not None:
                model = getattr(v2, request.openapi_types["body"], dict)
                members["body"] = model(**body)
            return getattr(self.client, method)(request(**members))

        return call


def credentials(project: "str | None") -> BasicCredentials:
    return BasicCredentials("an access key", "a secret key", project)


@pytest.fixture(scope="module")
def sdk(server, api):
    builder = FunctionGraphClient.new_builder().with_credentials(credentials(api.project_id))
    return Client(builder.with_endpoint(server.url).build())


@pytest.fixture
def own_sdk(server, own_project):
    """A client of a project that no other test uses."""
    builder = FunctionGraphClient.new_builder()
    builder.with_credentials(credentials(own_project.api.project_id)).with_endpoint(server.url)
    return Client(builder.build())


@pytest.fixture
def create(sdk, project):
    """Creates functions by the SDK."""

    def create(source: "str | None" = None, **fields):
        body = project.body(**fields)
        if source is not None:
            body["func_code"] = v2.FuncCode(**encoded(source))
        created = sdk.create_function(body)
        made.append(created.func_urn.rpartition(":")[0])
        return created

    made = []
    yield create
    for urn in made:
        project.api.delete(f"/fgs/functions/{urn}")


def urn_of(function) -> str:
    return function.func_urn.rpartition(":")[0]


def raw(answer) -> dict:
    """What models leave out of an answer."""
    return json.loads(answer.raw_content)


# Logging in


def test_the_project_is_looked_up_by_the_name_of_the_region(server, api, create):
    function = create()
    keys = credentials(None).with_iam_endpoint(server.url)
    builder = FunctionGraphClient.new_builder().with_credentials(keys)
    client = Client(builder.with_region(Region("eu-de", server.url)).build())
    names = [item.func_name for item in client.list_functions().functions]
    assert function.func_name in names


def test_a_client_without_project_is_answered_like_a_stranger(server):
    """It sends the name of the parameter in its place."""
    builder = FunctionGraphClient.new_builder().with_credentials(credentials(None))
    client = Client(builder.with_endpoint(server.url).build())
    try:
        assert client.list_functions().functions == []
    except ClientRequestException as error:
        assert error.status_code in (400, 403, 404)


# What the SDK raises


def test_a_refusal_is_an_exception_with_code_text_and_request_id(sdk, create):
    with pytest.raises(ClientRequestException) as raised:
        sdk.show_function_config(function_urn="nobody-made-this")
    assert raised.value.status_code == 404
    assert raised.value.error_code == "FSS.1051"
    assert raised.value.error_msg
    assert REQUEST_ID.fullmatch(raised.value.request_id)


@pytest.mark.parametrize(
    "method, members, code",
    [
        ("show_version_alias", {"alias_name": "nobody"}, "FSS.1053"),
        ("show_event", {"event_id": "nobody"}, "FSS.1070"),
        ("show_function_async_invoke_config", {}, "FSS.0404"),
        ("create_version_alias", {"body": {"name": "a b", "version": "latest"}}, "FSS.1014"),
        ("create_function_version", {"body": {"version": "latest"}}, "FSS.1015"),
    ],
)
def test_refusals_of_other_operations_have_their_codes(sdk, create, method, members, code):
    with pytest.raises(ClientRequestException) as raised:
        getattr(sdk, method)(function_urn=urn_of(create()), **members)
    assert raised.value.error_code == code


# Functions


def test_a_function_lives_its_life(sdk, create, project):
    created = create(description="made by the SDK", user_data='{"A": "b"}')
    urn = urn_of(created)
    assert created.func_urn == f"{urn}:latest"
    assert created.runtime == "Python3.10" and created.memory_size == 128
    assert created.strategy_config.concurrency == 400

    config = sdk.show_function_config(function_urn=urn)
    assert config.description == "made by the SDK" and config.user_data == '{"A": "b"}'
    fields = {"func_name": created.func_name, "runtime": "Python3.10", "timeout": 40,
              "handler": "index.handler", "memory_size": 256, "description": "changed"}  # fmt: skip
    updated = sdk.update_function_config(fields, function_urn=urn)
    assert (updated.timeout, updated.memory_size, updated.cpu) == (40, 256, 400)

    code = {"code_type": "zip", "code_filename": "index.zip",
            "func_code": v2.FuncCode(**encoded(project.sample("hello")))}  # fmt: skip
    updated = sdk.update_function_code(code, function_urn=urn)
    assert updated.code_type == "zip" and updated.digest != created.digest
    read = sdk.show_function_code(function_urn=urn)
    assert read.digest == updated.digest and read.func_code is not None

    limited = sdk.update_function_max_instance_config({"max_instance_num": 3}, function_urn=urn)
    assert limited.strategy_config.concurrency == 3
    for state in ["true", "false"]:
        assert sdk.update_function_collect_state(func_urn=urn, state=state).status_code == 200

    listed = sdk.list_functions(package_name="default", maxitems="400")
    assert created.func_name in [item.func_name for item in listed.functions]
    assert listed.count >= 1 and listed.next_marker >= 1
    assert sdk.delete_function(function_urn=urn).status_code == 204
    with pytest.raises(ClientRequestException):
        sdk.show_function_config(function_urn=urn)


def test_functions_are_listed_in_pages(own_sdk, own_project):
    made = [own_project.create().name for _ in range(3)][::-1]
    first = own_sdk.list_functions(maxitems="2")
    assert [item.func_name for item in first.functions] == made[:2]
    second = own_sdk.list_functions(maxitems="2", marker=str(first.next_marker))
    assert [item.func_name for item in second.functions] == made[2:]


# Running


def test_a_call_in_v1_has_result_log_and_status(sdk, create):
    source = "def handler(event, context):\n    print('seen')\n    return {'got': event['a']}\n"
    answer = sdk.invoke_function(
        {"a": "b"}, function_urn=urn_of(create(source)),
        x_cff_log_type="tail", x_cff_request_version="v1",
    )  # fmt: skip
    assert json.loads(answer.result) == {"got": "b"}
    assert answer.status == 200
    assert "seen" in answer.log
    assert REQUEST_ID.fullmatch(answer.request_id)


def test_a_call_without_version_answers_the_result_itself(sdk, create):
    source = "def handler(event, context):\n    return {'got': event['a']}\n"
    answer = sdk.invoke_function({"a": "ü"}, function_urn=urn_of(create(source)))
    assert raw(answer) == {"got": "ü"}


def test_a_failing_call_in_v1_has_status_500(sdk, create):
    source = "def handler(event, context):\n    raise ValueError('x')\n"
    answer = sdk.invoke_function(
        {}, function_urn=urn_of(create(source)), x_cff_request_version="v1"
    )
    assert answer.status == 500
    assert json.loads(answer.result)["errorType"] == "ValueError"


def test_versions_and_aliases_are_called_by_their_encoded_urns(sdk, create):
    source = "def handler(event, context):\n    return {'version': context.getVersion()}\n"
    urn = urn_of(create(source))
    sdk.create_function_version({"version": "v1"}, function_urn=urn)
    sdk.create_version_alias({"name": "prod", "version": "v1"}, function_urn=urn)
    for qualified in [f"{urn}:v1", f"{urn}:!prod"]:
        assert raw(sdk.invoke_function({}, function_urn=qualified)) == {"version": "v1"}


def test_an_asynchronous_call_is_taken_listed_and_stopped(sdk, create):
    source = "import time\ndef handler(event, context):\n    time.sleep(event['seconds'])\n"
    urn = urn_of(create(source))
    taken = sdk.async_invoke_function({"seconds": 30}, function_urn=urn)
    assert taken.status_code == 202
    assert REQUEST_ID.fullmatch(taken.request_id)

    def record():
        found = sdk.list_async_invocations(
            function_urn=urn, request_id=taken.request_id, limit="10", marker="0"
        )
        assert found.count == 1
        return found.invocations[0]

    eventually(lambda: record().status == "RUNNING", SOON, "the request to run")
    body = {"request_id": taken.request_id, "type": "force"}
    assert sdk.cancel_async_invocation(body, function_urn=urn).status_code == 200
    eventually(lambda: record().status == "FAIL", SOON, "the request to be stopped")
    assert record().error_code == 4208


# Versions and aliases


def publish_two(sdk, urn: str) -> None:
    """Two versions, v1 and v2, with a change between."""
    for name, instances in [("v1", 7), ("v2", 8)]:
        body = {"max_instance_num": instances}
        sdk.update_function_max_instance_config(body, function_urn=urn)
        sdk.create_function_version({"version": name}, function_urn=urn)


def test_versions_are_published_listed_and_deleted(sdk, create):
    urn = urn_of(create())
    published = sdk.create_function_version(
        {"version": "v1", "description": "first cut"}, function_urn=urn
    )
    assert published.func_urn == f"{urn}:v1"
    assert published.version == "v1" and published.version_description == "first cut"
    listed = sdk.list_function_versions(function_urn=urn, marker="0", maxitems="10")
    assert [item.version for item in listed.versions] == ["latest", "v1"]
    assert listed.count == 2
    assert sdk.delete_function(function_urn=f"{urn}:v1").status_code == 204
    assert sdk.list_function_versions(function_urn=urn).count == 1


def test_aliases_are_created_listed_changed_and_deleted(sdk, create):
    urn = urn_of(create())
    publish_two(sdk, urn)
    alias = sdk.create_version_alias(
        {"name": "prod", "version": "v1", "description": "d", "additional_version_weights": {"v2": 20}},
        function_urn=urn,
    )  # fmt: skip
    assert alias.alias_urn == f"{urn}:!prod"
    assert alias.additional_version_weights == {"v2": 20}
    assert sdk.show_version_alias(function_urn=urn, alias_name="prod").version == "v1"
    (listed,) = raw(sdk.list_version_aliases(function_urn=urn))
    assert listed["name"] == "prod"
    changed = sdk.update_version_alias({"version": "v2"}, function_urn=urn, alias_name="prod")
    assert changed.version == "v2" and changed.description == "d"
    answer = sdk.delete_version_alias(function_urn=urn, alias_name="prod")
    assert answer.status_code == 204
    assert raw(sdk.list_version_aliases(function_urn=urn)) == []


def test_an_alias_with_rules_is_understood(sdk, create):
    urn = urn_of(create())
    publish_two(sdk, urn)
    rules = v2.VersionStrategy(
        combine_type="or",
        rules=[v2.VersionStrategyRules(rule_type="Header", param="X-V", op="in", value="a,b")],
    )
    alias = sdk.create_version_alias(
        {"name": "prod", "version": "v1", "additional_version_strategy": {"v2": rules}},
        function_urn=urn,
    )
    assert alias.additional_version_strategy["v2"].rules[0].value == "a,b"


# Test events


def test_events_live_their_lives(sdk, create):
    urn = urn_of(create())
    content = base64.b64encode(b'{"a": 1}').decode()
    event = sdk.create_event({"name": "event", "content": content}, function_urn=urn)
    listed = sdk.list_events(function_urn=urn)
    assert listed.count == 1 and listed.events[0].id == event.id
    assert sdk.show_event(function_urn=urn, event_id=event.id).content == content
    changed = base64.b64encode(b"[]").decode()
    sdk.update_event({"content": changed}, function_urn=urn, event_id=event.id)
    assert sdk.show_event(function_urn=urn, event_id=event.id).content == changed
    assert sdk.delete_event(function_urn=urn, event_id=event.id).status_code == 204
    assert sdk.list_events(function_urn=urn).count == 0


# Triggers


@pytest.mark.parametrize("kind", KINDS.values(), ids=str)
def test_triggers_of_every_type_live_their_lives(sdk, create, kind):
    function = create()
    urn = urn_of(function)
    data = dict(kind.data)
    if "func_info" in data:
        data["func_info"] = v2.ApigTriggerFuncInfo(**{**data["func_info"], "function_urn": urn})
    body = {"trigger_type_code": kind.code,
            "event_data": v2.TriggerEventDataRequestBody(**data)}  # fmt: skip
    trigger = sdk.create_function_trigger(body, function_urn=urn)
    assert trigger.status_code == 201
    assert trigger.trigger_type_code == kind.code and trigger.trigger_status == kind.starts
    place = {"function_urn": urn, "trigger_type_code": kind.code, "trigger_id": trigger.trigger_id}
    read = sdk.show_function_trigger(**place)
    assert read.trigger_id == trigger.trigger_id and read.created_time == trigger.created_time
    assert [item["trigger_id"] for item in raw(sdk.list_function_triggers(function_urn=urn))] == [
        trigger.trigger_id
    ]
    if kind.can_be_disabled:
        for status in ["ACTIVE", "DISABLED"]:
            changed = sdk.update_trigger({"trigger_status": status}, **place)
            assert changed.trigger_status == status
    assert sdk.delete_function_trigger(**place).status_code == 204
    assert raw(sdk.list_function_triggers(function_urn=urn)) == []


def test_all_triggers_are_deleted_at_once(sdk, create):
    urn = urn_of(create())
    for name in ["one", "two"]:
        data = v2.TriggerEventDataRequestBody(**timer(name))
        body = {"trigger_type_code": "TIMER", "event_data": data}
        sdk.create_function_trigger(body, function_urn=urn)
    assert sdk.batch_delete_function_triggers(function_urn=urn).status_code == 204
    assert raw(sdk.list_function_triggers(function_urn=urn)) == []


# Dependencies


def test_dependencies_live_their_lives(own_sdk, own_project):
    content = encoded(own_project.archive(helper="value = 1"))["file"]
    name = own_project.unique("dep")
    body = {"name": name, "runtime": "Python3.10", "depend_type": "zip", "depend_file": content}
    made = own_sdk.create_dependency_version(body)
    assert made.version == 1 and made.dep_id and made.id
    again = own_sdk.create_dependency_version(body)
    assert again.version == 2 and again.dep_id == made.dep_id
    listed = own_sdk.list_dependencies(dependency_type="private", name=name, limit="10")
    assert listed.count == 1 and listed.dependencies[0].id == again.id
    versions = own_sdk.list_dependency_version(depend_id=made.dep_id, maxitems="10")
    assert versions.count == 2
    place = {"depend_id": made.dep_id, "version": "1"}
    shown = own_sdk.show_dependency_version(**place)
    assert shown.id == made.id and shown.download_link.startswith("http")
    for version in ["1", "2"]:
        answer = own_sdk.delete_dependency_version(depend_id=made.dep_id, version=version)
        assert answer.status_code == 204
    assert own_sdk.list_dependencies(dependency_type="private").count == 0


# Tags


def test_tags_live_their_lives(own_sdk, own_project):
    function = own_project.create()
    place = {"resource_type": FUNCTIONS, "resource_id": function.urn}
    tags = [v2.KvItem(key="team", value="blue"), v2.KvItem(key="env", value="test")]
    answer = own_sdk.create_tags({"action": "create", "tags": tags}, **place)
    assert answer.status_code == 204
    listed = own_sdk.list_function_tags(**place)
    assert {tag.key: tag.value for tag in listed.tags} == {"team": "blue", "env": "test"}
    everywhere = own_sdk.show_project_tags_list(resource_type=FUNCTIONS)
    assert {tag.key: tag.values for tag in everywhere.tags} == {"team": ["blue"], "env": ["test"]}
    for action in ["filter", "count"]:
        found = own_sdk.show_res_instance_info(
            {"action": action, "matches": [v2.KvItem(key="resource_name", value=function.name)]},
            resource_type=FUNCTIONS, action=action,
        )  # fmt: skip
        assert found.total_count == 1
    assert own_sdk.delete_tags({"action": "delete", "tags": tags[:1]}, **place).status_code == 204
    assert [tag.key for tag in own_sdk.list_function_tags(**place).tags] == ["env"]


# Quotas, statistics, logs, templates


def test_quotas_are_listed(sdk):
    resources = sdk.list_quotas().quotas.resources
    assert {resource.type: resource.quota for resource in resources}["fgs_func_num"] == 400


def test_statistics_are_read(sdk, create):
    report = sdk.list_statistics(filter="monthly_report", option="0")
    assert isinstance(report.count, list) and isinstance(report.gbs, list)
    monitored = sdk.list_statistics(filter="monitor_data", period="60")
    assert isinstance(monitored.statistics.count, list)
    now = int(time.time() * 1000)
    answer = sdk.list_function_statistics(
        func_urn=urn_of(create()), period=f"{now - 3_600_000},{now}"
    )
    assert isinstance(answer.count, list) and isinstance(answer.duration, list)


def test_logs_are_switched_on_and_found(sdk, create):
    assert sdk.enable_lts_logs().status_code == 200
    detail = sdk.show_lts_log_details(function_urn=urn_of(create()))
    assert detail.group_name and detail.group_id and detail.stream_name and detail.stream_id


def test_a_template_is_read(sdk):
    template = sdk.show_function_template(template_id="41d5d9ca-cea3-4ba9-b866-e30c46f45f1f")
    assert template.title == "access-mysql" and template.memory_size == 256


# Reserved instances


def test_reserved_instances_are_set_and_listed(own_sdk, own_project):
    function = own_project.create()
    begin = int(time.time()) + 86_400
    cron = v2.CronConfig(name="m", cron="0 0 8 * * ?", count=3, start_time=begin,
                         expired_time=begin + 86_400)  # fmt: skip
    body = {"count": 1, "idle_mode": False, "tactics_config": v2.TacticsConfig(cron_configs=[cron])}
    answer = own_sdk.update_function_reserved_instances_count(body, function_urn=function.urn)
    assert answer.count == 1 and answer.tactics_config.cron_configs[0].count == 3
    policies = own_sdk.list_reserved_instance_configs(function_urn=function.urn, limit="10")
    (policy,) = policies.reserved_instances
    assert policy.function_urn == f"{function.urn}:latest" and policy.min_count == 1
    counts = own_sdk.list_function_reserved_instances(urn=function.urn)
    (count,) = counts.reservedinstances
    assert count.func_urn == f"{function.urn}:latest" and count.count == 1
    own_sdk.update_function_reserved_instances_count({"count": 0}, function_urn=function.urn)
    assert own_sdk.list_reserved_instance_configs().count == 0


# Import and export


def test_a_function_is_exported_and_another_imported(own_sdk, own_project, fixtures):
    function = own_project.create()
    for members in [{"type": "code"}, {"code": True, "config": True}, {"config": True}]:
        answer = raw(own_sdk.export_function(function_urn=function.urn, **members))
        assert answer["code_url"].startswith("http") and answer["file_name"]
    body = {"func_name": "imported", "file_name": "x.zip", "file_type": "zip",
            "file_code": encoded(fixtures.sample("seed_import"))["file"]}  # fmt: skip
    imported = own_sdk.import_function(body)
    assert imported.func_name == "imported" and imported.handler == "dep.handler"
    own_sdk.delete_function(function_urn=urn_of(imported))


# Asynchronous configuration


def test_asynchronous_configurations_live_their_lives(sdk, create):
    urn = urn_of(create())
    destination = v2.FuncDestinationConfig(destination="SMN", param='{"topic_urn": "urn"}')
    body = {
        "max_async_event_age_in_seconds": 1000,
        "max_async_retry_attempts": 2,
        "enable_async_status_log": True,
        "destination_config": v2.FuncAsyncDestinationConfig(on_failure=destination),
    }
    answer = sdk.update_function_async_invoke_config(body, function_urn=urn)
    assert answer.func_urn == f"{urn}:latest" and answer.max_async_retry_attempts == 2
    shown = sdk.show_function_async_invoke_config(function_urn=urn)
    assert shown.destination_config.on_failure.destination == "SMN"
    listed = sdk.list_function_async_invoke_config(function_urn=urn, limit="10", marker="0")
    assert listed.count == 1 and listed.async_invoke_configs[0].func_urn == f"{urn}:latest"
    assert sdk.delete_function_async_invoke_config(function_urn=urn).status_code == 204
    assert sdk.list_function_async_invoke_config(function_urn=urn).count == 0
