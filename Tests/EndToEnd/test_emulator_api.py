"""What only an emulator has: its own state, without login."""

import re

import pytest


def get(api, name: str) -> dict:
    answer = api.anonymous("GET", f"/_emulator/{name}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"].startswith("application/json")
    return answer.json()


@pytest.mark.parametrize("name", ["health", "version", "fidelity"])
def test_a_wrong_method_answers_405(api, name):
    answer = api.anonymous("DELETE", f"/_emulator/{name}")
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]
    assert answer.json()["error_code"].startswith("FSS.")


def test_an_unknown_name_answers_404(api):
    answer = api.anonymous("GET", "/_emulator/nothing")
    assert answer.status_code == 404 and answer.json()["error_code"] == "FSS.0404"


def test_a_server_that_serves_is_healthy(api):
    assert get(api, "health")["status"] == "ok"


def test_the_version_names_the_emulator_s_and_python_s(api):
    version = get(api, "version")
    assert re.match(r"\d+\.\d+", version["version"])
    python = [str(value) for name, value in version.items() if "python" in name.lower()]
    assert any(re.search(r"\b3\.\d+\.\d+", text) for text in python), version


def test_the_python_it_names_is_the_one_functions_run_on(api, project):
    source = "import platform\ndef handler(e, c): return platform.python_version()\n"
    running = project.create_inline(source).invoke({}).text
    assert running in str(get(api, "version"))


def test_every_choice_the_documents_leave_open_is_listed(api):
    answer = get(api, "fidelity")
    choices = answer if isinstance(answer, list) else next(
        value for value in answer.values() if isinstance(value, list)
    )  # fmt: skip
    assert choices
    for choice in choices:
        assert isinstance(choice["name"], str) and choice["name"]
        assert "value" in choice
    names = [choice["name"] for choice in choices]
    assert len(set(names)) == len(names)
