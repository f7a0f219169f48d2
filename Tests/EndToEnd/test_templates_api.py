"""Templates of functions (T-1)."""

import base64
import json

import pytest

from rest import answered, assert_error, encoded

# The template that the Python SDK's guide asks for.
GUIDE = "41d5d9ca-cea3-4ba9-b866-e30c46f45f1f"

TEXTS = {"id", "title", "template_name", "description", "runtime", "handler", "code_type", "code",
         "user_data", "encrypted_user_data", "scene", "service"}  # fmt: skip


def template(api, identifier: str) -> dict:
    return answered(api.get(f"/fgs/templates/{identifier}"))


def identifiers(api) -> "list[str]":
    """All there are, which only the emulator itself can list."""
    answer = answered(api.anonymous("GET", "/_emulator/templates"))
    items = answer if isinstance(answer, list) else answer["templates"]
    return [item if isinstance(item, str) else item["id"] for item in items]


@pytest.mark.parametrize("identifier", ["00000000-0000-4000-8000-000000000000", "nobody", "%20"])
def test_an_unknown_template_answers_404(api, identifier):
    assert_error(api.get(f"/fgs/templates/{identifier}"), 404, "FSS.1059")


def test_the_guide_s_template_has_the_values_that_the_sdk_s_tests_expect(api):
    expected = {
        "id": GUIDE,
        "type": 1,
        "title": "access-mysql",
        "template_name": "access-mysql-js-12.13",
        "runtime": "Node.js12.13",
        "handler": "index.handler",
        "timeout": 30,
        "memory_size": 256,
        "scene": "basic_function_usage",
        "service": "FunctionGraph",
    }
    assert expected.items() <= template(api, GUIDE).items()


def test_a_template_has_its_documented_form(api):
    for identifier in identifiers(api):
        answer = template(api, identifier)
        assert answer["id"] == identifier
        for member in TEXTS:
            assert isinstance(answer[member], str), (identifier, member)
        for member in ["type", "timeout", "memory_size"]:
            assert type(answer[member]) is int, (identifier, member)
        assert isinstance(answer["dependencies"], list)
        assert answer["temp_detail"].keys() == {"input", "output", "warning"}
        assert all(isinstance(value, str) for value in answer["temp_detail"].values())
        for trigger in answer["trigger_metadata_list"]:
            assert trigger.keys() == {"trigger_name", "trigger_type", "event_type", "event_data"}
            assert all(isinstance(value, str) for value in trigger.values())


def test_the_emulator_lists_its_templates(api):
    listed = identifiers(api)
    assert GUIDE in listed
    assert len(set(listed)) == len(listed)


def code_of(template: dict) -> dict:
    """A `func_code` member with the template's code, which is text or its Base64."""
    try:
        base64.b64decode(template["code"], validate=True)
    except ValueError:
        return encoded(template["code"])
    return {"file": template["code"]}


def event_of(template: dict):
    """The sample input of a template, if it is JSON; it may as well be prose."""
    try:
        return json.loads(template["temp_detail"]["input"])
    except ValueError:
        return {}


def test_every_python_template_runs_when_it_is_created(api, project):
    ran = []
    for identifier in identifiers(api):
        made = template(api, identifier)
        if not made["runtime"].startswith("Python"):
            continue
        function = project.create(
            runtime=made["runtime"],
            handler=made["handler"],
            timeout=made["timeout"],
            memory_size=made["memory_size"],
            user_data=made["user_data"],
            code_type=made["code_type"],
            func_code=code_of(made),
        )
        invocation = function.invoke(event_of(made))
        assert invocation.succeeded, (made["template_name"], invocation)
        ran.append(identifier)
    assert ran
