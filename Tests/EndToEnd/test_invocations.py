"""Running functions synchronously: what a handler gets, and what the caller gets back."""

import base64
import json
import os
import re
import signal
import time

import pytest

from deadlines import eventually
from processes import assert_gone, marked
from rest import (
    REQUEST_ID,
    TIMESTAMP,
    Function,
    assert_error,
    assert_failed,
    encoded,
    user_data,
)

MEBIBYTE = 1024 * 1024
PAYLOAD_LIMIT = 6 * MEBIBYTE
TAIL_LIMIT = 2000
ENVELOPE_TAIL_LIMIT = 4096


# What never reaches a handler


@pytest.mark.parametrize(
    "body", [b"{", b"no JSON", b"{'a': 1}", b'{"a": 1} more', b'"\xff"', b"[1,]"]
)
@pytest.mark.parametrize("version", ["v0", "v1"])
def test_a_body_that_is_no_json_is_refused_and_nothing_runs(project, body, version):
    function = project.create("globals")
    answer = function.invoke(data=body, version=version).response
    assert_error(answer, 406, "FSS.0406")
    assert function.call({})["calls"] == 1


def test_a_body_above_6_mb_is_refused(project):
    function = project.create("echo", handler="index.size")
    body = json.dumps({"data": "x" * (PAYLOAD_LIMIT + 1000)}).encode()
    message = f"the size of request body is beyond maximum: {PAYLOAD_LIMIT}, body size: {len(body)}"
    assert_error(function.invoke(data=body).response, 413, "FSS.0413", message=message)


def test_a_body_just_below_6_mb_is_taken(project):
    function = project.create("echo", handler="index.size")
    length = PAYLOAD_LIMIT - 1000
    assert function.call({"data": "x" * length}) == {"length": length}


def test_a_disabled_function_answers_429_and_runs_nothing(project):
    function = project.create("globals")
    assert function.set_max_instances(0).status_code == 200
    assert_error(function.invoke({}).response, 429, "FSS.0429", message="Function Disabled")
    assert function.set_max_instances(10).status_code == 200
    assert function.call({})["calls"] == 1


def test_a_function_that_ran_before_stops_answering_when_it_is_disabled(project):
    function = project.create("globals")
    function.call({})
    function.set_max_instances(0)
    assert_error(function.invoke({}).response, 429, "FSS.0429")


def test_code_of_a_disabled_function_can_still_be_changed(project, fixtures):
    function = project.create("echo")
    function.set_max_instances(0)
    function.update_code(fixtures.sample("hello"))
    function.set_max_instances(-1)
    assert function.call({"name": "you"}) == {"message": "Hello, you!"}


def test_a_bad_instance_memory_is_refused_while_dynamic_memory_is_on(project):
    function = project.create("echo", enable_dynamic_memory=True)
    for size in ["100", "many", "0", "-128"]:
        answer = function.invoke({}, headers={"X-Cff-Instance-Memory": size}).response
        assert_error(answer, 406, "FSS.0406")


def test_instance_memory_is_ignored_while_dynamic_memory_is_off(project):
    function = project.create("echo")
    assert function.invoke({}, headers={"X-Cff-Instance-Memory": "100"}).succeeded


# Handlers that cannot be loaded


@pytest.mark.parametrize(
    "handler, error_type, text",
    [
        ("nope.handler", "FunctionLoadError", r"not found module '\./nope\.py'"),
        ("src/nope.handler", "FunctionLoadError", r"not found module '\./src/nope\.py'"),
        ("src/no.pe.handler", "FunctionLoadError", r"not found module '\./src/no\.pe\.py'"),
        ("index.nope", "FunctionConfigError", r"handler 'nope' not found in module '\./index\.py'"),
        ("index.value", "FunctionConfigError", ".*value.*"),
        ("index.one_parameter", "FunctionLoadError", "handler expect to have 2 parameters, but received 1"),
        ("index.three_parameters", "FunctionLoadError", "handler expect to have 2 parameters, but received 3"),
        ("index.no_parameters", "FunctionLoadError", "handler expect to have 2 parameters, but received 0"),
        ("syntax_error.handler", "SyntaxError", ".+"),
        ("imports_missing.handler", "ModuleNotFoundError", ".*a_module_nobody_has_written.*"),
        ("raises.handler", "ValueError", "not today"),
        ("exits.handler", "SystemExit", ".*"),
    ],
)
def test_a_handler_that_cannot_be_loaded_answers_4001(project, handler, error_type, text):
    function = project.create("broken", handler=handler)
    error = assert_failed(function.invoke({}), 4001)
    assert re.fullmatch(f"function entry exception, error: {text}", error["errorMessage"])
    assert error["errorType"] == error_type


def test_a_handler_file_named_like_a_module_of_python_cannot_be_loaded(project):
    function = project.create("stdlib_clash", handler="json.handler")
    assert_failed(function.invoke({}), 4001)


def test_a_function_that_could_not_be_loaded_runs_after_it_is_corrected(project, fixtures):
    function = project.create("broken", handler="syntax_error.handler")
    assert_failed(function.invoke({}), 4001)
    function.update_code(fixtures.sample("echo"))
    function.update_config(handler="index.handler")
    assert function.call({"a": 1}) == {"a": 1}


@pytest.mark.parametrize(
    "handler, result",
    [("index.default_parameter", "fits"), ("index.any_parameters", "2"), ("index.instance", "called")],
)
def test_everything_that_takes_two_arguments_is_a_handler(project, handler, result):
    assert project.create("broken", handler=handler).invoke({}).text == result


# Handlers that fail


@pytest.mark.parametrize(
    "handler, error_type, text",
    [
        ("handler", "ZeroDivisionError", "division by zero"),
        ("own_class", "OrderError", "order 17 is gone"),
        ("without_text", "ValueError", ""),
        ("non_ascii", "ValueError", "Grüße"),
        ("chained", "OrderError", "cannot divide"),
        ("keyboard_interrupt", "KeyboardInterrupt", "stop"),
    ],
)
def test_an_exception_answers_4002_and_the_error_object(project, handler, error_type, text):
    function = project.create("raising", handler=f"index.{handler}")
    error = assert_failed(function.invoke({}), 4002)
    assert error["errorMessage"] == f"function invocation exception, error: {text}"
    assert error["errorType"] == error_type
    assert list(error) == ["errorMessage", "errorType", "stackTrace"]


def test_the_stack_trace_shows_the_function_s_own_lines_only(project):
    function = project.create("raising")
    trace = function.invoke({}).error["stackTrace"]
    assert all(isinstance(line, str) for line in trace)
    files = [line.strip() for line in trace if line.strip().startswith("File ")]
    assert [line.rpartition(" ")[2] for line in files] == ["handler", "divide"]
    assert all(line.startswith('File "./index.py", line ') for line in files)
    assert any("return numerator / denominator" in line for line in trace)


@pytest.mark.parametrize(
    "handler, error_type", [("unprintable", "Unprintable"), ("recursion", "RecursionError")]
)
def test_an_exception_that_is_hard_to_report_is_reported(project, handler, error_type):
    function = project.create("raising", handler=f"index.{handler}")
    assert assert_failed(function.invoke({}), 4002)["errorType"] == error_type
    assert assert_failed(function.invoke({}), 4002)["errorType"] == error_type


def test_a_traceback_is_in_the_log_between_output_and_finish_line(project):
    function = project.create("printer", handler="index.then_raise")
    invocation = function.invoke({}, tail=True)
    assert_failed(invocation, 4002)
    printed = invocation.log.index("printed before the exception")
    raised = invocation.log.index("ValueError: boom")
    finished = invocation.log.index(f"Finish invoke request '{invocation.request_id}'(invoke Failed)")
    assert printed < raised < finished


def test_a_failure_in_v1_has_status_500_in_the_envelope_and_200_outside(project):
    function = project.create("raising")
    invocation = function.invoke({}, version="v1")
    assert invocation.status == 200 and invocation.failed and invocation.code == "4002"
    envelope = invocation.json()
    assert envelope["status"] == 500
    assert json.loads(envelope["result"])["errorType"] == "ZeroDivisionError"


@pytest.mark.parametrize(
    "sample, handler, code",
    [("broken", "index.nope", 4001), ("raising", "index.handler", 4002), ("returns", "index.too_large", 4004),
     ("returns", "index.a_set", 4007), ("exits", "index.os_exit", 4204)],
)  # fmt: skip
def test_an_error_object_is_indented_with_four_spaces(project, sample, handler, code):
    invocation = project.create(sample, handler=handler).invoke({})
    error = assert_failed(invocation, code)
    assert invocation.text == json.dumps(error, indent=4)


def test_an_instance_survives_an_exception(project):
    source = """
calls = 0
def handler(event, context):
    global calls
    calls += 1
    if event.get("raise"): raise ValueError
    return calls
"""
    function = project.create_inline(source)
    assert_failed(function.invoke({"raise": True}), 4002)
    assert function.call({}) == 2


@pytest.mark.parametrize("handler", ["sys_exit", "sys_exit_zero"])
def test_sys_exit_is_a_failed_call(project, handler):
    function = project.create("exits", handler=f"index.{handler}")
    assert assert_failed(function.invoke({}), 4002)["errorType"] == "SystemExit"


def test_an_instance_survives_sys_exit(project):
    function = project.create("exits", handler="index.exit_then_count")
    assert_failed(function.invoke({"exit": True}), 4002)
    assert function.call({}) == {"calls": 2}


# Instances that die


def test_a_module_that_exits_while_it_is_imported_answers_4204_each_time(project):
    function = project.create_inline("import os\nos._exit(0)\ndef handler(event, context): pass\n")
    for _ in range(2):
        error = assert_failed(function.invoke({}), 4204)
        assert error["errorMessage"] == "runtime process is exited"


@pytest.mark.parametrize(
    "sample, handler, event",
    [
        ("exits", "index.os_exit", {"status": 3}),
        ("exits", "index.os_exit", {"status": 0}),
        ("exits", "index.abort", {}),
        ("segfault", "index.handler", {}),
    ],
)
def test_a_crash_answers_4204_each_time_and_hurts_nobody_else(project, sample, handler, event):
    neighbour = project.create("globals")
    neighbour.call({})
    function = project.create(sample, handler=handler)
    for _ in range(2):
        error = assert_failed(function.invoke(event), 4204)
        assert error["errorMessage"] == "runtime process is exited"
        assert "stackTrace" not in error
    assert neighbour.call({})["calls"] == 2


def test_what_was_printed_before_a_crash_is_in_the_log(project):
    function = project.create("printer", handler="index.then_exit")
    invocation = function.invoke({}, tail=True)
    assert_failed(invocation, 4204)
    assert "printed before the exit" in invocation.log


def test_an_instance_killed_from_outside_fails_its_call_only(project, gate, background):
    function = project.create("gate")
    call = background(function.invoke, gate.event())
    os.kill(gate.next().process().pid, signal.SIGKILL)
    assert_failed(call.result(), 4204)
    assert function.call(gate.event(wait=False))["calls"] == 1


def test_too_much_memory_answers_4205_and_the_next_call_works(project):
    function = project.create("memory", memory_size=128)
    error = assert_failed(function.invoke({"megabytes": 600, "hold": 10}), 4205)
    assert error["errorMessage"] == "runtime memory limit exceeded"
    assert function.call({"megabytes": 1}) == {"megabytes": 1}


def test_a_function_may_use_the_memory_it_was_given(project):
    function = project.create("memory", memory_size=512)
    assert function.call({"megabytes": 300}) == {"megabytes": 300}


def test_a_handler_past_its_timeout_answers_4010_and_its_instance_is_gone(project):
    source = """
import time, uuid
instance, calls = uuid.uuid4().hex, 0
def handler(event, context):
    global calls
    calls += 1
    if event.get("sleep"): time.sleep(event["sleep"])
    return {"calls": calls, "instance": instance}
"""
    function = project.create_inline(source, timeout=3)
    first = function.call({})
    started = time.monotonic()
    error = assert_failed(function.invoke({"sleep": 600}), 4010)
    assert 2.9 < time.monotonic() - started < 6
    assert error["errorMessage"] == "call invoke timeout 3s"
    second = function.call({})
    assert second["calls"] == 1 and second["instance"] != first["instance"]


def test_a_handler_that_never_lets_go_of_the_interpreter_is_stopped_too(project):
    source = "def handler(event, context):\n    sum(range(10**15))\n"
    function = project.create_inline(source, timeout=3)
    assert_failed(function.invoke({}), 4010)


def test_a_timeout_is_in_the_log(project):
    function = project.create("sleeper", timeout=3)
    invocation = function.invoke({"seconds": 600}, tail=True)
    assert f"Finish invoke request '{invocation.request_id}'(invoke Failed)" in invocation.log


# Results


@pytest.mark.parametrize(
    "handler, body",
    [
        ("a_dict", '{"statusCode": 200, "isBase64Encoded": false, "body": "hi", "headers": {}}'),
        ("a_list", '[1, "two", null, {"three": 3.0}]'),
        ("a_tuple", "[1, 2]"),
        ("an_int", "7"),
        ("a_float", "2.5"),
        ("a_bool", "true"),
        ("none", "null"),
        ("a_str", "plain text"),
        ("an_empty_str", ""),
        ("a_json_str", '{"statusCode":200,"body":"hi"}'),
        ("non_ascii_str", "Grüße, 世界 🌍"),
        ("non_ascii_dict", '{"greeting": "Gr\\u00fc\\u00dfe"}'),
        ("integer_keys", '{"1": "one"}'),
    ],
)
def test_a_result_of_each_kind_is_answered(project, handler, body):
    invocation = project.create("returns", handler=f"index.{handler}").invoke({})
    assert invocation.succeeded, invocation
    assert invocation.text == body


@pytest.mark.parametrize(
    "handler, error_type",
    [
        ("some_bytes", "TypeError"),
        ("a_set", "TypeError"),
        ("an_object", "TypeError"),
        ("a_datetime", "TypeError"),
        ("a_circular_dict", "ValueError"),
        ("a_tuple_key", "TypeError"),
    ],
)
def test_a_result_that_is_no_json_answers_4007(project, handler, error_type):
    function = project.create("returns", handler=f"index.{handler}")
    error = assert_failed(function.invoke({}), 4007)
    assert error["errorMessage"].startswith("function result is invalid, error: ")
    assert error["errorType"] == error_type


def test_an_async_handler_is_awaited(project):
    function = project.create("returns", handler="index.a_coroutine")
    for _ in range(2):
        assert function.invoke({}).succeeded


def test_a_result_above_6_mb_answers_4004_and_the_instance_lives(project):
    function = project.create("returns", handler="index.too_large")
    for _ in range(2):
        assert assert_failed(function.invoke({}), 4004) == {
            "errorMessage": f"response body size {PAYLOAD_LIMIT + 1000} exceeds the limit of {PAYLOAD_LIMIT}"
        }


def test_a_result_just_below_6_mb_is_answered(project):
    invocation = project.create("returns", handler="index.just_below_the_limit").invoke({})
    assert invocation.succeeded
    assert invocation.text == "x" * (PAYLOAD_LIMIT - 1000)


def test_v1_wraps_the_result_as_text(project):
    function = project.create("returns", handler="index.a_dict")
    invocation = function.invoke({}, version="v1")
    assert invocation.succeeded
    envelope = invocation.json()
    assert envelope.keys() == {"request_id", "result", "log", "status"}
    assert envelope["request_id"] == invocation.request_id
    assert envelope["status"] == 200
    assert envelope["log"] == ""
    assert json.loads(envelope["result"])["body"] == "hi"


@pytest.mark.parametrize(
    "handler, texts",
    [("none", ["null"]), ("an_int", ["7"]), ("a_str", ["plain text", '"plain text"'])],
)
def test_the_result_in_v1_is_text_whatever_it_was(project, handler, texts):
    function = project.create("returns", handler=f"index.{handler}")
    assert function.invoke({}, version="v1").json()["result"] in texts


# Events


@pytest.mark.parametrize(
    "event",
    [
        {}, [], "", "text", 0, -7, 2.5, True, False, None, {"a": {"b": [1, None, "c"]}},
        "Grüße, 世界 🌍", {"schlüssel": "\u2028 \x00 \"\\"}, 10**40, [[[]]],
    ],
    ids=repr,
)  # fmt: skip
def test_an_event_of_each_kind_reaches_the_handler(project, event):
    result = project.create("echo", handler="index.kind").call(event)
    assert result == {"type": type(event).__name__, "event": event}


def test_an_empty_body_is_an_empty_event(project):
    function = project.create("echo", handler="index.kind")
    assert function.call(data=b"") == {"type": "dict", "event": {}}
    assert function.call() == {"type": "dict", "event": {}}


def test_text_that_holds_json_is_decoded_once(project):
    """The Python SDK sends its event as a JSON string that holds JSON."""
    function = project.create("echo", handler="index.kind")
    result = function.call(data=b'"{\\"a\\": \\"b\\"}"')
    assert result == {"type": "str", "event": '{"a": "b"}'}


def test_a_body_may_have_blanks_around_it_and_no_content_type(project):
    function = project.create("echo")
    answer = function.api.post(f"{function.path}/invocations", data=b' {"a": 1}\n')
    assert answer.json() == {"a": 1}


def test_a_megabyte_goes_there_and_back(project):
    event = {"data": "x" * MEBIBYTE}
    assert project.create("echo").call(event) == event


def test_an_event_nested_without_end_hurts_only_its_call(project):
    function = project.create("echo")
    depth = 200_000
    nested = function.invoke(data=b"[" * depth + b"]" * depth)
    assert nested.status in (200, 406) and not (nested.status == 200 and nested.succeeded)
    assert function.call({"a": 1}) == {"a": 1}


# Headers and log


def test_a_success_has_every_documented_header(project):
    invocation = project.create("sleeper").invoke({"seconds": 0.05})
    headers = invocation.headers
    assert headers["X-Func-Err-Code"] == "0"
    assert headers["X-Is-Func-Err"] == "false"
    assert headers["X-Cff-Response-Version"] == "v0"
    assert headers["Content-Type"].startswith("application/json")
    assert REQUEST_ID.fullmatch(headers["X-Cff-Request-Id"])
    assert REQUEST_ID.fullmatch(headers["X-Request-Id"])
    assert "X-Cff-Function-Log" not in headers
    billed = int(headers["X-CFF-Billing-Duration"])
    assert 50 <= billed < 5000
    summary = json.loads(headers["X-Cff-Invoke-Summary"])
    assert summary["duration"] >= 50
    assert summary["billingDuration"] >= 50
    assert summary["memorySize"] == 128
    assert 0 < summary["memoryUsed"] < 128


def test_a_failure_has_every_documented_header(project):
    headers = project.create("raising").invoke({}).headers
    assert headers["X-Func-Err-Code"] == "4002"
    assert headers["X-Is-Func-Err"] == "true"
    assert REQUEST_ID.fullmatch(headers["X-Cff-Request-Id"])
    assert int(headers["X-CFF-Billing-Duration"]) >= 1
    assert json.loads(headers["X-Cff-Invoke-Summary"])["memorySize"] == 128


def test_v1_says_so(project):
    invocation = project.create("echo").invoke({}, version="v1")
    assert invocation.headers["X-Cff-Response-Version"] == "v1"


def test_the_handler_sees_the_request_id_the_caller_gets(project):
    invocation = project.create("context").invoke({})
    assert invocation.json()["methods"]["getRequestID"] == invocation.request_id


def test_the_log_tail_has_start_output_and_finish_line(project):
    invocation = project.create("printer").invoke({}, tail=True)
    identifier = re.escape(invocation.request_id)
    lines = [line for line in invocation.log.splitlines() if line]
    assert re.fullmatch(
        rf"{TIMESTAMP} Start invoke request '{identifier}', version: latest", lines[0]
    )
    assert "hello from print" in lines
    assert re.fullmatch(
        rf"{TIMESTAMP} Finish invoke request '{identifier}', duration: \d+\.\d{{3}}ms, "
        r"billing duration: \d+ms, memory used: \d+\.\d{3}MB, billing memory: 128MB"
        r"(, cpu used: \d+\.\d{3}U, storage used: \d+\.\d{3}MB)?",
        lines[-1],
    )


def test_the_log_of_a_call_has_nothing_of_the_call_before(project):
    function = project.create("printer")
    first = function.invoke({}, tail=True)
    second = function.invoke({}, tail=True)
    assert first.request_id not in second.log
    assert second.log.count("hello from print") == 1


def test_v1_carries_the_log_as_plain_text(project):
    invocation = project.create("printer").invoke({}, version="v1", tail=True)
    log = invocation.json()["log"]
    assert "hello from print" in log and "Finish invoke request" in log
    assert invocation.log.splitlines()[-1] == log.splitlines()[-1]


def test_the_log_tail_is_the_last_2000_bytes(project):
    function = project.create("printer", handler="index.a_megabyte")
    invocation = function.invoke({}, tail=True)
    assert invocation.succeeded and invocation.text == "printed"
    raw = base64.b64decode(invocation.headers["X-Cff-Function-Log"])
    assert TAIL_LIMIT - 10 <= len(raw) <= TAIL_LIMIT
    *_, last, finish = [line for line in invocation.log.splitlines() if line]
    assert last == "the last line"
    assert "Finish invoke request" in finish


def test_the_log_in_v1_is_the_last_4096_bytes(project):
    function = project.create("printer", handler="index.a_megabyte")
    invocation = function.invoke({}, version="v1", tail=True)
    log = invocation.json()["log"].encode()
    assert len(log) == ENVELOPE_TAIL_LIMIT
    assert b"Finish invoke request" in log.splitlines()[-1]
    assert log.endswith(base64.b64decode(invocation.headers["X-Cff-Function-Log"]))


def test_the_end_of_a_log_begins_with_a_whole_character(project):
    function = project.create(
        project.archive(index="def handler(event, context): print('🌍' * 9000 + 'x' * event)")
    )
    for padding in range(4):
        invocation = function.invoke(padding, version="v1", tail=True)
        log = invocation.json()["log"]
        assert log.startswith("🌍") and ENVELOPE_TAIL_LIMIT - 4 < len(log.encode()) <= ENVELOPE_TAIL_LIMIT
        assert invocation.log.startswith("🌍") and "\ufffd" not in invocation.log


@pytest.mark.parametrize("version", ["v0", "v1"])
@pytest.mark.parametrize("kind", ["none", "full", "tails", "tail, none"])
def test_another_log_type_than_tail_gives_no_log(project, kind, version):
    function = project.create("printer")
    invocation = function.invoke({}, version=version, headers={"X-Cff-Log-Type": kind})
    assert invocation.succeeded and "X-Cff-Function-Log" not in invocation.headers
    assert version == "v0" or invocation.json()["log"] == ""


def test_a_megabyte_of_output_slows_no_call_to_a_halt(project):
    function = project.create("printer", handler="index.a_megabyte", timeout=10)
    for _ in range(5):
        assert function.invoke({}, tail=True).log.count("the last line") == 1


def test_output_is_captured_whichever_way_it_is_written(project):
    invocation = project.create("printer", handler="index.every_road").invoke({}, tail=True)
    assert invocation.succeeded, invocation
    for line in [
        "1 print", "2 stderr", "3 subprocess", "4 os.write", "5 libc write", "6 libc puts",
        "7 subprocess stderr", "8 os.system", "9 sys.stdout.write",
    ]:  # fmt: skip
        assert invocation.log.count(line + "\n") == 1, (line, invocation.log)


def test_output_without_a_newline_at_its_end_is_not_lost(project):
    function = project.create("printer", handler="index.without_newline")
    assert "no newline at the end\n" in function.invoke({}, tail=True).log


def test_output_that_is_no_text_is_not_lost(project):
    invocation = project.create("printer", handler="index.not_utf8").invoke({}, tail=True)
    assert re.search("before .+ after", invocation.log)


def test_logger_lines_carry_time_request_id_and_level(project):
    function = project.create("logger", handler="index.levels")
    invocation = function.invoke({}, tail=True)
    identifier = re.escape(invocation.request_id)
    for level, text in [
        ("INFO", "an info line"),
        ("WARN(ING)?", "a warning line"),
        ("WARN(ING)?", "a warn line"),
        ("ERROR", "an error line"),
        ("CRITICAL", "a critical line"),
    ]:
        pattern = rf"^{TIMESTAMP} {identifier} {level} {text}$"
        assert len(re.findall(pattern, invocation.log, re.MULTILINE)) == 1, invocation.log
    assert "a debug line" not in invocation.log


def test_the_logger_is_an_attribute_of_the_context_too(project):
    invocation = project.create("logger", handler="index.attribute").invoke({}, tail=True)
    assert invocation.log.count(f"{invocation.request_id} INFO by the attribute\n") == 1


def test_debug_lines_are_shown_when_asked_for(project):
    function = project.create("logger", handler="index.debug")
    assert "DEBUG a debug line\n" in function.invoke({}, tail=True).log


def test_logger_arguments_are_filled_in_and_never_raise(project):
    log = project.create("logger", handler="index.arguments").invoke({}, tail=True).log
    assert "one and 2\n" in log and "three by name\n" in log and "100% of it\n" in log
    invocation = project.create("logger", handler="index.mismatched").invoke({}, tail=True)
    assert invocation.succeeded
    assert "Initializing: thumbs" in invocation.log
    assert "Logging error" not in invocation.log


def test_a_logged_exception_shows_its_traceback(project):
    log = project.create("logger", handler="index.exception").invoke({}, tail=True).log
    assert "ERROR it failed\n" in log and "ValueError: caught" in log


def test_lines_of_libraries_are_logged_alike_and_once(project):
    invocation = project.create("logger", handler="index.library").invoke({}, tail=True)
    assert invocation.log.count("from a library") == 1
    assert f"{invocation.request_id} INFO from the root logger\n" in invocation.log


# What a handler sees


def test_the_context_answers_every_documented_method(api, project):
    function = project.create(
        "context",
        memory_size=256,
        timeout=20,
        user_data=user_data(COLOUR="green"),
        encrypted_user_data=user_data(SECRET="hush"),
    )
    invocation = function.invoke({"keys": ["COLOUR", "SECRET", "MISSING"]})
    result = invocation.json()
    methods = result["methods"]
    remaining = methods.pop("getRemainingTimeInMilliSeconds")
    assert isinstance(remaining, int) and 10_000 < remaining <= 20_000
    assert methods == {
        "getRequestID": invocation.request_id,
        "getAccessKey": "",
        "getSecretKey": "",
        "getSecurityAccessKey": "",
        "getSecuritySecretKey": "",
        "getSecurityToken": "",
        "getToken": "",
        "getFunctionName": function.name,
        "getRunningTimeInSeconds": 20_000,
        "getVersion": "latest",
        "getMemorySize": "256",
        "getCPUNumber": "400",
        "getPackage": "default",
        "getProjectID": api.project_id,
        "getAlias": "",
        "getWorkflowID": "",
        "getWorkflowRunID": "",
        "getWorkflowStateID": "",
        "get_state": None,
        "get_instance_id": None,
        "get_invoke_id": invocation.request_id,
        "get_trace_id": invocation.request_id,
        "get_invoke_property": None,
        "getState": None,
        "getInstanceID": None,
        "getInvokeID": invocation.request_id,
        "getTraceID": invocation.request_id,
        "getInvokeProperty": None,
    }
    assert result["user_data"] == {"COLOUR": "green", "SECRET": "hush", "MISSING": None}


def test_the_context_has_the_attributes_of_the_reference_object(api, project):
    function = project.create("context", timeout=20, user_data=user_data(COLOUR="green"))
    invocation = function.invoke({})
    attributes = invocation.json()["attributes"]
    assert attributes["function_name"] == function.name
    assert attributes["project_id"] == api.project_id
    assert attributes["function_version"] == "latest"
    assert attributes["memory"] == "128" and attributes["cpu"] == "300"
    assert attributes["user_data"] == {"COLOUR": "green"}
    assert attributes["timeout"] == 20_000
    assert attributes["request_id"] == attributes["trace_id"] == invocation.request_id
    assert abs(attributes["start_time"] / 1000 - time.time()) < 60
    assert attributes["from_task"] is False and attributes["invoke_property"] is None


def test_state_and_defaults_of_the_context(project):
    result = project.create("context", handler="index.state").call({})
    assert result == {
        "states": ["kept", "kept", {"calls": 1}, {"calls": 1}],
        "instance_ids": ["instance-1", "instance-1"],
        "default": "fallback",
    }


SHIM = """
import fn_runtime_context

METHODS = [
    "getRequestID", "getAccessKey", "getSecretKey", "getSecurityAccessKey", "getSecuritySecretKey",
    "getSecurityToken", "getToken", "getFunctionName", "getVersion", "getPackage", "getProjectID", "getAlias",
    "getWorkflowID", "getWorkflowRunID", "getWorkflowStateID", "getMemorySize", "getCPUNumber",
    "getRunningTimeInSeconds",
]

def handler(event, context):
    empty = fn_runtime_context.Context()
    fn_runtime_context.Logger().info("by the package's logger")
    return {
        "methods": {name: getattr(empty, name)() for name in METHODS},
        "timeout": empty.timeout,
        "user_data": empty.user_data,
        "is_base": isinstance(context, fn_runtime_context.Context),
    }
"""


def test_the_package_for_local_tests_can_be_imported_and_its_context_is_empty(project):
    invocation = project.create_inline(SHIM, user_data=user_data(COLOUR="green")).invoke({}, tail=True)
    result = invocation.json()
    numbers = {"getMemorySize": "0", "getCPUNumber": "0", "getRunningTimeInSeconds": 3000}
    methods = result.pop("methods")
    assert {name: methods.pop(name) for name in numbers} == numbers
    assert set(methods.values()) == {""}
    assert result == {"timeout": 3000, "user_data": {}, "is_base": True}
    assert f"{invocation.request_id} INFO by the package's logger\n" in invocation.log


def test_the_environment_describes_the_function(api, project):
    function = project.create(
        "context",
        user_data=user_data(COLOUR="green", TEXT="Grüße = ; 'x'", RUNTIME_LOG_LEVEL="DEBUG"),
        encrypted_user_data=user_data(SECRET="hush"),
        timeout=20,
    )
    environment = function.call({})["environment"]
    for name, value in {
        "RUNTIME_PROJECT_ID": api.project_id,
        "RUNTIME_FUNC_NAME": function.name,
        "RUNTIME_FUNC_VERSION": "latest",
        "RUNTIME_PACKAGE": "default",
        "RUNTIME_HANDLER": "index.handler",
        "RUNTIME_TIMEOUT": "20",
        "RUNTIME_CPU": "300",
        "RUNTIME_MEMORY": "128",
        "RUNTIME_MAX_RESP_BODY_SIZE": "6291456",
        "RUNTIME_ROOT": "/home/snuser/runtime",
        "RUNTIME_LOG_DIR": "/home/snuser/log",
        "RUNTIME_LOG_LEVEL": "DEBUG",
        "TZ": "UTC",
        "LANG": "C.UTF-8",
        "COLOUR": "green",
        "TEXT": "Grüße = ; 'x'",
        "SECRET": "hush",
    }.items():
        assert environment[name] == value, name
    assert json.loads(environment["RUNTIME_USERDATA"])["COLOUR"] == "green"
    assert "RUNTIME_CODE_ROOT" in environment and "PYTHONPATH" not in environment


def test_the_environment_names_the_initializer(project):
    source = (
        "import os\n"
        "seen = {}\n"
        "def begin(context): seen['initializer'] = dict(os.environ)\n"
        "def handler(event, context): return {**seen, 'handler': dict(os.environ)}\n"
    )
    function = project.create_inline(
        source, initializer_handler="index.begin", initializer_timeout=7
    )
    for environment in function.call({}).values():
        assert environment["RUNTIME_INITIALIZER_HANDLER"] == "index.begin"
        assert environment["RUNTIME_INITIALIZER_TIMEOUT"] == "7"


def test_the_environment_of_the_server_stays_outside(fresh_server, project_of):
    server = fresh_server(environment={"SECRET_OF_THE_HOST": "hush", "COLOUR": "red"})
    environment = project_of(server).create("context").call({})["environment"]
    assert "SECRET_OF_THE_HOST" not in environment and "COLOUR" not in environment


def test_a_handler_in_a_directory_finds_its_neighbours_the_root_and_its_files(project):
    """The file's directory and the root are both importable; files are read as `code/…`."""
    function = project.create("nested", handler="src/index.handler")
    assert function.call({"name": "you"}) == {
        "greeting": "hello, you",
        "helper": "LOUD!",
        "setting": "green",
        "file": "code/src/index.py",
    }


def test_a_handler_is_split_from_its_file_at_the_last_dot(project):
    source = "def handler(event, context): return [__name__, __file__]\n"
    code = project.pack({"src/my.index.py": source, "src/my.py": "", "src/my/index.py": ""})
    name, file = project.create(code, handler="src/my.index.handler").call({})
    assert name == "my.index" and file.endswith("/src/my.index.py")


def test_a_module_is_not_main_and_tmp_is_writable(project):
    assert project.create("context").call({})["name"] != "__main__"
    function = project.create("context", handler="index.try_to_write")
    assert function.call({"name": project.unique("probe")})["tmp"] == "written"


# Initializers


def initialized(project, initializer: str, **fields) -> Function:
    fields = {"initializer_timeout": 10, **fields}
    return project.create("initializer", initializer_handler=initializer, **fields)


@pytest.mark.parametrize(
    "initializer, code, message",
    [
        ("index.raising", 4201, "function initialization exception, error: no database"),
        ("index.exiting", 4201, "function initialization exception, error: user code sys.exit(1)"),
        ("index.crashing", 4204, "runtime process is exited"),
        (
            "index.nobody", 4001,
            "function entry exception, error: handler 'nobody' not found in module './index.py'",
        ),
    ],
)  # fmt: skip
def test_a_call_fails_when_the_initializer_does(project, initializer, code, message):
    function = initialized(project, initializer)
    for _ in range(2):
        assert assert_failed(function.invoke({}), code)["errorMessage"] == message


def test_an_initializer_past_its_timeout_answers_4211(project):
    function = initialized(project, "index.slow", initializer_timeout=1, timeout=60)
    error = assert_failed(function.invoke({}), 4211)
    assert error["errorMessage"] == "runtime initialization timed out after 1s"


def test_an_initializer_runs_once_before_the_first_call(project):
    function = initialized(project, "index.initializer")
    first = function.invoke({}, tail=True)
    assert first.json() == {"initialized": 1, "request_id": first.request_id, "calls": 1}
    assert "hello from the initializer" in first.log
    second = function.invoke({}, tail=True)
    assert second.json() == {"initialized": 1, "request_id": first.request_id, "calls": 2}
    assert "hello from the initializer" not in second.log


# Instances


def test_an_instance_is_used_again(project):
    function = project.create("globals")
    first, second = function.call({}), function.call({})
    assert (first["calls"], second["calls"]) == (1, 2)
    assert first["instance"] == second["instance"]


def test_functions_share_nothing(project):
    first, second = project.create("globals"), project.create("globals")
    first.call({})
    assert second.call({})["calls"] == 1


def test_new_code_counts_from_the_next_call_on(project, fixtures):
    function = project.create("globals")
    function.call({})
    for number in range(5):
        function.update_code(project.archive(index=f"def handler(e, c): return {number}"))
        assert function.call({}) == number


def test_new_code_may_add_and_remove_files(project):
    main = "def handler(e, c):\n    import other\n    return other.word\n"
    function = project.create(project.archive(index=main, other="word = 'old'"))
    assert function.invoke({}).text == "old"
    function.update_code(project.archive(index=main, other="word = 'new'"))
    assert function.invoke({}).text == "new"
    function.update_code(project.archive(index=main))
    assert function.invoke({}).error["errorType"] == "ModuleNotFoundError"


def test_a_call_that_runs_ends_with_the_code_it_began_with(project, gate, background):
    function = project.create("gate")
    call = background(function.call, gate.event("old"))
    caller = gate.next()
    function.update_code(project.archive(index="def handler(e, c): return 'new'"))
    assert function.invoke({}).text == "new"
    caller.let_go()
    assert call.result() == {"name": "old", "calls": 1}


def test_new_metadata_counts_from_the_next_call_on(project):
    function = project.create("context", user_data=user_data(COLOUR="green"))
    function.call({})
    function.update_config(memory_size=512, user_data=user_data(COLOUR="red"))
    result = function.call({"keys": ["COLOUR"]})
    assert result["user_data"] == {"COLOUR": "red"}
    assert result["methods"]["getMemorySize"] == "512"


def test_calls_at_the_same_time_run_in_instances_of_their_own(project, gate, background):
    function = project.create("gate")
    calls = [background(function.call, gate.event(str(number))) for number in range(5)]
    callers = [gate.next() for _ in calls]
    assert len({caller.instance for caller in callers}) == 5
    assert {caller.name for caller in callers} == {"0", "1", "2", "3", "4"}
    for caller in callers:
        caller.let_go()
    assert [call.result()["name"] for call in calls] == ["0", "1", "2", "3", "4"]


def test_above_the_limit_of_instances_a_call_waits_for_its_turn(project, gate, background):
    function = project.create("gate")
    function.set_max_instances(1)
    first = background(function.call, gate.event("first"))
    running = gate.next()
    second = background(function.call, gate.event("second"))
    assert gate.nobody_came()
    running.let_go()
    assert first.result()["calls"] == 1
    gate.next().let_go()
    assert second.result() == {"name": "second", "calls": 2}


def test_a_call_that_waits_longer_than_its_timeout_answers_429(project, gate, background):
    function = project.create("sleeper", timeout=3)
    function.set_max_instances(1)
    longest = background(function.invoke, {"seconds": 600})
    also_long = background(function.invoke, {"seconds": 600})
    third = background(function.invoke, {"seconds": 600})
    answers = [call.result() for call in [longest, also_long, third]]
    refused = [answer for answer in answers if answer.status == 429]
    assert refused
    for answer in refused:
        assert_error(answer.response, 429, "FSS.0429", message="reach max instance num")


def test_an_instance_takes_as_many_requests_as_it_may(project, gate, background):
    function = project.create("gate")
    function.update_config(strategy_config={"concurrency": 1, "concurrent_num": 3})
    calls = [background(function.call, gate.event(str(number))) for number in range(3)]
    callers = [gate.next() for _ in calls]
    assert len({caller.instance for caller in callers}) == 1
    assert len({caller.request_id for caller in callers}) == 3
    for caller in callers:
        caller.let_go()
    for call in calls:
        call.result()


def test_dynamic_memory_sizes_the_instance_of_one_call(project):
    function = project.create("context", enable_dynamic_memory=True)
    invocation = function.invoke({}, headers={"X-Cff-Instance-Memory": "512"})
    assert invocation.json()["methods"]["getMemorySize"] == "512"
    assert json.loads(invocation.headers["X-Cff-Invoke-Summary"])["memorySize"] == 512
    assert function.call({})["methods"]["getMemorySize"] == "128"


def test_the_largest_memory_of_a_call_is_told_everywhere_with_its_share_of_processors(project):
    function = project.create("context", enable_dynamic_memory=True)
    result = function.call({}, headers={"X-Cff-Instance-Memory": "10240"})
    for memory, cpu in [
        (result["methods"]["getMemorySize"], result["methods"]["getCPUNumber"]),
        (result["attributes"]["memory"], result["attributes"]["cpu"]),
        (result["environment"]["RUNTIME_MEMORY"], result["environment"]["RUNTIME_CPU"]),
    ]:
        assert (memory, cpu) == ("10240", "8200")


def test_a_deleted_function_s_instances_go(project, gate):
    function = project.create("gate")
    function.call(gate.event(wait=False, keep=True))
    instance = gate.next()
    function.delete()
    instance.assert_gone()


# Processes that functions start

KINDS = ["plain", "new_session", "detached", "fork", "daemon"]


@pytest.fixture
def mark(project):
    """What a function's processes are known by; a failed test leaves none of them behind."""
    mark = project.unique("m")
    yield mark
    for process in marked(mark):
        os.kill(process.pid, signal.SIGKILL)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL], ids=["SIGTERM", "SIGKILL"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_process_that_outlives_its_handler_does_not_outlive_the_server(
    fresh_server, project_of, mark, kind, number
):
    server = fresh_server()
    project = project_of(server)
    assert project.create("spawner").call({"kind": kind, "mark": mark}) == {"spawned": kind}
    spawned = eventually(lambda: marked(mark), 5, "the function's process")
    server.stop(number)
    assert_gone(spawned)


@pytest.mark.parametrize("kind", KINDS)
def test_a_process_left_behind_holds_up_no_call(project, mark, kind):
    function = project.create("spawner")
    started = time.monotonic()
    for _ in range(2):
        function.call({"kind": kind, "mark": mark})
    assert time.monotonic() - started < 10
    spawned = eventually(lambda: marked(mark), 5, "the function's processes")
    function.delete()
    assert_gone(spawned)


@pytest.mark.parametrize("then, code", [("hang", 4010), ("exit", 4204)])
def test_the_processes_of_an_instance_end_with_it(project, mark, then, code):
    function = project.create("spawner", timeout=3)
    assert_failed(function.invoke({"kind": "plain", "mark": mark, "then": then}), code)
    eventually(lambda: not marked(mark), 5, "the function's processes gone")


def test_an_inline_function_runs_its_text(project):
    function = project.create_inline("def handler(event, context):\n    return event['a'] + 1\n")
    assert function.call({"a": 41}) == 42
    body = {"code_type": "inline", "func_code": encoded("def handler(e, c): return 'ü'")}
    assert function.api.put(f"{function.path}/code", json=body).status_code == 200
    assert function.invoke({}).text == "ü"


# What is set for a function and what its user sets

ENVIRONMENT = """
import os
import time


def handler(event, context):
    return {name: os.environ.get(name) for name in event} | {"zone": time.tzname[0]}
"""


def test_a_function_has_a_time_zone_a_language_a_home_and_a_path(project):
    function = project.create(project.archive(index=ENVIRONMENT))
    seen = function.call(["TZ", "LANG", "HOME", "PATH"])
    assert seen == {
        "TZ": "UTC", "LANG": "C.UTF-8", "HOME": "/tmp", "PATH": "/usr/local/bin:/usr/bin:/bin", "zone": "UTC",
    }  # fmt: skip


def test_its_user_may_choose_others(project):
    chosen = {"TZ": "Asia/Tokyo", "LANG": "de_DE.UTF-8", "HOME": "/tmp/home", "LD_LIBRARY_PATH": "/tmp/libraries"}
    function = project.create(project.archive(index=ENVIRONMENT), user_data=user_data(**chosen))
    assert function.call(list(chosen)) == {**chosen, "zone": "JST"}


def test_what_is_called_before_the_end_is_known_to_the_environment(project):
    function = project.create(
        project.archive(index=ENVIRONMENT + "\ndef stop():\n    pass\n"),
        pre_stop_handler="index.stop", pre_stop_timeout=7,
    )  # fmt: skip
    seen = function.call(["PRE_STOP_HANDLER", "PRE_STOP_TIMEOUT", "RUNTIME_PRESTOP_HANDLER"])
    assert list(seen.values())[:3] == ["index.stop", "7", "index.stop"]


def test_an_initializer_must_be_in_the_file_of_the_handler(project):
    function = project.create(
        project.archive(index="def init(context): pass\ndef handler(event, context): pass", other="def init(c): pass"),
        initializer_handler="other.init", initializer_timeout=3,
    )  # fmt: skip
    error = assert_failed(function.invoke({}), 4001)
    assert error["errorType"] == "FunctionConfigError"
    assert "initializer 'other.init' must be in the file of the handler, './index.py'" in error["errorMessage"]


# Clients that cannot wait that long


@pytest.fixture(scope="module")
def impatient(start_server):
    """A server whose gateway gives up after a second."""
    return start_server(options=["--gateway-timeout", "1"])


@pytest.mark.parametrize("version", ["v0", "v1"])
def test_the_gateway_gives_up_and_the_function_goes_on(impatient, project_of, gate, background, version):
    project = project_of(impatient)
    function = project.create("gate")
    call = background(function.invoke, gate.event(), version=version)
    caller = gate.next()
    answer = call.result().response
    assert_error(answer, 504, "FSS.0504")
    assert re.fullmatch(REQUEST_ID, answer.headers["X-Cff-Request-Id"])
    caller.let_go()
    instance = caller.instance
    background(function.invoke, gate.event())
    assert gate.next().instance == instance


def test_the_connection_can_be_used_after_the_gateway_gave_up(impatient, project_of, gate, background):
    project = project_of(impatient)
    function = project.create("gate")
    assert function.invoke(gate.event()).response.status_code == 504
    gate.next().let_go()
    assert function.call({"wait": False, **gate.event(wait=False)})


def test_who_answers_in_time_is_not_disturbed(impatient, project_of):
    function = project_of(impatient).create("echo")
    for number in range(3):
        assert function.call({"number": number}) == {"number": number}


# What is billed


def test_the_initializer_is_billed_with_the_first_call(project):
    source = "import time\ndef init(context): time.sleep(0.3)\ndef handler(event, context): pass\n"
    function = project.create(
        project.archive(index=source), initializer_handler="index.init", initializer_timeout=3
    )
    first, second = function.invoke({}).summary, function.invoke({}).summary
    assert first["billingDuration"] >= 300 > first["duration"]
    assert second["billingDuration"] < 300


def test_what_a_killed_handler_used_is_not_made_up(project):
    function = project.create("sleeper", timeout=3)
    log = function.invoke({"seconds": 30}, tail=True).log
    assert float(re.search(r"cpu used: ([\d.]+)U", log)[1]) < 0.2


def test_what_a_killed_handler_used_is_known(project):
    function = project.create(
        project.archive(index="def handler(event, context):\n    while True:\n        pass\n"), timeout=3
    )
    log = function.invoke({}, tail=True).log
    assert float(re.search(r"cpu used: ([\d.]+)U", log)[1]) > 0.2


# What is logged


def test_a_traceback_is_as_python_prints_it_with_its_cause(project):
    source = """
def divide(event):
    return 1 / event["by"]


def handler(event, context):
    try:
        divide(event)
    except ZeroDivisionError as error:
        raise ValueError("cannot") from error
"""
    log = project.create(project.archive(index=source)).invoke({"by": 0}, tail=True).log
    traceback = log[log.index("Traceback") : log.index("ValueError: cannot")]
    assert [line for line in traceback.splitlines() if "^" not in line] == [
        "Traceback (most recent call last):",
        '  File "./index.py", line 8, in handler',
        "    divide(event)",
        '  File "./index.py", line 3, in divide',
        '    return 1 / event["by"]',
        "ZeroDivisionError: division by zero",
        "",
        "The above exception was the direct cause of the following exception:",
        "",
        "Traceback (most recent call last):",
        '  File "./index.py", line 10, in handler',
        '    raise ValueError("cannot") from error',
    ]


def test_no_line_has_an_earlier_time_than_the_start_line(project):
    source = """
import logging, time

def init(context):
    context.getLogger().info("initializing")
    time.sleep(1.1)

def handler(event, context):
    pass
"""
    function = project.create(
        project.archive(index=source), initializer_handler="index.init", initializer_timeout=3
    )
    log = function.invoke({}, tail=True).log
    times = re.findall(rf"^({TIMESTAMP}) ", log, re.MULTILINE)
    assert len(times) >= 3 and times == sorted(times), log
