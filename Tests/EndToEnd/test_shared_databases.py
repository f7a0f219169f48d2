"""Another program, a database browser say, has the emulator's databases open as well."""

import contextlib
import sqlite3
import threading

import pytest

from control import Control, text_of
from rest import answered

HELD = 0.5
"""For how many seconds the other program holds on to a lock."""


@contextlib.contextmanager
def held(path, *statements: str):
    """What the statements lock is locked for a while, from before the body on."""
    database = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    for statement in statements:
        database.execute(statement).fetchall()
    ended = threading.Timer(HELD, database.rollback)
    ended.start()
    try:
        yield
    finally:
        ended.join()
        database.close()


@pytest.fixture
def served(fresh_server, project_of, tmp_path):
    server = fresh_server(data_dir=tmp_path / "data")
    return Control(server.url), project_of(server)


@pytest.mark.parametrize("statement", ["BEGIN IMMEDIATE", "BEGIN EXCLUSIVE"])
def test_a_change_waits_while_somebody_else_writes(served, tmp_path, statement):
    _, project = served
    function = project.create()
    with held(tmp_path / "data" / "functions.sqlite", statement):
        assert function.update_config(timeout=17)["timeout"] == 17
    assert function.config()["timeout"] == 17


def test_a_call_waits_for_nobody_who_writes(served, tmp_path):
    _, project = served
    function = project.create("echo")
    with held(tmp_path / "data" / "functions.sqlite", "BEGIN EXCLUSIVE"):
        assert function.call({"key": 1}) == {"key": 1}
        assert answered(project.api.get("/fgs/functions"))["count"] == 1


@pytest.mark.parametrize(
    "statements",
    [("BEGIN", "SELECT COUNT(*) FROM chunks"), ("BEGIN IMMEDIATE",), ("BEGIN EXCLUSIVE",)],
    ids=["reads", "writes", "has it for itself"],
)
def test_no_line_of_a_log_is_lost_while_somebody_else_looks_at_logs(served, tmp_path, statements):
    control, project = served
    function = project.create_inline("def handler(event, context):\n    print('line', event['number'])\n")
    function.call({"number": 1})
    assert "line 1" in text_of(control.logs(function.name))
    with held(tmp_path / "data" / "logs.sqlite", *statements):
        function.call({"number": 2})
        assert "line 2" in text_of(control.logs(function.name))
    assert "line 1" in text_of(control.logs(function.name))
