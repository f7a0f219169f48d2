"""HTTP/1.1 as bytes, where clients, proxies and attackers differ from what libraries send."""

import json

import pytest

from rest import REQUEST_ID
from wire import Wire, request

HOST = "Host: 127.0.0.1\r\n"
HEALTH = "/_emulator/health"


@pytest.fixture
def wire(server):
    with Wire(server.port) as wire:
        yield wire


def functions(api) -> str:
    return f"/v2/{api.project_id}/fgs/functions"


# Refused


@pytest.mark.parametrize(
    "data",
    [
        pytest.param("nonsense\r\n\r\n", id="no request line"),
        pytest.param(f"GET{HEALTH} HTTP/1.1\r\n{HOST}\r\n", id="no blank after the method"),
        pytest.param(f"GET {HEALTH}\r\n{HOST}\r\n", id="no version"),
        pytest.param(f"GET {HEALTH} HTTP/one\r\n{HOST}\r\n", id="no number in the version"),
        pytest.param(f"GET {HEALTH} HTTP/1.1\n{HOST}\n", id="bare line feeds"),
        pytest.param(f"GET {HEALTH} HTTP/1.1\r\n{HOST}X: a\nb\r\n\r\n", id="a bare line feed"),
        pytest.param(f"GET {HEALTH} HTTP/1.1\r\nHost : 127.0.0.1\r\n\r\n", id="blank before colon"),
        pytest.param(f"GET {HEALTH} HTTP/1.1\r\n{HOST}X: a\r\n b\r\n\r\n", id="folded line"),
        pytest.param(f"GET {HEALTH} HTTP/1.1\r\n{HOST}: a\r\n\r\n", id="header without name"),
        pytest.param(f"GET {HEALTH} HTTP/1.1\r\n{HOST}X: a\0b\r\n\r\n", id="NUL in a value"),
        pytest.param(f"GET {HEALTH} HTTP/1.1\r\n\r\n", id="no Host"),
        pytest.param(f"GET {HEALTH} HTTP/1.1\r\n{HOST}{HOST}\r\n", id="two Hosts"),
        pytest.param(f"GET no-slash HTTP/1.1\r\n{HOST}\r\n", id="target without slash"),
        pytest.param(f"GET /%zz HTTP/1.1\r\n{HOST}\r\n", id="broken percent escape"),
        pytest.param(
            f"POST /v3/auth/tokens HTTP/1.1\r\n{HOST}Content-Length: 3\r\n"
            "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            id="length and chunked",
        ),
        pytest.param(
            f"POST /v3/auth/tokens HTTP/1.1\r\n{HOST}Content-Length: 3\r\nContent-Length: 4\r\n\r\nabc",
            id="two lengths",
        ),
        *[
            pytest.param(
                f"POST /v3/auth/tokens HTTP/1.1\r\n{HOST}Content-Length: {length}\r\n\r\n",
                id=f"length {length}",
            )
            for length in ["-1", "+3", "0x3", "three", "3,4"]
        ],
        *[
            pytest.param(
                f"POST /v3/auth/tokens HTTP/1.1\r\n{HOST}Transfer-Encoding: chunked\r\n\r\n{chunk}",
                id=name,
            )
            for name, chunk in {
                "chunk size is no number": "x\r\n{}\r\n0\r\n\r\n",
                "chunk size is negative": "-2\r\n{}\r\n0\r\n\r\n",
                "chunk longer than it says": "2\r\n{}}\r\n0\r\n\r\n",
                "chunk ends in a bare line feed": "2\n{}\n0\n\n",
            }.items()
        ],
    ],
)
def test_what_is_no_http_answers_400_in_json_and_closes(wire, data):
    wire.send(data)
    answer = wire.receive()
    assert answer.status == 400
    assert answer.headers["content-type"].startswith("application/json")
    assert REQUEST_ID.fullmatch(answer.headers["x-request-id"])
    error = answer.json()
    assert error["error_code"].startswith("FSS.") and error["error_msg"]
    assert wire.is_closed_by_server()


@pytest.mark.parametrize(
    "framing",
    [
        pytest.param(f"Content-Length: {'9' * 30}\r\n\r\n", id="length"),
        pytest.param(f"Transfer-Encoding: chunked\r\n\r\n{'F' * 20}\r\n", id="chunk"),
    ],
)
def test_a_size_beyond_all_numbers_is_refused(wire, framing):
    wire.send(f"POST /v3/auth/tokens HTTP/1.1\r\n{HOST}{framing}")
    assert wire.receive().status in (400, 413)
    assert wire.is_closed_by_server()


def test_another_version_of_http_answers_505(wire):
    wire.send(f"GET {HEALTH} HTTP/2.0\r\n{HOST}\r\n")
    assert wire.receive().status == 505


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param("X: " + "a" * 70_000 + "\r\n", id="one long header"),
        pytest.param("".join(f"X-{number}: a\r\n" for number in range(200)), id="many headers"),
    ],
)
def test_too_much_header_answers_431(wire, headers):
    wire.send(f"GET {HEALTH} HTTP/1.1\r\n{HOST}{headers}\r\n")
    assert wire.receive().status == 431


def test_a_target_without_end_answers_414_or_431(wire):
    wire.send(f"GET /{'a' * 20_000} HTTP/1.1\r\n{HOST}\r\n")
    assert wire.receive().status in (414, 431)


def test_a_body_above_80_mib_is_refused_before_it_is_sent(api, wire):
    wire.send(
        f"POST {functions(api)} HTTP/1.1\r\n{HOST}X-Auth-Token: t\r\n"
        f"Content-Length: {(80 << 20) + 1}\r\n\r\n"
    )
    answer = wire.receive()
    assert answer.status == 413
    assert answer.json()["error_code"] in ("FSS.0413", "FSS.1071", "FSS.1201")
    assert wire.is_closed_by_server()


def test_a_client_that_expects_100_is_told_413_instead_when_its_body_is_too_large(api, wire):
    wire.send(
        f"POST {functions(api)} HTTP/1.1\r\n{HOST}X-Auth-Token: t\r\nExpect: 100-continue\r\n"
        f"Content-Length: {1 << 40}\r\n\r\n"
    )
    assert wire.receive().status == 413


# Accepted


def test_a_client_that_expects_100_gets_it_and_then_its_answer(api, project, wire):
    function = project.create("echo")
    wire.send(
        f"POST /v2/{api.project_id}{function.path}/invocations HTTP/1.1\r\n{HOST}"
        "X-Auth-Token: t\r\nExpect: 100-continue\r\nContent-Length: 8\r\n\r\n"
    )
    assert wire.receive().status == 100
    wire.send('{"a": 1}')
    answer = wire.receive()
    assert answer.status == 200 and answer.json() == {"a": 1}


def test_a_chunked_body_arrives_whole_however_it_is_cut(api, project, wire):
    function = project.create("echo")
    head = (
        f"POST /v2/{api.project_id}{function.path}/invocations HTTP/1.1\r\n{HOST}"
        "X-Auth-Token: t\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    body = '1\r\n{\r\n3;name=value\r\n"a"\r\n0004\r\n: 1}\r\n0\r\nX-Trailer: x\r\n\r\n'
    for byte in (head + body).encode():
        wire.send(bytes([byte]))
    assert wire.receive().json() == {"a": 1}
    wire.send(head + body)
    assert wire.receive().json() == {"a": 1}


def test_pipelined_requests_are_answered_in_order(api, project, wire):
    function = project.create("echo")
    target = f"/v2/{api.project_id}{function.path}/invocations"
    events = [{"number": number, "fill": "x" * number * 100} for number in range(20)]
    wire.send(
        b"".join(
            request("POST", target, body=json.dumps(event).encode(), X_Auth_Token="t")
            for event in events
        )
    )
    assert [wire.receive().json() for _ in events] == events


def test_a_connection_stays_open_until_the_client_asks_otherwise(wire):
    for _ in range(3):
        wire.send(request("GET", HEALTH))
        assert wire.receive().status == 200
    wire.send(request("GET", HEALTH, Connection="close"))
    answer = wire.receive()
    assert answer.status == 200 and answer.headers["connection"].lower() == "close"
    assert wire.is_closed_by_server()


def test_http_1_0_closes_by_itself(wire):
    wire.send(f"GET {HEALTH} HTTP/1.0\r\n{HOST}\r\n")
    assert wire.receive().status == 200
    assert wire.is_closed_by_server()


def test_head_has_the_headers_of_get_and_no_body(wire):
    wire.send(request("GET", HEALTH))
    got = wire.receive()
    wire.send(request("HEAD", HEALTH))
    head = wire.receive(body=False)
    assert head.status == 200
    assert head.headers["content-length"] == got.headers["content-length"]
    assert head.headers["content-type"] == got.headers["content-type"]
    wire.send(request("GET", HEALTH))
    assert wire.receive().status == 200


def test_204_has_no_body_and_the_connection_goes_on(api, project, wire):
    function = project.create()
    wire.send(request("DELETE", f"/v2/{api.project_id}{function.path}", X_Auth_Token="t"))
    assert wire.receive().status == 204
    wire.send(request("GET", HEALTH))
    assert wire.receive().status == 200


def test_an_error_of_the_api_leaves_the_connection_open(api, wire):
    for _ in range(2):
        wire.send(request("GET", f"{functions(api)}/nobody/config", X_Auth_Token="t"))
        assert wire.receive().status == 404


def test_an_absolute_target_is_understood(server, wire):
    wire.send(request("GET", f"http://127.0.0.1:{server.port}{HEALTH}"))
    assert wire.receive().status == 200


def test_a_slow_client_holds_up_nobody(server, wire):
    wire.send(f"GET {HEALTH} HTTP/1.1\r\nHos")
    with Wire(server.port) as other:
        other.send(request("GET", HEALTH))
        assert other.receive().status == 200
    wire.send("t: 127.0.0.1\r\n\r\n")
    assert wire.receive().status == 200


def test_header_names_are_case_insensitive(api, wire):
    wire.send(
        f"GET {functions(api)} HTTP/1.1\r\nhOST: 127.0.0.1\r\nx-AUTH-tOKEN: t\r\n\r\n"
    )
    assert wire.receive().status == 200


def test_hundreds_of_connections_are_served_at_once(server):
    wires = [Wire(server.port) for _ in range(300)]
    try:
        for wire in wires:
            wire.send(request("GET", HEALTH))
        assert {wire.receive().status for wire in wires} == {200}
    finally:
        for wire in wires:
            wire.__exit__()
