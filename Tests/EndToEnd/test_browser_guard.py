"""A web page must not be able to use a server on the developer's own machine.

A page of another site can send requests to a local port, and can point a name of its own at
127.0.0.1. The first shows in `Origin`, the second in `Host`.
"""

import pytest

from rest import log_in
from wire import Wire, request

FOREIGN_HOSTS = [
    "evil.example",
    "evil.example:{port}",
    "localhost.evil.example:{port}",
    "127.0.0.1.evil.example",
    "evil-localhost",
]
FOREIGN_ORIGINS = [
    "http://evil.example",
    "https://evil.example:8443",
    "http://localhost.evil.example",
    "http://127.0.0.1.evil.example",
    "null",
    "file://",
    "chrome-extension://abcdefghijklmnop",
]
OWN_HOSTS = ["127.0.0.1", "127.0.0.1:{port}", "localhost", "localhost:{port}", "LocalHost:{port}",
             "[::1]", "[::1]:{port}"]  # fmt: skip
OWN_ORIGINS = ["http://127.0.0.1:{port}", "http://localhost:{port}", "http://localhost:3000",
               "http://[::1]:{port}", "https://localhost"]  # fmt: skip
TARGETS = ["/_emulator/health", "/v2/{project}/fgs/functions", "/v3"]


def ask(server, api, target, host="127.0.0.1", **headers):
    with Wire(server.port) as wire:
        wire.send(
            request(
                "GET",
                target.format(project=api.project_id),
                host.format(port=server.port),
                X_Auth_Token=api.token,
                **headers,
            )
        )
        return wire.receive()


def assert_forbidden(answer) -> None:
    assert answer.status == 403
    assert answer.headers["content-type"].startswith("application/json")
    assert answer.json()["error_code"] == "FSS.0403" and answer.json()["error_msg"]
    assert "x-request-id" in answer.headers


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("host", FOREIGN_HOSTS)
def test_a_foreign_host_is_refused(server, api, host, target):
    assert_forbidden(ask(server, api, target, host))


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("origin", FOREIGN_ORIGINS)
def test_a_foreign_origin_is_refused(server, api, origin, target):
    assert_forbidden(ask(server, api, target, Origin=origin))


def test_a_foreign_origin_cannot_log_in_or_create(api, project):
    headers = {"Origin": "http://evil.example", "X-Auth-Token": api.token}
    for target, body in [
        ("/v3/auth/tokens", {"auth": {}}),
        (f"/v2/{api.project_id}/fgs/functions", project.body()),
    ]:
        answer = api.anonymous("POST", target, json=body, headers=headers)
        assert answer.status_code == 403 and answer.json()["error_code"] == "FSS.0403"


def test_a_preflight_of_a_foreign_origin_grants_nothing(api):
    headers = {
        "Origin": "http://evil.example",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "x-auth-token",
    }
    target = f"/v2/{api.project_id}/fgs/functions"
    answer = api.anonymous("OPTIONS", target, headers=headers)
    assert answer.status_code == 403
    assert not [name for name in answer.headers if name.lower().startswith("access-control-")]


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("host", OWN_HOSTS)
def test_a_name_of_this_machine_is_let_in(server, api, host, target):
    assert ask(server, api, target, host).status == 200


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("origin", OWN_ORIGINS)
def test_an_origin_on_this_machine_is_let_in(server, api, origin, target):
    assert ask(server, api, target, Origin=origin.format(port=server.port)).status == 200


def test_a_form_of_a_web_page_has_no_token_and_is_refused(api):
    """Forms can be sent anywhere, but not with a header of their own."""
    answer = api.anonymous(
        "POST",
        f"/v2/{api.project_id}/fgs/functions",
        data={"func_name": "evil"},
        headers={"Content-Type": "text/plain"},
    )
    assert answer.status_code == 401 and answer.json()["error_code"] == "FSS.0401"


def test_the_catalog_names_the_host_the_client_used(server):
    """Port mappings and container names work because addresses are not made up."""
    for host in ["127.0.0.1", "localhost"]:
        answer = log_in(f"http://{host}:{server.port}")
        entries = answer.json()["token"]["catalog"]
        urls = [endpoint["url"] for entry in entries for endpoint in entry["endpoints"]]
        assert urls and all(url.startswith(f"http://{host}:{server.port}/") for url in urls)
