"""HTTP functions: a web server of the function's own on 127.0.0.1:8000, asked what a gateway would ask it."""

import base64
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import parse_qs, urlsplit

import pytest

import distributions
from gateway_events import Answer, event, fetch
from rest import Function, assert_error, assert_failed, user_data

pytestmark = pytest.mark.usefixtures("isolated")

MEBIBYTE = 1024 * 1024
PYTHON = "/opt/function/runtime/python3.10/rtsp/python/bin/python3"


def web(project, code="web", **fields) -> Function:
    return project.create(code, **{"handler": "bootstrap", "runtime": "http", **fields})


def bootstrapped(project, script: str, **fields) -> Function:
    """An HTTP function with this `bootstrap`."""
    return web(project, project.pack({"bootstrap": script}), **fields)


# What fails


@pytest.mark.parametrize("files", [{"server.py": ""}, {"bin/bootstrap": ""}, {"Bootstrap": ""}])
def test_a_function_without_bootstrap_answers_4202(project, files):
    function = web(project, project.pack(files))
    error = assert_failed(function.invoke(event()), 4202)
    assert error["errorMessage"] == "runtime bootstrap file is not found"


@pytest.mark.parametrize("script", ["exit 0\n", "exit 3\n", "no_such_program\n", "kill -9 $$\n"])
def test_a_bootstrap_that_ends_at_once_fails_the_call_soon(project, script):
    function = bootstrapped(project, script)
    started = time.monotonic()
    error = assert_failed(function.invoke(event()), 4204)
    assert error["errorMessage"] == "runtime process is exited"
    assert time.monotonic() - started < 10


def test_a_server_that_never_listens_takes_too_long_and_the_next_call_starts_it_again(project):
    function = bootstrapped(project, "exec sleep 600\n", initializer_timeout=1, timeout=60)
    for _ in range(2):
        error = assert_failed(function.invoke(event()), 4211)
        assert error["errorMessage"] == "runtime initialization timed out after 1s"


def test_what_a_bootstrap_says_before_it_fails_is_in_the_log(project):
    function = bootstrapped(project, "echo last words; echo and more >&2; exit 3\n")
    log = function.invoke(event(), tail=True).log
    assert "last words" in log and "and more" in log


@pytest.mark.parametrize(
    "body", [{}, [], "text", None, 7, {"path": "/"}, {"httpMethod": 7, "path": "/"}], ids=repr
)
def test_an_event_that_is_no_request_is_an_error_and_does_not_hurt_the_server(project, body):
    function = web(project)
    first = fetch(function).json()
    assert not function.invoke(body).succeeded
    assert fetch(function).json()["instance"] == first["instance"]


def test_it_cannot_be_invoked_asynchronously(project):
    function = web(project)
    assert_error(function.try_to_submit(event()), 426, "FSS.0426")
    assert fetch(function).json()["calls"] == 1


@pytest.mark.parametrize("method", ["PUT", "POST"])
def test_asynchronous_invocations_cannot_be_configured(project, method):
    function = web(project)
    path = f"{function.path}/async-invoke-config"
    answer = function.api.request(method, path, json={"max_async_retry_attempts": 1})
    assert_error(answer, 426, "FSS.0426")
    assert_error(function.api.get(path), 404, "FSS.0404")


def test_a_crash_answers_4204_and_the_next_call_starts_the_server_again(project):
    function = web(project)
    first = fetch(function).json()
    for _ in range(2):
        error = assert_failed(function.invoke(event("/exit")), 4204)
        assert error["errorMessage"] == "runtime process is exited"
        again = fetch(function).json()
        assert again["instance"] != first["instance"] and again["calls"] == 1


def test_a_request_that_takes_too_long_answers_4010(project):
    function = web(project, timeout=3)
    first = fetch(function).json()
    error = assert_failed(function.invoke(event("/hang")), 4010)
    assert error["errorMessage"] == "call invoke timeout 3s"
    assert fetch(function).json()["instance"] != first["instance"]


@pytest.mark.parametrize("path", ["/garbage", "/nothing", "/too-short"])
def test_what_is_no_http_response_is_an_error_and_the_next_call_works(project, path):
    function = web(project)
    assert not function.invoke(event(path)).succeeded
    assert fetch(function).json()["name"] is None


def test_a_response_above_6_mb_is_an_error_and_the_next_call_works(project):
    function = web(project)
    invocation = function.invoke(event("/large", query={"bytes": str(7 * MEBIBYTE)}))
    assert invocation.failed and invocation.code in ("4004", "4008"), invocation
    assert fetch(function).json()["name"] is None


def test_more_memory_than_the_function_has_answers_4205(project):
    script = 'exec %s -c "x = b\'1\' * (600 << 20); import time; time.sleep(20)"\n' % PYTHON
    assert_failed(bootstrapped(project, script).invoke(event()), 4205)


# Requests


@pytest.mark.parametrize(
    "method", ["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD", "PURGE"]
)
def test_every_method_arrives(project, method):
    answer = fetch(web(project), method=method)
    assert answer.status == 200
    if method == "HEAD":
        assert answer.body == b""
    else:
        assert answer.json()["method"] == method


@pytest.mark.parametrize(
    "path", ["/", "/shop/orders/42", "/a%20b/c%2Fd", "/a//double", "/gr%C3%BC%C3%9Fe", "/a/../b", "/a;b=c"]
)
def test_the_path_arrives_as_it_is(project, path):
    assert fetch(web(project), path).json()["target"] == path


@pytest.mark.parametrize(
    "query, arrives",
    [
        ({"a": "b"}, {"a": ["b"]}),
        ({"a": "b c&d=e/ü?"}, {"a": ["b c&d=e/ü?"]}),
        ({"a": "", "b": "1"}, {"a": [""], "b": ["1"]}),
        ({"a": ["1", "2"]}, {"a": ["1", "2"]}),
        ({"a b": "c"}, {"a b": ["c"]}),
        ({"plus": "1+1"}, {"plus": ["1+1"]}),
    ],
)
def test_the_query_arrives(project, query, arrives):
    target = urlsplit(fetch(web(project), "/path", query=query).json()["target"])
    assert target.path == "/path"
    assert parse_qs(target.query, keep_blank_values=True) == arrives


def test_headers_arrive(project):
    headers = {"x-one": "1", "X-Two": "a, b", "content-type": "text/plain", "cookie": "c=d"}
    seen = fetch(web(project), headers=headers).json()["headers"]
    assert seen.items() >= {name.lower(): value for name, value in headers.items()}.items()
    assert seen["host"] == "c0ffee.apic.eu-de.example.com"


@pytest.mark.parametrize("body", [b"", b'{"a": 1}', bytes(range(256)), b"x" * MEBIBYTE], ids=len)
def test_the_body_arrives_decoded(project, body):
    seen = fetch(web(project), method="POST", body=body).json()
    assert base64.b64decode(seen["body"]) == body
    if body:
        assert seen["headers"]["content-length"] == str(len(body))


def test_a_body_that_is_not_encoded_arrives_as_it_is(project):
    function = web(project)
    request = event(method="POST", isBase64Encoded=False)
    request["body"] = "plain ü"
    seen = Answer(function.invoke(request)).json()
    assert base64.b64decode(seen["body"]).decode() == "plain ü"


def test_members_that_a_gateway_may_leave_out_are_not_needed(project):
    answer = Answer(web(project).invoke({"httpMethod": "GET", "path": "/short"}))
    assert answer.json()["target"] == "/short"


def test_headers_of_the_platform_are_added(project, api):
    function = web(project, memory_size=256, timeout=20)
    answer = fetch(function)
    seen = answer.json()["headers"]
    expected = {
        "x-cff-request-id": answer.invocation.request_id,
        "x-cff-memory": "256",
        "x-cff-timeout": "20",
        "x-cff-func-version": "latest",
        "x-cff-package": "default",
        "x-cff-project-id": api.project_id,
        "x-cff-region": "eu-de",
    }
    assert {name: seen.get(name) for name in expected} == expected
    assert seen["x-cff-func-name"] in (function.name, f"0@default@{function.name}")
    for name in ["auth-token", "security-access-key", "security-secret-key", "security-token"]:
        assert seen.get(f"x-cff-{name}") in (None, "", "null")


def test_a_version_is_told_its_name(project):
    function = web(project)
    function.publish("v1")
    assert fetch(function.at("v1")).json()["headers"]["x-cff-func-version"] == "v1"


# Responses


@pytest.mark.parametrize("code", [200, 201, 301, 400, 404, 500, 503])
def test_every_status_is_an_answer_and_no_failure(project, code):
    assert fetch(web(project), "/status", query={"code": str(code)}).status == code


def test_a_response_has_lists_of_header_values(project):
    answer = fetch(web(project), "/cookies")
    assert answer.header("Set-Cookie") == ["a=1", "b=2"]
    assert answer.header("X-One") == ["1"]
    assert answer.header("Content-Type") == ["application/json"]
    assert answer.body == b""


@pytest.mark.parametrize(
    "path, body",
    [
        ("/binary", bytes(range(256))),
        ("/chunked", b"one two three"),
        ("/without-length", b"until the end"),
        ("/lower-case", b"ok"),
        ("/empty", b""),
    ],
)
def test_a_body_arrives_however_it_was_sent(project, path, body):
    function = web(project)
    for _ in range(3):
        assert fetch(function, path).body == body


def test_four_megabytes_arrive(project):
    size = 4 * MEBIBYTE
    answer = fetch(web(project), "/large", query={"bytes": str(size)})
    assert answer.body == b"x" * size


def test_v1_carries_the_answer_as_text(project):
    invocation = web(project).invoke(event("/cookies"), version="v1")
    assert invocation.succeeded
    assert '"statusCode": 200' in invocation.json()["result"].replace('":200', '": 200')


# The server's life


def test_the_server_lives_from_call_to_call(project):
    function = web(project)
    seen = [fetch(function).json() for _ in range(3)]
    assert [item["calls"] for item in seen] == [1, 2, 3]
    assert len({item["instance"] for item in seen}) == 1


def test_a_call_waits_until_the_server_listens(project):
    function = web(project, user_data=user_data(DELAY="1.5"), timeout=10)
    assert fetch(function).json()["calls"] == 1


def test_several_functions_listen_on_the_same_port_at_once(project):
    names = ["ann", "bob", "cid", "dan"]
    functions = {name: web(project, user_data=user_data(NAME=name)) for name in names}
    with ThreadPoolExecutor(max_workers=8) as pool:
        seen = pool.map(lambda name: (name, fetch(functions[name]).json()["name"]), names * 20)
        assert all(expected == found for expected, found in seen)


def test_calls_at_the_same_time_get_servers_of_their_own(project, background):
    """Two requests to the same server would meet there; these wait for each other in vain."""
    function = web(project, timeout=3)
    calls = [background(function.invoke, event("/meet")) for _ in range(2)]
    assert [call.result().code for call in calls] == ["4010", "4010"]


def test_a_server_gets_as_many_requests_at_once_as_it_may(project, background):
    function = web(project)
    function.update_config(strategy_config={"concurrency": 1, "concurrent_num": 2})
    calls = [background(fetch, function, "/meet") for _ in range(2)]
    seen = [call.result() for call in calls]
    assert len({answer.json()["instance"] for answer in seen}) == 1
    for answer in seen:
        identifier = answer.json()["headers"]["x-cff-request-id"]
        assert identifier == answer.invocation.request_id


def test_output_of_the_server_is_logged(project):
    function = web(project)
    answer = fetch(function, "/talk", query={"text": "something to say"}, tail=True)
    log = answer.invocation.log
    assert log.index("Start invoke request") < log.index("something to say")
    assert log.index("something to say") < log.index("Finish invoke request")


def test_the_environment_describes_the_function(project, api):
    function = web(project, user_data=user_data(COLOUR="green", TEXT="Grüße = ; 'x'"))
    seen = fetch(function, "/environment").json()
    expected = {
        "RUNTIME_PROJECT_ID": api.project_id,
        "RUNTIME_FUNC_NAME": function.name,
        "RUNTIME_FUNC_VERSION": "latest",
        "RUNTIME_PACKAGE": "default",
        "RUNTIME_HANDLER": "bootstrap",
        "RUNTIME_MEMORY": "128",
        "RUNTIME_CODE_ROOT": "/opt/function/code",
        "COLOUR": "green",
        "TEXT": "Grüße = ; 'x'",
    }
    assert {name: seen["environment"].get(name) for name in expected} == expected
    assert seen["directory"] == "/opt/function"
    assert seen["user"] == 1003


def test_new_code_counts_from_the_next_call_on(project):
    function = web(project)
    first = fetch(function).json()
    function.update_code(project.sample("web", another=""))
    assert fetch(function).json()["instance"] != first["instance"]


def test_pythons_are_at_their_documented_places(project):
    script = "".join(
        f"/opt/function/runtime/python{version}/rtsp/python/bin/{program} -c 'print(1)' || exit 1\n"
        for version in ["2.7", "3.6", "3.9", "3.10", "3.12"]
        for program in ["python", "python3"]
    )
    script += f'exec {PYTHON} -u -c "import http.server as s; s.test(s.SimpleHTTPRequestHandler, port=8000, bind=\'127.0.0.1\')"\n'
    assert fetch(bootstrapped(project, script)).status == 200


# Its network

ASKING = """
import http.server
import os
import urllib.request

class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        try:
            with urllib.request.urlopen(os.environ["URL"], timeout=5) as answer:
                body = answer.read()
        except OSError as error:
            body = repr(error).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

port = int(os.environ.get("FGS_HTTP_PORT", 8000))
http.server.HTTPServer(("127.0.0.1", port), Handler).serve_forever()
"""


def asking(project, url: str) -> Function:
    """An HTTP function that asks somebody else, and answers what it hears."""
    code = {"bootstrap": f"exec {PYTHON} -u $RUNTIME_CODE_ROOT/asking.py\n", "asking.py": ASKING}
    variables = user_data(URL=f"{url}/_emulator/version", no_proxy="127.0.0.1")
    return web(project, project.pack(code), user_data=variables)


def test_a_server_has_a_network_of_its_own(project):
    """So that each may listen on port 8000; what listens on this machine is out of its reach."""
    assert b"refused" in fetch(asking(project, project.api.url)).body


def test_a_server_can_be_given_the_network_of_the_machine(fresh_server, project_of):
    """It is told the port that is its own there."""
    server = fresh_server(options=["--http-network", "shared"])
    project = project_of(server)
    for function in [asking(project, server.url) for _ in range(2)]:
        assert fetch(function).json()["name"] == "fgs-emulator"


# Frameworks

FLASK_APP = """
import flask
import helper

app = flask.Flask(__name__)

@app.route("/hello/<name>")
def hello(name):
    return flask.jsonify(hello=name, helper=helper.word, query=flask.request.args)

@app.route("/upload", methods=["POST"])
def upload():
    return flask.request.get_json()["a"], 201, {"X-From": "flask"}

@app.route("/fail")
def fail():
    raise ValueError("inside flask")

app.run(host="127.0.0.1", port=8000)
"""


@pytest.fixture
def flask_function(project):
    """Flask from a dependency; the application is below src and imports from the root."""
    dependency = project.create_dependency(project.pack(distributions.files(*distributions.FLASK)))
    bootstrap = (
        "export PYTHONPATH=$RUNTIME_CODE_ROOT:$PYTHONPATH\n"
        f"{PYTHON} -u $RUNTIME_CODE_ROOT/src/index.py\n"
    )
    code = {"bootstrap": bootstrap, "src/index.py": FLASK_APP, "helper.py": "word = 'found'"}
    return web(
        project, project.pack(code), depend_version_list=[dependency["id"]], memory_size=256
    )


def test_flask_answers(flask_function):
    answer = fetch(flask_function, "/hello/you", query={"a": "b"})
    assert answer.json() == {"hello": "you", "helper": "found", "query": {"a": "b"}}
    headers = {"content-type": "application/json"}
    answer = fetch(flask_function, "/upload", method="POST", body=b'{"a": "sent"}', headers=headers)
    assert (answer.status, answer.body) == (201, b"sent")
    assert answer.header("X-From") == ["flask"]


def test_an_exception_inside_flask_is_a_500_of_flask_with_its_traceback_in_the_log(flask_function):
    answer = fetch(flask_function, "/fail", tail=True)
    assert answer.status == 500 and b"Internal Server Error" in answer.body
    assert "ValueError: inside flask" in answer.invocation.log
    assert fetch(flask_function, "/hello/again").json()["hello"] == "again"
