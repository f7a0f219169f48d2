"""Asynchronous calls: being taken (I-2), looked up (A-5) and stopped (A-6)."""

import json
import time
from datetime import datetime, timedelta, timezone

import pytest

from deadlines import eventually
from rest import REQUEST_ID, answered, assert_error

KIBIBYTE = 1024
UNKNOWN = "00000000-0000-4000-8000-000000000000"
FORMAT = "%Y-%m-%dT%H:%M:%S"
SOON = 10


def try_to_call(function, event=None, *, data=None, **headers):
    data = json.dumps(event).encode() if data is None else data
    headers = {"Content-Type": "application/json", **headers}
    return function.api.post(f"{function.path}/invocations-async", data=data, headers=headers)


def call(function, event=None) -> str:
    """The id of a request that has to be taken."""
    return answered(try_to_call(function, event), 202)["request_id"]


def requests_of(function, **query) -> dict:
    return answered(function.api.get(f"{function.path}/async-invocations", params=query))


def request(function, identifier: str) -> "dict | None":
    found = requests_of(function, request_id=identifier)["invocations"]
    return found[0] if found else None


def finished(function, identifier: str) -> dict:
    """The record of a request once it has ended."""

    def ended():
        record = request(function, identifier)
        return record if record and record["status"] not in ("WAIT", "RUNNING") else None

    return eventually(ended, SOON, f"request {identifier} to end")


def cancel(function, **body):
    return function.api.post(f"{function.path}/cancel", json=body)


def moment(offset: timedelta = timedelta()) -> str:
    return (datetime.now(timezone.utc) + offset).strftime(FORMAT)


# Being taken


@pytest.mark.parametrize("data", [b"{", b"no JSON", b"{'a': 1}", b"[1,]", b'"\xff"'])
def test_a_body_that_is_no_json_is_refused_and_nothing_runs(project, data):
    function = project.create()
    assert_error(try_to_call(function, data=data), 406, "FSS.0406")
    assert requests_of(function)["count"] == 0


def test_a_body_above_256_kb_is_refused(project):
    function = project.create()
    answer = try_to_call(function, {"data": "x" * (256 * KIBIBYTE)})
    assert_error(answer, 413, "FSS.0413", "FSS.1201")
    assert requests_of(function)["count"] == 0


def test_a_body_just_below_256_kb_is_taken(project):
    function = project.create("echo", handler="index.size")
    identifier = call(function, {"data": "x" * (256 * KIBIBYTE - 100)})
    assert finished(function, identifier)["status"] == "SUCCESS"


def test_a_disabled_function_takes_no_calls(project):
    function = project.create()
    function.set_max_instances(0)
    assert_error(try_to_call(function, {}), 429, "FSS.0429")


@pytest.mark.parametrize("qualifier, code", [("v9", "FSS.1052"), ("!no", "FSS.1053")])
def test_an_unknown_version_or_alias_takes_no_calls(project, qualifier, code):
    assert_error(try_to_call(project.create().at(qualifier), {}), 404, code)


def test_a_call_is_taken_at_once_and_the_answer_is_its_id(project, gate):
    function = project.create("gate")
    answer = try_to_call(function, gate.event("first"))
    assert answer.status_code == 202
    body = answer.json()
    assert body.keys() == {"request_id"}
    assert REQUEST_ID.fullmatch(body["request_id"])
    assert gate.next().hello["request_id"] == body["request_id"]


@pytest.mark.parametrize("event", [{}, {"body": {"k": "v"}}, [1, 2], "text", 7, None, '{"a": 1}'])
def test_an_event_of_each_kind_reaches_the_handler(project, tmp_path, event):
    heard = tmp_path / "heard"
    source = (
        "import json, os\n"
        "def handler(event, context):\n"
        f"    with open({str(heard)!r} + '~', 'w') as out: json.dump(event, out)\n"
        f"    os.replace({str(heard)!r} + '~', {str(heard)!r})\n"
    )
    function = project.create_inline(source)
    call(function, event)
    eventually(heard.exists, SOON, "the handler to be called")
    assert json.loads(heard.read_text()) == event


@pytest.mark.parametrize("data", [b"", b" \n"])
def test_a_call_without_body_has_an_empty_event(project, gate, data):
    function = project.create()
    identifier = answered(try_to_call(function, data=data), 202)["request_id"]
    assert finished(function, identifier)["status"] == "SUCCESS"


# Being looked up


@pytest.mark.parametrize(
    "query",
    [{"status": "DONE"}, {"query_begin_time": "yesterday"}, {"query_end_time": "2026-13-01T00:00:00"},
     {"request_id": "r" * 65}],
    ids=str,
)  # fmt: skip
def test_a_bad_question_is_refused(project, query):
    function = project.create()
    answer = function.api.get(f"{function.path}/async-invocations", params=query)
    assert_error(answer, 400, "FSS.0400", "FSS.1001")


def test_a_function_that_was_never_called_has_no_requests(project):
    answer = requests_of(project.create())
    assert answer == {"invocations": [], "count": 0, "next_marker": 0}


def test_a_request_has_its_documented_form_when_it_succeeded(project):
    function = project.create()
    identifier = call(function, {})
    record = finished(function, identifier)
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
    record = finished(function, call(function, {}))
    assert record["status"] == "FAIL"
    assert record["error_code"] == 4002
    assert "out of paper" in record["error_message"]


def test_a_request_that_runs_says_so(project, gate):
    function = project.create("gate")
    identifier = call(function, gate.event())
    caller = gate.next()

    def runs():
        return request(function, identifier)["status"] == "RUNNING"

    eventually(runs, SOON, "the request to be known as running")
    assert [r["id"] for r in requests_of(function, status="RUNNING")["invocations"]] == [identifier]
    caller.let_go()
    assert finished(function, identifier)["status"] == "SUCCESS"
    assert requests_of(function, status="RUNNING")["count"] == 0


def test_requests_are_listed_with_the_newest_first(project):
    function = project.create()
    made = []
    for _ in range(3):
        made.append(call(function, {}))
        finished(function, made[-1])
        time.sleep(0.01)
    answer = requests_of(function)
    assert [record["id"] for record in answer["invocations"]] == made[::-1]
    assert answer["count"] == 3 and answer["next_marker"] == 3


def test_a_request_is_found_by_its_id(project):
    function = project.create()
    first, second = call(function, {}), call(function, {})
    for identifier in [first, second]:
        answer = requests_of(function, request_id=identifier)
        assert [record["id"] for record in answer["invocations"]] == [identifier]
        assert answer["count"] == 1
    assert requests_of(function, request_id=UNKNOWN)["invocations"] == []


def test_requests_are_found_by_status(project):
    source = "def handler(event, context):\n    if event: raise ValueError('x')\n"
    function = project.create_inline(source)
    good, bad = call(function, {}), call(function, {"raise": True})
    for identifier in [good, bad]:
        finished(function, identifier)
    for status, expected in [("SUCCESS", [good]), ("FAIL", [bad]), ("WAIT", []), ("DISCARD", [])]:
        answer = requests_of(function, status=status)
        assert [record["id"] for record in answer["invocations"]] == expected
        assert answer["count"] == len(expected)


def test_requests_are_found_by_time(project):
    function = project.create()
    identifier = call(function, {})
    finished(function, identifier)
    hour, minute = timedelta(hours=1), timedelta(minutes=1)

    def found(begin: timedelta, end: timedelta) -> bool:
        answer = requests_of(
            function, query_begin_time=moment(begin), query_end_time=moment(end)
        )
        return answer["count"] == 1

    assert found(-minute, minute)
    assert not found(-3 * hour, -2 * hour)
    assert not found(minute, hour)


def test_requests_come_in_pages(project):
    function = project.create()
    made = [call(function, {}) for _ in range(5)]
    for identifier in made:
        finished(function, identifier)
    found, marker = [], 0
    for expected in [2, 2, 1, 0]:
        page = requests_of(function, marker=marker, limit=2)
        assert len(page["invocations"]) == expected
        assert page["count"] == 5
        assert page["next_marker"] == marker + expected
        found += [record["id"] for record in page["invocations"]]
        marker = page["next_marker"]
    assert sorted(found) == sorted(made)


def test_a_page_may_begin_after_a_request_s_id(project):
    """What openstacksdk asks for when it is given a limit."""
    function = project.create()
    for identifier in [call(function, {}) for _ in range(3)]:
        finished(function, identifier)
    ids = [record["id"] for record in requests_of(function)["invocations"]]
    page = requests_of(function, marker=ids[0], limit=1)
    assert [record["id"] for record in page["invocations"]] == [ids[1]]
    assert requests_of(function, marker=ids[2], limit=1)["invocations"] == []
    assert requests_of(function, marker=UNKNOWN, limit=1)["invocations"] == []


def test_the_requests_of_another_function_are_not_listed(project):
    function, other = project.create(), project.create()
    identifier = call(other, {})
    assert requests_of(function)["count"] == 0
    assert request(function, identifier) is None


# Being stopped


@pytest.mark.parametrize(
    "body",
    [{}, {"request_id": None}, {"request_id": ""}, {"request_id": 7}, {"request_id": UNKNOWN},
     {"request_id": "r" * 65}],
    ids=str,
)  # fmt: skip
def test_an_unknown_request_cannot_be_stopped(project, body):
    assert_error(cancel(project.create(), **body), 400, "FSS.0400")


def test_an_unknown_way_of_stopping_is_refused(project):
    function = project.create()
    identifier = call(function, {})
    assert_error(cancel(function, request_id=identifier, type="gently"), 400, "FSS.0400")


def test_the_request_of_another_function_cannot_be_stopped(project):
    function, other = project.create(), project.create()
    identifier = call(other, {})
    assert_error(cancel(function, request_id=identifier), 400, "FSS.0400")


@pytest.mark.parametrize(
    "options",
    [{}, {"type": "force"}, {"type": "recursive"}, {"force": True, "recursive": False}],
    ids=str,
)
def test_a_request_that_runs_is_stopped(project, gate, options):
    function = project.create("gate")
    identifier = call(function, gate.event())
    gate.next()
    answer = cancel(function, request_id=identifier, **options)
    assert answer.status_code == 200
    assert answer.content in (b"", b"null", b"{}")
    record = finished(function, identifier)
    assert record["status"] == "FAIL"
    assert record["error_code"] == 4208
    assert record["error_message"] == "function invocation canceled"
    assert function.call(gate.event("next", wait=False))["name"] == "next"


def test_stopping_a_request_that_has_ended_changes_nothing(project):
    function = project.create()
    identifier = call(function, {})
    before = finished(function, identifier)
    assert cancel(function, request_id=identifier).status_code == 200
    assert request(function, identifier) == before
