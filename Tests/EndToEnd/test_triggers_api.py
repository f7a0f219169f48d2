"""Creating, listing, reading, changing and deleting triggers of every type (G-1 to G-6)."""

import uuid
from datetime import datetime

import pytest

from rest import WITH_OFFSET, answered, assert_error
from triggers import GENERIC, KINDS, timer

UNKNOWN = "00000000-0000-4000-8000-000000000000"

every_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=str)


def try_to_create(function, kind, data=None, **fields):
    """A request for a trigger; `kind` is one of the table, or the text to send."""
    code = getattr(kind, "code", kind)
    body = {"trigger_type_code": code, "event_data": data, **fields}
    body = {name: value for name, value in body.items() if value is not None}
    return function.api.post(function.triggers, json=body)


def listed(function) -> "list[dict]":
    return answered(function.api.get(function.triggers))


def ids(function) -> "list[str]":
    return [trigger["trigger_id"] for trigger in listed(function)]


def path_of(function, trigger: dict, kind: "str | None" = None) -> str:
    return f"{function.triggers}/{kind or trigger['trigger_type_code']}/{trigger['trigger_id']}"


def update(function, trigger: dict, **body):
    return function.api.put(path_of(function, trigger), json=body)


def create(function, kind, **changes) -> dict:
    """A trigger with the data of the table."""
    return function.create_trigger(kind.code, {**kind.data_for(function), **changes})


@pytest.fixture
def function(project):
    return project.create()


# Creating: what is refused


@pytest.mark.parametrize("code", ["", "NOTHING", "TIME", 7, None])
def test_an_unknown_type_is_refused(function, code):
    assert_error(try_to_create(function, code, timer()), 400, "FSS.1101", GENERIC)
    assert listed(function) == []


@every_kind
@pytest.mark.parametrize("data", [None, "text", ["list"], 7])
def test_data_that_is_no_object_is_refused(function, kind, data):
    assert_error(try_to_create(function, kind, data), 400, *kind.invalid)
    assert listed(function) == []


@pytest.mark.parametrize(
    "kind, member",
    [(kind, member) for kind in KINDS.values() for member in kind.required],
    ids=lambda value: str(value),
)
@pytest.mark.parametrize("how", ["missing", "null", "empty"])
def test_a_required_member_is_required(function, kind, member, how):
    data = kind.data_for(function)
    if how == "missing":
        del data[member]
    else:
        empty = {str: "", list: [], int: None, dict: {}}[type(data[member])]
        data[member] = None if how == "null" else empty
    assert_error(try_to_create(function, kind, data), 400, *kind.invalid)
    assert listed(function) == []


def test_an_api_needs_to_know_how_long_it_may_wait(function):
    data = KINDS["APIG"].data_for(function)
    data["func_info"] = {n: value for n, value in data["func_info"].items() if n != "timeout"}
    assert_error(try_to_create(function, "APIG", data), 400, "FSS.1107", GENERIC)


# Each row: the type, the changed members and the codes that are narrower than those of the type.
BAD_DATA = [
    ("TIMER", {"schedule_type": "rate"}),
    ("TIMER", {"schedule_type": "Hourly"}),
    ("TIMER", {"name": 7}),
    ("TIMER", {"user_event": {"no": "text"}}),
    ("APIG", {"type": 3}),
    ("APIG", {"type": "1"}),
    ("APIG", {"protocol": "FTP"}),
    ("APIG", {"req_method": "TRACE"}),
    ("APIG", {"match_mode": "EXACT"}),
    ("APIG", {"auth": "BASIC"}),
    ("APIG", {"func_info": {"invocation_type": "later", "timeout": 5000}}),
    ("APIG", {"func_info": {"invocation_type": "sync", "timeout": 0}}),
    ("APIG", {"func_info": {"invocation_type": "sync", "timeout": 60_001}}),
    ("APIG", {"func_info": {"invocation_type": "sync", "timeout": "5000"}}),
    ("APIG", {"sl_domain": "d" * 256}),
    ("DEDICATEDGATEWAY", {"auth": "BASIC"}),
    ("CTS", {"operations": [f"S{number}:r:op" for number in range(101)]}, "FSS.1313"),
    ("CTS", {"operations": ["ECS:server:createServer"] * 2}, "FSS.1316"),
    ("CTS", {"operations": "ECS:server:createServer"}),
    ("CTS", {"operations": ["nonsense"]}),
    ("DDS", {"batch_size": 0}),
    ("DDS", {"batch_size": 10_001}),
    ("DDS", {"db_name": "admin"}),
    ("DDS", {"db_name": "local"}),
    ("DDS", {"db_name": "config"}),
    ("DMS", {"polling_interval": 0}),
    ("DMS", {"polling_interval": "30"}),
    ("OBS", {"bucket": "b" * 65}),
    ("OBS", {"events": "s3:ObjectCreated:*"}),
    ("OBS", {"events": ["s3:ObjectRead:*"]}),
    ("OBS", {"prefix": "p" * 1025}),
    ("OBS", {"suffix": "s" * 1025}),
    ("SMN", {"topic_urn": "u" * 256}),
    ("SMN", {"topic_urn": 7}),
    ("KAFKA", {"batch_size": 0}),
    ("KAFKA", {"batch_size": 1001}),
    ("KAFKA", {"topic_ids": "orders"}),
    ("KAFKA", {"kafka_ssl_enable": True}, "FSS.1113"),
    ("KAFKA", {"kafka_ssl_enable": True, "kafka_user": "u"}, "FSS.1113"),
    ("OPENSOURCEKAFKA", {"batch_size": 1001}),
    ("ROCKETMQ", {"batch_size": 1001}),
    ("ROCKETMQ", {"enable_acl": True}),
    ("ROCKETMQ", {"enable_acl": True, "access_key": "a"}),
]


@pytest.mark.parametrize(
    "code, changes, codes",
    [
        pytest.param(code, changes, codes, id=f"{code}-{str(changes)[:50]}")
        for code, changes, *codes in BAD_DATA
    ],
)
def test_a_bad_member_is_refused_and_nothing_is_created(function, code, changes, codes):
    kind = KINDS[code]
    data = {**kind.data_for(function), **changes}
    assert_error(try_to_create(function, kind, data), 400, *codes, *kind.invalid)
    assert listed(function) == []


@pytest.mark.parametrize("status", ["active", "OFF", 7])
def test_an_unknown_status_is_refused(function, status):
    answer = try_to_create(function, "TIMER", timer(), trigger_status=status)
    assert_error(answer, 400, *KINDS["TIMER"].invalid)


@pytest.mark.parametrize("code", [code for code in KINDS if code not in ("APIG", "DEDICATEDGATEWAY")])
def test_an_http_function_takes_no_trigger_but_those_of_a_gateway(project, code):
    function = project.create(runtime="http", handler="bootstrap")
    answer = try_to_create(function, code, KINDS[code].data_for(function))
    assert answer.status_code in (400, 403, 412, 426), answer.text
    assert answer.json()["error_code"].startswith("FSS.")
    assert listed(function) == []


def test_an_http_function_takes_triggers_of_a_gateway(project):
    function = project.create(runtime="http", handler="bootstrap")
    assert create(function, KINDS["APIG"])["trigger_type_code"] == "APIG"


# Schedules


@pytest.mark.parametrize(
    "schedule",
    ["", "m", "3", "0m", "61m", "0h", "25h", "0d", "31d", "-1m", "1.5h", "3s", "3M", "3 m", "3mm",
     "99999999999999999999m", 3],
)  # fmt: skip
def test_a_rate_outside_its_range_is_refused(function, schedule):
    answer = try_to_create(function, "TIMER", timer(schedule=schedule))
    assert_error(answer, 400, *KINDS["TIMER"].invalid)


@pytest.mark.parametrize("schedule", ["1m", "60m", "1h", "24h", "1d", "30d"])
def test_a_rate_at_the_edge_is_accepted(function, schedule):
    trigger = function.create_trigger("TIMER", timer(schedule=schedule))
    assert trigger["event_data"]["schedule"] == schedule


@pytest.mark.parametrize(
    "schedule",
    ["", "nonsense", "* * *", "* * * * * * *", "60 * * * * ?", "* 60 * * * ?", "* * 24 * * ?",
     "* * * 0 * ?", "* * * 32 * ?", "* * * * 13 ?", "* * * * 0 ?", "* * * ? * 7", "5-1 * * * * ?",
     "*/0 * * * * ?", "1,, * * * * ?", "? * * * * ?", "* * * * Foo ?", "@every", "@every 5",
     "@every -5m", "@every 0s", "@every 5x", "@daily 5m", "CRON_TZ=No/Where 0 0 1 * * ?",
     "CRON_TZ= 0 0 1 * * ?", "0 0 31 2 * L"],
)  # fmt: skip
def test_a_cron_expression_without_sense_is_refused(function, schedule):
    answer = try_to_create(function, "TIMER", timer(schedule=schedule, schedule_type="Cron"))
    assert_error(answer, 400, *KINDS["TIMER"].invalid)


@pytest.mark.parametrize(
    "schedule",
    ["0 15 2 * * ?", "0 30 8 ? * MON", "0 15 10 1,15 * ?", "0/5 * * * * ?", "0 0 9-17 ? * 1-5",
     "* * * * *", "0 0 0 1 Jan *", "0 0 0 ? DEC sun", "*/20 * * * * *", "@every 3m", "@every 1.5h",
     "@every 2h30m", "@every 100ms", "CRON_TZ=Europe/Berlin 0 0 1 * * ?"],
)  # fmt: skip
def test_a_cron_expression_is_accepted_and_kept(function, schedule):
    data = timer(schedule=schedule, schedule_type="Cron")
    trigger = function.create_trigger("TIMER", data, trigger_status="DISABLED")
    assert trigger["event_data"]["schedule"] == schedule


# Creating: what is accepted


@every_kind
def test_a_trigger_has_its_documented_form(function, kind):
    data = kind.data_for(function)
    trigger = function.create_trigger(kind.code, data)
    assert trigger.keys() == {
        "trigger_id", "trigger_type_code", "trigger_status", "event_data", "created_time",
        "last_updated_time",
    }  # fmt: skip
    assert trigger["trigger_type_code"] == kind.code
    assert trigger["trigger_status"] == kind.starts
    assert uuid.UUID(trigger["trigger_id"])
    assert WITH_OFFSET.fullmatch(trigger["created_time"])
    assert trigger["last_updated_time"] == trigger["created_time"]
    moment = datetime.fromisoformat(trigger["created_time"].replace("Z", "+00:00"))
    assert abs(datetime.now(moment.tzinfo) - moment).total_seconds() < 60
    assert data.items() <= trigger["event_data"].items()
    assert answered(function.api.get(path_of(function, trigger))) == trigger
    assert listed(function) == [trigger]


@pytest.mark.parametrize("code", ["APIG", "DEDICATEDGATEWAY"])
def test_an_api_gets_an_id_and_an_address(function, code):
    trigger = create(function, KINDS[code])
    data = trigger["event_data"]
    assert data["triggerid"] == trigger["trigger_id"]
    assert data["invoke_url"].startswith(("http://", "https://"))
    assert data["invoke_url"].endswith(data["path"])
    assert isinstance(data["api_id"], str) and data["api_id"]


def test_a_bucket_notification_without_name_is_called_after_its_trigger(function):
    data = {"bucket": "photos-in", "events": ["s3:ObjectRemoved:*"]}
    trigger = function.create_trigger("OBS", data)
    assert trigger["event_data"]["name"] == trigger["trigger_id"]


@every_kind
def test_a_type_may_be_written_in_lower_case(function, kind):
    trigger = function.create_trigger(kind.code.lower(), kind.data_for(function))
    assert trigger["trigger_type_code"] == kind.code
    path = path_of(function, trigger, kind.code.lower())
    assert answered(function.api.get(path)) == trigger


@every_kind
def test_members_nobody_knows_are_kept(function, kind):
    trigger = create(function, kind, no_such_member={"a": [1]}, note="x")
    assert trigger["event_data"]["no_such_member"] == {"a": [1]}
    assert trigger["event_data"]["note"] == "x"


@pytest.mark.parametrize(
    "code, member",
    [("DDS", {"db_password": "hush"}),
     ("KAFKA", {"kafka_ssl_enable": True, "kafka_user": "u", "kafka_password": "hush"}),
     ("ROCKETMQ", {"enable_acl": True, "access_key": "a", "secret_key": "hush"})],
)  # fmt: skip
def test_passwords_are_given_back(function, code, member):
    assert member.items() <= create(function, KINDS[code], **member)["event_data"].items()


@pytest.mark.parametrize(
    "code, changes",
    [
        *[("APIG", {"req_method": method})
          for method in ["GET", "POST", "PUT", "DELETE", "HEAD", "PATCH", "OPTIONS"]],
        ("APIG", {"protocol": "HTTP"}),
        ("APIG", {"type": 2, "match_mode": "NORMAL", "auth": "IAM"}),
        ("APIG", {"auth": "APP"}),
        ("APIG", {"func_info": {"function_urn": "", "invocation_type": "async", "timeout": 60_000}}),
        ("APIG", {"func_info": {"function_urn": "", "invocation_type": "sync", "timeout": 1}}),
        ("CTS", {"operations": [f"S{number}:r:op" for number in range(100)]}),
        ("DDS", {"batch_size": 1}),
        ("DDS", {"batch_size": 10_000}),
        ("KAFKA", {"batch_size": 1000, "topic_ids": ["a", "b"]}),
        ("OBS", {"bucket": "b" * 64, "prefix": "", "suffix": "s" * 1024}),
        ("OBS", {"events": ["ObjectCreated", "Put", "DeleteMarkerCreated"]}),
        ("OBS", {"events": ["s3:ObjectCreated:Put", "s3:ObjectCreated:CompleteMultipartUpload",
                            "s3:ObjectRemoved:DeleteMarkerCreated"]}),
        ("SMN", {"topic_urn": "u" * 255}),
    ],
)  # fmt: skip
def test_a_value_at_the_edge_is_accepted_and_given_back(function, code, changes):
    assert changes.items() <= create(function, KINDS[code], **changes)["event_data"].items()


@every_kind
def test_an_active_trigger_can_be_asked_for(function, kind):
    trigger = function.create_trigger(
        kind.code, kind.data_for(function), trigger_status="ACTIVE", event_type_code="Any text"
    )
    assert trigger["trigger_status"] == "ACTIVE"


@pytest.mark.parametrize("kind", [k for k in KINDS.values() if k.can_be_disabled], ids=str)
def test_a_disabled_trigger_can_be_asked_for(function, kind):
    data = kind.data_for(function)
    trigger = function.create_trigger(kind.code, data, trigger_status="DISABLED")
    assert trigger["trigger_status"] == "DISABLED"


@pytest.mark.parametrize(
    "code, data",
    [("DIS", {"stream_name": "s", "sharditerator_type": "LATEST", "polling_interval": 30,
              "polling_unit": "s", "max_fetch_bytes": 1048576, "is_serial": "true",
              "batch_size": 100}),
     ("RABBITMQ", {"instance_id": "r", "exchange_name": "e", "vhost": "v", "access_user": "u",
                   "access_password": "p", "connect_address": "10.0.0.1:5672", "ssl_enable": False,
                   "batch_size": 100})],
)  # fmt: skip
def test_a_type_that_only_clients_know_is_created_or_refused_as_a_type(function, code, data):
    answer = try_to_create(function, code, data)
    if answer.status_code == 201:
        assert answer.json()["trigger_type_code"] == code
    else:
        assert_error(answer, 400, "FSS.1101")


# How many, and twice the same


@pytest.mark.parametrize(
    "code, changes, status, codes",
    [
        ("TIMER", {"schedule": "5m"}, (409,), ["FSS.1148"]),
        ("CTS", {"operations": ["EVS:volume:createVolume"]}, (400, 409), ["FSS.1307"]),
        ("OBS", {"name": "other"}, (403, 409), ["FSS.1108", "FSS.1145"]),
        ("SMN", {}, (409,), ["FSS.1141"]),
        ("KAFKA", {"batch_size": 20}, (409,), ["FSS.1150"]),
        ("APIG", {"name": "API_other"}, (409,), ["FSS.1146", "FSS.1147"]),
    ],
)
def test_the_same_trigger_cannot_be_created_twice(function, code, changes, status, codes):
    first = create(function, KINDS[code])
    answer = try_to_create(function, code, {**KINDS[code].data_for(function), **changes})
    assert answer.status_code in status, answer.text
    assert_error(answer, answer.status_code, *codes)
    assert listed(function) == [first]


@pytest.mark.parametrize(
    "code, changes",
    [("TIMER", {"name": "other"}), ("CTS", {"name": "other"}), ("OBS", {"bucket": "other"}),
     ("SMN", {"topic_urn": "urn:smn:eu-de:0:other"}), ("KAFKA", {"topic_ids": ["other"]}),
     ("APIG", {"path": "/other"})],
)  # fmt: skip
def test_a_trigger_of_the_same_type_may_be_different(function, code, changes):
    made = [create(function, KINDS[code]), create(function, KINDS[code], **changes)]
    assert listed(function) == made


def test_another_function_may_have_a_timer_of_the_same_name(project, function):
    create(function, KINDS["TIMER"])
    create(project.create(), KINDS["TIMER"])


def test_the_name_of_a_deleted_timer_is_free_again(function):
    first = create(function, KINDS["TIMER"])
    answered(function.api.delete(path_of(function, first)), 204)
    assert create(function, KINDS["TIMER"])["trigger_id"] != first["trigger_id"]


def test_the_11th_trigger_of_a_version_is_refused(function):
    for number in range(10):
        function.create_trigger("TIMER", timer(f"timer{number}"))
    answer = try_to_create(function, "TIMER", timer("timer10"))
    assert_error(answer, 400, "FSS.1306")
    assert len(listed(function)) == 10
    function.publish("v1")
    function.at("v1").create_trigger("TIMER", timer("timer11"))


def test_the_11th_trigger_that_pulls_is_refused(function):
    for number in range(10):
        create(function, KINDS["KAFKA"], topic_ids=[f"topic{number}"])
    data = {**KINDS["KAFKA"].data, "topic_ids": ["topic10"]}
    answer = try_to_create(function, "KAFKA", data)
    assert_error(answer, answer.status_code, "FSS.1306", "FSS.1123")
    assert answer.status_code in (400, 403)


# Listing and reading


def test_a_list_is_an_array_in_the_order_of_creation(function):
    assert listed(function) == []
    made = [create(function, kind) for kind in list(KINDS.values())[:10]]
    assert listed(function) == made


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
@every_kind
def test_an_unknown_trigger_answers_404(function, kind, method):
    create(function, kind)
    trigger = {"trigger_type_code": kind.code, "trigger_id": UNKNOWN}
    answer = function.api.request(
        method, path_of(function, trigger), json={"trigger_status": "ACTIVE"}
    )
    codes = ["FSS.0404"] if method == "PUT" else [*kind.missing, "FSS.1131"]
    assert_error(answer, 404, *codes)


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_a_type_that_does_not_exist_answers_404(function, method):
    trigger = create(function, KINDS["TIMER"])
    path = path_of(function, trigger, "NOTHING")
    answer = function.api.request(method, path, json={"trigger_status": "ACTIVE"})
    assert_error(answer, 404, "FSS.1137", "FSS.0404")


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_a_trigger_is_not_found_under_another_type(function, method):
    trigger = create(function, KINDS["TIMER"])
    path = path_of(function, trigger, "KAFKA")
    answer = function.api.request(method, path, json={"trigger_status": "DISABLED"})
    assert answer.status_code == 404, answer.text
    assert listed(function) == [trigger]


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_a_trigger_is_not_found_under_another_function(project, function, method):
    trigger = create(function, KINDS["TIMER"])
    path = path_of(project.create(), trigger)
    answer = function.api.request(method, path, json={"trigger_status": "DISABLED"})
    assert answer.status_code == 404, answer.text
    assert listed(function) == [trigger]


# Changing


@pytest.mark.parametrize("kind", [k for k in KINDS.values() if k.can_be_disabled], ids=str)
def test_a_trigger_is_switched_on_and_off(function, kind):
    trigger = create(function, kind)
    for status in ["ACTIVE", "DISABLED", "DISABLED", "ACTIVE"]:
        updated = answered(update(function, trigger, trigger_status=status))
        assert updated["trigger_status"] == status
        assert updated["event_data"] == trigger["event_data"]
        assert updated["created_time"] == trigger["created_time"]
        assert updated["last_updated_time"] >= trigger["last_updated_time"]
        assert answered(function.api.get(path_of(function, trigger))) == updated


@pytest.mark.parametrize("code", ["APIG", "DEDICATEDGATEWAY", "CTS", "OBS", "SMN"])
def test_what_cannot_be_switched_off_stays_on(function, code):
    trigger = create(function, KINDS[code])
    assert_error(update(function, trigger, trigger_status="DISABLED"), 400, "FSS.1318")
    assert listed(function) == [trigger]
    assert answered(update(function, trigger, trigger_status="ACTIVE"))["trigger_status"] == "ACTIVE"


@pytest.mark.parametrize("status", ["OFF", 7])
def test_an_unknown_status_changes_nothing(function, status):
    trigger = create(function, KINDS["TIMER"])
    answer = update(function, trigger, trigger_status=status)
    assert_error(answer, 400, GENERIC, "FSS.1318", "FSS.1109")
    assert listed(function) == [trigger]


def test_data_that_an_update_names_is_changed_and_the_rest_stays(function):
    """The Go SDK sends an object."""
    trigger = create(function, KINDS["TIMER"])
    updated = answered(update(function, trigger, event_data={"schedule": "10m"}))
    assert updated["event_data"] == {**trigger["event_data"], "schedule": "10m"}
    assert updated["trigger_status"] == trigger["trigger_status"]
    assert listed(function) == [updated]


def test_data_may_come_as_an_array(function):
    """The reference describes one."""
    trigger = create(function, KINDS["DMS"])
    sent = [{"is_serial": True, "max_fetch_bytes": 1024, "polling_interval": 60, "polling_unit": "s"}]
    updated = answered(update(function, trigger, event_data=sent))
    assert updated["event_data"] == {**trigger["event_data"], **sent[0]}
    assert listed(function) == [updated]


@pytest.mark.parametrize("data", [[], {}, None])
def test_an_update_without_data_changes_none(function, data):
    trigger = create(function, KINDS["TIMER"])
    updated = answered(update(function, trigger, trigger_status="DISABLED", event_data=data))
    assert updated["event_data"] == trigger["event_data"]
    assert updated["trigger_status"] == "DISABLED"


@pytest.mark.parametrize(
    "code, data",
    [("TIMER", {"schedule": "61m"}), ("TIMER", {"schedule_type": "Cron"}),
     ("TIMER", {"name": ""}), ("KAFKA", {"batch_size": 0}), ("DDS", {"batch_size": 10_001}),
     ("APIG", {"auth": "BASIC"})],
)  # fmt: skip
def test_an_update_with_bad_data_changes_nothing(function, code, data):
    kind = KINDS[code]
    trigger = create(function, kind)
    assert_error(update(function, trigger, event_data=data), 400, *kind.invalid)
    assert listed(function) == [trigger]


# Deleting


@every_kind
def test_a_deleted_trigger_is_gone_and_the_others_stay(function, kind):
    other = function.create_trigger("TIMER", timer("other"))
    trigger = create(function, kind)
    answer = function.api.delete(path_of(function, trigger))
    assert answer.status_code == 204 and answer.content == b""
    assert_error(function.api.get(path_of(function, trigger)), 404, *kind.missing, "FSS.1131")
    assert listed(function) == [other]


def test_a_function_takes_its_triggers_along(project, function):
    trigger = create(function, KINDS["TIMER"])
    function.delete()
    assert_error(function.api.get(path_of(function, trigger)), 404, "FSS.1051")
    assert listed(project.create(func_name=function.name)) == []


def test_deleting_all_where_there_are_none_is_no_error(function):
    assert function.api.delete(function.triggers).status_code == 204


# Versions and aliases


@pytest.fixture
def versioned(function):
    """A function with a timer at latest, at its version v1, and at its alias prod."""
    function.publish("v1")
    function.publish_changed("v2")
    function.create_alias("prod", "v2")
    for qualifier in ["latest", "v1", "!prod"]:
        function.at(qualifier).create_trigger("TIMER", timer(f"at-{qualifier.strip('!')}"))
    return function


def timers(function) -> "list[str]":
    return [trigger["event_data"]["name"] for trigger in listed(function)]


def test_a_trigger_belongs_to_the_version_or_alias_it_was_created_for(versioned):
    assert timers(versioned) == ["at-latest"]
    assert timers(versioned.at("latest")) == ["at-latest"]
    assert timers(versioned.at("v1")) == ["at-v1"]
    assert timers(versioned.at("v2")) == []
    assert timers(versioned.at("!prod")) == ["at-prod"]


def test_a_trigger_without_version_belongs_to_latest(function):
    trigger = create(function, KINDS["TIMER"])
    assert listed(function.at("latest")) == [trigger]


def test_a_new_version_has_no_triggers(function):
    create(function, KINDS["TIMER"])
    function.publish("v1")
    assert listed(function.at("v1")) == []


@pytest.mark.parametrize("qualifier, codes", [("v9", ["FSS.1052"]), ("!no", ["FSS.1053"])])
def test_a_trigger_for_an_unknown_version_or_alias_is_refused(function, qualifier, codes):
    assert_error(try_to_create(function.at(qualifier), "TIMER", timer()), 404, *codes)


@pytest.mark.parametrize(
    "qualifier, left",
    [
        ("v1", {"latest": ["at-latest"], "v1": [], "!prod": ["at-prod"]}),
        ("!prod", {"latest": ["at-latest"], "v1": ["at-v1"], "!prod": []}),
        ("v2", {"latest": ["at-latest"], "v1": ["at-v1"], "!prod": ["at-prod"]}),
        ("latest", {"latest": [], "v1": [], "!prod": []}),
        (None, {"latest": [], "v1": [], "!prod": []}),
    ],
)
def test_deleting_all_deletes_those_of_the_version_or_alias_or_else_every_one(
    versioned, qualifier, left
):
    address = versioned.at(qualifier) if qualifier else versioned
    answer = versioned.api.delete(address.triggers)
    assert answer.status_code == 204 and answer.content == b""
    assert {name: timers(versioned.at(name)) for name in left} == left


def test_an_alias_keeps_its_triggers_when_it_moves(versioned):
    body = {"version": "latest"}
    answered(versioned.api.put(f"{versioned.path}/aliases/prod", json=body))
    assert timers(versioned.at("!prod")) == ["at-prod"]
    assert timers(versioned) == ["at-latest"]
