"""Functions behind the API gateway: APIG and DEDICATEDGATEWAY triggers can be called."""

import base64
import hashlib
import json
import re
import subprocess
import time
import uuid

import pytest
import requests

from deadlines import eventually
from gateway import REPORT, answering, assert_refused, expose, flask_files
from rest import REQUEST_ID, Api, Project, session
from signing import Signer
from wire import Wire, request

BINARY = bytes(range(256))
KINDS = ["APIG", "DEDICATEDGATEWAY"]
GATEWAY_ID = re.compile(r"[0-9a-f]{32}")


@pytest.fixture
def report(project):
    return project.create_inline(REPORT)


def event_of(answer: requests.Response) -> dict:
    assert answer.status_code == 200, answer.text
    return answer.json()["event"]


# What goes wrong


def test_a_group_that_does_not_exist_is_not_found(api):
    for path in ["/_apig", "/_apig/", "/_apig/nothing", "/_apig/nothing/at/all"]:
        assert_refused(api.anonymous("GET", path), 404, "APIG.0101")


def test_a_name_of_a_group_that_does_not_exist_is_not_found(api):
    for path in ["/", "/v2/project/fgs/functions", "/_emulator/health"]:
        answer = api.anonymous("GET", path, headers={"Host": "nothing.apig.localhost"})
        assert_refused(answer, 404, "APIG.0101")


@pytest.mark.parametrize("path", ["/shop", "/shop/orders/42", "/shop/orderss", "/Shop/orders"])
def test_a_path_that_the_group_does_not_have_is_not_found(report, path):
    called = expose(report, "/shop/orders", mode="NORMAL")
    assert_refused(called.session.get(called.root + path, timeout=10), 404, "APIG.0101")


def test_another_method_is_refused_with_those_there_are(report):
    called = expose(report, "/a", method="GET", mode="NORMAL")
    expose(report, "/a", method="PUT", mode="NORMAL", group=called.group)
    for method in ["POST", "DELETE", "OPTIONS", "PATCH"]:
        answer = called.request(method)
        assert_refused(answer, 405, "APIG.0101")
        assert answer.headers["Allow"] == "GET, PUT"


def test_a_trigger_that_is_gone_is_not_found_at_once(report):
    called = expose(report, "/a")
    assert called.get().status_code == 200
    path = f"{report.triggers}/APIG/{called.trigger['trigger_id']}"
    assert report.api.delete(path).status_code == 204
    assert_refused(called.get(), 404, "APIG.0101")


def test_the_apis_of_a_function_go_with_it(report):
    called = expose(report, "/a")
    assert called.get().status_code == 200
    assert report.delete().status_code == 204
    assert_refused(called.get(), 404, "APIG.0101")


@pytest.mark.parametrize("auth", ["IAM", "APP"])
@pytest.mark.parametrize("kind", KINDS)
def test_credentials_are_asked_for(report, auth, kind):
    called = expose(report, "/a", auth=auth, kind=kind)
    for headers in [{}, {"X-Auth-Token": ""}, {"X-Apig-AppCode": ""}]:
        assert_refused(called.get(headers=headers), 401, "APIG.0301")


def test_credentials_of_the_other_kind_are_not_enough(report):
    user, application = expose(report, "/a", auth="IAM"), expose(report, "/b", auth="APP")
    assert_refused(user.get(headers={"X-Apig-AppCode": "any"}), 401, "APIG.0301")
    assert_refused(application.get(headers={"X-Auth-Token": "any"}), 401, "APIG.0301")


def test_a_lenient_server_takes_any_credentials(report):
    user, application = expose(report, "/a", auth="IAM"), expose(report, "/b", auth="APP")
    signature = {"Authorization": "SDK-HMAC-SHA256 Access=any, SignedHeaders=host, Signature=any"}
    for called, headers in [
        (user, {"X-Auth-Token": "any"}),
        (user, signature),
        (application, {"X-Apig-AppCode": "any"}),
        (application, signature),
    ]:
        assert called.get(headers=headers).status_code == 200


def test_a_strict_server_checks_credentials(fresh_server, fixtures):
    server = fresh_server(
        options=["--auth", "strict"],
        environment={"FGS_EMULATOR_USERS": "e2e:e2e", "FGS_EMULATOR_ACCESS_KEYS": "AKAPP:s3cret"},
    )
    project = Project(Api(server.url), fixtures)
    function = project.create_inline(REPORT)
    user, application = (
        expose(function, "/user", auth="IAM"),
        expose(function, "/app", auth="APP"),
    )
    assert user.get(headers={"X-Auth-Token": function.api.token}).status_code == 200
    assert application.get(headers={"X-Apig-AppCode": "s3cret"}).status_code == 200
    assert_refused(user.get(headers={"X-Auth-Token": "any"}), 401, "APIG.0301")
    assert_refused(application.get(headers={"X-Apig-AppCode": "any"}), 401, "APIG.0301")
    for called in [user, application]:
        target = called.url.removeprefix(server.url)
        right = Signer(server.url, "AKAPP", "s3cret", session())
        assert right.get(target).status_code == 200
        # Larger than what is hashed at once.
        assert right.request("POST", target, json="x" * 100_000).status_code == 200
        wrong = Signer(server.url, "AKAPP", "wrong", session())
        assert_refused(wrong.get(target), 401, "APIG.0301")
        assert_refused(wrong.request("POST", target, json="x" * 100_000), 401, "APIG.0301")


def test_a_function_that_takes_too_long_is_not_waited_for_and_goes_on(project):
    source = """
import time

def handler(event, context):
    time.sleep(1.5)
    print("at the end all the same")
    return {"statusCode": 200}
"""
    function = project.create_inline(source)
    called = expose(function, "/slow", timeout=300)
    started = time.monotonic()
    answer = called.get()
    assert_refused(answer, 504, "APIG.0201")
    assert 0.3 <= time.monotonic() - started < 1.4

    def logged() -> list:
        query = {"function": function.urn, "text": "at the end all the same"}
        headers = {"X-Auth-Token": project.api.token}
        found = project.api.anonymous("GET", "/_emulator/logs", params=query, headers=headers)
        return found.json()["logs"]

    eventually(logged, 10, "the function going on")


@pytest.mark.parametrize(
    "result",
    [
        "text",
        None,
        7,
        [],
        {},
        {"body": "no status"},
        {"statusCode": "many"},
        {"statusCode": 99},
        {"statusCode": 200, "body": {"not": "text"}},
        {"statusCode": 200, "headers": ["not", "a", "map"]},
        {"statusCode": 200, "headers": {"A": "x\r\nSet-Cookie: evil=1"}},
        {"statusCode": 200, "body": "no Base64!", "isBase64Encoded": True},
        {"statusCode": 200, "isBase64Encoded": "yes"},
    ],
    ids=repr,
)
def test_a_result_that_is_no_response_is_an_error(project, result):
    called = expose(project.create_inline(answering(result)))
    answer = called.get()
    assert_refused(answer, 500, "FSS.1202")
    assert "Set-Cookie" not in answer.headers


def test_a_handler_that_raises_is_answered_its_error_object(project):
    source = "def handler(event, context):\n    raise ValueError('broken on purpose')\n"
    answer = expose(project.create_inline(source)).get()
    assert answer.status_code == 500
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.json()["errorType"] == "ValueError"
    assert answer.headers["X-Func-Err-Code"] == "4002"


def test_code_that_does_not_load_is_an_error_of_the_function(project):
    answer = expose(project.create_inline("this is no Python")).get()
    assert answer.status_code == 500 and answer.headers["X-Func-Err-Code"] == "4001"


def test_a_function_that_runs_out_of_its_own_time_is_an_error_of_the_function(project):
    source = "import time\n\ndef handler(event, context):\n    time.sleep(60)\n"
    called = expose(project.create_inline(source, timeout=3), timeout=20_000)
    answer = called.get()
    assert answer.status_code == 500 and answer.headers["X-Func-Err-Code"] == "4010"


def test_an_instance_that_dies_is_a_bad_gateway(project):
    source = "import os\n\ndef handler(event, context):\n    os._exit(3)\n"
    assert_refused(expose(project.create_inline(source)).get(), 502, "APIG.0201")


def test_a_function_that_cannot_run_here_is_a_bad_gateway(project):
    function = project.create(runtime="Node.js16.17", handler="index.handler")
    assert_refused(expose(function).get(), 502, "APIG.0201")


def test_a_disabled_function_is_refused(report):
    called = expose(report)
    assert report.set_max_instances(0).status_code == 200
    assert_refused(called.get(), 429, "FSS.0429")


def test_a_body_beyond_the_limit_is_refused(project):
    called = expose(project.create_inline(answering({"statusCode": 204})), method="POST")
    assert called.post(data=b"x" * (6 << 20)).status_code == 204
    assert_refused(called.post(data=b"x" * ((6 << 20) + 1)), 413, "APIG.0201")


def test_a_body_beyond_the_limit_of_asynchronous_calls_is_refused(report):
    called = expose(report, method="POST", invocation_type="async")
    assert_refused(called.post(data=b"x" * ((256 << 10) + 1)), 413, "APIG.0201")


def test_a_foreign_host_does_not_reach_the_gateway(report):
    called = expose(report)
    answer = called.get(headers={"Host": "evil.example"})
    assert answer.status_code == 403


# Where requests go


@pytest.mark.parametrize("kind", KINDS)
def test_the_invoke_url_of_a_trigger_works_at_once(report, kind):
    called = expose(report, "/thumbs", kind=kind)
    assert called.url == f"{report.api.url}/_apig/{called.group}/thumbs"
    event = event_of(called.get())
    assert event["path"] == "/thumbs"
    shown = report.api.get(f"{report.triggers}/{kind}/{called.trigger['trigger_id']}").json()
    assert shown["event_data"]["invoke_url"] == called.url


@pytest.mark.parametrize("group", ["with blank", "a/b", "ä", "%2F", "A.b~c_d-e"])
def test_a_group_of_any_name_has_an_invoke_url_that_works(report, group):
    group += uuid.uuid4().hex
    called = expose(report, "/x", group=group)
    assert event_of(called.get())["path"] == "/x"


def test_a_group_can_be_called_by_its_name(report):
    called = expose(report, "/shop")
    event = event_of(called.by_name("GET", "/shop/orders?a=1"))
    assert event["path"] == "/shop/orders" and event["queryStringParameters"] == {"a": "1"}
    assert event["headers"]["host"] == called.host
    assert "x-forwarded-prefix" not in event["headers"]


def test_the_name_of_a_group_is_found_whatever_its_case(report):
    called = expose(report, "/shop", group=f"Group-{uuid.uuid4().hex[:8]}")
    assert called.by_name("GET", "/shop").status_code == 200
    answer = report.api.anonymous("GET", "/shop", headers={"Host": called.host.upper()})
    assert answer.status_code == 200


def test_curl_finds_a_group_by_its_name(report):
    called = expose(report, "/shop")
    done = subprocess.run(
        ["curl", "-sS", "--noproxy", "*", "--resolve", f"{called.host}:127.0.0.1",
         f"http://{called.host}/shop"],
        capture_output=True, text=True, timeout=30,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["event"]["path"] == "/shop"


def test_a_trigger_that_has_moved_is_found_at_its_new_path(report):
    called = expose(report, "/old", mode="NORMAL")
    assert called.get().status_code == 200
    answer = report.api.put(
        f"{report.triggers}/APIG/{called.trigger['trigger_id']}",
        json={"event_data": {"path": "/new"}},
    )
    assert answer.status_code == 200, answer.text
    assert_refused(called.get(), 404, "APIG.0101")
    moved = answer.json()["event_data"]["invoke_url"]
    assert event_of(called.session.get(moved, timeout=10))["path"] == "/new"


def test_the_most_specific_api_answers(project):
    group = uuid.uuid4().hex
    for path, mode, method in [
        ("/", "SWA", "ANY"),
        ("/orders", "SWA", "ANY"),
        ("/orders/{id}", "NORMAL", "ANY"),
        ("/orders/new", "NORMAL", "ANY"),
        ("/orders/new/x", "SWA", "POST"),
    ]:
        result = {"statusCode": 200, "body": f"{path} {mode} {method}"}
        function = project.create_inline(answering(result))
        called = expose(function, path, mode=mode, method=method, group=group)
    expected = {
        ("GET", "/"): "/ SWA ANY",
        ("GET", "/else"): "/ SWA ANY",
        ("GET", "/orders"): "/orders SWA ANY",
        ("GET", "/orders/42"): "/orders/{id} NORMAL ANY",
        ("GET", "/orders/new"): "/orders/new NORMAL ANY",
        ("POST", "/orders/new/x"): "/orders/new/x SWA POST",
        ("GET", "/orders/new/x"): "/orders SWA ANY",
    }
    for (method, path), text in expected.items():
        assert called.session.request(method, called.root + path, timeout=10).text == text


def test_a_trigger_of_an_alias_calls_its_version(project):
    function = project.create_inline(REPORT)
    function.publish("v1")
    function.create_alias("prod", "v1")
    called = expose(function.at("!prod"), "/prod")
    assert called.get().json()["alias"] == "prod"


def test_the_apis_are_there_after_a_restart(fresh_server, fixtures, tmp_path):
    first = fresh_server(tmp_path)
    function = Project(Api(first.url), fixtures).create_inline(REPORT)
    called = expose(function, "/kept")
    assert first.stop() == 0
    second = fresh_server(tmp_path)
    url = called.url.replace(first.url, second.url)
    assert event_of(called.session.get(url, timeout=10))["path"] == "/kept"


# What the function is given


def test_the_event_has_the_members_that_gateways_send(report):
    called = expose(report, "/shop/{kind}/{id}")
    answer = called.session.post(
        f"{called.root}/shop/orders/42/items?dry=1&empty=&flag&b=%C3%A4+x",
        data=b'{"qty": 3}',
        headers={"Content-Type": "application/json", "User-Agent": "tests"},
        timeout=10,
    )
    event = event_of(answer)
    assert set(event) == {
        "httpMethod", "path", "pathParameters", "queryStringParameters", "headers", "body",
        "isBase64Encoded", "requestContext",
    }  # fmt: skip
    assert event["httpMethod"] == "POST"
    assert event["path"] == "/shop/orders/42/items"
    assert event["pathParameters"] == {"kind": "orders", "id": "42", "": "items"}
    assert event["queryStringParameters"] == {"dry": "1", "empty": "", "flag": "", "b": "ä x"}
    assert base64.b64decode(event["body"]) == b'{"qty": 3}' and event["isBase64Encoded"] is True
    context = event["requestContext"]
    assert context["stage"] == "RELEASE"
    assert context["apiId"] == called.trigger["event_data"]["api_id"]
    headers = event["headers"]
    assert headers["content-type"] == "application/json" and headers["user-agent"] == "tests"
    assert headers["host"] == headers["x-forwarded-host"] == f"127.0.0.1:{called.port}"
    assert headers["x-forwarded-port"] == str(called.port)
    assert headers["x-forwarded-proto"] == "http"
    assert headers["x-forwarded-for"] == headers["x-real-ip"] == "127.0.0.1"
    assert headers["x-forwarded-prefix"] == f"/_apig/{called.group}"


def test_ids_of_a_request_are_one_and_the_same(report):
    answer = expose(report, "/a").get(headers={"X-Request-Id": "the-clients-own"})
    event = event_of(answer)
    gateway_id = answer.headers["X-Request-Id"]
    assert GATEWAY_ID.fullmatch(gateway_id)
    assert gateway_id == event["headers"]["x-request-id"] == event["requestContext"]["requestId"]
    invocation = answer.headers["X-Cff-Request-Id"]
    assert REQUEST_ID.fullmatch(invocation) and invocation.replace("-", "") == gateway_id
    assert invocation == answer.json()["request_id"]


def test_repeated_parameters_and_headers_are_all_there(report):
    called = expose(report, "/a")
    with Wire(called.port) as wire:
        wire.send(
            f"GET /_apig/{called.group}/a?k=1&j=x&k=2&k=3 HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            "X-Many: one\r\nx-many: two\r\nCookie: a=1\r\nCookie: b=2\r\n"
            "X-Forwarded-For: 192.0.2.10\r\nConnection: keep-alive\r\n\r\n"
        )
        event = wire.receive().json()["event"]
    assert event["queryStringParameters"] == {"k": ["1", "2", "3"], "j": "x"}
    assert event["headers"]["x-many"] == "one, two"
    assert event["headers"]["cookie"] == "a=1; b=2"
    assert event["headers"]["x-forwarded-for"] == "192.0.2.10, 127.0.0.1"
    assert event["headers"]["x-forwarded-port"] == "80"
    assert "connection" not in event["headers"]


def test_the_path_is_given_as_it_was_sent(report):
    called = expose(report, "/größe/{id}", mode="NORMAL")
    answer = called.session.get(f"{called.root}/gr%C3%B6%C3%9Fe/a%2Fb%20c", timeout=10)
    event = event_of(answer)
    assert event["path"] == "/gr%C3%B6%C3%9Fe/a%2Fb%20c"
    assert event["pathParameters"] == {"id": "a%2Fb%20c"}


@pytest.mark.parametrize("body", [b"", BINARY, BINARY * 4000])
def test_bodies_arrive_as_they_are(project, body):
    source = """
import base64, hashlib

def handler(event, context):
    digest = hashlib.sha256(base64.b64decode(event["body"])).hexdigest()
    return {"statusCode": 200, "body": digest}
"""
    answer = expose(project.create_inline(source)).post(data=body)
    assert answer.text == hashlib.sha256(body).hexdigest()


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
@pytest.mark.parametrize("chosen", ["ANY", None])
def test_every_method_reaches_the_function(report, method, chosen):
    called = expose(report, "/a", method=chosen or method)
    assert event_of(called.request(method))["httpMethod"] == method


# What the client is given


def test_the_answer_is_what_the_function_says(project):
    result = {
        "statusCode": "418",
        "headers": {
            "Content-Type": "text/plain; charset=utf-8",
            "Set-Cookie": ["a=1; Path=/", "b=2"],
            "X-Number": 7,
            "Connection": "close",
            "Transfer-Encoding": "chunked",
            "Content-Length": "3",
            "X-Request-Id": "mine",
        },
        "body": "ä teapot",
    }
    called = expose(project.create_inline(answering(result)))
    with Wire(called.port) as wire:
        wire.send(request("GET", f"/_apig/{called.group}/"))
        answer = wire.receive()
        assert answer.status == 418
        assert answer.body.decode() == "ä teapot"
        assert answer.headers["x-number"] == "7"
        assert answer.headers["content-type"] == "text/plain; charset=utf-8"
        assert GATEWAY_ID.fullmatch(answer.headers["x-request-id"])
        assert "transfer-encoding" not in answer.headers
        # The connection stays.
        wire.send(request("GET", f"/_apig/{called.group}/"))
        assert wire.receive().status == 418
    cookies = called.get().raw.headers.getlist("Set-Cookie")
    assert cookies == [f"a=1; Path=/_apig/{called.group}/", "b=2"]
    assert called.by_name("GET", "/").raw.headers.getlist("Set-Cookie") == ["a=1; Path=/", "b=2"]


def test_a_binary_answer_is_decoded(project):
    result = {
        "statusCode": 200,
        "headers": {"Content-Type": "application/octet-stream"},
        "body": base64.b64encode(BINARY).decode(),
        "isBase64Encoded": True,
    }
    assert expose(project.create_inline(answering(result))).get().content == BINARY


def test_head_has_the_headers_and_no_body(project):
    called = expose(project.create_inline(answering({"statusCode": 200, "body": "12345"})))
    with Wire(called.port) as wire:
        wire.send(request("HEAD", f"/_apig/{called.group}/"))
        answer = wire.receive(body=False)
        assert answer.status == 200 and answer.headers["content-length"] == "5"
        wire.send(request("GET", f"/_apig/{called.group}/"))
        assert wire.receive().body == b"12345"


@pytest.mark.parametrize(
    "sent, shown",
    [
        ("/login?next=%2F", "{prefix}/login?next=%2F"),
        ("{prefix}/login", "{prefix}/login"),
        ("{origin}/login", "{origin}{prefix}/login"),
        ("relative", "relative"),
        ("../up", "../up"),
        ("//other.example/x", "//other.example/x"),
        ("https://other.example/x", "https://other.example/x"),
    ],
)
def test_redirects_stay_in_the_group(project, sent, shown):
    group = uuid.uuid4().hex
    names = {"prefix": f"/_apig/{group}", "origin": project.api.url}
    result = {"statusCode": 302, "headers": {"Location": sent.format(**names)}}
    called = expose(project.create_inline(answering(result)), group=group)
    answer = called.get()
    assert answer.status_code == 302
    assert answer.headers["Location"] == shown.format(**names)


def test_an_asynchronous_api_answers_before_the_function(project):
    function = project.create_inline(REPORT)
    called = expose(function, "/later", invocation_type="async", method="POST")
    answer = called.post(data=b"x")
    assert answer.status_code == 202
    request_id = answer.json()["request_id"]
    assert REQUEST_ID.fullmatch(request_id)
    assert answer.headers["X-Request-Id"] == request_id.replace("-", "")
    assert function.finished(request_id)["status"] == "SUCCESS"


# Web pages of other origins

PREFLIGHT = {
    "Origin": "https://pages.example",
    "Access-Control-Request-Method": "PUT",
    "Access-Control-Request-Headers": "content-type, x-mine",
}


def allowed(answer: requests.Response) -> "dict[str, str]":
    return {
        name.lower(): value
        for name, value in answer.headers.items()
        if name.lower().startswith("access-control-")
    }


def test_other_origins_may_call_but_are_told_nothing_unless_that_is_configured(report):
    called = expose(report, "/a", method="PUT")
    answer = called.request(
        "PUT", headers={"Origin": "https://pages.example", "Sec-Fetch-Site": "cross-site"}
    )
    assert event_of(answer)["headers"]["origin"] == "https://pages.example"
    assert not allowed(answer)
    refused = called.request("OPTIONS", headers=PREFLIGHT)
    assert_refused(refused, 405, "APIG.0101")
    assert not allowed(refused)


def test_a_preflight_goes_to_a_function_that_takes_options(project):
    result = {"statusCode": 204, "headers": {"Access-Control-Allow-Origin": "https://pages.example"}}
    called = expose(project.create_inline(answering(result)))
    answer = called.request("OPTIONS", headers=PREFLIGHT)
    assert allowed(answer) == {"access-control-allow-origin": "https://pages.example"}


def test_with_cors_the_gateway_answers_for_the_function(report):
    called = expose(report, "/a", method="PUT", cors=True)
    answer = called.request("OPTIONS", headers=PREFLIGHT)
    assert answer.status_code == 204 and not answer.content
    assert allowed(answer) == {
        "access-control-allow-origin": "*",
        "access-control-allow-methods": "PUT",
        "access-control-allow-headers": "content-type, x-mine",
        "access-control-max-age": "600",
    }
    answer = called.request("PUT", headers={"Origin": "https://pages.example"})
    assert answer.status_code == 200
    assert allowed(answer) == {"access-control-allow-origin": "*"}
    assert not allowed(called.request("PUT"))


def test_with_cors_what_the_function_says_counts_and_errors_can_be_read(project):
    origin = {"Origin": "https://pages.example"}
    own = {"Access-Control-Allow-Origin": "https://pages.example"}
    called = expose(
        project.create_inline(answering({"statusCode": 200, "headers": own})), cors=True
    )
    assert allowed(called.get(headers=origin)) == {
        "access-control-allow-origin": "https://pages.example"
    }
    broken = expose(project.create_inline(answering("text")), cors=True)
    answer = broken.get(headers=origin)
    assert_refused(answer, 500, "FSS.1202")
    assert allowed(answer) == {"access-control-allow-origin": "*"}


# Web servers

APPLICATION = """
import os

from flask import Flask, Response, jsonify, redirect, request, session, url_for

app = Flask(__name__)
app.secret_key = "for tests"


@app.route("/")
def home():
    return '<a href="hello/Ada">greet</a><a href="count">count</a>'


@app.route("/hello/<name>")
def hello(name):
    return f"Hello, {name}!"


@app.route("/count")
def count():
    session["count"] = session.get("count", 0) + 1
    return jsonify(count=session["count"])


@app.route("/old")
def old():
    return redirect(url_for("hello", name="again"))


@app.route("/form", methods=["POST"])
def form():
    return jsonify(form=request.form.to_dict(flat=False), query=request.args.to_dict(flat=False))


@app.route("/reverse", methods=["POST"])
def reverse():
    upload = request.files["file"].read() if request.files else request.get_data()
    return Response(upload[::-1], mimetype="application/octet-stream")


@app.route("/cookies")
def cookies():
    answer = jsonify(request.cookies)
    answer.set_cookie("one", "1")
    answer.set_cookie("two", "2", path="/cookies")
    return answer


@app.route("/about")
def about():
    return jsonify(headers=dict(request.headers), url=request.url, method=request.method)


@app.route("/fails")
def fails():
    raise ValueError("on purpose")


@app.route("/dies")
def dies():
    os._exit(3)


app.run(port=int(os.environ.get("FGS_HTTP_PORT", 8000)), threaded=True)
"""


@pytest.fixture(scope="module")
def site(server, fixtures):
    """A web site of Flask behind the gateway."""
    project = Project(Api(server.url), fixtures)
    function = project.create(
        project.pack(flask_files(APPLICATION)), runtime="http", handler="bootstrap", memory_size=512
    )
    yield expose(function, "/", timeout=60_000)
    project.clean_up()


@pytest.fixture(params=["path", "name"])
def visit(request, site):
    """Visits pages of the site, by the path or by the name of its group, and keeps cookies as browsers do."""
    if request.param == "path":
        visitor = session()
        return lambda method, path, **options: visitor.request(
            method, site.root + path, timeout=60, **{"allow_redirects": False, **options}
        )
    return site.by_name


def test_a_web_server_answers_pages(visit):
    answer = visit("GET", "/")
    assert answer.status_code == 200 and "hello/Ada" in answer.text
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert visit("GET", "/hello/Ada").text == "Hello, Ada!"
    assert visit("GET", "/hello/J%C3%BCrgen").text == "Hello, Jürgen!"


def test_errors_of_a_web_server_are_its_own(visit):
    assert visit("GET", "/nowhere").status_code == 404
    assert "Not Found" in visit("GET", "/nowhere").text
    answer = visit("POST", "/about")
    assert answer.status_code == 405 and "GET" in answer.headers["Allow"]
    assert visit("GET", "/fails").status_code == 500


@pytest.mark.parametrize("warm", [False, True])
def test_a_web_server_that_dies_is_a_bad_gateway_and_started_again(project, warm):
    function = project.create(
        project.pack(flask_files(APPLICATION)), runtime="http", handler="bootstrap", memory_size=512
    )
    own = expose(function, "/", timeout=60_000)
    if warm:
        assert own.get("count").status_code == 200
    assert_refused(own.get("dies"), 502, "APIG.0201")
    assert own.get("hello/Ada").text == "Hello, Ada!"


def test_a_web_server_redirects_within_the_group(site, visit):
    answer = visit("GET", "/old")
    assert answer.status_code == 302
    assert answer.headers["Location"] in ("/hello/again", f"/_apig/{site.group}/hello/again")
    followed = session().get(f"{site.root}/old", timeout=30)
    assert followed.status_code == 200 and followed.text == "Hello, again!"


def test_sessions_are_kept_in_cookies(site):
    browser = session()
    counts = [browser.get(f"{site.root}/count", timeout=30).json()["count"] for _ in range(3)]
    assert counts == [1, 2, 3]
    assert {cookie.path for cookie in browser.cookies} == {f"/_apig/{site.group}/"}


def test_cookies_come_and_go_one_by_one(visit):
    answer = visit("GET", "/cookies", headers={"Cookie": "a=1; b=2"})
    assert answer.json() == {"a": "1", "b": "2"}
    cookies = answer.raw.headers.getlist("Set-Cookie")
    assert [cookie.partition(";")[0] for cookie in cookies] == ["one=1", "two=2"]


def test_forms_and_queries_arrive(visit):
    answer = visit("POST", "/form?q=1&q=%C3%A4%26b&r=a+b", data={"x": ["1", "2"], "y": "&="})
    assert answer.json() == {
        "form": {"x": ["1", "2"], "y": ["&="]},
        "query": {"q": ["1", "ä&b"], "r": ["a b"]},
    }


@pytest.mark.parametrize("size", [0, 256, 1 << 20])
def test_files_go_up_and_down(visit, size):
    content = (BINARY * (size // 256 + 1))[:size]
    answer = visit("POST", "/reverse", data=content)
    assert answer.status_code == 200, answer.text
    assert answer.content == content[::-1]
    assert answer.headers["Content-Type"] == "application/octet-stream"
    answer = visit("POST", "/reverse", files={"file": ("x.bin", content)})
    assert answer.content == content[::-1]


def test_a_web_server_knows_how_it_was_called(site):
    seen = site.by_name("GET", "/about?x=1").json()
    assert seen["url"] == f"http://{site.host}/about?x=1"
    headers = {name.lower(): value for name, value in seen["headers"].items()}
    assert headers["x-real-ip"] == "127.0.0.1"
    assert REQUEST_ID.fullmatch(headers["x-cff-request-id"])
    assert headers["x-cff-func-name"] == site.function.name


def test_head_of_a_web_server_says_how_long_the_page_is(site):
    page = site.get("hello/Ada")
    with Wire(site.port) as wire:
        wire.send(request("HEAD", f"/_apig/{site.group}/hello/Ada"))
        answer = wire.receive(body=False)
        assert answer.status == 200
        assert answer.headers["content-length"] == str(len(page.content))
        wire.send(request("GET", f"/_apig/{site.group}/hello/Ada"))
        assert wire.receive().body == page.content
