"""A Kafka cluster of one broker, inside of the test's process: librdkafka's mock, on a port of loopback."""

import ctypes

import pytest
from confluent_kafka import Producer

from rest import answered


def need_library() -> None:
    """What the emulator loads; scripts/end-to-end-tests installs it where it can."""
    try:
        ctypes.CDLL("librdkafka.so.1")
    except OSError:
        pytest.skip("librdkafka.so.1 is not installed (Debian: apt-get install librdkafka1)")


class Broker:
    def __init__(self):
        self._producer = Producer(
            {"bootstrap.servers": "replaced", "test.mock.num.brokers": 1, "log_level": 0}
        )
        (broker,) = self._producer.list_topics(timeout=10).brokers.values()
        self.address = f"{broker.host}:{broker.port}"

    def create(self, topic: str) -> None:
        """Topics come into being when somebody asks whether they are there."""
        self._producer.list_topics(topic, timeout=10)

    def send(self, topic: str, *messages: "str | bytes | None") -> None:
        """Messages in this order; returns when the broker has them."""
        failures = []
        for message in messages:
            self._producer.produce(
                topic, message, partition=0, on_delivery=lambda error, _: error and failures.append(error)
            )
        assert self._producer.flush(20) == 0
        assert failures == []

    def close(self) -> None:
        """The cluster goes away with its only client."""
        self._producer = None


def data(address: str, topic: str, *more: str, batch_size: int = 10) -> dict:
    return {
        "instance_id": "local",
        "kafka_connect_address": address,
        "topic_ids": [topic, *more],
        "batch_size": batch_size,
    }


def set_status(function, trigger: dict, status: str) -> None:
    path = f"{function.triggers}/{trigger['trigger_type_code']}/{trigger['trigger_id']}"
    answered(function.api.put(path, json={"trigger_status": status}))
