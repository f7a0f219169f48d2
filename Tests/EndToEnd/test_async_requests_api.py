"""Asynchronous calls: being taken (I-2), looked up (A-5) and stopped (A-6)."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone

import pytest

from deadlines import eventually
from rest import REQUEST_ID, answered, assert_error

KIBIBYTE = 1024
UNKNOWN = "00000000-0000-4000-8000-000000000000"
FORMAT = "%Y-%m-%dT%H:%M:%S"
SOON = 10


def listed(function, **query) -> dict:
    return answered(function.api.get(f"{function.path}/async-invocations", params=query))


def ids(answer: dict) -> "list[str]":
    return [record["request_id"] for record in answer["invocations"]]


def try_to_cancel(function, **body):
    return function.api.post(f"{function.path}/cancel", json=body)


def moment(offset: timedelta = timedelta()) -> str:
    return (datetime.now(timezone.utc) + offset).strftime(FORMAT)


# Being taken


@pytest.mark.parametrize("data", [b"{", b"no JSON", b"{'a': 1}", b"[1,]", b'"\xff"'])
def test_a_body_that_is_no_json_is_refused_and_nothing_runs(project, data):
    function = project.create()
    assert_error(function.try_to_submit(data=data), 406, "FSS.0406")
    assert listed(function)["count"] == 0


def test_a_body_above_256_kb_is_refused(project):
    function = project.create()
    body = json.dumps({"data": "x" * (256 * KIBIBYTE)}).encode()
    message = f"the size of request body is beyond maximum: {256 * KIBIBYTE}, body size: {len(body)}"
    assert_error(function.try_to_submit(data=body), 413, "FSS.0413", message=message)
    assert listed(function)["count"] == 0


def test_a_body_just_below_256_kb_is_taken(project):
    function = project.create("echo", handler="index.size")
    identifier = function.submit({"data": "x" * (256 * KIBIBYTE - 100)})
    assert function.finished(identifier)["status"] == "SUCCESS"


def test_a_disabled_function_takes_no_calls(project):
    function = project.create()
    function.set_max_instances(0)
    assert_error(function.try_to_submit({}), 429, "FSS.0429", message="Function Disabled")


@pytest.mark.parametrize("qualifier, code", [("v9", "FSS.1052"), ("!no", "FSS.1053")])
def test_an_unknown_version_or_alias_takes_no_calls(project, qualifier, code):
    assert_error(project.create().at(qualifier).try_to_submit({}), 404, code)


def test_a_call_is_taken_at_once_and_the_answer_is_its_id(project, gate):
    function = project.create("gate")
    answer = function.try_to_submit(gate.event("first"))
    assert answer.status_code == 202
    body = answer.json()
    assert body.keys() == {"request_id"}
    assert REQUEST_ID.fullmatch(body["request_id"])
    assert gate.next().hello["request_id"] == body["request_id"]


@pytest.mark.parametrize("event", [{}, {"body": {"k": "v"}}, [1, 2], "text", 7, None, '{"a": 1}'])
def test_an_event_of_each_kind_reaches_the_handler(project, gate, event):
    function = project.create("gate", handler="index.report", user_data=gate.variables())
    function.submit(event)
    assert gate.next("report").hello["event"] == event


@pytest.mark.parametrize("data", [b"", b" \n"])
def test_a_call_without_body_has_an_empty_event(project, data):
    source = "def handler(event, context):\n    if event != {}: raise ValueError(event)\n"
    function = project.create_inline(source)
    identifier = answered(function.try_to_submit(data=data), 202)["request_id"]
    assert function.finished(identifier)["status"] == "SUCCESS"


# Being looked up


@pytest.mark.parametrize(
    "query",
    [{"status": "DONE"}, {"query_begin_time": "yesterday"}, {"query_end_time": "2026-13-01T00:00:00"},
     {"limit": -1}, {"limit": "many"}],
    ids=str,
)  # fmt: skip
def test_a_bad_question_is_refused(project, query):
    function = project.create()
    answer = function.api.get(f"{function.path}/async-invocations", params=query)
    assert_error(answer, 400, "FSS.0400", "FSS.1001")


def test_a_function_that_was_never_called_has_no_requests(project):
    answer = listed(project.create())
    assert answer == {"invocations": [], "count": 0, "next_marker": 0}


def test_a_request_has_its_documented_form_when_it_succeeded(project):
    function = project.create()
    identifier = function.submit({})
    record = function.finished(identifier)
    assert record["request_id"] == record["id"] == identifier
    assert record["status"] == "SUCCESS"
    assert record["error_code"] == 0
    assert record["error_message"] == ""
    begin, end = [datetime.strptime(record[name], FORMAT) for name in ["start_time", "end_time"]]
    now = datetime.now(timezone.utc).replace(tzinfo=None)
    assert now - timedelta(minutes=1) <= begin <= end <= now + timedelta(seconds=1)


def test_a_request_says_why_it_failed(project):
    source = "def handler(event, context):\n    raise ValueError('out of paper')\n"
    function = project.create_inline(source)
    record = function.finished(function.submit({}))
    assert record["status"] == "FAIL"
    assert record["error_code"] == 4002
    assert "out of paper" in record["error_message"]


def test_a_request_that_runs_says_so(project, gate):
    function = project.create("gate")
    identifier = function.submit(gate.event())
    caller = gate.next()

    def runs():
        return function.status(identifier) == "RUNNING"

    eventually(runs, SOON, "the request to be known as running")
    assert ids(listed(function, status="RUNNING")) == [identifier]
    caller.let_go()
    assert function.finished(identifier)["status"] == "SUCCESS"
    assert listed(function, status="RUNNING")["count"] == 0


def test_requests_are_listed_with_the_newest_first(project):
    function = project.create()
    made = []
    for _ in range(3):
        made.append(function.submit({}))
        function.finished(made[-1])
        time.sleep(0.01)
    answer = listed(function)
    assert ids(answer) == made[::-1]
    assert answer["count"] == 3 and answer["next_marker"] == 3


def test_a_request_is_found_by_its_id(project):
    function = project.create()
    first, second = function.submit({}), function.submit({})
    for identifier in [first, second]:
        answer = listed(function, request_id=identifier)
        assert ids(answer) == [identifier]
        assert answer["count"] == 1
    assert listed(function, request_id=UNKNOWN)["invocations"] == []


def test_requests_are_found_by_status(project):
    source = "def handler(event, context):\n    if event: raise ValueError('x')\n"
    function = project.create_inline(source)
    good, bad = function.submit({}), function.submit({"raise": True})
    for identifier in [good, bad]:
        function.finished(identifier)
    for status, expected in [("SUCCESS", [good]), ("FAIL", [bad]), ("WAIT", []), ("DISCARD", [])]:
        answer = listed(function, status=status)
        assert ids(answer) == expected
        assert answer["count"] == len(expected)


def test_requests_are_found_by_time(project):
    function = project.create()
    identifier = function.submit({})
    function.finished(identifier)
    hour, minute = timedelta(hours=1), timedelta(minutes=1)

    def found(begin: timedelta, end: timedelta) -> bool:
        answer = listed(
            function, query_begin_time=moment(begin), query_end_time=moment(end)
        )
        return answer["count"] == 1

    assert found(-minute, minute)
    assert not found(-3 * hour, -2 * hour)
    assert not found(minute, hour)


def test_requests_come_in_pages(project):
    function = project.create()
    made = [function.submit({}) for _ in range(5)]
    for identifier in made:
        function.finished(identifier)
    found, marker = [], 0
    for expected in [2, 2, 1, 0]:
        page = listed(function, marker=marker, limit=2)
        assert len(page["invocations"]) == expected
        assert page["count"] == 5
        assert page["next_marker"] == marker + expected
        found += ids(page)
        marker = page["next_marker"]
    assert sorted(found) == sorted(made)


def test_a_page_has_100_requests_unless_asked_for_up_to_500(project):
    function = project.create("echo")
    with ThreadPoolExecutor(max_workers=8) as pool:
        made = list(pool.map(function.submit, [{}] * 501))
    for query, expected in [({}, 100), ({"limit": 0}, 100), ({"limit": 500}, 500), ({"limit": 501}, 500)]:
        page = listed(function, **query)
        assert len(set(ids(page))) == page["next_marker"] == expected
        assert page["count"] == len(made)


def test_a_list_goes_back_an_hour_and_a_request_is_found_by_its_id_after_that(steered):
    project, control = steered
    function = project.create("echo")
    old = function.submit({})
    function.finished(old)
    control.advance(3_599_000)
    assert ids(listed(function)) == [old]
    control.advance(2_000)
    new = function.submit({})
    function.finished(new)
    assert ids(listed(function)) == [new]
    assert ids(listed(function, request_id=old)) == [old]
    assert ids(listed(function, query_begin_time="2020-01-01T00:00:00")) == [new, old]


def test_a_page_may_begin_after_a_request_s_id(project):
    """What openstacksdk asks for when it is given a limit."""
    function = project.create()
    for identifier in [function.submit({}) for _ in range(3)]:
        function.finished(identifier)
    newest, second, oldest = ids(listed(function))
    page = listed(function, marker=newest, limit=1)
    assert ids(page) == [second]
    assert listed(function, marker=oldest, limit=1)["invocations"] == []
    assert listed(function, marker=UNKNOWN, limit=1)["invocations"] == []


def test_the_requests_of_another_function_are_not_listed(project):
    function, other = project.create(), project.create()
    identifier = other.submit({})
    assert listed(function)["count"] == 0
    assert function.async_requests(request_id=identifier) == []


# Being stopped


@pytest.mark.parametrize(
    "body", [{}, {"request_id": None}, {"request_id": ""}, {"request_id": 7}], ids=str
)
def test_without_a_request_nothing_is_stopped(project, body):
    assert_error(try_to_cancel(project.create(), **body), 400, "FSS.0400")


@pytest.mark.parametrize("identifier", [UNKNOWN, "no-id", "r" * 65])
def test_an_unknown_request_cannot_be_stopped(project, identifier):
    answer = project.create().cancel(identifier)
    assert_error(answer, 400, "FSS.0400", message="Invalid RequestId")


def test_an_unknown_way_of_stopping_is_refused(project):
    function = project.create()
    identifier = function.submit({})
    assert_error(function.cancel(identifier, type="gently"), 400, "FSS.0400")


def test_the_request_of_another_function_cannot_be_stopped(project):
    function, other = project.create(), project.create()
    identifier = other.submit({})
    assert_error(function.cancel(identifier), 400, "FSS.0400", message="Invalid RequestId")


@pytest.mark.parametrize(
    "options",
    [{}, {"type": "force"}, {"type": "recursive"}, {"force": True, "recursive": False}],
    ids=str,
)
def test_a_request_that_runs_is_stopped(project, gate, options):
    function = project.create("gate")
    identifier = function.submit(gate.event())
    gate.next()
    answer = function.cancel(identifier, **options)
    assert answer.status_code == 200
    assert answer.content in (b"", b"null", b"{}")
    record = function.finished(identifier)
    assert record["status"] == "FAIL"
    assert record["error_code"] == 4208
    assert record["error_message"] == "function invocation canceled"
    assert function.call(gate.event("next", wait=False))["name"] == "next"


def test_stopping_a_request_that_has_ended_changes_nothing(project):
    function = project.create()
    identifier = function.submit({})
    before = function.finished(identifier)
    assert function.cancel(identifier).status_code == 200
    assert function.async_requests(request_id=identifier) == [before]
