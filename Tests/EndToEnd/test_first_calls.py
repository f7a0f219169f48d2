"""The call that an instance is started for goes along with the order to load; nobody may notice."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from rest import answered, assert_failed, user_data

SLOW = """
import time
print("imported")
time.sleep(%s)

def handler(event, context):
    print("called with", event)
    return event
"""


def test_what_the_import_wrote_stands_before_what_the_handler_wrote(project):
    function = project.create_inline(SLOW % 0)
    for repeated in range(20):
        log = function.invoke({"number": repeated}, tail=True).log
        lines = [line.split("Z ", 1)[-1] for line in log.splitlines()]
        assert lines[0].startswith("Start invoke request")
        assert lines[1].startswith("Runtime Python3.10 is run by CPython")
        assert lines[2:-1] == ["imported", f"called with {{'number': {repeated}}}"]
        assert lines[-1].startswith("Finish invoke request")
        # Another instance, with the next state of the function.
        function.update_config(description=str(repeated))


@pytest.mark.parametrize("callers", [2, 3, 20])
def test_calls_that_come_while_the_first_one_waits_for_its_instance_are_answered_too(
    project, callers
):
    function = project.create_inline(SLOW % 0.5)
    with ThreadPoolExecutor(callers) as pool:
        first = pool.submit(function.call, {"number": 0})
        time.sleep(0.2)
        others = [pool.submit(function.call, {"number": n}) for n in range(1, callers)]
        answers = [waiting.result() for waiting in [first, *others]]
    assert answers == [{"number": number} for number in range(callers)]


def test_calls_that_come_at_the_same_time_are_each_answered_once(project):
    for _ in range(10):
        function = project.create_inline(SLOW % 0)
        with ThreadPoolExecutor(4) as pool:
            assert list(pool.map(function.call, range(4))) == list(range(4))


@pytest.mark.parametrize(
    "source, code",
    [("raise RuntimeError('no')", 4001), ("import os\nos._exit(3)", 4204), ("1 +", 4001)],
)
def test_a_first_call_whose_import_fails_says_so_and_the_next_code_is_run(project, source, code):
    function = project.create_inline(source)
    for _ in range(3):
        assert_failed(function.invoke({}), code)
    function.update_code(project.sample("echo"))
    assert function.call({"a": 1}) == {"a": 1}


def test_calls_that_come_at_the_same_time_all_learn_that_the_import_fails(project):
    with ThreadPoolExecutor(3) as pool:
        for _ in range(40):
            function = project.create_inline("raise RuntimeError('no')")
            for invocation in pool.map(lambda _: function.invoke({}), range(3)):
                assert_failed(invocation, 4001)


def test_a_first_call_can_be_cancelled_while_its_instance_loads(project):
    function = project.create_inline(SLOW % 1)
    request = function.submit({"number": 1})
    time.sleep(0.3)
    answered(function.cancel(request))
    assert function.finished(request)["status"] == "FAIL"
    assert function.call({"number": 2}) == {"number": 2}
    log = function.invoke({"number": 3}, tail=True).log
    assert "{'number': 1}" not in log


def test_a_function_that_changes_while_its_first_call_loads_finishes_that_call(project):
    function = project.create_inline(SLOW % 0.7)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(function.call, {"number": 1})
        time.sleep(0.2)
        function.update_code(project.archive(index="def handler(event, context):\n    return {'new': True}\n"))
        assert function.call({"number": 2}) == {"new": True}
        assert first.result() == {"number": 1}


def test_what_does_not_fit_into_one_packet_goes_its_own_way(project):
    large = {"text": "x" * 200_000}
    source = "import os\ndef handler(event, context):\n    return [os.environ['LARGE'], event]\n"
    for value in ["small", "v" * 3_900]:
        variables = user_data(LARGE=value)
        for event in [{"a": 1}, large]:
            function = project.create_inline(source, user_data=variables)
            assert function.call(event) == [value, event]
            assert function.call({"b": 2}) == [value, {"b": 2}]
