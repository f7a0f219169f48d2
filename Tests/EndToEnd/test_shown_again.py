"""A function that was shown before is shown as it is now, whatever has changed and whoever changed it.

The server keeps in memory what it has shown or written, so each test compares what it says with what another
one says that has only read the same data directory.
"""

import contextlib
import json
import signal
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from rest import Api, Function, Project, answered, encoded

QUALIFIERS = ["", ":latest", ":v1", ":v2", ":v3", ":!prod", ":prod", ":!other"]
DESTINATION = {"destination": "OBS", "param": json.dumps({"bucket": "results"})}


def shown(function: Function) -> dict:
    """What is said about it by all its names."""
    answers = {}
    for qualifier in QUALIFIERS:
        answer = function.api.get(f"{function.path}{qualifier}/config")
        answers[qualifier] = (answer.status_code, answer.json())
    return answers


def deleted(function: Function) -> None:
    answered(function.delete(), 204)


def made_again(function: Function) -> None:
    deleted(function)
    fields = {"runtime": "Python3.10", "handler": "index.handler", "timeout": 7, "memory_size": 256}
    body = {"func_name": function.name, "package": "default", "code_type": "inline", **fields}
    answered(function.api.post("/fgs/functions", json=body))


def depends(function: Function, project: Project) -> None:
    function.update_config(depend_version_list=[project.create_dependency()["id"]])


def moved(function: Function, **fields) -> None:
    path = f"{function.path}/aliases/prod"
    answered(function.api.put(path, json={"version": "v2", **fields}))


CHANGES = {
    "its settings": lambda f, p: f.update_config(description="new", timeout=9),
    "its settings by the name of its version": lambda f, p: f.at("latest").update_config(timeout=9),
    "its code": lambda f, p: f.update_code(p.sample("echo")),
    "its inline code": lambda f, p: answered(f.api.put(
        f"{f.path}/code", json={"code_type": "inline", "func_code": encoded("new = 1")})),
    "its most instances": lambda f, p: answered(f.set_max_instances(3)),
    "its dependencies": depends,
    "a version more": lambda f, p: f.publish_changed("v3"),
    "an alias more": lambda f, p: f.create_alias("other", "v2"),
    "an alias moved": lambda f, p: moved(f),
    "an alias gone": lambda f, p: answered(f.api.delete(f"{f.path}/aliases/prod"), 204),
    "a version gone": lambda f, p: answered(f.at("v2").delete(), 204),
    "a version with its alias gone": lambda f, p: answered(f.at("v1").delete(), 204),
    "reserved instances": lambda f, p: f.reserve(1, idle_mode=True),
    "reserved instances of a version": lambda f, p: f.at("v1").reserve(1, idle_mode=True),
    "how asynchronous calls are treated": lambda f, p: f.configure_async(
        max_async_retry_attempts=2, destination_config={"on_success": DESTINATION}),
    "how those of a version are treated": lambda f, p: f.at("v1").configure_async(
        max_async_retry_attempts=2),
    "all of it gone": lambda f, p: deleted(f),
    "gone and made again": lambda f, p: made_again(f),
    "everything gone": lambda f, p: answered(
        f.api.anonymous("POST", "/_emulator/reset", headers={"X-Auth-Token": f.api.token})),
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_was_shown_before_a_change_is_shown_as_it_is_stored(
    fresh_server, fixtures, tmp_path, change
):
    server = fresh_server(data_dir=tmp_path / "data")
    project = Project(Api(server.url), fixtures)
    function = project.create(description="old")
    function.publish("v1")
    function.publish_changed("v2")
    function.create_alias("prod", "v1")
    before = shown(function)
    assert shown(function) == before
    change(function, project)
    after = shown(function)
    assert shown(function) == after
    server.send_signal(signal.SIGKILL)
    server.wait()
    function.api = Api(fresh_server(data_dir=tmp_path / "data").url)
    assert shown(function) == after


def test_what_refused_changes_would_have_made_is_not_shown(project):
    function = project.create(description="old")
    before = function.config()
    for body in [{"timeout": -1}, {"description": "new", "memory_size": "much"},
                 {"description": "new", "depend_version_list": ["none"]}]:  # fmt: skip
        assert not function.api.put(f"{function.path}/config", json=body).ok
    assert function.config() == before


@contextlib.contextmanager
def all_the_time(*actions):
    """Does each of these again and again meanwhile."""
    over = threading.Event()

    def repeat(action) -> None:
        while not over.is_set():
            action()

    with ThreadPoolExecutor(len(actions)) as pool:
        repeated = [pool.submit(repeat, action) for action in actions]
        try:
            yield
        finally:
            over.set()
    for done in repeated:
        done.result()


def test_what_was_read_while_it_changed_is_not_shown_again(project):
    function = project.create(description="0")
    function.publish("v1")
    function.publish_changed("v2")
    function.create_alias("prod", "v1")

    def another() -> Function:
        return Function(project.api.another_client(), function.created)

    # What changes how it is called makes the server forget what it has shown, so that it has to read.
    changing = [lambda f=another(): f.configure_async(max_async_retry_attempts=2) for _ in range(2)]
    reading = [another().at("!prod").config for _ in range(4)]
    with all_the_time(*changing, *reading):
        for number in range(150):
            version = ["v1", "v2"][number % 2]
            moved(function, version=version)
            assert function.at("!prod").config()["version"] == version
            function.update_config(description=str(number))
            assert function.config()["description"] == str(number)
            assert function.at("latest").config()["description"] == str(number)


def test_functions_that_others_push_out_of_memory_are_shown_as_well(own_project):
    first = [own_project.create(description=str(number)) for number in range(3)]
    last = [own_project.create(description=str(number)) for number in range(300)]
    for function in [*first, *last]:
        assert function.config()["description"] == function.created["description"]
    for function in first:
        function.update_config(timeout=10)
        assert function.config()["timeout"] == 10


def test_no_answer_about_a_function_has_a_member_twice(own_project):
    def without_repetition(pairs):
        members = dict(pairs)
        assert len(members) == len(pairs), sorted(name for name, _ in pairs)
        return members

    function = own_project.create("echo")
    api = own_project.api
    answers = [
        api.post("/fgs/functions", json=own_project.body()),
        api.get(f"{function.path}/config"),
        api.get(f"{function.path}/code"),
        api.get("/fgs/functions"),
        api.put(f"{function.path}/config", json={"description": "new"}),
        function.set_max_instances(3),
        api.post(f"{function.path}/versions", json={"version": "v1"}),
        api.get(f"{function.path}/versions"),
    ]
    for answer in answers:
        answered(answer)
        json.loads(answer.text, object_pairs_hook=without_repetition)
    answered(api.delete(f"/fgs/functions/{answers[0].json()['func_urn'].rpartition(':')[0]}"), 204)
