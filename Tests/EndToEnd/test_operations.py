"""Rules that hold for every operation of the API, whatever it does."""

from urllib.parse import quote

import pytest

from operations import MADE_UP, OPERATIONS
from rest import REQUEST_ID, assert_error, encoded

ID = "00000000-0000-4000-8000-000000000000"

# A body that the operation itself finds nothing wrong with, where it needs one.
BODIES = {
    "F-5": {"code_type": "inline", "func_code": encoded("x = 1")},
    "F-7": {"timeout": 30},
    "F-8": {"max_instance_num": 1},
    "F-12": {"tags": [{"key": "a", "value": "b"}]},
    "F-13": {"tags": [{"key": "a"}]},
    "E-2": {"name": "event", "content": encoded("{}")["file"]},
    "E-4": {"content": encoded("{}")["file"]},
    "V-4": {"name": "prod", "version": "latest"},
    "V-6": {"version": "latest"},
    "R-2": {"count": 1},
    "G-2": {
        "trigger_type_code": "TIMER",
        "event_data": {"name": "timer", "schedule_type": "Rate", "schedule": "3m"},
    },
    "G-4": {"trigger_status": "DISABLED"},
    "A-2": {"max_async_retry_attempts": 1},
    "A-6": {"request_id": ID},
}
QUERIES = {"X-1": {"type": "code"}, "M-1": {"filter": "monitor_data"}}
READ_A_BODY = {*BODIES, "F-1", "F-11", "I-1", "I-2", "D-2", "V-2", "X-2"}

# Codes other than FSS.1051 that the reference shows for a function that is not there.
NOT_FOUND = {
    "G-4": {"FSS.0404"},
    "A-5": {"FSS.0404"},
    "A-6": {"FSS.0404"},
}
CONCERN_A_FUNCTION = [operation for operation in OPERATIONS if operation.concerns_a_function]

every_operation = pytest.mark.parametrize("operation", OPERATIONS, ids=str)
every_function_operation = pytest.mark.parametrize("operation", CONCERN_A_FUNCTION, ids=str)


def send(api, operation, **values):
    return api.request(
        operation.method,
        operation.target(**values),
        json=BODIES.get(operation.id, {}),
        params=QUERIES.get(operation.id),
    )


def test_the_reference_has_56_operations():
    assert len({(operation.method, operation.path) for operation in OPERATIONS}) == 56


# Authentication


@every_operation
def test_a_request_without_token_answers_401(api, operation):
    target = f"/v2/{api.project_id}{operation.target()}"
    answer = api.anonymous(operation.method, target, json=BODIES.get(operation.id, {}))
    assert_error(answer, 401, "FSS.0401")


@every_operation
def test_an_empty_token_answers_401(api, operation):
    answer = api.request(
        operation.method, operation.target(), headers={"X-Auth-Token": ""}, json={}
    )
    assert_error(answer, 401, "FSS.0401")


# Routes


@every_operation
def test_every_answer_has_a_request_id_under_both_names(api, operation):
    headers = send(api, operation).headers
    assert REQUEST_ID.fullmatch(headers["X-Request-Id"])
    assert headers["x-openstack-request-id"] == headers["X-Request-Id"]


@pytest.mark.parametrize("path", sorted({operation.path for operation in OPERATIONS}))
def test_a_wrong_method_answers_405_and_says_which_are_right(api, path):
    target = path.format(**MADE_UP)
    allowed = {operation.method for operation in OPERATIONS if operation.path == path}
    answer = api.request("PATCH", target)
    assert_error(answer, 405, "FSS.0404", "FSS.0405")
    named = {name.strip() for name in answer.headers["Allow"].split(",")}
    assert allowed <= named and "PATCH" not in named


@pytest.mark.parametrize(
    "method, path",
    [
        # What the reference mentions without describing it.
        ("POST", "/fgs/dependencies"),
        ("PUT", f"/fgs/dependencies/{ID}"),
        ("DELETE", f"/fgs/dependencies/{ID}"),
        ("PUT", f"/fgs/dependencies/{ID}/version"),
        # Tags have paths without /fgs, everything else with it.
        ("GET", "/fgs/functions/nobody/tags"),
        ("GET", "/functions/nobody/config"),
        ("GET", "/functions"),
        # Other kinds of resources do not exist here.
        ("GET", "/triggers/nobody/tags"),
    ],
)
def test_what_the_reference_does_not_describe_is_refused(api, method, path):
    answer = api.request(method, path, json={})
    assert answer.status_code in (404, 405), answer.text
    assert_error(answer, answer.status_code, "FSS.0404", "FSS.0405")


@pytest.mark.parametrize(
    "operation", [o for o in OPERATIONS if o.id in READ_A_BODY], ids=str
)
@pytest.mark.parametrize("body", [b"{", b"no JSON", b"\xff\xfe"], ids=["open", "text", "bytes"])
def test_a_body_that_is_no_json_is_refused(api, project, operation, body):
    function = project.create()
    answer = api.request(
        operation.method,
        operation.target(function_urn=function.urn),
        data=body,
        headers={"Content-Type": "application/json"},
    )
    assert 400 <= answer.status_code < 500, answer.text
    codes = ["FSS.0400", "FSS.0404", "FSS.0406", "FSS.1002", "FSS.1053", "FSS.1070"]
    assert_error(answer, answer.status_code, *codes)


@pytest.mark.parametrize(
    "operation",
    [o for o in OPERATIONS if o.id in READ_A_BODY - {"I-1", "I-2"}],
    ids=str,
)
@pytest.mark.parametrize("body", ["[]", "7", '"text"', "null"])
def test_a_body_that_is_no_object_is_a_client_s_error(api, project, operation, body):
    function = project.create()
    answer = api.request(
        operation.method, operation.target(function_urn=function.urn), data=body
    )
    if body == "null" and answer.ok:
        return
    assert 400 <= answer.status_code < 500, answer.text
    assert answer.json()["error_code"].startswith("FSS.")


# Functions


@every_function_operation
def test_an_unknown_function_answers_404(api, operation):
    codes = NOT_FOUND.get(operation.id, set())
    assert_error(send(api, operation), 404, "FSS.1051", *codes)


@every_function_operation
@pytest.mark.parametrize("urn", ["a:b:c:d:e", "%20", "x" * 270])
def test_what_is_no_urn_answers_400(api, operation, urn):
    assert_error(send(api, operation, function_urn=urn), 400, "FSS.1309")


@every_function_operation
def test_a_function_in_the_urn_of_another_project_answers_404(api, operation, project):
    function = project.create()
    foreign = function.urn.replace(api.project_id, "0" * 32)
    codes = NOT_FOUND.get(operation.id, set())
    assert_error(send(api, operation, function_urn=foreign), 404, "FSS.1051", *codes)
    assert function.config()["func_name"] == function.name


@every_function_operation
def test_an_unknown_version_in_the_urn_is_refused_or_ignored(api, operation, project):
    """What belongs to the function as a whole, such as its aliases, takes any version part."""
    function = project.create()
    answer = send(api, operation, function_urn=f"{function.urn}:nobody")
    if not answer.ok:
        codes = ["FSS.0404", "FSS.1052", "FSS.1053", "FSS.1070", "FSS.1131", "FSS.1140"]
        # An unknown request id, with which A-6 is asked here, answers 400.
        status = answer.status_code if operation.id == "A-6" else 404
        assert status in (400, 404)
        assert_error(answer, status, "FSS.0400" if status == 400 else "", *codes)


@every_function_operation
def test_an_empty_urn_in_the_path_is_refused(api, operation):
    """The Python SDK asks this when it is given a text without a colon."""
    answer = send(api, operation, function_urn="")
    assert 400 <= answer.status_code < 500, answer.text
    assert answer.json()["error_code"].startswith("FSS.")


# Requests of this kind can be sent to any function, and are answered alike however it is addressed.
READS = [
    operation
    for operation in CONCERN_A_FUNCTION
    if operation.method == "GET" and operation.id not in ("A-1", "E-3", "G-3", "V-5", "X-1")
]


@pytest.mark.parametrize("operation", READS, ids=str)
@pytest.mark.parametrize(
    "form",
    ["{name}", "default:{name}", "{project}:default:{name}", "{project}:default:{name}:latest",
     "{urn}:latest"],
)  # fmt: skip
def test_every_form_of_a_urn_leads_to_the_same_answer(api, project, operation, form):
    function = project.create()
    urn = form.format(name=function.name, project=api.project_id, urn=function.urn)
    expected = send(api, operation, function_urn=function.urn)
    assert expected.status_code == operation.success, expected.text
    for spelled in [urn, quote(urn, safe="")]:
        answer = send(api, operation, function_urn=spelled)
        assert answer.status_code == operation.success, answer.text
        assert answer.json() == expected.json()


PROJECT_WIDE_READS = [o for o in OPERATIONS if o.method == "GET" and "{" not in o.path]


@pytest.mark.parametrize("operation", PROJECT_WIDE_READS, ids=str)
def test_parameters_nobody_knows_are_ignored(api, operation):
    parameters = {**QUERIES.get(operation.id, {}), "no_such": "parameter", "-": "junk"}
    assert api.get(operation.path, params=parameters).status_code == 200


@pytest.mark.parametrize("operation", READS + PROJECT_WIDE_READS, ids=str)
def test_a_slash_at_the_end_of_a_path_makes_no_difference(api, project, operation):
    target = operation.target(function_urn=project.create().urn) + "/"
    answer = api.get(target, params=QUERIES.get(operation.id))
    assert answer.status_code == operation.success, answer.text


# Lists


LISTS = {
    "F-2": "functions",
    "D-1": "dependencies",
    "E-1": "events",
    "V-1": "versions",
    "A-4": "async_invoke_configs",
    "A-5": "invocations",
    "R-1": "reserved_instances",
    "R-3": "reservedinstances",
    "F-10": "tags",
}
ARRAYS = {"G-1", "V-3"}


@pytest.mark.parametrize(
    "operation", [o for o in OPERATIONS if {o.id} & {*LISTS, *ARRAYS}], ids=str
)
def test_a_list_has_its_documented_form_and_nothing_that_openstacksdk_would_follow(
    own_project, operation
):
    function = own_project.create()
    answer = send(own_project.api, operation, function_urn=function.urn)
    assert answer.status_code == 200, answer.text
    assert "Link" not in answer.headers
    body = answer.json()
    if operation.id in ARRAYS:
        assert body == []
        return
    key = LISTS[operation.id]
    assert isinstance(body[key], list)
    assert not {"next", "links", f"{key}_links"} & body.keys()
    if operation.id != "F-10":
        assert type(body["count"]) is int
    if operation.id in ("R-1", "R-3", "A-4"):
        assert {type(value) for value in body["page_info"].values()} == {int}
        assert body["page_info"].keys() == {"next_marker", "previous_marker", "current_count"}
    elif operation.id != "F-10":
        assert type(body["next_marker"]) is int


@pytest.mark.parametrize(
    "operation", [o for o in OPERATIONS if o.id in LISTS and o.id not in ("F-10", "E-1")], ids=str
)
@pytest.mark.parametrize("size", ["-1", "x"])
def test_a_page_size_that_is_no_number_or_below_zero_is_refused(project, operation, size):
    target = operation.target(function_urn=project.create().urn)
    answer = project.api.get(target, params={"limit": size, "maxitems": size})
    assert_error(answer, 400, "FSS.1001", "FSS.0400")


@pytest.mark.parametrize(
    "operation",
    [o for o in OPERATIONS if o.id in LISTS and o.id not in ("F-10", "E-1", "A-5")],
    ids=str,
)
@pytest.mark.parametrize("marker", ["x", "-1"])
def test_a_marker_that_is_no_number_or_below_zero_is_refused(project, operation, marker):
    target = operation.target(function_urn=project.create().urn)
    assert_error(project.api.get(target, params={"marker": marker}), 400, "FSS.1001", "FSS.0400")
