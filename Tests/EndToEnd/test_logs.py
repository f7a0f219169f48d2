"""What functions have written, as it can be read afterwards or followed: GET /_emulator/logs."""

import contextlib
import re
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from control import Control, text_of
from deadlines import eventually
from rest import TIMESTAMP, Api, Function

LINE = 92_160
"""How many characters of a message the logger writes in one line."""
MEMBERS = {"time", "request_id", "function_urn", "version", "code", "text"}


def finished(control: Control, function: str, request_id: str, **query) -> "list[dict]":
    """The records of a request, once its finish line is there."""

    def there():
        records = control.logs(function, request_id=request_id, **query)
        return f"Finish invoke request '{request_id}'" in text_of(records) and records

    return eventually(there, 5, f"the finish line of {request_id}")


def test_what_earlier_servers_wrote_is_forgotten_too_when_it_has_become_much(fresh_server, project_of, tmp_path):
    data = tmp_path / "data"
    function, sizes = None, []
    for _ in range(4):
        server = fresh_server(data_dir=data, options=["--log-size", "1"])
        if function is None:
            function = project_of(server).create_inline("def handler(e, c):\n for _ in range(9): print('x' * 100_000)")
        again, control = Function(Api(server.url), function.created), Control(server.url)
        finished(control, again.urn, again.invoke({}).request_id)
        sizes.append(sum(len(record["text"]) for record in control.logs(again.urn, limit=1000)))
        assert server.stop() == 0
    assert sizes[0] > 800_000
    assert max(sizes) < 2_200_000


def test_more_output_at_once_than_a_frame_holds_does_not_end_an_instance_of_several_requests(project):
    source = "def handler(event, context):\n    print('x' * event['length'])\n    return event['length']"
    function = project.create_inline(source, memory_size=768, timeout=60)
    function.update_config(strategy_config={"concurrency": 1, "concurrent_num": 2})
    for length in [70_000_000, 1]:
        assert function.call({"length": length}) == length


# Queries


@pytest.mark.parametrize(
    "query",
    [{"limit": "many"}, {"limit": -1}, {"since": "yesterday"}, {"until": "2026-13-01T00:00:00Z"}],
    ids=str,
)
def test_a_bad_query_is_refused(control, query):
    answer = control.get("logs", params=query)
    assert answer.status_code == 400, answer.text
    assert answer.json()["error_code"].startswith("FSS.")


def test_of_what_never_ran_there_are_no_records(control, project):
    function = project.create("echo")
    assert control.logs(function.urn) == []
    assert control.logs("nobody-made-this") == []


def test_a_call_that_was_refused_leaves_no_record(control, project):
    function = project.create("printer")
    function.set_max_instances(0)
    assert function.invoke({}).status == 429
    assert function.invoke(data=b"no JSON").status in (406, 429)
    function.set_max_instances(1)
    request_id = function.invoke({}).request_id
    finished(control, function.urn, request_id)
    assert {record["request_id"] for record in control.logs(function.urn)} == {request_id}


def test_a_record_tells_when_who_and_what(control, project):
    function = project.create("printer")
    invocation = function.invoke({})
    for record in finished(control, function.urn, invocation.request_id):
        assert record.keys() >= MEMBERS
        assert record["request_id"] == invocation.request_id
        assert record["function_urn"].startswith(function.urn)
        assert record["version"] == "latest"
        assert isinstance(record["time"], str) and record["time"].startswith("20")
    text = text_of(finished(control, function.urn, invocation.request_id))
    start, printed, finish = (
        text.index(part) for part in ["Start invoke", "hello from print", "Finish invoke"]
    )
    assert start < printed < finish


def test_the_whole_output_is_kept_and_not_only_its_tail(control, project):
    function = project.create("printer", handler="index.a_megabyte")
    request_id = function.invoke({}).request_id
    text = text_of(finished(control, function.urn, request_id))
    assert text.count("m" * 1023) == 1024
    assert "the last line" in text


@pytest.mark.parametrize("character", ["x", "ü"])
@pytest.mark.parametrize(
    "length, lines",
    [(LINE, [LINE]), (LINE + 1, [LINE, 1]), (2 * LINE + 7, [LINE, LINE, 7])],
    ids=["one", "two", "three"],
)
def test_a_message_of_the_logger_is_split_after_92160_characters(
    control, project, character, length, lines
):
    function = project.create("logger", handler="index.long")
    request_id = function.invoke({"character": character, "length": length}).request_id
    text = text_of(finished(control, function.urn, request_id))
    pattern = rf"^{TIMESTAMP} {request_id} INFO ({character}+)$"
    assert [len(line) for line in re.findall(pattern, text, re.MULTILINE)] == lines


@pytest.mark.parametrize(
    "sample, handler, code, part",
    [
        ("printer", "index.handler", 0, "hello from print"),
        ("printer", "index.then_raise", 4002, "ValueError: boom"),
        ("printer", "index.then_exit", 4204, "printed before the exit"),
        ("broken", "index.nobody", 4001, "nobody"),
        ("returns", "index.a_set", 4007, ""),
    ],
)
def test_the_outcome_of_each_call_is_in_its_record(control, project, sample, handler, code, part):
    function = project.create(sample, handler=handler)
    request_id = function.invoke({}).request_id
    records = finished(control, function.urn, request_id)
    assert int(records[-1]["code"]) == code
    assert part in text_of(records)


def test_the_log_of_an_asynchronous_call_is_kept(control, project):
    function = project.create("printer")
    request_id = function.submit({})
    assert "hello from print" in text_of(finished(control, function.urn, request_id))


def test_records_are_found_by_request(control, project):
    function = project.create("printer")
    identifiers = [function.invoke({}).request_id for _ in range(3)]
    for identifier in identifiers:
        records = finished(control, function.urn, identifier)
        assert {record["request_id"] for record in records} == {identifier}
        assert text_of(control.logs(request_id=identifier)) == text_of(records)


def test_the_newest_record_is_the_last_and_a_limit_keeps_the_newest(control, project):
    function = project.create("printer")
    identifiers = [function.invoke({}).request_id for _ in range(5)]
    finished(control, function.urn, identifiers[-1])
    everything = control.logs(function.urn)
    order = list(dict.fromkeys(record["request_id"] for record in everything))
    assert order == identifiers
    assert [record["time"] for record in everything] == sorted(
        record["time"] for record in everything
    )
    for limit in [1, 2, len(everything), len(everything) + 1]:
        assert control.logs(function.urn, limit=limit) == everything[-limit:]


def test_records_are_found_by_text(control, project):
    source = "def handler(event, context):\n    print(event['say'])\n"
    function = project.create_inline(source)
    said = ["apple 100%", "Birne_grün", "cherry apple"]
    identifiers = {word: function.invoke({"say": word}).request_id for word in said}
    finished(control, function.urn, identifiers[said[-1]])
    for text, words in [
        ("apple", [said[0], said[2]]),
        ("100%", [said[0]]),
        ("Birne_", [said[1]]),
        ("grün", [said[1]]),
        ("B_rne", []),
        ("%", [said[0]]),
        ("nothing of it", []),
    ]:
        records = control.logs(function.urn, text=text)
        found = list(dict.fromkeys(record["request_id"] for record in records))
        assert found == [identifiers[word] for word in words], text


def test_records_are_found_by_time(control, project):
    function = project.create("printer")
    identifiers = []
    for _ in range(3):
        identifiers.append(function.invoke({}).request_id)
        time.sleep(0.05)
    finished(control, function.urn, identifiers[-1])
    everything = control.logs(function.urn)
    middle = next(record for record in everything if record["request_id"] == identifiers[1])
    since = control.logs(function.urn, since=middle["time"])
    until = control.logs(function.urn, until=middle["time"])
    assert middle in since and middle in until
    assert identifiers[0] not in {record["request_id"] for record in since}
    assert identifiers[2] not in {record["request_id"] for record in until}
    both = control.logs(function.urn, since=middle["time"], until=middle["time"])
    assert {record["request_id"] for record in both} == {identifiers[1]}


def test_a_function_is_named_by_its_urn_or_its_name(control, project):
    function, other = project.create("printer"), project.create("printer")
    request_id = function.invoke({}).request_id
    other.invoke({})
    records = finished(control, function.urn, request_id)
    assert finished(control, function.name, request_id) == records
    assert control.logs(function.name) == records


def test_a_name_is_matched_as_a_whole(control, project):
    function = project.create("printer")
    longer = project.create("printer", func_name=f"x{function.name}x")
    finished(control, longer.urn, longer.invoke({}).request_id)
    assert control.logs(function.name) == []
    assert control.logs(function.urn) == []


def test_a_version_is_told_from_the_others(control, project):
    function = project.create("printer")
    function.publish("v1")
    identifiers = {
        "v1": function.at("v1").invoke({}).request_id,
        "latest": function.invoke({}).request_id,
    }
    for version, request_id in identifiers.items():
        records = finished(control, function.urn, request_id)
        assert {record["version"] for record in records} == {version}
        assert f"version: {version}" in text_of(records)


def test_functions_of_one_name_in_two_projects_are_told_apart(control, project, own_project):
    mine = project.create("printer")
    theirs = own_project.create("printer", func_name=mine.name)
    identifiers = [function.invoke({}).request_id for function in [mine, theirs]]
    for function, identifier in zip([mine, theirs], identifiers):
        finished(control, function.urn, identifier)
        assert {record["request_id"] for record in control.logs(function.urn)} == {identifier}


def test_calls_at_the_same_time_have_records_of_their_own(control, project):
    source = (
        "def handler(event, context):\n"
        "    for number in range(50): print(f'<{event}:{number}>')\n"
    )
    function = project.create_inline(source)
    with ThreadPoolExecutor(max_workers=8) as pool:
        calls = list(pool.map(function.invoke, range(24)))
    for number, call in enumerate(calls):
        text = text_of(finished(control, function.urn, call.request_id))
        assert text.count(f"<{number}:") == 50 and text.count("<") == 50


# Following


def following(control: Control, function: str, **query) -> "list[dict]":
    """Collects what a follower reads, in the background."""
    records, ready = [], threading.Event()

    def read():
        with contextlib.suppress(requests.RequestException):
            with control.follow(function, timeout=20, **query) as stream:
                ready.set()
                for record in stream:
                    records.append(record)

    thread = threading.Thread(target=read, daemon=True)
    thread.start()
    assert ready.wait(5)
    return records


def test_a_follower_reads_what_is_written_from_then_on(control, project):
    function = project.create("printer")
    before = function.invoke({}).request_id
    finished(control, function.urn, before)
    records = following(control, function.urn)
    during = [function.invoke({}).request_id for _ in range(3)]
    eventually(lambda: f"Finish invoke request '{during[-1]}'" in text_of(records), 5, "the last call")
    assert list(dict.fromkeys(record["request_id"] for record in records)) == during
    assert all(record.keys() >= MEMBERS for record in records)


def test_followers_read_their_own_function_only(control, project):
    functions = [project.create("printer") for _ in range(3)]
    followers = [following(control, function.urn) for function in functions]
    identifiers = [function.invoke({}).request_id for function in functions]
    for records, identifier in zip(followers, identifiers):
        eventually(lambda: "Finish invoke" in text_of(records), 5, "the finish line")
        assert {record["request_id"] for record in records} == {identifier}


def test_a_follower_may_look_for_text(control, project):
    source = "def handler(event, context):\n    print(event)\n"
    function = project.create_inline(source)
    records = following(control, function.urn, text="needle")
    for word in ["hay", "a needle", "hay"]:
        function.invoke(word)
    eventually(lambda: "a needle" in text_of(records), 5, "the needle")
    assert len({record["request_id"] for record in records}) == 1


def test_followers_that_leave_hurt_nobody(control, project):
    function = project.create("printer")
    for _ in range(20):
        with control.follow(function.urn):
            pass
    with control.follow(function.urn, timeout=10) as stream:
        request_id = function.invoke({}).request_id
        assert next(stream)["request_id"] == request_id
    assert function.invoke({}).succeeded


def test_a_follower_that_does_not_read_holds_up_no_call(control, project):
    function = project.create("printer", handler="index.a_megabyte")
    with control.follow(function.urn):
        for _ in range(20):
            assert function.invoke({}).succeeded


def test_a_follower_does_not_hold_up_the_end_of_the_server(fresh_server, project_of):
    server = fresh_server()
    function = project_of(server).create("printer")
    with Control(server.url).follow(function.urn):
        started = time.monotonic()
        server.send_signal(signal.SIGTERM)
        assert server.wait() == 0
        assert time.monotonic() - started < 5


# Keeping


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL], ids=["SIGTERM", "SIGKILL"])
def test_records_are_there_after_a_restart(fresh_server, project_of, tmp_path, number):
    server = fresh_server(data_dir=tmp_path / "data")
    function = project_of(server).create("printer")
    request_id = function.invoke({}).request_id
    before = finished(Control(server.url), function.urn, request_id)
    server.stop(number)
    again = Control(fresh_server(data_dir=tmp_path / "data").url)
    assert again.logs(function.urn) == before


def test_the_last_records_before_an_orderly_end_are_kept(fresh_server, project_of, tmp_path):
    server = fresh_server(data_dir=tmp_path / "data")
    function = project_of(server).create("printer")
    identifiers = {function.invoke({}).request_id for _ in range(20)}
    assert server.stop() == 0
    again = Control(fresh_server(data_dir=tmp_path / "data").url)
    assert {record["request_id"] for record in again.logs(function.urn)} == identifiers


# The database of logs


@pytest.fixture
def logged(fresh_server, project_of, tmp_path):
    """A server, a function of it, and the request whose log it has stored."""
    server = fresh_server(data_dir=tmp_path / "data")
    function = project_of(server).create("printer")
    request_id = function.invoke({}).request_id
    finished(Control(server.url), function.urn, request_id)
    return server, function, request_id


def test_logs_that_a_power_cut_has_damaged_begin_anew(logged, fresh_server, project_of, tmp_path):
    server, function, _ = logged
    assert server.stop() == 0
    (tmp_path / "data" / "logs.sqlite").write_bytes(b"no database " * 10_000)
    server = fresh_server(data_dir=tmp_path / "data")
    function.api = project_of(server).api
    control = Control(server.url)
    request_id = function.invoke({}).request_id
    finished(control, function.urn, request_id)
    assert {record["request_id"] for record in control.logs(function.urn)} == {request_id}


def test_logs_survive_the_death_of_the_server(logged, fresh_server, tmp_path):
    server, function, request_id = logged
    server.send_signal(signal.SIGKILL)
    server.wait()
    control = Control(fresh_server(data_dir=tmp_path / "data").url)
    assert {record["request_id"] for record in control.logs(function.urn)} == {request_id}
