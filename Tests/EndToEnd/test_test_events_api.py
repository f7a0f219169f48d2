"""Test events of a function (E-1 to E-5)."""

import base64
import time
import uuid

import pytest

from rest import answered, assert_error

# Valid Base64 of JSON that is cut off: what the Python SDK's guide updates an event with.
TRUNCATED = "ewogICAgImJvZHkiOiAiIiwKICAgICJy"
LIMIT = 4096


def content(text: "str | bytes" = "{}") -> str:
    text = text.encode() if isinstance(text, str) else text
    return base64.b64encode(text).decode()


def try_to_create(function, **body):
    return function.api.post(f"{function.path}/events", json=body)


def listed(function) -> dict:
    return answered(function.api.get(f"{function.path}/events"))


def get(function, event: dict) -> dict:
    return answered(function.api.get(f"{function.path}/events/{event['id']}"))


@pytest.fixture
def function(project):
    return project.create()


# Creating: what is refused


@pytest.mark.parametrize(
    "name", ["", "1e", "-e", "e-", "e_", "a b", "a.b", "a:b", "ü", "e" * 26, 7, None]
)
def test_a_bad_name_is_refused(function, name):
    answer = try_to_create(function, name=name, content=content())
    assert_error(answer, 400, "FSS.1074", "FSS.0400")
    assert listed(function)["events"] == []


@pytest.mark.parametrize("body", [{}, {"name": "event"}, {"content": content()}])
def test_name_and_content_are_required(function, body):
    assert_error(try_to_create(function, **body), 400, "FSS.1074", "FSS.0400")


@pytest.mark.parametrize("text", ["no base64!", "{}", "e30", 7, {"a": 1}, None])
def test_content_that_is_no_base64_is_refused(function, text):
    answer = try_to_create(function, name="event", content=text)
    assert_error(answer, 400, "FSS.1074", "FSS.0400")
    assert listed(function)["events"] == []


def test_content_above_4_kib_is_refused(function):
    answer = try_to_create(function, name="event", content=content("x" * (2 * LIMIT)))
    assert_error(answer, 403, "FSS.1069")
    assert listed(function)["events"] == []


def test_a_second_event_of_the_same_name_is_refused(function):
    first = function.create_event("event")
    answer = try_to_create(function, name="event", content=content("[]"))
    assert_error(answer, 403, "FSS.1073")
    assert get(function, first)["content"] == content()


def test_the_11th_event_is_refused(function):
    for number in range(10):
        function.create_event(f"event{number}")
    assert_error(try_to_create(function, name="event10", content=content()), 403, "FSS.1068")
    assert listed(function)["count"] == 10


# Creating: what is accepted


@pytest.mark.parametrize("name", ["e", "E9", "a-b_c", "e" * 25])
def test_a_name_at_the_edge_is_accepted(function, name):
    created = function.create_event(name)
    assert created["name"] == name and uuid.UUID(created["id"])
    assert get(function, created)["name"] == name


@pytest.mark.parametrize(
    "text", [content('{"a": 1}'), TRUNCATED, content("no JSON"), content(b"\xff\x00")]
)
def test_content_is_kept_whatever_it_decodes_to(function, text):
    created = answered(try_to_create(function, name="event", content=text))
    assert get(function, created)["content"] == text


def test_content_of_3_kib_is_accepted(function):
    """Four KiB in Base64, whichever of both is meant."""
    text = content("x" * (LIMIT // 4 * 3))
    created = answered(try_to_create(function, name="event", content=text))
    assert get(function, created)["content"] == text


def test_another_function_may_have_an_event_of_the_same_name(project, function):
    function.create_event("event")
    project.create().create_event("event")


# Listing and reading


def test_events_are_listed_without_content_in_the_order_of_creation(function):
    assert listed(function) == {"events": [], "count": 0, "next_marker": 0}
    names = ["c", "a", "b"]
    made = [function.create_event(name) for name in names]
    answer = listed(function)
    assert answer["count"] == 3 and answer["next_marker"] == 3
    assert [event["name"] for event in answer["events"]] == names
    for event, created in zip(answer["events"], made):
        assert event.keys() == {"id", "name", "last_modified"}
        assert event["id"] == created["id"]
        assert type(event["last_modified"]) is int
        assert abs(time.time() - event["last_modified"]) < 60


def test_an_event_has_its_documented_form(function):
    created = function.create_event("event", '{"a": 1}')
    event = get(function, created)
    assert event["id"] == created["id"]
    assert event["name"] == "event"
    assert event["content"] == content('{"a": 1}')
    assert type(event["last_modified"]) is int


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
@pytest.mark.parametrize("identifier", ["00000000-0000-4000-8000-000000000000", "event", "%20"])
def test_an_unknown_event_answers_404(function, method, identifier):
    function.create_event("event")
    path = f"{function.path}/events/{identifier}"
    answer = function.api.request(method, path, json={"content": content()})
    assert_error(answer, 404, "FSS.1070")
    assert listed(function)["count"] == 1


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_an_event_is_not_found_under_another_function(project, function, method):
    event = function.create_event("event")
    path = f"{project.create().path}/events/{event['id']}"
    answer = function.api.request(method, path, json={"content": content("[]")})
    assert_error(answer, 404, "FSS.1070")
    assert get(function, event)["content"] == content()


def test_events_belong_to_the_function_whatever_version_the_urn_names(function):
    """The Python SDK adds `latest` when it reads an event, and to nothing else."""
    function.publish("v1")
    function.create_alias("prod", "v1")
    event = function.at("v1").create_event("event")
    for qualifier in ["latest", "v1", "!prod"]:
        address = function.at(qualifier)
        assert listed(address) == listed(function)
        assert get(address, event) == get(function, event)
        body = {"content": content(f'"{qualifier}"')}
        answered(function.api.put(f"{address.path}/events/{event['id']}", json=body))
        assert get(function, event)["content"] == body["content"]
    answered(function.api.delete(f"{function.path}:latest/events/{event['id']}"), 204)
    assert listed(function)["count"] == 0


# Changing


@pytest.mark.parametrize(
    "body, status, codes",
    [
        ({}, 400, ["FSS.1074", "FSS.0400"]),
        ({"content": "no base64!"}, 400, ["FSS.1074", "FSS.0400"]),
        ({"content": content("x" * (2 * LIMIT))}, 403, ["FSS.1069"]),
    ],
)
def test_update_refuses_bad_content_and_keeps_the_old(function, body, status, codes):
    event = function.create_event("event")
    before = get(function, event)
    answer = function.api.put(f"{function.path}/events/{event['id']}", json=body)
    assert_error(answer, status, *codes)
    assert get(function, event) == before


@pytest.mark.parametrize("text", [TRUNCATED, content("[1, 2]")])
def test_content_is_changed(function, text):
    event = function.create_event("event")
    path = f"{function.path}/events/{event['id']}"
    updated = answered(function.api.put(path, json={"content": text}))
    assert updated["id"] == event["id"] and updated["name"] == "event"
    assert get(function, event)["content"] == text


# Deleting


def test_a_deleted_event_is_gone_and_its_name_is_free_again(function):
    event, other = function.create_event("event"), function.create_event("other")
    answer = function.api.delete(f"{function.path}/events/{event['id']}")
    assert answer.status_code == 204 and answer.content == b""
    assert [item["id"] for item in listed(function)["events"]] == [other["id"]]
    assert function.create_event("event")["id"] != event["id"]


def test_a_function_takes_its_events_along(project, function):
    event = function.create_event("event")
    function.delete()
    answer = function.api.get(f"{function.path}/events/{event['id']}")
    assert_error(answer, 404, "FSS.1051")
    assert listed(project.create(func_name=function.name))["events"] == []
