"""Functions that were created or changed are deployed before anybody calls them, which nobody notices but by the time."""

from pathlib import Path

import pytest

from control import Control
from deadlines import eventually
from rest import answered

KEPT = 32
"""How many functions that nobody calls stay deployed."""


@pytest.fixture
def served(fresh_server, project_of, tmp_path):
    """A project on a server of its own, its control, and where it unpacks code."""
    server = fresh_server(data_dir=tmp_path / "data")
    return project_of(server), Control(server.url), tmp_path / "data" / "code"


def unpacked(code: Path) -> "set[str]":
    return {path.parent.name for path in code.glob("*/code")}


def numbered(project, number: int):
    return project.create_inline(f"def handler(event, context):\n    return {number}\n")


def test_code_is_unpacked_before_the_first_call_and_figures_know_nothing_of_it(served):
    project, control, code = served
    function = numbered(project, 7)
    eventually(lambda: len(unpacked(code)) == 1, 5, "unpacked code")
    assert function.urn.removesuffix(":latest") not in control.get("metrics").text
    assert function.call({}) == 7
    assert len(unpacked(code)) == 1


def test_a_change_just_after_the_creation_is_what_is_called(served):
    project, _, code = served
    function = numbered(project, 1)
    eventually(lambda: len(unpacked(code)) == 1, 5, "unpacked code")
    for number in range(2, 8):
        function.update_code(project.archive(index=f"def handler(event, context):\n    return {number}\n"))
        assert function.call({}) == number


def test_of_many_functions_that_nobody_calls_the_last_stay_unpacked_and_all_can_be_called(served):
    project, _, code = served
    functions = []
    for number in range(KEPT + 8):
        names = unpacked(code)
        functions.append(numbered(project, number))
        eventually(lambda: unpacked(code) - names or len(names) >= KEPT, 5, "the next one")
    eventually(lambda: len(unpacked(code)) <= KEPT, 5, "the oldest to go")
    assert [function.call({}) for function in functions] == list(range(KEPT + 8))


def test_a_function_that_went_before_it_was_deployed_is_gone(served):
    project, _, code = served
    for number in range(5):
        function = numbered(project, number)
        answered(function.delete(), 204)
        assert function.invoke({}).status == 404
