"""Where functions' logs go (L-1, L-2)."""

import pytest

from rest import answered

MEMBERS = {"group_name", "group_id", "stream_id", "stream_name"}


def detail(function) -> dict:
    return answered(function.api.get(f"{function.path}/lts-log-detail"))


def test_a_function_without_logging_has_a_group_and_a_stream_all_the_same(project):
    function = project.create()
    answer = detail(function)
    assert MEMBERS <= answer.keys()
    for member in MEMBERS:
        assert isinstance(answer[member], str) and answer[member]
    assert answer["group_name"].startswith("functiongraph.log.group.")
    assert answer["stream_name"].startswith(function.name)
    assert detail(function) == answer


def test_functions_of_a_project_share_the_group_and_have_streams_of_their_own(own_project):
    first, second = detail(own_project.create()), detail(own_project.create())
    assert first["group_id"] == second["group_id"]
    assert first["stream_id"] != second["stream_id"]


def test_the_group_and_stream_a_function_was_given_are_shown(project):
    chosen = {
        "group_name": "functiongraph.log.group.mine",
        "group_id": "g-1",
        "stream_name": "mine",
        "stream_id": "s-1",
    }
    function = project.create(enable_lts_log=True, log_config=chosen)
    assert detail(function) == chosen


def test_a_version_logs_where_its_function_does(project):
    function = project.create()
    function.publish("v1")
    assert detail(function.at("v1")) == detail(function)


@pytest.mark.parametrize("body", [b"{}", b"{}\n", b""])
def test_logging_is_switched_on_as_often_as_one_likes(own_project, body):
    for _ in range(3):
        answer = own_project.api.post("/fgs/functions/enable-lts-logs", data=body)
        assert answer.status_code == 200
        # The Python SDK crashes on `null`.
        assert answer.content in (b"", b"{}")
