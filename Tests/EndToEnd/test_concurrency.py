"""A hundred clients who want the same at the same moment."""

import random
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from rest import answered, encoded
from triggers import timer

CLIENTS = 100


def code_of(answer) -> str:
    """The error code of an answer, or "" for none."""
    return "" if answer.ok else answer.json()["error_code"]


@pytest.fixture(scope="module")
def pool():
    with ThreadPoolExecutor(max_workers=CLIENTS) as pool:
        yield pool


@pytest.fixture
def at_once(pool, own_project):
    """Lets every client make one call, all beginning together; their answers, in the order of the
    clients' numbers."""
    clients = [own_project.api.another_client() for _ in range(CLIENTS)]

    def at_once(call) -> list:
        barrier = threading.Barrier(CLIENTS, timeout=30)

        def one(number: int):
            barrier.wait()
            return call(clients[number], number)

        return list(pool.map(one, range(CLIENTS)))

    yield at_once
    for client in clients:
        client.session.close()


def assert_one_winner(answers, success: int, *codes: str) -> "dict | None":
    """One client got what it wanted, and all others the same refusals; the winner's answer."""
    winners = [answer for answer in answers if answer.ok]
    assert len(winners) == 1, Counter((answer.status_code, code_of(answer)) for answer in answers)
    assert winners[0].status_code == success
    assert {code_of(answer) for answer in answers if not answer.ok} <= set(codes)
    return winners[0].json() if winners[0].content else None


def assert_winners(answers, number: int, *codes: str) -> list:
    """So many clients got what they wanted, and the others the same refusals."""
    winners = [answer.json() if answer.content else None for answer in answers if answer.ok]
    assert len(winners) == number, Counter(code_of(answer) for answer in answers)
    assert {code_of(answer) for answer in answers if not answer.ok} == set(codes)
    return winners


def functions_of(api) -> "list[dict]":
    """All functions, page by page."""
    found, marker = [], 0
    while True:
        page = answered(
            api.get("/fgs/functions", params={"marker": str(marker), "maxitems": "30"})
        )
        found += page["functions"]
        if not page["functions"]:
            assert len(found) == page["count"]
            return found
        marker = page["next_marker"]


# One name for all


def test_one_client_creates_a_function_and_the_others_are_told_that_it_exists(own_project, at_once):
    body = own_project.body()
    answers = at_once(lambda api, number: api.post("/fgs/functions", json=body))
    created = assert_one_winner(answers, 200, "FSS.1061")
    assert [f["resource_id"] for f in functions_of(own_project.api)] == [created["resource_id"]]


def test_one_client_deletes_a_function_and_the_others_are_told_that_it_is_gone(own_project, at_once):
    function = own_project.create()
    answers = at_once(lambda api, number: api.delete(function.path))
    assert_one_winner(answers, 204, "FSS.1051")
    assert functions_of(own_project.api) == []


def test_one_client_publishes_a_version(own_project, at_once):
    function = own_project.create()
    answers = at_once(
        lambda api, number: api.post(f"{function.path}/versions", json={"version": "v1"})
    )
    assert_one_winner(answers, 200, "FSS.1062", "FSS.1016")
    versions = answered(function.api.get(f"{function.path}/versions"))
    assert [version["version"] for version in versions["versions"]] == ["latest", "v1"]


def test_one_client_creates_an_alias(own_project, at_once):
    function = own_project.create()
    body = {"name": "prod", "version": "latest"}
    answers = at_once(lambda api, number: api.post(f"{function.path}/aliases", json=body))
    assert_one_winner(answers, 200, "FSS.1063", "FSS.1066")
    assert len(answered(function.api.get(f"{function.path}/aliases"))) == 1


def test_one_client_gives_a_version_its_alias(own_project, at_once):
    function = own_project.create()

    def create(api, number: int):
        body = {"name": f"alias{number}", "version": "latest"}
        return api.post(f"{function.path}/aliases", json=body)

    winner = assert_one_winner(at_once(create), 200, "FSS.1066")
    assert answered(function.api.get(f"{function.path}/aliases")) == [winner]


def test_one_client_creates_a_timer(own_project, at_once):
    function = own_project.create()
    body = {"trigger_type_code": "TIMER", "event_data": timer()}
    answers = at_once(lambda api, number: api.post(function.triggers, json=body))
    winner = assert_one_winner(answers, 201, "FSS.1148", "FSS.1307")
    assert answered(function.api.get(function.triggers)) == [winner]


def test_one_client_creates_a_test_event(own_project, at_once):
    function = own_project.create()
    body = {"name": "event", "content": encoded("{}")["file"]}
    answers = at_once(lambda api, number: api.post(f"{function.path}/events", json=body))
    winner = assert_one_winner(answers, 200, "FSS.1073")
    listed = answered(function.api.get(f"{function.path}/events"))
    assert listed["count"] == 1 and listed["events"][0]["id"] == winner["id"]


def test_one_client_imports_a_function(own_project, at_once, fixtures):
    body = {"file_name": "test.zip", "file_type": "zip",
            "file_code": encoded(fixtures.sample("seed_import"))["file"]}  # fmt: skip
    answers = at_once(lambda api, number: api.post("/fgs/functions/import", json=body))
    assert_one_winner(answers, 200, "FSS.1061")
    assert [f["func_name"] for f in functions_of(own_project.api)] == ["test"]


@pytest.mark.parametrize("kind", ["version", "alias", "event", "trigger", "dependency"])
def test_one_client_deletes_what_all_want_to_delete(own_project, at_once, kind):
    function = own_project.create()
    function.publish("v1")
    if kind == "version":
        path, codes = f"{function.path}:v1", ["FSS.1052"]
    elif kind == "alias":
        function.create_alias("prod", "v1")
        path, codes = f"{function.path}/aliases/prod", ["FSS.1053"]
    elif kind == "event":
        path, codes = f"{function.path}/events/{function.create_event('e')['id']}", ["FSS.1070"]
    elif kind == "trigger":
        trigger = function.create_trigger("TIMER", timer())
        path = f"{function.triggers}/TIMER/{trigger['trigger_id']}"
        codes = ["FSS.1140", "FSS.1131"]
    else:
        made = own_project.create_dependency()
        path, codes = f"/fgs/dependencies/{made['dep_id']}/version/1", ["FSS.1056"]
    answers = at_once(lambda api, number: api.delete(path))
    assert_one_winner(answers, 204, *codes)


# As many as there is room for


def test_a_hundred_names_are_a_hundred_functions(own_project, at_once):
    bodies = [own_project.body() for _ in range(CLIENTS)]
    answers = at_once(lambda api, number: api.post("/fgs/functions", json=bodies[number]))
    created = assert_winners(answers, CLIENTS)
    listed = functions_of(own_project.api)
    ids = [function["resource_id"] for function in listed]
    assert len(set(ids)) == CLIENTS
    assert set(ids) == {function["resource_id"] for function in created}
    answers = at_once(
        lambda api, number: api.delete(f"/fgs/functions/default:{bodies[number]['func_name']}")
    )
    assert_winners(answers, CLIENTS)
    assert functions_of(own_project.api) == []


def test_ten_test_events_find_room(own_project, at_once):
    function = own_project.create()

    def create(api, number: int):
        body = {"name": f"event{number}", "content": encoded("{}")["file"]}
        return api.post(f"{function.path}/events", json=body)

    winners = assert_winners(at_once(create), 10, "FSS.1068")
    listed = answered(function.api.get(f"{function.path}/events"))
    assert listed["count"] == 10
    assert {e["id"] for e in listed["events"]} == {winner["id"] for winner in winners}


def test_ten_triggers_find_room(own_project, at_once):
    function = own_project.create()

    def create(api, number: int):
        body = {"trigger_type_code": "TIMER", "event_data": timer(f"timer{number}")}
        return api.post(function.triggers, json=body)

    winners = assert_winners(at_once(create), 10, "FSS.1306")
    listed = answered(function.api.get(function.triggers))
    ids = [trigger["trigger_id"] for trigger in listed]
    assert len(ids) == 10 and set(ids) == {winner["trigger_id"] for winner in winners}


def test_twenty_tags_find_room(own_project, at_once):
    function = own_project.create()

    def create(api, number: int):
        body = {"tags": [{"key": f"k{number}", "value": "v"}]}
        return api.post(f"{function.tags}/create", json=body)

    assert_winners(at_once(create), 20, "FSS.0400")
    assert len(answered(function.api.get(function.tags))["tags"]) == 20


def test_a_hundred_versions_of_a_dependency_have_a_hundred_numbers(own_project, at_once):
    name = own_project.unique("dep")
    content = encoded(own_project.archive(helper="value = 1"))["file"]
    body = {"name": name, "runtime": "Python3.10", "depend_type": "zip", "depend_file": content}
    answers = at_once(lambda api, number: api.post("/fgs/dependencies/version", json=body))
    made = assert_winners(answers, CLIENTS)
    assert sorted(version["version"] for version in made) == list(range(1, CLIENTS + 1))
    (identifier,) = {version["dep_id"] for version in made}
    path = f"/fgs/dependencies/{identifier}/version"
    listed = answered(own_project.api.get(path, params={"maxitems": "400"}))
    assert listed["count"] == CLIENTS
    assert {v["id"] for v in listed["dependencies"]} == {v["id"] for v in made}
    answers = at_once(lambda api, number: api.delete(f"{path}/{number + 1}"))
    assert_winners(answers, CLIENTS)


# Changes


def test_the_last_change_wins_and_none_is_mixed_with_another(own_project, at_once):
    function = own_project.create()

    def update(api, number: int):
        fields = {"description": f"by {number}", "user_data": f'{{"BY": "{number}"}}',
                  "timeout": number + 3}  # fmt: skip
        return api.put(f"{function.path}/config", json=fields)

    answers = at_once(update)
    assert {answer.status_code for answer in answers} == {200}
    for number, answer in enumerate(answers):
        assert answer.json()["description"] == f"by {number}"
    config = function.config()
    number = config["timeout"] - 3
    assert config["description"] == f"by {number}"
    assert config["user_data"] == f'{{"BY": "{number}"}}'
    assert len({answer.json()["image_name"] for answer in answers}) == CLIENTS


def test_changes_of_different_members_are_all_kept(own_project, at_once):
    function = own_project.create()
    fields = [{"description": "kept"}, {"timeout": 77}, {"memory_size": 512}, {"xrole": "agency"}]
    answers = at_once(
        lambda api, number: api.put(f"{function.path}/config", json=fields[number % len(fields)])
    )
    assert {answer.status_code for answer in answers} == {200}
    config = function.config()
    for expected in fields:
        assert expected.items() <= config.items()


def test_code_and_calls_at_the_same_time_never_mix(own_project, at_once):
    """A call runs one code, the one before or the one after."""

    def source(value: int) -> bytes:
        files = {"index": "import helper\ndef handler(e, c): return [helper.value, VALUE]\n"
                          f"VALUE = {value}\n", "helper": f"value = {value}\n"}  # fmt: skip
        return own_project.archive(**files)

    function = own_project.create(source(0))

    def change_or_call(api, number: int):
        if number % 10 == 0:
            body = {"code_type": "zip", "code_filename": "index.zip",
                    "func_code": encoded(source(number))}  # fmt: skip
            return api.put(f"{function.path}/code", json=body)
        return api.post(f"{function.path}/invocations", data=b"{}")

    for number, answer in enumerate(at_once(change_or_call)):
        assert answer.status_code == 200, answer.text
        if number % 10:
            first, second = answer.json()
            assert first == second


# Everything at once


@pytest.mark.timeout(120)
def test_after_a_tumult_lists_and_resources_agree(own_project, at_once):
    """A hundred clients create, change, call and delete ten functions, in any order."""
    names = [f"fn{number}" for number in range(10)]
    seen = Counter()
    lock = threading.Lock()

    def anything(api, number: int) -> None:
        chance = random.Random(number)
        for _ in range(10):
            name = chance.choice(names)
            path = f"/fgs/functions/default:{name}"
            kind, answer = chance.choice([
                ("create", lambda: api.post("/fgs/functions", json=own_project.body(func_name=name))),
                ("delete", lambda: api.delete(path)),
                ("config", lambda: api.put(f"{path}/config", json={"timeout": 3 + number})),
                ("read", lambda: api.get(f"{path}/config")),
                ("publish", lambda: api.post(f"{path}/versions", json={"version": f"v{number}"})),
                ("alias", lambda: api.post(f"{path}/aliases",
                                           json={"name": "prod", "version": "latest"})),
                ("tag", lambda: api.post(f"{path.replace('/fgs', '')}/tags/create",
                                         json={"tags": [{"key": "k", "value": "v"}]})),
                ("list", lambda: api.get("/fgs/functions")),
            ])  # fmt: skip
            answer = answer()
            with lock:
                seen[kind, answer.status_code, code_of(answer)] += 1
            if kind == "list":
                listed = [f["func_name"] for f in answer.json()["functions"]]
                assert len(listed) == len(set(listed)) == answer.json()["count"]

    at_once(anything)
    allowed = {
        "create": {"", "FSS.1061"},
        "delete": {"", "FSS.1051"},
        "config": {"", "FSS.1051"},
        "read": {"", "FSS.1051"},
        "publish": {"", "FSS.1051", "FSS.1016", "FSS.1062", "FSS.0403"},
        "alias": {"", "FSS.1051", "FSS.1063", "FSS.1066"},
        "tag": {"", "FSS.1051"},
        "list": {""},
    }
    for (kind, status, code), number in seen.items():
        assert status < 500 and code in allowed[kind], (kind, status, code, number)

    api = own_project.api
    listed = functions_of(api)
    there = {function["func_name"] for function in listed}
    assert len(listed) == len(there)
    for name in names:
        path = f"/fgs/functions/default:{name}"
        answer = api.get(f"{path}/config")
        assert answer.ok == (name in there)
        if answer.ok:
            versions = answered(api.get(f"{path}/versions"))
            assert len({v["version"] for v in versions["versions"]}) == versions["count"]
            answered(api.delete(path), 204)
    assert functions_of(api) == []
    assert answered(api.get("/functions/tags"))["tags"] == []
