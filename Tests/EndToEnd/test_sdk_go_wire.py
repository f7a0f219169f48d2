"""What gophertelekomcloud puts on the wire, replayed byte by byte.

The Go SDK checks status codes exactly, ends bodies with a newline, fills in nulls, sends neither body
nor content type with some POSTs, and decodes answers into Go types: a number where it has a string is
an error of the whole call. `decodes` states those types; unknown members and nulls are fine in Go.
"""

import json
import re
import time

import pytest
import requests

from deadlines import eventually
from rest import REQUEST_ID, encoded

AGENT = {"Accept": "application/json", "User-Agent": "golangsdk/2.0.0"}
PUBLIC_CODE = "https://regr-func-graph.obs.eu-de.otc.t-systems.com/index.py"

# Go's types, by the names of JSON: a list has one type for its items, a dict without names one for
# its values under `...`.
MOUNT = {"mount_user": {"user_id": str, "user_group_id": str}, "func_mounts": [dict]}
STRATEGY = {"concurrency": int, "concurrent_num": int}
FUNCTION = {
    "func_id": str, "resource_id": str, "func_urn": str, "func_name": str, "domain_id": str,
    "namespace": str, "project_name": str, "package": str, "runtime": str, "timeout": int,
    "handler": str, "memory_size": int, "cpu": int, "code_type": str, "code_url": str,
    "code_filename": str, "code_size": int, "domain_names": str, "user_data": str,
    "encrypted_user_data": str, "digest": str, "version": str, "image_name": str, "xrole": str,
    "app_xrole": str, "description": str, "last_modified": str, "ephemeral_storage": int,
    "func_vpc": {"vpc_id": str, "subnet_id": str, "security_groups": [str]},
    "mount_config": MOUNT, "reserved_instance_count": int, "depend_version_list": [str],
    "strategy_config": STRATEGY, "extend_config": str,
    "dependencies": [{"id": str, "size": int, "version": int, "last_modified": str}],
    "initializer_timeout": int, "initializer_handler": str, "pre_stop_handler": str,
    "pre_stop_timeout": str, "enterprise_project_id": str, "long_time": bool, "log_group_id": str,
    "log_stream_id": str, "type": str, "enable_dynamic_memory": bool, "is_stateful_function": bool,
    "gpu_memory": int, "gpu_type": str, "version_description": str, "concurrency": int,
    "concurrent_num": int, "func_code": {"file": str, "link": str},
}  # fmt: skip
FUNCTIONS = {"functions": [FUNCTION], "next_marker": int, "count": int}
VERSIONS = {"versions": [FUNCTION], "next_marker": int, "count": int}
ALIAS = {
    "name": str, "version": str, "description": str, "last_modified": str, "alias_urn": str,
    "additional_version_weights": {...: int},
    "additional_version_strategy": {...: {"combine_type": str, "rules": dict}},
}  # fmt: skip
EVENT = {"id": str, "name": str, "content": str, "last_modified": int}
EVENTS = {"events": [EVENT], "count": int, "next_marker": int}
TRIGGER = {
    "trigger_id": str, "trigger_type_code": str, "trigger_status": str, "created_time": str,
    "last_updated_time": str, "event_data": {"name": str, "schedule": str, "schedule_type": str},
}  # fmt: skip
VALUES = [{"timestamp": int, "value": float}]
METRICS = {
    name: VALUES
    for name in ["count", "duration", "fail_count", "max_duration", "min_duration", "reject_count",
                 "function_error_count", "system_error_count"]
}  # fmt: skip
MONTHS = [{"date": str, "value": float}]
STATISTICS = {"count": MONTHS, "gbs": MONTHS, "gpu_gbs": MONTHS, "monitor_data": METRICS}
ASYNC_CONFIG = {
    "func_urn": str, "max_async_event_age_in_seconds": int, "max_async_retry_attempts": int,
    "destination_config": {"on_success": {"destination": str, "param": str},
                           "on_failure": {"destination": str, "param": str}},
    "created_time": str, "last_modified": str, "enable_async_status_log": bool,
}  # fmt: skip
TACTICS = {"cron_configs": [{"name": str, "cron": str, "count": int, "start_time": int,
                             "expired_time": int}]}  # fmt: skip
PAGE = {"next_marker": int, "previous_marker": int, "current_count": int}
POLICIES = {
    "reserved_instances": [{"func_urn": str, "qualifier_type": str, "qualifier_name": str,
                            "min_count": int, "idle_mode": bool, "tactics_config": TACTICS}],
    "page_info": PAGE, "count": int,
}  # fmt: skip
COUNTS = {"reserved_instances": [{"func_urn": str, "count": int}], "page_info": PAGE, "count": int}
QUOTAS = {"quotas": {"resources": [{"quota": int, "used": int, "type": str, "unit": str}]}}
TAGS = {"tags": [{"key": str, "value": str}], "sys_tags": [{"key": str, "value": str}]}


def decodes(value, kind, where: str = "$"):
    """Fails where Go's decoder would; gives back the value."""
    if value is None:
        return value
    if isinstance(kind, list):
        assert isinstance(value, list), f"{where}: {value!r} is no array"
        for number, item in enumerate(value):
            decodes(item, kind[0], f"{where}[{number}]")
    elif isinstance(kind, dict):
        assert isinstance(value, dict), f"{where}: {value!r} is no object"
        for name, item in value.items():
            if ... in kind or name in kind:
                decodes(item, kind.get(name, kind.get(...)), f"{where}.{name}")
    elif kind is float:
        assert type(value) in (int, float), f"{where}: {value!r} is no number"
    else:
        assert type(value) is kind, f"{where}: {value!r} is no {kind.__name__}"
    return value


class Go:
    """The SDK's HTTP: relative to the endpoint that it makes of the catalog's `volumev2`."""

    def __init__(self, api):
        self.api = api
        self.headers = {**AGENT, "X-Auth-Token": api.token}

    def send(self, method: str, path: str, expected: "tuple[int, ...]", body=..., kind=None):
        headers, data = dict(self.headers), None
        if body is not ...:
            headers["Content-Type"] = "application/json"
            data = json.dumps(body, separators=(",", ":")).encode() + b"\n"
        answer = self.api.session.request(
            method, f"{self.api.base}/{path}", data=data, headers=headers, timeout=30
        )
        assert answer.status_code in expected, (answer.status_code, answer.text)
        return decodes(answer.json(), kind) if kind is not None else answer

    def get(self, path: str, kind):
        return self.send("GET", path, (200,), kind=kind)

    def post(self, path: str, body=..., kind=None, ok: int = 200):
        return self.send("POST", path, (ok,), body, kind)

    def put(self, path: str, body=..., kind=None):
        return self.send("PUT", path, (200,), body, kind)

    def delete(self, path: str, body=...):
        return self.send("DELETE", path, (202, 204), body)


@pytest.fixture
def go(own_project):
    return Go(own_project.api)


@pytest.fixture
def create(go, own_project):
    """Makes the function of the acceptance tests; its full URN."""

    def create(**changes) -> str:
        body = {
            "func_name": own_project.unique("funcgraph"),
            "package": "default",
            "runtime": "Python3.9",
            "timeout": 200,
            "handler": "index.py",
            "memory_size": 512,
            "code_type": "zip",
            "code_url": PUBLIC_CODE,
            **changes,
        }
        made = own_project.adopt(go.post("fgs/functions", body))
        return decodes(made.created, FUNCTION)["func_urn"]

    return create


def plain(urn: str) -> str:
    """The URN without its version, as the acceptance tests cut it."""
    return urn.rpartition(":")[0]


# Logging in


def test_a_password_login_finds_the_endpoint_under_the_volume_service(server, api):
    body = {"auth": {"identity": {"methods": ["password"], "password": {"user": {
        "name": "u", "password": "p", "domain": {"name": "d"}}}},
        "scope": {"project": {"name": "eu-de", "domain": {"name": "d"}}}}}  # fmt: skip
    data = json.dumps(body).encode() + b"\n"
    headers = {**AGENT, "Content-Type": "application/json"}
    answer = requests.post(f"{server.url}/v3/auth/tokens", data=data, headers=headers, timeout=10)
    assert answer.status_code == 201 and answer.headers["X-Subject-Token"]
    (entry,) = [s for s in answer.json()["token"]["catalog"] if s["type"] == "volumev2"]
    (endpoint,) = [e for e in entry["endpoints"] if e["interface"] == "public"]
    url = endpoint["url"].replace("evs", "functiongraph", 1).rstrip("/") + "/"
    assert url == f"{server.url}/v2/{api.project_id}/"


def test_a_login_by_access_key_needs_no_token(server, api):
    """Looked up twice, since the SDK pages; every request is signed."""
    signature = (
        "SDK-HMAC-SHA256 Credential=ak/20260102///sdk_request, "
        f"SignedHeaders=accept;host;user-agent;x-sdk-date, Signature={'0' * 64}"
    )
    headers = {**AGENT, "X-Sdk-Date": "20260102T030405Z", "Authorization": signature}

    def get(path: str, **more):
        answer = requests.get(server.url + path, headers={**headers, **more}, timeout=10)
        assert answer.status_code == 200, answer.text
        return answer.json()

    for _ in range(2):
        (project,) = get("/v3/projects?name=eu-de")["projects"]
        assert project["id"] == api.project_id
        (domain,) = get("/v3/auth/domains?name=d")["domains"]
        assert domain["id"]
    catalog = get("/v3/auth/catalog", **{"X-Project-Id": api.project_id})["catalog"]
    assert "volumev2" in [service["type"] for service in catalog]
    path = f"/v2/{api.project_id}/fgs/functions?max_items=1"
    decodes(get(path, **{"X-Project-Id": api.project_id}), FUNCTIONS)


# Functions


def test_the_life_of_a_function(go, create):
    urn = plain(create())
    code = go.get(f"fgs/functions/{urn}/code", FUNCTION)
    assert code["code_url"] == PUBLIC_CODE
    listed = go.get("fgs/functions?marker=0&max_items=10", FUNCTIONS)
    assert [f["func_urn"] for f in listed["functions"]] == [f"{urn}:latest"]

    source = encoded("def handler(event, context):\n    return {'a': 1}\n")
    body = {"code_type": "inline", "func_code": source, "depend_version_list": None}
    updated = go.put(f"fgs/functions/{urn}/code", body, FUNCTION)
    assert updated["code_type"] == "inline" and updated["code_filename"] == "index.py"

    body = {
        "func_name": urn.rpartition(":")[2], "package": "", "runtime": "Python3.6", "timeout": 200,
        "handler": "index.py", "memory_size": 512, "user_data": "", "xrole": "",
        "strategy_config": {"concurrency": 200, "concurrent_num": 1},
        "mount_config": {"mount_user": {"user_id": "1001", "user_group_id": "1001"}},
    }  # fmt: skip
    updated = go.put(f"fgs/functions/{urn}/config", body, FUNCTION)
    assert updated["runtime"] == "Python3.6"
    assert go.get(f"fgs/functions/{urn}/config", FUNCTION)["runtime"] == "Python3.6"

    limited = go.put(
        f"fgs/functions/{urn}/config-max-instance", {"max_instance_num": 300}, FUNCTION
    )
    assert limited["strategy_config"]["concurrency"] == 300
    same = go.put(f"fgs/functions/{urn}/config-max-instance", {}, FUNCTION)
    assert same["strategy_config"]["concurrency"] == 300
    go.put(f"fgs/functions/{urn}/collect/true")
    go.delete(f"fgs/functions/{urn}")


def test_what_a_rich_function_answers_can_be_decoded(go, create, own_project):
    """The members whose types differ between the reference and the SDK are left out or as sent."""
    made = own_project.create_dependency()
    urn = plain(
        create(
            code_type="inline", code_url="", handler="index.handler",
            depend_version_list=[made["id"]],
            mount_config={"mount_user": {"user_id": "-1", "user_group_id": "-1"}},
            func_vpc={"vpc_id": "v", "subnet_id": "s"}, initializer_handler="index.start",
            initializer_timeout=3,
        )
    )  # fmt: skip
    for part in ["config", "code"]:
        go.get(f"fgs/functions/{urn}/{part}", FUNCTION)
    go.get("fgs/functions", FUNCTIONS)


# Running


SOURCE = encoded("def handler(event, context):\n    return {'statusCode': 200, 'event': event}\n")


def test_a_call_without_body_and_content_type(go, create):
    urn = plain(create(code_type="inline", code_url="", func_code=SOURCE, handler="index.handler"))
    answer = go.post(f"fgs/functions/{urn}/invocations")
    assert answer.request.headers.get("Content-Type") is None
    kind = {"request_id": str, "result": str, "log": str, "status": str}
    assert decodes(answer.json(), kind) == {"statusCode": 200, "event": {}}


def test_an_asynchronous_call_has_its_payload_in_a_body(go, create):
    urn = plain(create(code_type="inline", code_url="", func_code=SOURCE, handler="index.handler"))
    taken = go.post(
        f"fgs/functions/{urn}/invocations-async", {"body": {"k": "v"}}, {"request_id": str}, ok=202
    )
    assert REQUEST_ID.fullmatch(taken["request_id"])
    config = f"fgs/functions/{urn}/async-invocations?request_id={taken['request_id']}"
    kind = {"invocations": [{"request_id": str, "status": str, "error_code": int,
                             "error_message": str, "start_time": str, "end_time": str}],
            "count": int, "next_marker": int}  # fmt: skip

    def ended():
        (record,) = go.get(config, kind)["invocations"]
        return record["status"] == "SUCCESS"

    eventually(ended, 10, "the request to succeed")


# Versions and aliases, always under a URN with a version part


def test_the_life_of_a_version_and_an_alias(go, create):
    urn = plain(create())
    version = go.post(
        f"fgs/functions/{urn}/versions", {"version": "new-version", "description": "terra"}, FUNCTION
    )
    qualified = version["func_urn"]
    assert qualified == f"{urn}:new-version"
    escaped = qualified.replace(":", "%3A")
    listed = go.get(f"fgs/functions/{qualified}/versions?-={escaped}", VERSIONS)
    assert [item["version"] for item in listed["versions"]] == ["latest", "new-version"]

    path = f"fgs/functions/{qualified}/aliases"
    body = {"name": "funcgraph-alias", "version": "new-version", "description": "terra"}
    created = go.post(path, body, ALIAS)
    assert created["alias_urn"] == f"{urn}:!funcgraph-alias"
    assert go.get(path, [ALIAS]) == [created]
    assert go.get(f"{path}/funcgraph-alias", ALIAS) == created
    body = {"version": "new-version", "description": "changed"}
    assert go.put(f"{path}/funcgraph-alias", body, ALIAS)["description"] == "changed"
    go.delete(f"{path}/funcgraph-alias")
    assert go.get(path, [ALIAS]) == []


def test_an_alias_with_weights_can_be_decoded(go, create, own_project):
    urn = plain(create())
    for number, name in enumerate(["v1", "v2"]):
        body = {"max_instance_num": 5 + number}
        go.put(f"fgs/functions/{urn}/config-max-instance", body)
        go.post(f"fgs/functions/{urn}/versions", {"version": name})
    body = {"name": "a", "version": "v1", "additional_version_weights": {"v2": 20},
            "additional_version_strategy": None}  # fmt: skip
    go.post(f"fgs/functions/{urn}/aliases", body, ALIAS)
    go.get(f"fgs/functions/{urn}/aliases", [ALIAS])


# Test events


def test_the_life_of_a_test_event(go, create):
    path = f"fgs/functions/{plain(create())}/events"
    event = go.post(path, {"name": "test-event", "content": "eyJrIjoidiJ9"}, EVENT)
    assert go.get(path, EVENTS)["count"] == 1
    assert go.get(f"{path}/{event['id']}", EVENT)["content"] == "eyJrIjoidiJ9"
    go.put(f"{path}/{event['id']}", {"content": "ewogICAgImJvZHkiOiAiIiwKICAgICJy"}, EVENT)
    go.delete(f"{path}/{event['id']}")
    assert go.get(path, EVENTS)["events"] == []


# Triggers


def test_the_life_of_a_trigger(go, create):
    path = f"fgs/triggers/{plain(create())}"
    body = {"trigger_type_code": "TIMER", "trigger_status": "ACTIVE",
            "event_data": {"name": "test-timer", "schedule": "3m", "schedule_type": "Rate"}}  # fmt: skip
    created = go.post(path, body, TRIGGER, ok=201)
    got = go.get(f"{path}/TIMER/{created['trigger_id']}", TRIGGER)
    assert got == created
    assert go.get(path, [TRIGGER]) == [created]
    body = {"trigger_status": "DISABLED", "event_data": {"schedule": "5m"}}
    updated = go.put(f"{path}/TIMER/{created['trigger_id']}", body, TRIGGER)
    assert updated["trigger_status"] == "DISABLED" and updated["event_data"]["schedule"] == "5m"
    go.delete(f"{path}/TIMER/{created['trigger_id']}")
    go.delete(path)


# Tags


def test_the_life_of_tags(go, create):
    urn = plain(create())
    tags = [{"key": "testKey", "value": "testValue"}, {"key": "testKey2", "value": "testValue2"}]
    body = {"action": "create", "tags": tags, "sys_tags": None}
    go.post(f"functions/{urn}/tags/create", body, ok=204)
    read = go.get(f"functions/{urn}/tags", TAGS)
    assert sorted(read["tags"], key=str) == tags
    go.delete(f"functions/{urn}/tags/delete", {"action": "delete", "tags": tags, "sys_tags": None})
    assert go.get(f"functions/{urn}/tags", TAGS)["tags"] == []


# Reserved instances


def test_the_life_of_reserved_instances(go, create):
    full = create(code_type="inline", code_url="", func_code=SOURCE, handler="index.handler")
    path = f"fgs/functions/{plain(full)}/reservedinstances"
    body = {"count": 2, "idle_mode": None, "tactics_config": None}
    kind = {"count": int, "idle_mode": bool, "tactics_config": TACTICS}
    assert go.put(path, body, kind)["count"] == 2
    policies = go.get(f"fgs/functions/reservedinstanceconfigs?urn={plain(full)}", POLICIES)
    assert policies["reserved_instances"][0]["func_urn"] == full
    counts = go.get("fgs/functions/reservedinstances?limit=10&marker=0", COUNTS)
    assert counts["reserved_instances"] == [{"func_urn": full, "count": 2}]
    go.put(path, {"count": 0, "idle_mode": None, "tactics_config": None}, kind)


# Statistics, quotas, logs


def test_metrics_since_a_time(go, create):
    since = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - 600))
    metrics = go.get(f"fgs/functions/{plain(create())}/statistics/{since}", METRICS)
    assert metrics["count"]


def test_statistics_of_a_project(go):
    statistics = go.get("fgs/functions/statistics?filter=monitor_data&period=60", STATISTICS)
    assert isinstance(statistics["count"], list)
    assert isinstance(statistics["monitor_data"]["count"], list)


def test_quotas(go):
    resources = go.get("fgs/quotas", QUOTAS)["quotas"]["resources"]
    assert "fgs_func_num" in [resource["type"] for resource in resources]


def test_logs(go, create):
    go.post("fgs/functions/enable-lts-logs")
    kind = {"group_name": str, "group_id": str, "stream_id": str, "stream_name": str}
    go.get(f"fgs/functions/{plain(create())}/lts-log-detail", kind)


# Import and export


def test_import_and_export(go, create, own_project, fixtures):
    go.send("GET", f"fgs/functions/{plain(create())}/export?type=code", (200,))
    body = {"func_name": "imported", "file_name": "test.zip", "file_type": "zip",
            "file_code": encoded(fixtures.sample("seed_import"))["file"]}  # fmt: skip
    imported = go.post("fgs/functions/import", body, FUNCTION)
    assert imported["func_name"] == "imported"
    go.delete(f"fgs/functions/{plain(imported['func_urn'])}")


# Asynchronous configuration


def test_the_life_of_an_asynchronous_configuration(go, create):
    path = f"fgs/functions/{plain(create())}/async-invoke-config"
    body = {"max_async_event_age_in_seconds": 1000, "max_async_retry_attempts": 2,
            "destination_config": None, "enable_async_status_log": None}  # fmt: skip
    configured = go.put(path, body, ASYNC_CONFIG)
    assert go.get(path, ASYNC_CONFIG) == configured
    go.delete(path)
    go.send("GET", path, (404,))


# Errors


@pytest.mark.parametrize("path", ["config", "code"])
def test_what_is_gone_answers_404_which_the_sdk_takes_for_deleted(go, create, path):
    urn = plain(create())
    go.delete(f"fgs/functions/{urn}")
    error = go.send("GET", f"fgs/functions/{urn}/{path}", (404,)).json()
    assert re.fullmatch(r"FSS\.\d{4}", error["error_code"])


def test_no_answer_makes_the_sdk_wait(go, create):
    """It waits a minute after each 429, twenty times."""
    urn = plain(create(code_type="inline", code_url="", func_code=SOURCE, handler="index.handler"))
    go.put(f"fgs/functions/{urn}/config-max-instance", {"max_instance_num": 1})
    for _ in range(20):
        go.post(f"fgs/functions/{urn}/invocations")
