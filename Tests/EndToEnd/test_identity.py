"""Who is let in, and how far: three kinds of clients against lenient and strict servers.

The Python SDK logs in with a password or a token, the Huawei SDK signs, and so does the Go SDK, in
another way, which `signing.py` copies.
"""

import json
import re
import uuid
from datetime import datetime, timedelta, timezone

import openstack
import pytest
import requests
from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcore.exceptions import exceptions as sdk_exceptions
from huaweicloudsdkcore.http.http_config import HttpConfig
from huaweicloudsdkcore.region.region import Region
from huaweicloudsdkfunctiongraph import v2 as huawei
from keystoneauth1 import exceptions as keystone_exceptions
from keystoneauth1.identity import v3
from keystoneauth1.session import Session
from openstack import exceptions as openstack_exceptions
from otcextensions import sdk as otc

from deadlines import eventually
from emulator import Server
from rest import Api, assert_error, encoded, session
from signing import DATE, Signer

A, B = "a" * 32, "b" * 32
AUTH_FILE = f"""
domain: acme
projects:
  eu-de_a: {A}
  eu-de_b: {B}
users:
  - name: alice
    password: alices-password
  - name: bob
    password: bobs-password
    projects: [eu-de_a]
access_keys:
  - access: AK-ALICE
    secret: alices-secret-key
    user: alice
  - access: AK-BOB
    secret: bobs-secret-key
    user: bob
  - access: AK-TEMPORARY
    secret: temporary-secret-key
    security_token: the-security-token
"""
SECRETS = re.findall(r"[a-z]+-password|[a-z]+-secret-key|the-security-token", AUTH_FILE)
SOURCE = encoded("def handler(event, context): return event\n")


def function(**changes) -> dict:
    """The body that creates a function of a name nobody else uses."""
    body = {
        "func_name": f"fn-{uuid.uuid4().hex[:12]}",
        "package": "default",
        "runtime": "Python3.10",
        "handler": "index.handler",
        "timeout": 30,
        "memory_size": 128,
        "code_type": "inline",
        "func_code": SOURCE,
    }
    return {**body, **changes}


@pytest.fixture(scope="module")
def auth_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("auth") / "auth.yaml"
    path.write_text(AUTH_FILE)
    return path


@pytest.fixture(scope="module")
def strict(auth_file):
    """A strict server that most tests here share."""
    server = Server(
        options=["--auth", "strict", "--auth-file", str(auth_file), "--log-level", "trace"]
    )
    try:
        server.wait_until_ready()
        yield server
        assert server.stop() == 0
        everything = server.log.read_text() + server.output.read_text()
        assert not [secret for secret in SECRETS if secret in everything]
    finally:
        server.discard()


def ask(
    server, method: str, target: str, token: "str | None" = None, **options
) -> requests.Response:
    headers = {**({"X-Auth-Token": token} if token else {}), **options.pop("headers", {})}
    return session().request(method, server.url + target, headers=headers, timeout=30, **options)


def password(user="bob", secret="bobs-password", domain="acme", **scope) -> dict:
    claim = {"name": user, "password": secret, "domain": {"name": domain}}
    auth = {"identity": {"methods": ["password"], "password": {"user": claim}}}
    return {"auth": {**auth, **({"scope": scope} if scope else {})}}


def log_in(server, body: dict) -> requests.Response:
    return ask(server, "POST", "/v3/auth/tokens", json=body)


def token_of(server, **options) -> str:
    answer = log_in(server, password(**options))
    assert answer.status_code == 201, answer.text
    return answer.headers["X-Subject-Token"]


def exchange(token: str, **scope) -> dict:
    return {"auth": {"identity": {"methods": ["token"], "token": {"id": token}}, "scope": scope}}


def project(name: str) -> dict:
    return {"name": name, "domain": {"name": "acme"}}


def assert_keystone_error(answer: requests.Response, status: int) -> None:
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"].startswith("application/json")
    error = answer.json()["error"]
    assert error["code"] == status and error["message"] and error["title"]


def assert_signature_refused(answer: requests.Response, reason: str = "") -> None:
    assert answer.status_code == 401, answer.text
    assert answer.json()["error_code"] == "APIGW.0301"
    message = "Incorrect IAM authentication information: verify aksk signature fail"
    assert answer.json()["error_msg"].startswith(message)
    assert (
        answer.json()["error_msg"] == message
        if not reason
        else reason in answer.json()["error_msg"]
    )


# Configuration


@pytest.mark.parametrize(
    "text, expected",
    [
        pytest.param(None, "No such file", id="no file"),
        pytest.param("", "expected entries", id="empty"),
        pytest.param("users: [{name: a, password: hidden", "not YAML", id="no YAML"),
        pytest.param("users:\n- name: a\n  pasword: hidden", "line 3", id="misspelt"),
        pytest.param("users:\n- {name: a, password: hidden}\n- {name: a, password: hidden}", "line 3", id="twice"),
    ],
)  # fmt: skip
def test_a_wrong_file_is_one_clear_line_and_exit_code_1(fresh_server, tmp_path, text, expected):
    path = tmp_path / "auth.yaml"
    if text is not None:
        path.write_text(text)
    server = fresh_server(options=["--auth", "strict", "--auth-file", str(path)], ready=False)
    assert server.wait() == 1
    (line,) = server.log.read_text().splitlines()
    assert str(path) in line and expected in line and "hidden" not in line
    assert server.left_behind() == []


@pytest.mark.parametrize("variable", ["FGS_EMULATOR_USERS", "FGS_EMULATOR_ACCESS_KEYS"])
def test_a_wrong_variable_is_one_clear_line_and_exit_code_1(fresh_server, variable):
    server = fresh_server(environment={variable: "fine:fine,hidden"}, ready=False)
    assert server.wait() == 1
    (line,) = server.log.read_text().splitlines()
    assert variable in line and "entry 2" in line and "hidden" not in line


def test_an_unknown_mode_is_refused(fresh_server):
    for options, environment in [(["--auth", "some"], {}), ([], {"FGS_EMULATOR_AUTH": "some"})]:
        server = fresh_server(options=options, environment=environment, ready=False)
        assert server.wait() == 64
        assert "some" in server.log.read_text()


def test_a_container_is_configured_by_its_environment(fresh_server):
    server = fresh_server(
        environment={
            "FGS_EMULATOR_AUTH": "strict",
            "FGS_EMULATOR_USERS": "carol:carols:password,dave:x",
            "FGS_EMULATOR_ACCESS_KEYS": "AK:key",
        }
    )
    assert_keystone_error(log_in(server, password("carol", "carols")), 401)
    for user, secret in [("carol", "carols:password"), ("dave", "x")]:
        assert log_in(server, password(user, secret)).status_code == 201
    target = f"/v2/{A}/fgs/functions"
    assert_signature_refused(Signer(server.url, "AK", "yek", session()).get(target))
    assert Signer(server.url, "AK", "key", session()).get(target).status_code == 200


def test_a_container_is_given_a_file_by_its_environment(fresh_server, auth_file):
    server = fresh_server(
        environment={"FGS_EMULATOR_AUTH": "strict", "FGS_EMULATOR_AUTH_FILE": str(auth_file)}
    )
    assert_keystone_error(log_in(server, password("alice", "bobs-password")), 401)
    assert log_in(server, password()).status_code == 201


def test_the_file_is_json_as_well(fresh_server, tmp_path):
    path = tmp_path / "auth.json"
    path.write_text(
        json.dumps(
            {"users": [{"name": "é", "password": '"\\'}], "projects": {"eu-de": A}}, indent=2
        )
    )
    server = fresh_server(options=["--auth", "strict", "--auth-file", str(path)])
    assert log_in(server, password("é", '"')).status_code == 401
    assert log_in(server, password("é", '"\\')).json()["token"]["project"]["id"] == A
    assert ask(server, "GET", "/_emulator/version").json()["project_id"] == A


@pytest.mark.parametrize("mode, users", [("strict", ""), ("lenient", "a:b")])
def test_a_server_says_when_nothing_is_checked(fresh_server, mode, users):
    server = fresh_server(options=["--auth", mode], environment={"FGS_EMULATOR_USERS": users})
    eventually(lambda: f"authentication is {mode}" in server.log.read_text(), 5, "the warning")


# Logging in


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(password(secret="alices-password"), id="another user's password"),
        pytest.param(password(secret=""), id="empty password"),
        pytest.param(password(user="carol"), id="unknown user"),
        pytest.param(password(domain="other"), id="another domain"),
        pytest.param({"auth": {"identity": {"methods": ["password"]}}}, id="no user"),
        pytest.param({"auth": {"identity": {"methods": []}}}, id="no method"),
        pytest.param({"auth": {"identity": {"methods": ["totp"], "totp": {}}}}, id="unknown method"),
        pytest.param(exchange("made-up", project=project("eu-de_a")), id="made-up token"),
        pytest.param(exchange("0" * 32, project=project("eu-de_a")), id="well-formed token"),
        pytest.param({"auth": {"identity": {"methods": ["token"], "token": {"id": 7}}}}, id="token is no text"),
        pytest.param(password(project=project("eu-de_b")), id="another project"),
        pytest.param(password(project={"id": B}), id="another project's id"),
        pytest.param(password(project=project("unheard-of")), id="unknown project"),
    ],
)  # fmt: skip
def test_a_strict_server_refuses_a_wrong_login(strict, body):
    answer = log_in(strict, body)
    assert_keystone_error(answer, 401)
    assert answer.json()["error"]["title"] == "Unauthorized"
    assert "X-Subject-Token" not in answer.headers


@pytest.mark.parametrize("data, status", [
    (b"", 400), (b"{", 400), (b"[]", 400), (b"\xff", 400), (b"{}", 400), (b'{"auth": []}', 400),
    (b'{"auth": {"identity": 1}}', 400),
    (json.dumps(password(user="u" * 256)).encode(), 400),
    (json.dumps(password(project=project("p" * 256))).encode(), 400),
    (json.dumps(password(project={"id": "a:b"})).encode(), 400),
    (b'{"auth": {"identity": ' + b"[" * 2000 + b"]" * 2000 + b"}}", 400),
    (json.dumps(password(secret="s" * 70_000)).encode(), 413),
], ids=range(12))  # fmt: skip
def test_a_login_that_is_none_is_refused_by_any_server(strict, server, data, status):
    for one in [strict, server]:
        assert_keystone_error(ask(one, "POST", "/v3/auth/tokens", data=data), status)


def test_a_login_is_answered_with_all_that_clients_read(strict):
    answer = log_in(strict, password(project=project("eu-de_a")))
    assert answer.status_code == 201
    token = answer.json()["token"]
    assert re.fullmatch(r"[0-9a-f]{32}", answer.headers["X-Subject-Token"])
    assert token["methods"] == ["password"]
    assert token["project"]["id"] == A and token["project"]["name"] == "eu-de_a"
    assert token["user"]["name"] == "bob" and token["user"]["domain"]["name"] == "acme"
    assert token["user"]["domain"]["id"] == token["project"]["domain"]["id"]
    assert token["roles"]
    issued, expires = [
        datetime.strptime(token[name], "%Y-%m-%dT%H:%M:%S.%fZ")
        for name in ["issued_at", "expires_at"]
    ]
    assert expires - issued == timedelta(days=1)
    urls = {entry["type"]: entry["endpoints"][0]["url"] for entry in token["catalog"]}
    assert urls["functiongraph"] == f"{strict.url}/v2"
    assert urls["volumev2"] == f"{strict.url}/v2/{A}"
    assert urls["identity"] == f"{strict.url}/v3"


def test_a_user_logs_in_by_id_too(strict):
    user = log_in(strict, password()).json()["token"]["user"]
    body = password()
    body["auth"]["identity"]["password"]["user"] = {"id": user["id"], "password": "bobs-password"}
    assert log_in(strict, body).json()["token"]["user"]["name"] == "bob"


def test_a_login_without_project_gets_one_of_the_user_s(strict):
    assert log_in(strict, password()).json()["token"]["project"]["name"] == "eu-de_a"
    alice = log_in(strict, password("alice", "alices-password")).json()["token"]
    assert alice["project"]["name"] == "eu-de"


# Tokens


@pytest.mark.parametrize(
    "target", ["projects", "auth/projects", "auth/domains", "auth/catalog", "auth/tokens"]
)
def test_identity_needs_a_token_or_a_signature(strict, server, target):
    for one in [strict, server]:
        assert_keystone_error(ask(one, "GET", f"/v3/{target}"), 401)
    assert_keystone_error(ask(strict, "GET", f"/v3/{target}", "made-up"), 401)
    assert_signature_refused(
        ask(strict, "GET", f"/v3/{target}", headers={"Authorization": "Bearer x"}), "algorithm"
    )


@pytest.mark.parametrize("token", ["made-up", "0" * 32, "é".encode(), b"\xff\xfe", "a" * 20_000])
def test_a_made_up_token_is_refused(strict, token):
    answer = ask(strict, "GET", f"/v2/{A}/fgs/functions", headers={"X-Auth-Token": token})
    assert_error(answer, 401, "FSS.0401")


def test_a_request_without_anything_is_refused(strict):
    assert_error(ask(strict, "GET", f"/v2/{A}/fgs/functions"), 401, "FSS.0401")


@pytest.mark.parametrize(
    "scope",
    [{"project": {"id": A}}, {"domain": {"name": "acme"}}, {"unscoped": {}}],
    ids=["project", "domain", "nothing"],
)
def test_a_token_is_good_for_its_own_project_only(strict, scope):
    token = token_of(strict, user="alice", secret="alices-password", **scope)
    for method, path in [
        ("GET", "functions"),
        ("POST", "functions"),
        ("POST", "functions/x/invocations"),
    ]:
        assert_error(ask(strict, method, f"/v2/{B}/fgs/{path}", token, json={}), 403, "FSS.0403")
    status = 200 if "project" in scope else 403
    assert ask(strict, "GET", f"/v2/{A}/fgs/functions", token).status_code == status


def test_projects_are_separate_worlds(strict):
    tokens = {}
    for name, id in [("eu-de_a", A), ("eu-de_b", B)]:
        scope = {"project": project(name)}
        tokens[id] = token_of(strict, user="alice", secret="alices-password", **scope)

    def there(method, id, path="", **options):
        return ask(strict, method, f"/v2/{id}/fgs/functions{path}", tokens[id], **options)

    body = function()
    urn = there("POST", A, json=body).json()["func_urn"].rpartition(":")[0]
    assert f":{A}:" in urn
    listed = there("GET", B).json()["functions"]
    assert body["func_name"] not in [found["func_name"] for found in listed]
    for path in [f"/{urn}", f"/{body['func_name']}"]:
        assert_error(there("GET", B, f"{path}/config"), 404, "FSS.1051")
        assert_error(there("POST", B, f"{path}/invocations", json={}), 404, "FSS.1051")
        assert_error(there("DELETE", B, path), 404, "FSS.1051")
    # The same name is free there.
    assert there("POST", B, json=body).status_code == 200
    assert there("DELETE", B, f"/{body['func_name']}").status_code == 204
    assert there("GET", A, f"/{urn}/config").status_code == 200
    assert there("DELETE", A, f"/{urn}").status_code == 204


def test_a_revoked_token_is_refused(strict):
    token, other = token_of(strict), token_of(strict)
    target = f"/v2/{A}/fgs/functions"
    assert ask(strict, "GET", target, token).status_code == 200
    assert (
        ask(
            strict, "DELETE", "/v3/auth/tokens", other, headers={"X-Subject-Token": token}
        ).status_code
        == 204
    )
    assert_error(ask(strict, "GET", target, token), 401, "FSS.0401")
    assert_keystone_error(log_in(strict, exchange(token, project={"id": A})), 401)
    assert_keystone_error(
        ask(strict, "GET", "/v3/auth/tokens", other, headers={"X-Subject-Token": token}), 404
    )
    assert ask(strict, "GET", target, other).status_code == 200


def test_a_token_can_revoke_itself(strict):
    token = token_of(strict)
    headers = {"X-Subject-Token": token}
    assert ask(strict, "DELETE", "/v3/auth/tokens", token, headers=headers).status_code == 204
    assert_keystone_error(ask(strict, "DELETE", "/v3/auth/tokens", token, headers=headers), 401)


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_who_asks_about_a_token_must_name_one_of_his_own(strict, method):
    token = token_of(strict)
    alices = token_of(strict, user="alice", secret="alices-password")
    for headers, status in [
        ({}, 400),
        ({"X-Subject-Token": "made-up"}, 404),
        ({"X-Subject-Token": alices}, 403),
    ]:
        assert_keystone_error(
            ask(strict, method, "/v3/auth/tokens", token, headers=headers), status
        )
    assert (
        ask(
            strict, "GET", "/v3/auth/tokens", alices, headers={"X-Subject-Token": alices}
        ).status_code
        == 200
    )


def test_a_token_is_shown_as_it_was_given_out(strict):
    answer = log_in(strict, password(project={"id": A}))
    token = answer.headers["X-Subject-Token"]
    headers = {"X-Subject-Token": token}
    shown = ask(strict, "GET", "/v3/auth/tokens", token, headers=headers)
    assert (shown.status_code, shown.headers["X-Subject-Token"]) == (200, token)
    assert shown.json() == answer.json()
    head = ask(strict, "HEAD", "/v3/auth/tokens", token, headers=headers)
    assert (head.status_code, head.content) == (200, b"")


def test_a_token_is_exchanged_for_one_of_another_project_that_ends_no_later(strict):
    first = log_in(strict, password("alice", "alices-password", unscoped={}))
    assert not {"project", "catalog"} & first.json()["token"].keys()
    second = log_in(strict, exchange(first.headers["X-Subject-Token"], project=project("eu-de_b")))
    assert second.status_code == 201
    token = second.json()["token"]
    assert token["project"]["id"] == B and token["user"]["name"] == "alice"
    assert token["methods"] == ["token", "password"]
    assert token["expires_at"] == first.json()["token"]["expires_at"]


def test_a_lenient_server_knows_every_token(server):
    headers = {"X-Subject-Token": "made-up"}
    shown = ask(server, "GET", "/v3/auth/tokens", "another", headers=headers)
    assert shown.status_code == 200 and shown.headers["X-Subject-Token"] == "made-up"
    assert shown.json()["token"]["project"]["id"]
    assert ask(server, "DELETE", "/v3/auth/tokens", "another", headers=headers).status_code == 204
    assert log_in(server, exchange("made-up", project=project("eu-de"))).status_code == 201


# Finding the way


def test_only_the_user_s_own_projects_are_listed(strict):
    token = token_of(strict)
    for path in ["projects", "auth/projects"]:
        listed = ask(strict, "GET", f"/v3/{path}", token).json()["projects"]
        assert [(entry["name"], entry["id"], entry["enabled"]) for entry in listed] == [
            ("eu-de_a", A, True)
        ]
        for name, count in [("eu-de_b", 0), ("unheard-of", 0), ("eu-de_a", 1), ("", 0)]:
            assert (
                len(ask(strict, "GET", f"/v3/{path}?name={name}", token).json()["projects"])
                == count
            )
    alice = token_of(strict, user="alice", secret="alices-password")
    listed = ask(strict, "GET", "/v3/auth/projects", alice).json()["projects"]
    assert [entry["name"] for entry in listed] == ["eu-de", "eu-de_a", "eu-de_b"]


def test_a_lenient_server_has_every_project_once(server, api):
    for name in ["eu-de", "eu-de_anything"]:
        (entry,) = ask(server, "GET", f"/v3/projects?name={name}", "any").json()["projects"]
        assert entry["name"] == name and re.fullmatch(r"[0-9a-f]{32}", entry["id"])
        assert entry["id"] == Api(server.url, name).project_id
    for name in ["", "n" * 256]:
        assert ask(server, "GET", f"/v3/projects?name={name}", "any").json()["projects"] == []


def test_the_account_is_found_by_its_name(strict, server):
    token = token_of(strict)
    (domain,) = ask(strict, "GET", "/v3/auth/domains", token).json()["domains"]
    assert domain["name"] == "acme"
    assert ask(strict, "GET", "/v3/auth/domains?name=acme", token).json()["domains"] == [domain]
    assert ask(strict, "GET", "/v3/auth/domains?name=other", token).json()["domains"] == []
    (domain,) = ask(server, "GET", "/v3/auth/domains?name=anything", "any").json()["domains"]
    assert domain["name"] == "anything" and domain["id"]


def test_the_catalog_is_that_of_the_token(strict):
    answer = log_in(strict, password())
    token = answer.headers["X-Subject-Token"]
    catalog = ask(strict, "GET", "/v3/auth/catalog", token).json()["catalog"]
    assert catalog == answer.json()["token"]["catalog"]


# The Python SDK


def connect(server, auth: dict, **options):
    connection = openstack.connect(
        load_yaml_config=False,
        load_envvars=False,
        auth={"auth_url": f"{server.url}/v3", **auth},
        **{"region_name": "eu-de", "interface": "public", "identity_api_version": "3", **options},
    )
    otc.register_otc_extensions(connection)
    return connection


def bob(**changes) -> dict:
    return {"username": "bob", "password": "bobs-password", "user_domain_name": "acme",
            "project_name": "eu-de_a", "project_domain_name": "acme", **changes}  # fmt: skip


@pytest.mark.parametrize(
    "changes",
    [
        {"password": "wrong"},
        {"username": "carol"},
        {"user_domain_name": "other"},
        {"project_name": "eu-de_b"},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_the_python_sdk_s_wrong_login_raises_unauthorized(strict, changes):
    with pytest.raises(openstack_exceptions.SDKException, match="wrong|no access") as raised:
        connect(strict, bob(**changes))
    assert isinstance(raised.value.__context__, keystone_exceptions.Unauthorized)


def test_the_python_sdk_logs_in_by_password(strict):
    with connect(strict, bob()) as connection:
        assert connection.current_project_id == A
        created = connection.functiongraph.create_function(**function())
        assert connection.functiongraph.get_function_metadata(created).timeout == 30
        connection.functiongraph.delete_function(created)


def test_the_python_sdk_logs_in_by_token(strict):
    auth = {"token": token_of(strict), "project_name": "eu-de_a", "project_domain_name": "acme"}
    with connect(strict, auth, auth_type="token") as connection:
        list(connection.functiongraph.functions())
    with pytest.raises(openstack_exceptions.SDKException, match="unknown, expired or revoked"):
        connect(strict, {**auth, "token": "made-up"}, auth_type="token")


def test_the_python_sdk_raises_forbidden_for_another_project(strict):
    override = f"{strict.url}/v2/{B}"
    with connect(strict, bob(), functiongraph_endpoint_override=override) as connection:
        with pytest.raises(openstack_exceptions.HttpException, match="FSS.0403") as raised:
            list(connection.functiongraph.functions())
        assert raised.value.status_code == 403


def test_the_python_sdk_logs_in_again_when_its_token_was_revoked(strict):
    with connect(strict, bob()) as connection:
        list(connection.functiongraph.functions())
        revoked = connection.auth_token
        headers = {"X-Subject-Token": revoked}
        assert ask(strict, "DELETE", "/v3/auth/tokens", revoked, headers=headers).status_code == 204
        list(connection.functiongraph.functions())
        assert connection.auth_token != revoked


def test_keystone_s_own_client_goes_from_no_project_to_one(strict):
    auth = v3.Password(f"{strict.url}/v3", username="bob", password="bobs-password",
                       user_domain_name="acme", unscoped=True)  # fmt: skip
    unscoped = Session(auth=auth)
    assert unscoped.get_project_id() is None
    (entry,) = unscoped.get(f"{strict.url}/v3/auth/projects").json()["projects"]
    scoped = Session(
        auth=v3.Token(f"{strict.url}/v3", unscoped.get_token(), project_id=entry["id"])
    )
    assert scoped.get_project_id() == A
    endpoint = scoped.get_endpoint(
        service_type="functiongraph", region_name="eu-de", interface="public"
    )
    assert endpoint == f"{strict.url}/v2"


def test_the_python_sdk_lists_projects(strict):
    with connect(strict, bob()) as connection:
        assert [found.id for found in connection.identity.projects(name="eu-de_a")] == [A]


# The Huawei SDK


def huawei_client(
    server, access, secret, project_id=A, security_token=None, lookup=None, config=None
):
    """`lookup` is the name of the region whose project the SDK has to find."""
    credentials = BasicCredentials(access, secret, project_id)
    if security_token:
        credentials.with_security_token(security_token)
    builder = huawei.FunctionGraphClient.new_builder().with_credentials(credentials)
    builder.with_http_config(config or HttpConfig(ignore_ssl_verification=True, retry_times=0))
    if lookup:
        credentials.with_iam_endpoint(server.url)
        return builder.with_region(Region(lookup, server.url)).build()
    return builder.with_endpoint(server.url).build()


@pytest.fixture(autouse=True)
def no_remembered_projects(monkeypatch):
    """The SDK remembers the projects of access keys for as long as the process lives."""
    monkeypatch.setattr(BasicCredentials, "_CACHE", {})


def huawei_body(**changes):
    body = function(**changes)
    return huawei.CreateFunctionRequestBody(
        **{**body, "func_code": huawei.FuncCode(file=body["func_code"]["file"])}
    )


def use_everything(client) -> None:
    """Requests of every shape: with and without body and query, large, beyond ASCII."""
    client.list_functions(
        huawei.ListFunctionsRequest(marker="0", maxitems="3", package_name="a-b_c")
    )
    nowhere = huawei.ListFunctionsRequest(package_name="ä b&c+d~*%", maxitems="3")
    assert client.list_functions(nowhere).functions == []
    body = huawei_body(description="grüße " * 20)
    urn = client.create_function(huawei.CreateFunctionRequest(body=body)).func_urn
    assert client.show_function_config(huawei.ShowFunctionConfigRequest(urn)).timeout == 30
    request = huawei.InvokeFunctionRequest(
        urn, x_cff_request_version="v1", body={"größe": ["x" * 200_000, None]}
    )
    assert json.loads(client.invoke_function(request).result)["größe"][1] is None
    whole = urn.rpartition(":")[0]
    # Booleans in a query; bodies on POST and DELETE that are answered with nothing.
    client.export_function(huawei.ExportFunctionRequest(whole, config=True, code=True))
    tags = huawei.UpdateFunctionTagsRequestBody(tags=[huawei.KvItem(key="clé", value="a b")])
    client.create_tags(huawei.CreateTagsRequest("functions", whole, body=tags))
    client.delete_tags(huawei.DeleteTagsRequest("functions", whole, body=tags))
    client.delete_function(huawei.DeleteFunctionRequest(whole))


@pytest.mark.parametrize(
    "access, secret, security_token",
    [
        pytest.param("AK-BOB", "alices-secret-key", None, id="wrong secret"),
        pytest.param("AK-NOBODY", "bobs-secret-key", None, id="unknown key"),
        pytest.param("ak-bob", "bobs-secret-key", None, id="other case"),
        pytest.param(
            "AK-BOB", "bobs-secret-key", "the-security-token", id="needless security token"
        ),
        pytest.param("AK-TEMPORARY", "temporary-secret-key", None, id="no security token"),
        pytest.param("AK-TEMPORARY", "temporary-secret-key", "other", id="wrong security token"),
    ],
)
def test_the_huawei_sdk_s_wrong_key_raises_401(strict, access, secret, security_token):
    client = huawei_client(strict, access, secret, security_token=security_token)
    for call, request in [
        (client.list_functions, huawei.ListFunctionsRequest()),
        (
            client.create_function,
            huawei.CreateFunctionRequest(body=huawei_body(description="x" * 100_000)),
        ),
    ]:
        with pytest.raises(sdk_exceptions.ClientRequestException) as raised:
            call(request)
        assert raised.value.status_code == 401
        assert raised.value.error_code == "APIGW.0301"
        assert (
            raised.value.error_msg
            == "Incorrect IAM authentication information: verify aksk signature fail"
        )
        assert raised.value.request_id


def test_the_huawei_sdk_s_foreign_project_raises_403(strict):
    for project_id in [B, None, "unheard-of"]:
        client = huawei_client(strict, "AK-BOB", "bobs-secret-key", project_id)
        with pytest.raises(sdk_exceptions.ClientRequestException) as raised:
            client.list_functions(huawei.ListFunctionsRequest())
        assert (raised.value.status_code, raised.value.error_code) == (403, "FSS.0403")


def test_the_huawei_sdk_does_not_find_a_project_with_a_wrong_key(strict):
    for access, secret, reason in [
        ("AK-BOB", "wrong", "APIGW.0301"),
        ("AK-BOB", "bobs-secret-key", "eu-de"),
    ]:
        with pytest.raises(sdk_exceptions.SdkException) as raised:
            huawei_client(strict, access, secret, None, lookup="eu-de")
        assert reason in str(raised.value)


def test_the_huawei_sdk_s_signatures_hold(strict):
    use_everything(huawei_client(strict, "AK-BOB", "bobs-secret-key"))
    use_everything(huawei_client(strict, "AK-ALICE", "alices-secret-key", B))


def test_the_huawei_sdk_s_temporary_key_holds(strict):
    client = huawei_client(strict, "AK-TEMPORARY", "temporary-secret-key", B, "the-security-token")
    use_everything(client)


def test_the_huawei_sdk_finds_its_project(strict, server, api):
    client = huawei_client(strict, "AK-BOB", "bobs-secret-key", None, lookup="eu-de_a")
    use_everything(client)
    client = huawei_client(server, "any", "key", None, lookup="eu-de")
    created = client.create_function(huawei.CreateFunctionRequest(body=huawei_body()))
    assert api.delete(f"/fgs/functions/{created.func_name}").status_code == 204


def test_a_lenient_server_takes_any_key_of_the_huawei_sdk(server):
    use_everything(huawei_client(server, "any", "key", "c" * 32))


def test_a_path_segment_of_any_kind_is_signed_over(strict):
    client = huawei_client(strict, "AK-BOB", "bobs-secret-key")
    for urn in [
        "urn:fss:eu-de:x:function:default:hello:!a1",
        "ä/b c%2F~*'()",
        "%",
        "+",
        "a=b&c",
        ".",
        "..",
        "//",
    ]:
        with pytest.raises(sdk_exceptions.ClientRequestException) as raised:
            client.show_function_config(huawei.ShowFunctionConfigRequest(urn))
        assert raised.value.status_code in (400, 404, 405), urn


# The Go SDK


@pytest.fixture
def go(strict):
    return Signer(strict.url, "AK-BOB", "bobs-secret-key", session())


LIST = f"/v2/{A}/fgs/functions"


def at(minutes: float) -> str:
    return (datetime.now(timezone.utc) + timedelta(minutes=minutes)).strftime(DATE)


@pytest.mark.parametrize(
    "minutes, status", [(-16, 401), (-14, 200), (0, 200), (14, 200), (16, 401), (-525_600, 401)]
)
def test_a_date_may_be_fifteen_minutes_off(go, minutes, status):
    answer = go.get(LIST, date=at(minutes))
    assert answer.status_code == status
    if status == 401:
        assert_signature_refused(answer, "15 minutes")


@pytest.mark.parametrize(
    "overrides, reason",
    [
        pytest.param({"date": "yesterday"}, "X-Sdk-Date", id="date is none"),
        pytest.param({"left_out": ["host"]}, "host", id="host not signed"),
        pytest.param({"left_out": ["x-sdk-date"]}, "x-sdk-date", id="date not signed"),
        pytest.param({"unsigned": {"User-Agent": "other"}}, "", id="header changed"),
        pytest.param({"unsigned": {"Host": "localhost"}}, "", id="host changed"),
        pytest.param({"unsigned": {"X-Sdk-Date": at(1)}}, "", id="date changed"),
        pytest.param({"unsigned": {"X-Security-Token": "x"}}, "", id="needless security token"),
        pytest.param({"unsigned": {"Authorization": "SDK-HMAC-SHA256 Access=x"}}, "reads", id="malformed"),
        pytest.param({"unsigned": {"Authorization": "SDK-HMAC-SM3 Access=x"}}, "algorithm", id="algorithm"),
        pytest.param({"unsigned": {"Authorization": b"\xff\xfe"}}, "algorithm", id="noise"),
    ],
)  # fmt: skip
def test_a_signature_that_does_not_hold_is_refused(go, overrides, reason):
    assert_signature_refused(go.get(LIST, **overrides), reason.replace("reads", "must read"))


def test_a_signed_request_cannot_be_made_another_one(strict, go):
    headers = {"Host": f"127.0.0.1:{strict.port}", "Accept": "*/*"}
    name = function()["func_name"]
    body = json.dumps(function(func_name=name)).encode()
    signed = go.sign("POST", LIST, headers, body)

    def send(method="POST", target=LIST, data=body):
        return ask(strict, method, target, headers=signed, data=data)

    for change in [
        {"method": "PUT"},
        {"method": "GET"},
        {"target": f"/v2/{B}/fgs/functions"},
        {"target": LIST + "?x=1"},
        {"data": body + b" "},
        {"data": b""},
    ]:
        answer = send(**change)
        assert answer.status_code in (401, 405), change
    assert send().status_code == 200
    assert go.request("DELETE", f"{LIST}/{name}").status_code == 204


def test_a_token_that_is_wrong_is_not_made_up_for_by_a_signature(go):
    assert_error(go.get(LIST, unsigned={"X-Auth-Token": "made-up"}), 401, "FSS.0401")


def test_the_go_sdk_logs_in_by_signatures_and_works(strict, go):
    for _ in range(2):
        (entry,) = go.get("/v3/projects?name=eu-de_a").json()["projects"]
        assert entry["id"] == A
    unsigned = {"X-Project-Id": entry["id"]}
    for _ in range(2):
        (domain,) = go.get("/v3/auth/domains?name=acme", unsigned=unsigned).json()["domains"]
    unsigned["X-Domain-Id"] = domain["id"]
    catalog = go.get("/v3/auth/catalog", unsigned=unsigned).json()["catalog"]
    (endpoint,) = [entry["endpoints"][0]["url"] for entry in catalog if entry["type"] == "volumev2"]
    assert endpoint == f"{strict.url}/v2/{A}"
    base = endpoint.replace("evs", "functiongraph", 1)[len(strict.url) :] + "/fgs/functions"
    urn = go.request("POST", base, json=function(), unsigned=unsigned).json()["func_urn"]
    target = f"{base}/{urn}"
    assert (
        go.get(
            f"{base}?maxitems=400&Marker=0&note=de+fault&a=%C3%A4", unsigned=unsigned
        ).status_code
        == 200
    )
    # Without a body; and with a query, which then is signed as if it were one.
    assert go.request("POST", f"{target}/invocations", unsigned=unsigned).status_code == 200
    assert (
        go.request("POST", f"{target}/invocations?b=2&a=x+y&a=%2B&c", unsigned=unsigned).status_code
        == 200
    )
    assert go.request(
        "POST", f"{target}/invocations", json={"k": "ü"}, unsigned=unsigned
    ).json() == {"k": "ü"}
    assert (
        go.request("PUT", f"{target}/config", json={"timeout": 40}, unsigned=unsigned).json()[
            "timeout"
        ]
        == 40
    )
    assert go.request("DELETE", target.rpartition(":")[0], unsigned=unsigned).status_code == 204


def test_the_go_sdk_is_told_when_the_project_is_not_its_own(go):
    assert go.get("/v3/projects?name=eu-de_b").json()["projects"] == []
    assert_keystone_error(go.get("/v3/auth/catalog", unsigned={"X-Project-Id": B}), 403)
    assert_error(go.get(f"/v2/{B}/fgs/functions"), 403, "FSS.0403")


def test_a_region_and_a_service_in_the_scope_are_signed_too(go):
    assert go.get(LIST, region="eu-de", service="functiongraph").status_code == 200


def test_a_lenient_server_takes_any_signature(server, api):
    signer = Signer(server.url, "any", "key", session())
    (entry,) = signer.get("/v3/projects?name=eu-de", date=at(-1000)).json()["projects"]
    assert entry["id"] == api.project_id
    catalog = signer.get("/v3/auth/catalog", unsigned={"X-Project-Id": B}).json()["catalog"]
    assert [entry for entry in catalog if entry["endpoints"][0]["url"].endswith(B)]
    assert signer.get(f"/v2/{api.project_id}/fgs/functions").status_code == 200
