"""Requests that nobody thought of, made up from the server's OpenAPI document.

Every answer must be one that the document describes, and none may be the server's failure. The
requests are the same in every run. Needs requirements-schemathesis.txt.
"""

import pytest

schemathesis = pytest.importorskip(
    "schemathesis", reason="has an environment of its own: requirements-schemathesis.txt"
)

from hypothesis import HealthCheck, Phase, given, settings  # noqa: E402
from hypothesis.errors import Unsatisfiable  # noqa: E402
from schemathesis import GenerationMode  # noqa: E402
from schemathesis.checks import not_a_server_error  # noqa: E402
from schemathesis.specs.openapi.checks import (  # noqa: E402
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from operations import OPERATIONS, anonymous  # noqa: E402
from rest import Api, Project  # noqa: E402

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]

# Twice 56 operations with requests of two kinds: some thousand requests, some ten seconds.
bounded = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def target(start_server):
    """A server for this file alone, which what is made up may leave in any state."""
    return start_server()


@pytest.fixture(scope="module")
def described(target) -> dict:
    """The operations of the document, by method and path."""
    document = schemathesis.openapi.from_url(f"{target.url}/_emulator/openapi.json")
    operations = [result.ok() for result in document.get_all_operations()]
    return {(o.method.upper(), anonymous(o.path)): o for o in operations}


def send_made_up_requests(target, operation, change=lambda case: None) -> None:
    """Requests as they are described, and requests that are not; `change` is applied to each."""
    for mode in [GenerationMode.POSITIVE, GenerationMode.NEGATIVE]:
        if mode is GenerationMode.NEGATIVE and not operation.body and not operation.query:
            # There is only a path, which may be any text: whatever is sent is as described.
            continue

        @bounded
        @given(case=operation.as_strategy(generation_mode=mode))
        def every_answer_is_as_described(case):
            change(case)
            headers = {"X-Auth-Token": "made-up"}
            case.call_and_validate(
                base_url=target.url, headers=headers, checks=CHECKS, timeout=30
            )

        try:
            every_answer_is_as_described()
        except Unsatisfiable:
            # Parameters, too, may be any text.
            assert mode is GenerationMode.NEGATIVE


@pytest.mark.parametrize("operation", OPERATIONS, ids=str)
def test_whatever_is_asked_gets_an_answer_as_described(target, described, operation):
    found = described[operation.method, anonymous(operation.template)]
    send_made_up_requests(target, found)


@pytest.mark.parametrize(
    "operation",
    # R-2 would start as many processes as it is asked for.
    [o for o in OPERATIONS if o.concerns_a_function and o.id != "R-2"],
    ids=str,
)
def test_whatever_is_asked_of_a_function_that_exists_gets_an_answer_as_described(
    target, described, fixtures, operation
):
    """Past the question whether there is such a function."""
    project = Project(Api(target.url), fixtures)
    body = project.body(func_name=f"target-{operation.id}")
    urn = f"urn:fss:eu-de:{project.api.project_id}:function:default:{body['func_name']}"

    def aim(case) -> None:
        project.try_to_create(body)
        case.path_parameters["project_id"] = project.api.project_id
        for name in ["function_urn", "resource_id"]:
            if name in case.path_parameters:
                case.path_parameters[name] = urn

    send_made_up_requests(target, described[operation.method, anonymous(operation.template)], aim)


def test_the_server_is_still_well(target):
    assert target.runs()
    errors = [line for line in target.log_tail(10_000).splitlines() if " ERROR " in line]
    assert errors == []
