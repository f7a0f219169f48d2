"""Triggers that fire because the emulator is told what their source has to say."""

import base64
import json

import pytest

from golden import NOW, SECONDS, assert_is_golden, bucket_differs, golden
from rest import answered, assert_error
from triggers import KINDS, timer

NOBODY = "00000000-0000-4000-8000-000000000000"
TOPIC = "urn:smn:eu-de:3d9a51c0f2e84b7796a8c4e1d05b7f23:alerts"
INSTANCE = "9f7d5b31-4e2c-4a80-b6d1-7c3e5a9f1b24"
TIME = 1777885951352


def control(api, path: str, body=None, **options):
    headers = {"X-Auth-Token": api.token}
    if body is not None:
        options["json"] = body
    return api.anonymous("POST", f"/_emulator/{path}", headers=headers, **options)


@pytest.fixture
def publish(own_project):
    """Gives messages to the triggers of a project that no other test uses."""
    api = own_project.api

    def publish(kind: str, body=None, **options):
        return control(api, f"publish/{kind}", body, params={"project_id": api.project_id}, **options)

    return publish


@pytest.fixture
def listener(own_project, mailbox):
    """Makes a function that sends its events to the mailbox, with an active trigger."""

    def listener(kind: str, data: dict, **fields) -> dict:
        function = mailbox.function(own_project)
        return function.create_trigger(kind, data, trigger_status="ACTIVE", **fields)

    return listener


def fired(answer) -> "list[str]":
    """The request ids of what fired; nothing may have been left out."""
    body = answered(answer)
    assert body["skipped"] == []
    return [item["request_id"] for item in body["fired"]]


# What is refused


def test_nothing_fires_without_a_token(api):
    for path in ["publish/smn", f"triggers/{NOBODY}/fire"]:
        assert_error(api.anonymous("POST", f"/_emulator/{path}", json={}), 401, "FSS.0401")


def test_an_unknown_trigger_cannot_fire(api):
    assert_error(control(api, f"triggers/{NOBODY}/fire"), 404, "FSS.1131")


def test_an_unknown_source_cannot_publish(api):
    assert_error(control(api, "publish/pigeon", {}), 404, "FSS.1137")


@pytest.mark.parametrize("kind", ["timer", "apig", "dedicatedgateway", "dms"])
def test_sources_without_messages_cannot_publish(api, kind):
    assert_error(control(api, f"publish/{kind}", {}), 400, "FSS.0400")


@pytest.mark.parametrize("path", ["publish/smn", "fire"])
@pytest.mark.parametrize(
    "body, status, code",
    [(b"{", 406, "FSS.0406"), (b"[]", 400, "FSS.0400"), (b"7", 400, "FSS.0400")],
)
def test_a_body_that_is_no_object_fires_nothing(listener, api, mailbox, path, body, status, code):
    trigger = listener("SMN", {"topic_urn": TOPIC})
    path = f"triggers/{trigger['trigger_id']}/fire" if path == "fire" else path
    assert_error(control(api, path, data=body), status, code)
    assert mailbox.is_empty()


BAD = {
    "smn": [
        {},
        {"topic_urn": TOPIC},
        {"message": "x"},
        {"topic_urn": 7, "message": "x"},
        {"topic_urn": TOPIC, "message": {}},
        {"topic_urn": TOPIC, "message": "x", "message_attributes": "x"},
        {"topic_urn": TOPIC, "message": "x", "timestamp": "yesterday"},
    ],
    "cts": [
        {},
        {"service_type": "ECS", "resource_type": "ecs"},
        {"service_type": "ECS", "resource_type": "ecs", "trace_name": "x", "time": "now"},
        {"service_type": "ECS", "resource_type": "ecs", "trace_name": "x", "user": "alice"},
    ],
    "dds": [
        {"db_name": "shop", "collection_name": "stock"},
        {"db_name": "shop", "collection_name": "stock", "changes": []},
        {"db_name": "shop", "collection_name": "stock", "changes": ["x"]},
        {"db_name": "shop", "collection_name": "stock", "changes": [{"operation": "drop"}]},
        {"db_name": "shop", "collection_name": "stock", "changes": [{"document": "x"}]},
        {"collection_name": "stock", "changes": [{}]},
    ],
    "kafka": [
        {},
        {"topic_id": "orders"},
        {"topic_id": "orders", "messages": []},
        {"topic_id": "orders", "messages": "x"},
        {"messages": ["x"]},
        {"records": []},
        {"records": [{"topic_id": "orders"}]},
        {"topic_id": "orders", "messages": ["x"] * 10_001},
        {"topic_id": "orders", "messages": ["x"], "instance_id": 7},
    ],
    "rabbitmq": [{"topic_id": "orders", "messages": ["x"]}],
    "lts": [
        {"log_group_id": "g", "log_topic_id": "t"},
        {"log_group_id": "g", "log_topic_id": "t", "logs": [7]},
        {"log_group_id": "g", "log_topic_id": "t", "logs": [{"time": 1}]},
        {"log_group_id": "g", "logs": ["x"]},
    ],
    "dis": [
        {"records": [{"data": ""}]},
        {"stream_name": "clicks", "records": [{}]},
        {"stream_name": "clicks", "records": [{"data": "no Base64"}]},
        {"stream_name": "clicks", "records": [{"data": "", "sequence_number": -1}]},
    ],
    "obs": [
        {"bucket": "photos-in"},
        {"key": "a"},
        {"bucket": "photos-in", "key": "a", "event_name": "ObjectPainted"},
        {"bucket": "photos-in", "key": "a" * 1025},
        {"bucket": "photos-in", "key": "a", "size": -1},
    ],
}


@pytest.mark.parametrize(
    "kind, body", [(kind, body) for kind, bodies in BAD.items() for body in bodies]
)
def test_messages_that_are_wrong_are_refused(publish, kind, body):
    assert_error(publish(kind, body), 400, "FSS.0400")


def test_an_event_that_is_too_large_fires_nothing_at_all(publish, listener, mailbox):
    listener("SMN", {"topic_urn": TOPIC})
    listener("SMN", {"topic_urn": TOPIC})
    body = {"topic_urn": TOPIC, "message": "x" * (256 << 10)}
    assert_error(publish("smn", body), 413, "FSS.1201")
    fired(publish("smn", {"topic_urn": TOPIC, "message": "small"}))
    assert [event["record"][0]["smn"]["message"] for event in mailbox.events(2)] == ["small"] * 2
    assert mailbox.is_empty()


def test_a_body_beyond_the_limit_is_refused(publish):
    body = {"topic_urn": TOPIC, "message": "x" * (6 << 20)}
    assert_error(publish("smn", body), 413, "FSS.0413")


def test_a_disabled_trigger_does_not_fire_and_the_answer_says_so(own_project, mailbox):
    trigger = mailbox.function(own_project).create_trigger("TIMER", timer(), trigger_status="DISABLED")
    answer = control(own_project.api, f"triggers/{trigger['trigger_id']}/fire")
    assert_error(answer, 409, "FSS.0409")
    assert "DISABLED" in answer.json()["error_msg"]


def test_a_disabled_trigger_is_skipped(own_project, publish, mailbox):
    function = mailbox.function(own_project)
    trigger = function.create_trigger("KAFKA", KINDS["KAFKA"].data)
    answer = answered(publish("kafka", {"topic_id": "orders", "messages": ["x"]}))
    assert answer["fired"] == []
    (skipped,) = answer["skipped"]
    assert skipped["trigger_id"] == trigger["trigger_id"] and skipped["reason"] == "DISABLED"
    answered(function.api.put(f"{function.triggers}/KAFKA/{trigger['trigger_id']}",
                              json={"trigger_status": "ACTIVE"}))  # fmt: skip
    fired(publish("kafka", {"topic_id": "orders", "messages": ["x"]}))
    assert mailbox.next()["event"]["records"] == [{"topic_id": "orders", "messages": ["x"]}]


def test_a_function_that_is_switched_off_refuses(own_project, publish, mailbox):
    function = mailbox.function(own_project)
    trigger = function.create_trigger("SMN", {"topic_urn": TOPIC})
    assert function.set_max_instances(0).ok
    answer = answered(publish("smn", {"topic_urn": TOPIC, "message": "x"}))
    (skipped,) = answer["skipped"]
    assert answer["fired"] == [] and skipped["reason"] == "REFUSED"
    assert skipped["error_code"] == "FSS.0429"
    fire = control(own_project.api, f"triggers/{trigger['trigger_id']}/fire")
    assert_error(fire, 429, "FSS.0429")


def test_a_trigger_that_was_deleted_does_not_fire(own_project, publish, mailbox):
    function = mailbox.function(own_project)
    trigger = function.create_trigger("SMN", {"topic_urn": TOPIC})
    answered(function.api.delete(f"{function.triggers}/SMN/{trigger['trigger_id']}"), 204)
    assert fired(publish("smn", {"topic_urn": TOPIC, "message": "x"})) == []
    assert_error(control(own_project.api, f"triggers/{trigger['trigger_id']}/fire"), 404, "FSS.1131")


ELSEWHERE = [
    ("SMN", {"topic_urn": TOPIC}, {"topic_urn": f"{TOPIC}2", "message": "x"}),
    (
        "CTS",
        {"name": "a", "operations": ["ECS:ecs:stopServer"]},
        {"service_type": "ECS", "resource_type": "ecs", "trace_name": "startServer"},
    ),
    (
        "CTS",
        {"name": "a", "operations": ["ECS:ecs:stopServer"]},
        {"service_type": "VPC", "resource_type": "ecs", "trace_name": "stopServer"},
    ),
    (
        "CTS",
        {"name": "a", "operations": ["ECS:ecs:stopServer"]},
        {"service_type": "ECS", "resource_type": "disk", "trace_name": "stopServer"},
    ),
    (
        "DDS",
        KINDS["DDS"].data,
        {"db_name": "shop", "collection_name": "customers", "changes": [{}]},
    ),
    (
        "DDS",
        KINDS["DDS"].data,
        {"db_name": "shop", "collection_name": "orders", "instance_id": "x", "changes": [{}]},
    ),
    ("KAFKA", KINDS["KAFKA"].data, {"topic_id": "returns", "messages": ["x"]}),
    (
        "KAFKA",
        KINDS["KAFKA"].data,
        {"topic_id": "orders", "instance_id": "other", "messages": ["x"]},
    ),
    (
        "LTS",
        {"log_group_id": "g", "log_topic_id": "t"},
        {"log_group_id": "g", "log_topic_id": "u", "logs": ["x"]},
    ),
    ("DIS", {"stream_name": "clicks"}, {"stream_name": "views", "records": [{"data": ""}]}),
    ("OBS", KINDS["OBS"].data, {"bucket": "photos-in", "key": "in/a.jpg"}),
    ("OBS", KINDS["OBS"].data, {"bucket": "photos-in", "key": "out/a.png"}),
    ("OBS", KINDS["OBS"].data, {"bucket": "photos", "key": "in/a.png"}),
    (
        "OBS",
        KINDS["OBS"].data,
        {"bucket": "photos-in", "key": "in/a.png", "event_name": "ObjectRemoved:Delete"},
    ),
]


@pytest.mark.parametrize("kind, data, body", ELSEWHERE)
def test_messages_for_others_fire_nothing(publish, listener, kind, data, body):
    listener(kind, data)
    assert answered(publish(kind, body)) == {"fired": [], "skipped": []}


def test_messages_do_not_reach_another_project(publish, project, mailbox):
    mailbox.function(project).create_trigger("SMN", {"topic_urn": f"{TOPIC}-elsewhere"})
    body = {"topic_urn": f"{TOPIC}-elsewhere", "message": "x"}
    assert fired(publish("smn", body)) == []
    assert len(fired(control(project.api, "publish/smn", body))) == 1


# What fires, and with which event


def test_a_topic(publish, own_project, mailbox):
    function = mailbox.function(own_project)
    function.create_trigger("SMN", {"topic_urn": TOPIC})
    (request_id,) = fired(
        publish(
            "SMN",
            {
                "topic_urn": TOPIC,
                "message": "disk 91%",
                "subject": "node-3",
                "message_id": "2b8e4d6f0a1c4e3b9d5f7a8c6e0b1d2f",
                "timestamp": TIME,
            },
        )
    )
    letter = mailbox.next()
    assert letter["request_id"] == request_id
    differs = {
        "requestId": request_id,
        "functionname": function.name,
        "record/0/event_subscription_urn": f"{function.urn}:latest",
    }
    assert_is_golden(letter["event"], "smn", differs)


@pytest.mark.parametrize("operations", [
    ["ECS:ecs:stopServer"],
    ["VPC:vpc:create", "ecs:disk;ecs:startServer;stopServer"],
])  # fmt: skip
def test_a_trace(publish, listener, mailbox, operations):
    listener("CTS", {"name": "notes", "operations": operations})
    expected = golden("cts")
    assert len(fired(publish("cts", expected["cts"]))) == 1
    assert_is_golden(mailbox.next()["event"], "cts")


def test_a_trace_of_which_little_is_said(publish, listener, mailbox):
    listener("CTS", {"name": "notes", "operations": ["ECS:ecs:stopServer"]})
    said = {"service_type": "ECS", "resource_type": "ecs", "trace_name": "stopServer"}
    fired(publish("cts", said))
    trace = mailbox.next()["event"]["cts"]
    assert set(golden("cts")["cts"]) - {"user_agent"} == set(trace)
    assert {**trace, **said} == trace and trace["operation_id"] == "StopServer"


def test_a_collection(publish, listener, mailbox):
    expected = golden("dds")
    listener("DDS", {**KINDS["DDS"].data, "collection_name": "stock"})
    change = {
        "operation": "insert",
        "document": json.loads(expected["records"][0]["dds"]["full_document"]),
        "token": "826A1F2B3C000000012B022C0100296E5A1004",
    }
    body = {"db_name": "shop", "collection_name": "stock", "changes": [change]}
    fired(publish("dds", body))
    differs = {"records/0/event_source_id": KINDS["DDS"].data["instance_id"]}
    assert_is_golden(mailbox.next()["event"], "dds", differs)


def _records(topic: str) -> "list[dict]":
    return [
        {topic: "orders", "messages": ['{"id":1}', {"id": 3}]},
        {topic: "returns", "messages": ['{"id":2}']},
        {topic: "unheard", "messages": ["x"]},
    ]


BROKERS = [
    ("KAFKA", {"instance_id": INSTANCE, "topic_ids": ["orders", "returns"]}, "kafka"),
    (
        "OPENSOURCEKAFKA",
        {
            "instance_id": INSTANCE,
            "kafka_connect_address": "10.0.0.1:9092,10.0.0.2:9092",
            "topic_ids": ["orders", "returns"],
        },
        "kafka",
    ),
    ("ROCKETMQ", {"instance_id": INSTANCE, "topic_ids": ["orders", "returns"]}, "rocketmq"),
]


@pytest.mark.parametrize("kind, data, name", BROKERS)
def test_a_broker(publish, own_project, mailbox, kind, data, name):
    function = mailbox.function(own_project)
    # Fired by messages alone: no broker answers at the address.
    function.create_trigger(kind, {**data, "batch_size": 10}, trigger_status="ACTIVE")
    place = {"kafka_connect_address": "10.0.0.2:9092"} if kind == "OPENSOURCEKAFKA" else {}
    fired(publish(kind.lower(), {**place, "records": _records("topic_id")}))
    assert_is_golden(mailbox.next()["event"], name, {"event_time": NOW})


def test_rabbitmq(publish, listener, mailbox):
    listener("RABBITMQ", {"instance_id": INSTANCE, "batch_size": 10})
    fired(publish("RabbitMQ", {"records": _records("exchange_name")[:2]}))
    assert_is_golden(mailbox.next()["event"], "rabbitmq", {"event_time": NOW})


def test_messages_come_in_batches(publish, listener, mailbox):
    listener("KAFKA", {"instance_id": "k", "topic_ids": ["orders"], "batch_size": 10})
    ids = fired(publish("kafka", {"topic_id": "orders", "messages": [str(n) for n in range(25)]}))
    events = mailbox.take(3)
    batches = [events[request_id]["records"][0]["messages"] for request_id in ids]
    assert [len(batch) for batch in batches] == [10, 10, 5]
    assert sum(batches, []) == [str(n) for n in range(25)]


def test_a_stream(publish, listener, mailbox):
    listener("DIS", {"stream_name": "clicks"})
    expected = golden("dis")
    record = {"partition_key": "user-7", "data": "Y2xpY2sgL2hvbWU=", "sequence_number": 7}
    body = {
        "stream_name": "clicks",
        "partition": 3,
        "next_partition_cursor": expected["Message"]["next_partition_cursor"],
        "records": [record],
    }
    fired(publish("dis", body))
    assert_is_golden(mailbox.next()["event"], "dis")


def _decoded(event: dict) -> dict:
    return json.loads(base64.b64decode(event["lts"]["data"]))


def test_a_log(publish, listener, mailbox):
    expected = golden("lts")
    body = _decoded(expected)
    body["logs"] = json.loads(body["logs"])
    listener("LTS", {name: body[name] for name in ["log_group_id", "log_topic_id"]})
    fired(publish("lts", body))
    assert_is_golden(mailbox.next()["event"], "lts")


def test_a_large_log_is_split(publish, listener, mailbox):
    listener("LTS", {"log_group_id": "g", "log_topic_id": "t"})
    lines = [f"{number} " + "x" * 1000 for number in range(200)]
    ids = fired(publish("lts", {"log_group_id": "g", "log_topic_id": "t", "logs": lines}))
    assert len(ids) > 2
    events = mailbox.take(len(ids))
    parts = [_decoded(events[request_id])["logs"] for request_id in ids]
    assert all(len(part.encode()) <= 75 * 1024 for part in parts)
    found = [line for part in parts for line in json.loads(part)]
    assert [line["message"] for line in found] == lines
    assert [line["line_no"] for line in found] == list(range(1, 201))


@pytest.mark.parametrize("name", ["obs_created", "obs_removed"])
def test_a_bucket(publish, listener, mailbox, name):
    record = golden(name)["Records"][0]
    listener("OBS", {"bucket": "photos-in", "events": ["s3:ObjectCreated:*", "Delete"], "prefix": "2026/",
                     "suffix": ".png", "name": "uploads"})  # fmt: skip
    body = {"bucket": "photos-in", "key": "2026/grün cat+1.png", "event_name": record["eventName"]}
    if name == "obs_created":
        body.update(size=20480, eTag=record["s3"]["object"]["eTag"])
    fired(publish("obs", body))
    differs = bucket_differs("uploads")
    assert_is_golden(mailbox.next()["event"], name, differs)


def test_later_events_of_an_object_have_greater_sequencers(publish, listener, mailbox):
    listener("OBS", {"bucket": "photos-in", "events": ["s3:ObjectCreated:*"]})
    ids = []
    for _ in range(3):
        ids += fired(publish("obs", {"bucket": "photos-in", "key": "a"}))
    events = mailbox.take(3)
    found = [events[i]["Records"][0]["s3"]["object"]["sequencer"] for i in ids]
    assert found == sorted(found) and len(set(found)) == 3


def test_every_listener_is_told_in_the_order_of_the_triggers(publish, listener, mailbox):
    triggers = [listener("SMN", {"topic_urn": TOPIC})["trigger_id"] for _ in range(3)]
    answer = answered(publish("smn", {"topic_urn": TOPIC, "message": "x"}))
    assert sorted(item["trigger_id"] for item in answer["fired"]) == sorted(triggers)
    assert set(mailbox.take(3)) == {item["request_id"] for item in answer["fired"]}


# One trigger


def fire(api, trigger: dict, body=None):
    return answered(control(api, f"triggers/{trigger['trigger_id']}/fire", body))


def test_a_timer_fires_now(own_project, listener, mailbox):
    trigger = listener("TIMER", {**timer("nightly"), "user_event": '{"mode": "full"}'})
    answer = fire(own_project.api, trigger)
    letter = mailbox.next()
    assert letter["request_id"] == answer["request_id"]
    assert_is_golden(letter["event"], "timer", {"time": SECONDS + r"\+00:00"})


def test_a_timer_has_no_messages(own_project, listener):
    trigger = listener("TIMER", timer())
    answer = control(own_project.api, f"triggers/{trigger['trigger_id']}/fire", {"message": "x"})
    assert_error(answer, 400, "FSS.0400")


@pytest.mark.parametrize("kind", KINDS)
def test_any_trigger_fires_with_a_given_event(own_project, mailbox, kind):
    function = mailbox.function(own_project)
    data = KINDS[kind].data_for(function)
    trigger = function.create_trigger(kind, data, trigger_status="ACTIVE")
    answer = fire(own_project.api, trigger, {"event": {"any": [1.50, None, "ü"]}})
    letter = mailbox.next()
    assert letter["request_id"] == answer["request_id"]
    assert letter["event"] == {"any": [1.5, None, "ü"]}
    assert [item["trigger_id"] for item in answer["fired"]] == [trigger["trigger_id"]]


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in {"APIG", "DEDICATEDGATEWAY", "DMS"}])
def test_a_trigger_fires_without_a_body(own_project, mailbox, kind):
    function = mailbox.function(own_project)
    trigger = function.create_trigger(kind, KINDS[kind].data_for(function), trigger_status="ACTIVE")
    answer = fire(own_project.api, trigger)
    assert mailbox.next()["request_id"] == answer["request_id"]


@pytest.mark.parametrize("kind", ["APIG", "DMS"])
def test_a_trigger_without_messages_needs_the_event(own_project, mailbox, kind):
    function = mailbox.function(own_project)
    trigger = function.create_trigger(kind, KINDS[kind].data_for(function))
    answer = control(own_project.api, f"triggers/{trigger['trigger_id']}/fire")
    assert_error(answer, 400, "FSS.0400")


def test_nothing_may_stand_beside_the_event(own_project, listener):
    trigger = listener("SMN", {"topic_urn": TOPIC})
    path = f"triggers/{trigger['trigger_id']}/fire"
    assert_error(control(own_project.api, path, {"event": {}, "message": "x"}), 400, "FSS.0400")


def test_the_trigger_completes_the_messages(own_project, listener, mailbox):
    trigger = listener("SMN", {"topic_urn": TOPIC})
    fire(own_project.api, trigger, {"message": "only this"})
    message = mailbox.next()["event"]["record"][0]["smn"]
    assert (message["topic_urn"], message["message"]) == (TOPIC, "only this")


def test_what_fires_is_an_asynchronous_invocation(own_project, mailbox):
    function = mailbox.function(own_project)
    trigger = function.create_trigger("SMN", {"topic_urn": TOPIC})
    answer = fire(own_project.api, trigger)
    assert function.finished(answer["request_id"])["status"] == "SUCCESS"


def test_a_trigger_of_an_alias_invokes_the_alias(own_project, mailbox):
    function = mailbox.function(own_project)
    function.publish("v1")
    function.create_alias("prod", "v1")
    trigger = function.at("!prod").create_trigger("SMN", {"topic_urn": TOPIC})
    (item,) = fire(own_project.api, trigger)["fired"]
    assert item["func_urn"] == f"{function.urn}:!prod"
    mailbox.next()
