"""The OpenAPI document that the server hands out: valid, complete, and true."""

import re

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from kinds import RESOURCES
from openapi import Description
from operations import OPERATIONS, anonymous
from rest import encoded
from triggers import timer


@pytest.fixture(scope="module")
def description(server):
    return Description.of(server.url)


def test_it_can_be_had_without_login(api):
    assert api.anonymous("GET", "/_emulator/openapi.json").status_code == 200


def test_it_is_openapi_3_1(description):
    assert re.fullmatch(r"3\.1\.\d+", description.document["openapi"])
    assert description.document["info"]["title"] and description.document["info"]["version"]


def test_it_is_valid(description):
    errors = OpenAPIV31SpecValidator(description.document).iter_errors()
    assert [error.message for error in errors] == []


@pytest.mark.parametrize("operation", OPERATIONS, ids=str)
def test_every_operation_of_the_reference_is_in_it(description, operation):
    described = description.operations[operation.method, anonymous(operation.template)]
    assert described["summary"]
    assert str(operation.success) in described["responses"]


def test_the_other_way_of_configuring_asynchronous_calls_is_in_it(description):
    path = "/v2/{}/fgs/functions/{}/async-invoke-config"
    assert ("POST", path) in description.operations


def test_every_operation_has_a_name_of_its_own(description):
    names = [operation["operationId"] for operation in description.operations.values()]
    assert len(set(names)) == len(names)


def test_every_parameter_of_a_path_is_described(description):
    for path, item in description.document["paths"].items():
        described = {
            parameter["name"]
            for holder in [item, *(item[method] for method in item if method != "parameters")]
            for parameter in (holder.get("parameters", []) if isinstance(holder, dict) else [])
            if parameter["in"] == "path"
        }
        assert described == set(re.findall(r"\{([^}]+)\}", path)), path


def test_every_description_of_an_answer_is_used(description):
    """A schema that nothing refers to describes nothing."""
    text = str(description.document)
    for name in description.document["components"]["schemas"]:
        assert f"'#/components/schemas/{name}'" in text, name


# Answers held against it


@pytest.fixture
def rich(own_project):
    """A function that has one of everything."""
    made = own_project.create_dependency()
    function = own_project.create(
        "hello", depend_version_list=[made["id"]], user_data='{"A": "b"}', pre_stop_timeout=5,
        pre_stop_handler="index.stop", func_vpc={"vpc_id": "v", "subnet_id": "s"},
        mount_config={"mount_user": {"user_id": -1, "user_group_id": "-1"}},
    )  # fmt: skip
    function.publish("v1")
    function.publish_changed("v2")
    function.create_alias("prod", "v1", additional_version_weights={"v2": 20})
    function.create_event("event")
    function.create_trigger("TIMER", timer())
    function.set_tags(a="b")
    api = own_project.api
    destination = {"destination": "SMN", "param": '{"topic_urn": "urn"}'}
    api.put(f"{function.path}/async-invoke-config",
            json={"destination_config": {"on_success": destination}})  # fmt: skip
    api.put(f"{function.path}/reservedinstances", json={"count": 1})
    return function, made


READS = [
    ("/fgs/functions", "/fgs/functions"),
    ("/fgs/functions/{function_urn}/code", "{fn}/code"),
    ("/fgs/functions/{function_urn}/config", "{fn}/config"),
    ("/fgs/functions/{function_urn}/config", "{fn}:v1/config"),
    ("/functions/{function_urn}/tags", "/functions/{urn}/tags"),
    ("/functions/tags", "/functions/tags"),
    ("/fgs/quotas", "/fgs/quotas"),
    ("/fgs/dependencies", "/fgs/dependencies"),
    ("/fgs/dependencies/{depend_id}/version", "/fgs/dependencies/{dep}/version"),
    ("/fgs/dependencies/{depend_id}/version/{version}", "/fgs/dependencies/{dep}/version/1"),
    ("/fgs/functions/{function_urn}/events", "{fn}/events"),
    ("/fgs/functions/{function_urn}/versions", "{fn}/versions"),
    ("/fgs/functions/{function_urn}/aliases", "{fn}/aliases"),
    ("/fgs/functions/{function_urn}/aliases/{alias_name}", "{fn}/aliases/prod"),
    ("/fgs/functions/statistics", "/fgs/functions/statistics?filter=monitor_data"),
    ("/fgs/functions/{function_urn}/statistics/{period}", "{fn}/statistics/1596679200,1596682800"),
    ("/fgs/functions/{function_urn}/lts-log-detail", "{fn}/lts-log-detail"),
    ("/fgs/templates/{template_id}", "/fgs/templates/41d5d9ca-cea3-4ba9-b866-e30c46f45f1f"),
    ("/fgs/functions/reservedinstanceconfigs", "/fgs/functions/reservedinstanceconfigs"),
    ("/fgs/functions/reservedinstances", "/fgs/functions/reservedinstances"),
    ("/fgs/functions/{function_urn}/export", "{fn}/export?type=code"),
    ("/fgs/triggers/{function_urn}", "/fgs/triggers/{urn}"),
    ("/fgs/functions/{function_urn}/async-invoke-config", "{fn}/async-invoke-config"),
    ("/fgs/functions/{function_urn}/async-invoke-configs", "{fn}/async-invoke-configs"),
    ("/fgs/functions/{function_urn}/async-invocations", "{fn}/async-invocations"),
]


@pytest.mark.parametrize("template, path", READS, ids=[path for _, path in READS])
def test_an_answer_is_as_described(description, rich, template, path):
    function, made = rich
    target = path.format(fn=function.path, urn=function.urn, dep=made["dep_id"])
    answer = function.api.get(target)
    assert answer.status_code == 200, answer.text
    assert description.complaints("/v2/{}" + template, answer) == []


WRITES = [
    ("POST", "/fgs/functions/{function_urn}/versions", "{fn}/versions", {"version": "v3"}),
    ("POST", "/fgs/functions/{function_urn}/aliases", "{fn}/aliases",
     {"name": "tip", "version": "latest"}),
    ("PUT", "/fgs/functions/{function_urn}/aliases/{alias_name}", "{fn}/aliases/prod",
     {"version": "v1"}),
    ("PUT", "/fgs/functions/{function_urn}/config", "{fn}/config", {"timeout": 31}),
    ("PUT", "/fgs/functions/{function_urn}/config-max-instance", "{fn}/config-max-instance",
     {"max_instance_num": 3}),
    ("PUT", "/fgs/functions/{function_urn}/code", "{fn}/code",
     {"code_type": "inline", "func_code": encoded("x = 1")}),
    ("POST", "/functions/resource-instances/{action}", "/functions/resource-instances/filter", {}),
    ("POST", "/functions/resource-instances/{action}", "/functions/resource-instances/count", {}),
    ("POST", "/functions/{function_urn}/tags/create", "/functions/{urn}/tags/create",
     {"tags": [{"key": "a", "value": "c"}]}),
    ("POST", "/fgs/triggers/{function_urn}", "/fgs/triggers/{urn}",
     {"trigger_type_code": "TIMER", "event_data": timer("other")}),
    ("PUT", "/fgs/functions/{function_urn}/async-invoke-config", "{fn}/async-invoke-config",
     {"max_async_retry_attempts": 2}),
    ("PUT", "/fgs/functions/{function_urn}/reservedinstances", "{fn}/reservedinstances",
     {"count": 0}),
    ("POST", "/fgs/functions/{function_urn}/events", "{fn}/events",
     {"name": "other", "content": encoded("{}")["file"]}),
    ("POST", "/fgs/functions/{function_urn}/invocations-async", "{fn}/invocations-async", {}),
]  # fmt: skip


@pytest.mark.parametrize(
    "method, template, path, body", WRITES, ids=[f"{row[0]} {row[2]}" for row in WRITES]
)
def test_the_answer_to_a_change_is_as_described(description, rich, method, template, path, body):
    function, _ = rich
    function.update_config(description="changed")
    answer = function.api.request(
        method, path.format(fn=function.path, urn=function.urn), json=body
    )
    assert answer.ok, answer.text
    assert description.complaints("/v2/{}" + template, answer) == []


@pytest.mark.parametrize("operation", OPERATIONS, ids=str)
def test_a_refusal_is_as_described(description, api, operation):
    answer = api.anonymous(operation.method, f"/v2/p{operation.target()}", json={})
    assert answer.status_code == 401
    assert description.complaints(operation.template, answer) == []


@pytest.mark.parametrize("make", RESOURCES.values(), ids=RESOURCES)
def test_every_resource_is_as_described(description, own_project, make):
    resource = make(own_project)
    answer = own_project.api.get(resource.read)
    parts = resource.read.partition("?")[0].strip("/").split("/")
    (template,) = [
        operation.template
        for operation in OPERATIONS
        if operation.method == "GET" and _fits(operation.path, parts)
    ]
    assert description.complaints(template, answer) == []


def _fits(path: str, parts: "list[str]") -> bool:
    """Whether a path of the reference is that of these parts."""
    pattern = path.strip("/").split("/")
    if len(pattern) != len(parts):
        return False
    return all(p == part or p.startswith("{") for p, part in zip(pattern, parts))
