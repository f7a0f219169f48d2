"""Triggers of every type the reference describes: their data, and what is said about each type."""

from typing import NamedTuple

GENERIC = "FSS.0400"


class Kind(NamedTuple):
    """`invalid` are the codes for bad data; members that are `required` must be given."""

    code: str
    data: dict
    required: "tuple[str, ...]"
    invalid: "tuple[str, ...]" = (GENERIC,)
    missing: "tuple[str, ...]" = ("FSS.1131", "FSS.0404")
    starts: str = "ACTIVE"
    can_be_disabled: bool = False

    def __str__(self) -> str:
        return self.code

    def data_for(self, function) -> dict:
        """The data of a trigger of the function."""
        if "func_info" not in self.data:
            return dict(self.data)
        return {**self.data, "func_info": {**self.data["func_info"], "function_urn": function.urn}}


def _api(path: str) -> dict:
    return {
        "name": "API_thumbs",
        "type": 1,
        "path": path,
        "protocol": "HTTPS",
        "req_method": "ANY",
        "group_id": "c0ffee00c0ffee00c0ffee00c0ffee00",
        "group_name": "APIGroup_thumbs",
        "match_mode": "SWA",
        "env_name": "RELEASE",
        "env_id": "DEFAULT_ENVIRONMENT_RELEASE_ID",
        "auth": "NONE",
        "func_info": {"function_urn": "", "invocation_type": "sync", "timeout": 5000},
        "sl_domain": "c0ffee.apic.eu-de.example.com",
        "backend_type": "FUNCTION",
    }


_API_MEMBERS = (
    "name", "type", "path", "protocol", "req_method", "group_id", "match_mode", "env_name", "env_id",
    "auth", "func_info",
)  # fmt: skip

KINDS = {
    kind.code: kind
    for kind in [
        Kind(
            "TIMER",
            {"name": "every3", "schedule_type": "Rate", "schedule": "3m", "user_event": "tick"},
            ("name", "schedule_type", "schedule"),
            invalid=("FSS.1109", "FSS.1319", GENERIC),
            missing=("FSS.1140", "FSS.1131"),
            can_be_disabled=True,
        ),
        Kind(
            "APIG",
            _api("/thumbs"),
            _API_MEMBERS,
            invalid=("FSS.1107", GENERIC),
            missing=("FSS.1138", "FSS.1131"),
        ),
        Kind(
            "DEDICATEDGATEWAY",
            {**_api("/dedicated"), "instance_id": "gateway-1"},
            (*_API_MEMBERS, "instance_id"),
            invalid=("FSS.1417", "FSS.1107", GENERIC),
            missing=("FSS.1138", "FSS.1131"),
        ),
        Kind(
            "CTS",
            {"name": "notification", "operations": ["ECS:server:createServer;deleteServer"]},
            ("name", "operations"),
            invalid=("FSS.1312", "FSS.1314", "FSS.1308", GENERIC),
        ),
        Kind(
            "DDS",
            {
                "instance_id": "dds-1",
                "db_name": "shop",
                "collection_name": "orders",
                "db_password": "secret",
                "batch_size": 100,
            },
            ("instance_id", "db_name", "collection_name", "db_password", "batch_size"),
            invalid=(GENERIC, "FSS.1172"),
            starts="DISABLED",
            can_be_disabled=True,
        ),
        Kind(
            "DMS",
            {"queue_id": "queue-1", "consumer_group_id": "group-1", "polling_interval": 30},
            ("queue_id", "consumer_group_id", "polling_interval"),
        ),
        Kind(
            "LTS",
            {"log_group_id": "group-1", "log_topic_id": "topic-1"},
            ("log_group_id", "log_topic_id"),
            can_be_disabled=True,
        ),
        Kind(
            "OBS",
            {
                "bucket": "photos-in",
                "events": ["s3:ObjectCreated:*"],
                "prefix": "in/",
                "suffix": ".png",
                "name": "uploads",
            },
            ("bucket", "events"),
            invalid=("FSS.1106", GENERIC),
            missing=("FSS.1136", "FSS.1131"),
        ),
        Kind(
            "SMN",
            {"topic_urn": "urn:smn:eu-de:0123456789abcdef0123456789abcdef:alarms"},
            ("topic_urn",),
            invalid=("FSS.1102", GENERIC),
            missing=("FSS.1132", "FSS.1131"),
        ),
        Kind(
            "KAFKA",
            {"instance_id": "kafka-1", "topic_ids": ["orders"], "batch_size": 10},
            ("instance_id", "topic_ids", "batch_size"),
            invalid=("FSS.1112", GENERIC),
            missing=("FSS.1174", "FSS.1131"),
            starts="DISABLED",
            can_be_disabled=True,
        ),
        Kind(
            "OPENSOURCEKAFKA",
            {
                "kafka_connect_address": "10.0.0.1:9092,10.0.0.2:9092",
                "topic_ids": ["orders"],
                "batch_size": 10,
            },
            ("kafka_connect_address", "topic_ids", "batch_size"),
            invalid=("FSS.1112", GENERIC),
            missing=("FSS.1174", "FSS.1131"),
            starts="DISABLED",
            can_be_disabled=True,
        ),
        Kind(
            "ROCKETMQ",
            {"instance_id": "rocket-1", "topic_ids": ["orders"], "batch_size": 10},
            ("instance_id", "batch_size"),
            starts="DISABLED",
            can_be_disabled=True,
        ),
    ]
}


def timer(name: str = "every3", schedule: str = "3m", schedule_type: str = "Rate") -> dict:
    return {"name": name, "schedule_type": schedule_type, "schedule": schedule}
