"""The sample events of `fixtures/events`, read as handlers read them.

The vendor has packages with getters for these events (`fg_timer_event`,
`fg_apig_event`, `fg_obss3_event` and so on), but they are not on PyPI. So what their
getters rely on is written down here by hand: where each value stands, of which type it
is, and what has to be decoded first.

That what reaches a handler is just like the samples is tested here for the gateway, for
files in buckets and for timers, and in test_event_sources.py for everything else.
"""

import base64
import hashlib
import json
import re
from datetime import datetime, timedelta, timezone
from urllib.parse import unquote_plus

import pytest

from gateway import REPORT, expose
from golden import EVENTS, HEX_32, assert_is_golden, bucket_differs, golden
from steering import Clock, add_timer
from wire import Wire

PROJECT = "3d9a51c0f2e84b7796a8c4e1d05b7f23"
MOMENT = datetime(2026, 5, 4, 9, 12, 31, tzinfo=timezone.utc)


def only(records: list) -> dict:
    assert isinstance(records, list)
    [record] = records
    return record


def members(value: dict) -> "dict[str, type]":
    return {name: type(member) for name, member in value.items()}


def test_every_event_is_read_here():
    read = {"timer", "apig", "obs_created", "obs_removed", "smn", "cts", "dds"}
    read |= {"kafka", "rocketmq", "rabbitmq", "lts", "dis"}
    assert {path.stem for path in EVENTS.glob("*.json")} == read


def test_a_timer_tells_its_local_time_and_passes_its_text_on():
    timer = golden("timer")
    assert members(timer) == dict.fromkeys(
        ["version", "time", "trigger_type", "trigger_name", "user_event"], str
    )
    assert (timer["version"], timer["trigger_type"]) == ("v1.0", "TIMER")
    time = datetime.fromisoformat(timer["time"])
    assert time.utcoffset() == timedelta(hours=2)
    assert time == datetime(2026, 5, 4, 6, tzinfo=timezone.utc)
    assert timer["trigger_name"] == "nightly"
    assert json.loads(timer["user_event"]) == {"mode": "full"}


def test_a_gateway_sends_the_body_in_base64_and_names_headers_in_lower_case():
    request = golden("apig")
    assert members(request) == {
        "httpMethod": str, "path": str, "pathParameters": dict, "queryStringParameters": dict,
        "headers": dict, "body": str, "isBase64Encoded": bool, "requestContext": dict,
    }  # fmt: skip
    assert request["isBase64Encoded"] is True
    assert json.loads(base64.b64decode(request["body"], validate=True)) == {"qty": 3}
    assert all(name == name.lower() for name in request["headers"])
    assert all(isinstance(value, str) for value in request["headers"].values())
    context = request["requestContext"]
    assert members(context) == {"requestId": str, "apiId": str, "stage": str}
    assert request["headers"]["x-request-id"] == context["requestId"]
    assert context["stage"] == "RELEASE"
    assert request["path"].endswith("/" + request["pathParameters"][""])
    assert request["queryStringParameters"] == {"dry": "1", "tag": ["new", "grün"]}


@pytest.mark.parametrize(
    "name, happened", [("created", "ObjectCreated:Put"), ("removed", "ObjectRemoved:Delete")]
)
def test_a_bucket_tells_what_happened_to_which_object(name, happened):
    notification = golden(f"obs_{name}")
    assert list(notification) == ["Records"]
    record = only(notification["Records"])
    assert record["eventName"] == happened
    assert (record["eventVersion"], record["eventSource"]) == ("2.0", "aws:s3")
    assert record["awsRegion"] == "eu-de"
    time = datetime.strptime(record["eventTime"], "%Y-%m-%dT%H:%M:%S.%f%z")
    assert time == MOMENT + timedelta(milliseconds=352)
    assert members(record["userIdentity"]) == {"principalId": str}
    assert members(record["requestParameters"]) == {"sourceIPAddress": str}
    assert members(record["responseElements"]) == {"x-amz-request-id": str, "x-amz-id-2": str}
    s3 = record["s3"]
    assert s3["s3SchemaVersion"] == "1.0" and isinstance(s3["configurationId"], str)
    assert members(s3["bucket"]) == {"name": str, "arn": str, "ownerIdentity": dict}
    assert s3["bucket"]["arn"] == "arn:aws:s3:::" + s3["bucket"]["name"]
    assert members(s3["bucket"]["ownerIdentity"]) == {"PrincipalId": str}
    assert unquote_plus(s3["object"]["key"]) == "2026/grün cat+1.png"
    assert "/" not in s3["object"]["key"]
    assert len(s3["object"]["sequencer"]) == 32 and int(s3["object"]["sequencer"], 16)


def test_only_an_object_that_is_there_has_a_size_and_a_tag():
    created = only(golden("obs_created")["Records"])["s3"]["object"]
    removed = only(golden("obs_removed")["Records"])["s3"]["object"]
    assert members(created) == {"key": str, "eTag": str, "size": int, "versionId": str, "sequencer": str}
    assert members(removed) == {"key": str, "versionId": str, "sequencer": str}


def test_a_topic_sends_a_list_of_records_called_record():
    notification = golden("smn")
    assert members(notification) == {"record": list, "functionname": str, "requestId": str, "timestamp": str}
    record = only(notification["record"])
    assert (record["event_version"], record["event_source"]) == ("1.0", "smn")
    assert record["event_subscription_urn"] == f"urn:fss:eu-de:{PROJECT}:function:default:mailer:latest"
    assert notification["functionname"] == "mailer"
    message = record["smn"]
    assert members(message) == {
        "topic_urn": str, "timestamp": str, "message_attributes": type(None), "message": str,
        "type": str, "message_id": str, "subject": str,
    }  # fmt: skip
    assert message["type"] == "notification"
    assert datetime.strptime(message["timestamp"], "%Y-%m-%dT%H:%M:%S%z") == MOMENT
    assert datetime.strptime(notification["timestamp"], "%a %b %d %Y %H:%M:%S GMT%z (UTC)") == MOMENT


def test_a_trace_tells_who_did_what_to_which_resource():
    trace = golden("cts")["cts"]
    assert trace["time"] == 1777885951507 and trace["record_time"] == 1777885951730
    assert datetime.fromtimestamp(trace["time"] / 1000, timezone.utc).replace(microsecond=0) == MOMENT
    assert members(trace["user"]) == {"name": str, "id": str, "domain": dict}
    assert members(trace["user"]["domain"]) == {"name": str, "id": str}
    assert isinstance(trace["request"], dict) and isinstance(trace["response"], dict)
    assert trace["code"] == 202 and trace["read_only"] is False
    for name in [
        "service_type", "resource_type", "resource_name", "resource_id", "trace_id", "trace_name",
        "trace_type", "trace_status", "trace_rating", "source_ip", "domain_id", "project_id",
        "operation_id", "message", "resource_account_id", "api_version",
    ]:  # fmt: skip
        assert isinstance(trace[name], str), name


def test_what_comes_from_a_database_is_json_text():
    record = only(golden("dds")["records"])
    assert {name: record[name] for name in ["event_source", "event_name", "event_version", "region"]} == {
        "event_source": "dds", "event_name": "insert", "event_version": "1.0", "region": "eu-de",
    }  # fmt: skip
    assert isinstance(record["event_source_id"], str)
    change = record["dds"]
    assert members(change) == {"size_bytes": str, "token": str, "full_document": str, "ns": str}
    assert int(change["size_bytes"]) == len(change["full_document"])
    assert list(json.loads(change["token"])) == ["_data"]
    assert json.loads(change["full_document"])["sku"] == "B-9"
    assert json.loads(change["ns"]) == {"db": "shop", "coll": "stock"}


@pytest.mark.parametrize("broker", ["kafka", "rocketmq", "rabbitmq"])
def test_a_broker_sends_texts_grouped_by_topic(broker):
    batch = golden(broker)
    assert batch["event_version"] == "v1.0"
    assert batch["trigger_type"] == broker.upper()
    assert datetime.fromtimestamp(batch["event_time"], timezone.utc) == MOMENT
    assert batch["region"] == "eu-de"
    topic = "exchange" if broker == "rabbitmq" else "topic_id"
    messages = {
        record[topic]: [json.loads(text) for text in record["messages"]]
        for record in batch["records"]
    }
    assert list(messages.items()) == [
        ("orders", [{"id": 1}, {"id": 3}]),
        ("returns", [{"id": 2}]),
    ]
    holders = batch["records"] if broker == "rabbitmq" else [batch]
    assert all(isinstance(holder["instance_id"], str) for holder in holders)


def test_logs_are_a_json_list_in_json_in_base64():
    data = json.loads(base64.b64decode(golden("lts")["lts"]["data"], validate=True))
    assert members(data) == dict.fromkeys(["logs", "owner", "log_group_id", "log_topic_id"], str)
    lines = json.loads(data["logs"])
    assert [line["message"] for line in lines] == [
        '2026-05-04 09:12:31 WARN disk "91%"',
        "2026-05-04 09:12:31 INFO grün",
    ]
    for line in lines:
        assert members(line) == {
            "message": str, "time": int, "host_name": str, "ip": str, "path": str, "log_uid": str,
            "line_no": int,
        }  # fmt: skip


def test_a_stream_sends_records_of_one_partition_in_base64():
    part = golden("dis")
    assert members(part) == {"ShardID": str, "Message": dict, "Tag": str, "StreamName": str}
    assert part["ShardID"] == "shardId-0000000003"
    assert members(part["Message"]) == {
        "next_partition_cursor": str, "records": list, "millis_behind_latest": str,
    }  # fmt: skip
    record = only(part["Message"]["records"])
    assert members(record) == dict.fromkeys(["partition_key", "data", "sequence_number"], str)
    assert base64.b64decode(record["data"], validate=True) == b"click /home"


# What reaches a handler


@pytest.mark.parametrize("kind", ["APIG", "DEDICATEDGATEWAY"])
def test_a_request_to_the_gateway_reaches_the_handler_like_the_sample(project, kind):
    called = expose(project.create_inline(REPORT), "/shop/orders", kind=kind)
    message = (
        "POST /shop/orders/42?dry=1&tag=new&tag=gr%C3%BCn HTTP/1.1\r\n"
        f"Host: {called.host}\r\nContent-Type: application/json\r\n"
        "Accept: text/html\r\nCookie: a=1\r\nConnection: keep-alive\r\naccept: */*\r\ncookie: b=2\r\n"
        "Transfer-Encoding: chunked\r\n\r\na\r\n{\"qty\": 3}\r\n0\r\n\r\n"
    )
    with Wire(called.port) as wire:
        wire.send(message)
        answer = wire.receive()
    assert answer.status == 200, answer
    event = answer.json()["event"]
    differs = {
        "headers/host": re.escape(called.host),
        "headers/x-request-id": HEX_32,
        "headers/x-forwarded-for": r"127\.0\.0\.1",
        "headers/x-real-ip": r"127\.0\.0\.1",
        "headers/x-forwarded-host": re.escape(called.host),
        "headers/x-forwarded-port": str(called.port),
        "requestContext/requestId": HEX_32,
        "requestContext/apiId": HEX_32,
    }
    assert_is_golden(event, "apig", differs)
    assert event["headers"]["x-request-id"] == event["requestContext"]["requestId"]


def test_a_file_in_a_bucket_reaches_the_handler_like_the_samples(
    fresh_server, project_of, mailbox, tmp_path
):
    directory = tmp_path / "photos-in" / "2026"
    directory.mkdir(parents=True)
    function = mailbox.function(project_of(fresh_server(options=["--obs-root", str(tmp_path)])))
    trigger = function.create_trigger(
        "OBS", {"bucket": "photos-in", "events": ["s3:ObjectCreated:*", "s3:ObjectRemoved:*"]}
    )
    file = directory / "grün cat+1.png"
    file.write_bytes(b"x" * 20480)
    created = mailbox.next()["event"]
    tag = hashlib.md5(b"x" * 20480).hexdigest()
    file.unlink()
    removed = mailbox.next()["event"]
    differs = bucket_differs(trigger["trigger_id"])
    assert_is_golden(created, "obs_created", {**differs, "Records/0/s3/object/eTag": tag})
    assert_is_golden(removed, "obs_removed", differs)


def test_a_timer_reaches_the_handler_like_the_sample(fresh_server, project_of, mailbox):
    server = fresh_server()
    clock = Clock(server.url)
    clock.freeze("2026-05-04T05:59:59Z")
    function = mailbox.function(project_of(server))
    schedule = "CRON_TZ=Europe/Berlin 0 0 8 * * *"
    add_timer(function, schedule, name="nightly", user_event='{"mode": "full"}')
    clock.advance("1s")
    assert_is_golden(mailbox.next()["event"], "timer")
