"""Kafka triggers that consume from a broker."""

import socket
import time
import uuid

import pytest

from brokers import Broker, data, need_library, set_status
from control import Control
from deadlines import eventually
from letters import Mailbox
from rest import answered


@pytest.fixture(scope="module", autouse=True)
def library():
    need_library()


@pytest.fixture(scope="module")
def broker():
    broker = Broker()
    yield broker
    broker.close()


@pytest.fixture
def topic(broker):
    """A topic that no other test uses."""
    name = f"orders-{uuid.uuid4().hex[:12]}"
    broker.create(name)
    return name


def lines(server, *parts: str) -> "list[str]":
    """The lines of a server's log with all of some words."""
    return [line for line in server.log.read_text().splitlines() if all(part in line for part in parts)]


def wait_until_consuming(server, topic: str, times: int = 1) -> None:
    eventually(lambda: len(lines(server, "consuming", topic)) >= times, 30, f"consuming {topic}")


def texts(event: dict) -> "list[str]":
    return [text for record in event["records"] for text in record["messages"]]


def collect(mailbox, number: int) -> "list[str]":
    """The texts of so many messages, however many events they come in."""
    found: "list[str]" = []
    while len(found) < number:
        found += texts(mailbox.next()["event"])
    assert len(found) == number
    return found


def closed_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@pytest.mark.parametrize("kind", ["KAFKA", "OPENSOURCEKAFKA"])
def test_messages_of_a_broker_reach_the_function(server, project, mailbox, broker, topic, kind):
    function = mailbox.function(project)
    trigger = function.create_trigger(kind, data(broker.address, topic), trigger_status="ACTIVE")
    wait_until_consuming(server, topic)
    before = int(time.time())
    broker.send(topic, '{"id":1}')
    letter = mailbox.next()
    event = letter["event"]
    assert before <= event.pop("event_time") <= time.time()
    assert event == {
        "event_version": "v1.0",
        "trigger_type": "KAFKA",
        "region": "eu-de",
        "instance_id": "local",
        "records": [{"topic_id": topic, "messages": ['{"id":1}']}],
    }

    def concluded():
        fires = answered(Control(server.url).get("fires"))["fires"]
        (fire,) = [fire for fire in fires if fire["trigger_id"] == trigger["trigger_id"]]
        return fire["result"] != "pending" and fire

    fire = eventually(concluded, 10, "the result of the fire")
    assert fire["result"] == "success"
    assert fire["trigger_type_code"] == kind
    assert fire["request_id"] == letter["request_id"]


def test_what_is_no_text_arrives_all_the_same(server, project, mailbox, broker, topic):
    mailbox.function(project).create_trigger("KAFKA", data(broker.address, topic), trigger_status="ACTIVE")
    wait_until_consuming(server, topic)
    broker.send(topic, "", None, b"\xff\x00", "ü\u2028😀")
    assert collect(mailbox, 4) == ["", "", "\ufffd\x00", "ü\u2028😀"]


def test_messages_come_in_batches_while_a_disabled_trigger_leaves_them(
    server, project, mailbox, broker, topic
):
    function = mailbox.function(project)
    trigger = function.create_trigger(
        "OPENSOURCEKAFKA", data(broker.address, topic, batch_size=10), trigger_status="ACTIVE"
    )
    wait_until_consuming(server, topic)
    set_status(function, trigger, "DISABLED")
    broker.send(topic, *[str(number) for number in range(25)])
    time.sleep(1.5)
    assert mailbox.is_empty()
    set_status(function, trigger, "ACTIVE")
    batches = [texts(event) for event in mailbox.events(3)]
    assert sorted(len(batch) for batch in batches) == [5, 10, 10]
    assert sorted(map(int, sum(batches, []))) == list(range(25))
    broker.send(topic, "afterwards")
    assert collect(mailbox, 1) == ["afterwards"]


def test_a_trigger_that_is_disabled_from_the_beginning_consumes_nothing(project, mailbox, broker, topic):
    mailbox.function(project).create_trigger("KAFKA", data(broker.address, topic))
    broker.send(topic, "unheard")
    time.sleep(1.5)
    assert mailbox.is_empty()


def test_several_topics_are_consumed_by_one_trigger(server, project, mailbox, broker, topic):
    other = f"{topic}-returns"
    broker.create(other)
    function = mailbox.function(project)
    function.create_trigger("KAFKA", data(broker.address, topic, other), trigger_status="ACTIVE")
    wait_until_consuming(server, topic)
    broker.send(topic, "1")
    broker.send(other, "2")
    assert sorted(collect(mailbox, 2)) == ["1", "2"]


def test_each_trigger_gets_all_messages(server, project, broker, topic):
    boxes = [Mailbox(), Mailbox()]
    try:
        for box in boxes:
            box.function(project).create_trigger(
                "KAFKA", data(broker.address, topic), trigger_status="ACTIVE"
            )
        wait_until_consuming(server, topic, times=2)
        broker.send(topic, "for both")
        assert [collect(box, 1) for box in boxes] == [["for both"]] * 2
    finally:
        for box in boxes:
            box.close()


def test_a_topic_that_is_created_after_its_trigger_is_told_and_consumed(server, project, mailbox, broker):
    topic = f"late-{uuid.uuid4().hex[:12]}"
    mailbox.function(project).create_trigger("KAFKA", data(broker.address, topic), trigger_status="ACTIVE")
    eventually(lambda: lines(server, "WARN", topic, "created"), 30, "a word about the missing topic")
    broker.create(topic)
    wait_until_consuming(server, topic)
    broker.send(topic, "at last")
    assert collect(mailbox, 1) == ["at last"]


def test_large_messages_are_spread_over_events_and_too_large_ones_are_told(
    server, project, mailbox, broker, topic
):
    function = mailbox.function(project)
    function.create_trigger("KAFKA", data(broker.address, topic), trigger_status="ACTIVE")
    wait_until_consuming(server, topic)
    large = [letter * 100_000 for letter in "abcd"]
    broker.send(topic, *large, "x" * 300_000, "small")
    assert sorted(collect(mailbox, 5)) == [*large, "small"]
    assert len(lines(server, topic, "300000 bytes")) == 1


def test_messages_of_a_function_that_is_disabled_wait(server, project, mailbox, broker, topic):
    function = mailbox.function(project)
    function.create_trigger("KAFKA", data(broker.address, topic), trigger_status="ACTIVE")
    wait_until_consuming(server, topic)
    assert function.set_max_instances(0).ok
    broker.send(topic, "patience")
    eventually(lambda: lines(server, "could not fire", function.name), 20, "a refusal")
    assert function.set_max_instances(-1).ok
    assert collect(mailbox, 1) == ["patience"]


def test_what_was_sent_while_the_server_was_down_arrives(fresh_server, project_of, mailbox, broker, topic, tmp_path):
    server = fresh_server(data_dir=tmp_path)
    function = mailbox.function(project_of(server))
    function.create_trigger("OPENSOURCEKAFKA", data(broker.address, topic), trigger_status="ACTIVE")
    wait_until_consuming(server, topic)
    assert server.stop(within=8) == 0
    broker.send(topic, "1", "2")
    server = fresh_server(data_dir=tmp_path)
    assert collect(mailbox, 2) == ["1", "2"]
    server.kill()
    broker.send(topic, "3")
    fresh_server(data_dir=tmp_path)
    # What was kept but not committed may come twice.
    found: "list[str]" = []
    while "3" not in found:
        found += texts(mailbox.next(within=30)["event"])
    assert set(found) <= {"1", "2", "3"}


def test_a_broker_that_is_not_there_is_told_once_and_disturbs_nothing(fresh_server, project_of, mailbox):
    server = fresh_server()
    project = project_of(server)
    address = f"127.0.0.1:{closed_port()}"
    function = mailbox.function(project)
    function.create_trigger("OPENSOURCEKAFKA", data(address, "orders"), trigger_status="ACTIVE")
    eventually(lambda: lines(server, address), 30, "a warning")
    time.sleep(4)
    (line,) = lines(server, address)
    assert "WARN" in line.upper() and "refused" in line and "kafka_connect_address" in line
    begun = time.monotonic()
    function.call({"n": 1})
    assert time.monotonic() - begun < 5
    assert mailbox.next()["event"] == {"n": 1}
    answered(
        project.api.anonymous(
            "POST",
            "/_emulator/publish/opensourcekafka",
            headers={"X-Auth-Token": project.api.token},
            json={"topic_id": "orders", "messages": ["by hand"]},
        )
    )
    assert texts(mailbox.next()["event"]) == ["by hand"]
    assert server.stop(within=8) == 0


def test_settings_that_cannot_work_are_told_without_the_password_and_can_be_corrected(
    server, project, mailbox, broker, topic
):
    function = mailbox.function(project)
    wrong = {**data(broker.address, topic, topic), "kafka_user": "ada", "kafka_password": ""}
    trigger = function.create_trigger("KAFKA", wrong, trigger_status="ACTIVE")
    eventually(lambda: lines(server, "ERROR", trigger["trigger_id"], "sasl.password"), 10, "an error")
    path = f"{function.triggers}/KAFKA/{trigger['trigger_id']}"
    password = uuid.uuid4().hex
    encrypted = {"kafka_password": password, "kafka_ssl_enable": True}
    answered(function.api.put(path, json={"trigger_status": "ACTIVE", "event_data": encrypted}))
    eventually(lambda: lines(server, "WARN", trigger["trigger_id"], "SSL"), 20, "a warning")
    plain = {"kafka_user": None, "kafka_password": None, "kafka_ssl_enable": False}
    answered(function.api.put(path, json={"trigger_status": "ACTIVE", "event_data": plain}))
    wait_until_consuming(server, topic)
    broker.send(topic, "at last")
    assert collect(mailbox, 1) == ["at last"]
    assert not lines(server, password)


def test_a_deleted_trigger_consumes_nothing_any_more(server, project, mailbox, broker, topic):
    function = mailbox.function(project)
    trigger = function.create_trigger("KAFKA", data(broker.address, topic), trigger_status="ACTIVE")
    wait_until_consuming(server, topic)
    answered(function.api.delete(f"{function.triggers}/KAFKA/{trigger['trigger_id']}"), 204)
    broker.send(topic, "unheard")
    time.sleep(1.5)
    assert mailbox.is_empty()


def test_without_the_library_one_warning_names_its_package(
    fresh_server, project_of, mailbox, broker, topic, tmp_path
):
    # What is found first is no library.
    (tmp_path / "librdkafka.so.1").write_text("")
    server = fresh_server(environment={"LD_LIBRARY_PATH": str(tmp_path)})
    project = project_of(server)
    for name in [topic, f"{topic}-2"]:
        mailbox.function(project).create_trigger(
            "KAFKA", data(broker.address, name), trigger_status="ACTIVE"
        )
    eventually(lambda: lines(server, "librdkafka1"), 10, "a warning")
    time.sleep(0.5)
    assert len(lines(server, "librdkafka1")) == 1
    answered(
        project.api.anonymous(
            "POST",
            "/_emulator/publish/kafka",
            headers={"X-Auth-Token": project.api.token},
            json={"topic_id": topic, "messages": ["by hand"]},
        )
    )
    assert texts(mailbox.next()["event"]) == ["by hand"]


def test_a_topic_that_is_full_arrives_in_full_batches_and_in_order(server, project, mailbox, broker, topic):
    sent = [str(number) for number in range(1234)]
    function = mailbox.function(project)
    trigger = function.create_trigger(
        "KAFKA", data(broker.address, topic, batch_size=100), trigger_status="ACTIVE"
    )
    wait_until_consuming(server, topic)
    set_status(function, trigger, "DISABLED")
    broker.send(topic, *sent)
    set_status(function, trigger, "ACTIVE")
    batches: "list[list[str]]" = []
    while sum(map(len, batches)) < len(sent):
        # The group may not know yet that the first consumer has left it.
        batches.append(texts(mailbox.next(within=45)["event"]))
    # Invocations may overtake each other.
    batches.sort(key=lambda batch: int(batch[0]))
    assert max(map(len, batches)) == 100
    assert sum(batches, []) == sent


def test_when_the_broker_has_deleted_what_would_be_next_the_rest_arrives(server, project, mailbox, broker, topic):
    function = mailbox.function(project)
    trigger = function.create_trigger("KAFKA", data(broker.address, topic), trigger_status="ACTIVE")
    wait_until_consuming(server, topic)
    set_status(function, trigger, "DISABLED")
    # The mock keeps 5 MB of a partition.
    for number in range(100):
        broker.send(topic, f"{number} " + "x" * 100_000)
    set_status(function, trigger, "ACTIVE")
    found: "list[int]" = []
    while 99 not in found:
        found += [int(text.split()[0]) for text in texts(mailbox.next(within=30)["event"])]
    assert len(found) > 40 and 0 not in found


def test_no_message_is_lost_when_servers_are_killed(fresh_server, project_of, mailbox, broker, topic, tmp_path):
    """Some come twice: what was kept runs after the server's death, and what was not committed is read again."""
    server = fresh_server(data_dir=tmp_path)
    function = mailbox.function(project_of(server))
    function.create_trigger("KAFKA", data(broker.address, topic, batch_size=1), trigger_status="ACTIVE")
    wait_until_consuming(server, topic)
    seen: "set[str]" = set()
    for part in [0, 150]:
        broker.send(topic, *[str(number) for number in range(part, part + 150)])
        while len(seen) < part + 30:
            seen.update(texts(mailbox.next(within=30)["event"]))
        server.kill()
        server = fresh_server(data_dir=tmp_path)
    while len(seen) < 300:
        seen.update(texts(mailbox.next(within=30)["event"]))
    assert seen == {str(number) for number in range(300)}
