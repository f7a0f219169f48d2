"""Credentials of agencies, which a file gives: --agency-file PATH."""

import json
import os

import pytest

from emulator import assert_refuses_to_start
from gateway_events import fetch
from rest import user_data

QUIET = ["--log-level", "error"]

AGENCIES = """
agencies:
  reader:
    access_key: READERACCESS
    secret_key: reader/secret+key=
    security_token: reader-security-token
    token: reader-token
  writer:
    access_key: WRITERACCESS
    secret_key: writer-secret
    security_token: writer-security-token
    token: writer-token
  partial:
    access_key: PARTIALACCESS
    secret_key: "007"
"""

GETTERS = ["getSecurityAccessKey", "getSecuritySecretKey", "getSecurityToken", "getToken"]
ATTRIBUTES = ["security_access_key", "security_secret_key", "security_token", "auth_token"]
READER = ["READERACCESS", "reader/secret+key=", "reader-security-token", "reader-token"]
WRITER = ["WRITERACCESS", "writer-secret", "writer-security-token", "writer-token"]
NONE = ["", "", "", ""]


@pytest.fixture
def agency_file(tmp_path):
    path = tmp_path / "agencies.yaml"
    path.write_text(AGENCIES)
    return path


@pytest.fixture
def project(fresh_server, project_of, agency_file):
    """A project on a server that knows the agencies."""
    return project_of(fresh_server(options=["--agency-file", str(agency_file)]))


def credentials(function) -> "list[str]":
    """Access key, secret key, security token and token, as the function sees them."""
    result = function.call({})
    found = [result["methods"][name] for name in GETTERS]
    assert [result["attributes"][name] for name in ATTRIBUTES] == found
    assert result["methods"]["getAccessKey"] == result["methods"]["getSecretKey"] == ""
    return found


# What is refused


def test_a_missing_file_is_one_clear_line_and_exit_code_1(fresh_server, tmp_path):
    path = str(tmp_path / "nowhere.yaml")
    server = fresh_server(options=[*QUIET, "--agency-file", path], ready=False)
    assert_refuses_to_start(server, path)


@pytest.mark.parametrize(
    "text",
    [
        "agencies: [", "agencies: text", "agencies: [reader]", "agencies: {reader: text}",
        "agencies: {reader: {access_key: [1]}}", "agencies: {reader: {acess_key: x}}",
        "agency: {reader: {}}", "- agencies", "\x00", "{",
    ],
)  # fmt: skip
def test_a_file_that_is_no_list_of_agencies_is_one_clear_line_and_exit_code_1(
    fresh_server, tmp_path, text
):
    path = tmp_path / "agencies.yaml"
    path.write_text(text)
    server = fresh_server(options=[*QUIET, "--agency-file", str(path)], ready=False)
    assert_refuses_to_start(server, str(path))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_cannot_be_read_is_one_clear_line_and_exit_code_1(fresh_server, agency_file):
    agency_file.chmod(0)
    server = fresh_server(options=[*QUIET, "--agency-file", str(agency_file)], ready=False)
    assert_refuses_to_start(server, str(agency_file))


# Who gets them


@pytest.mark.parametrize(
    "fields, expected",
    [
        ({}, NONE),
        ({"xrole": "nobody"}, NONE),
        ({"xrole": "Reader"}, NONE),
        ({"xrole": "reader"}, READER),
        ({"app_xrole": "reader"}, READER),
        ({"xrole": "reader", "app_xrole": "writer"}, WRITER),
        ({"xrole": "partial"}, ["PARTIALACCESS", "007", "", ""]),
    ],
    ids=str,
)
def test_a_function_gets_the_credentials_of_its_agency(project, fields, expected):
    assert credentials(project.create("context", **fields)) == expected


def test_without_a_file_every_agency_gives_empty_credentials(fresh_server, project_of):
    function = project_of(fresh_server()).create("context", xrole="reader")
    assert credentials(function) == NONE


def test_another_agency_counts_from_the_next_call_on(project):
    function = project.create("context", xrole="reader")
    assert credentials(function) == READER
    function.update_config(xrole="writer")
    assert credentials(function) == WRITER
    function.update_config(xrole="")
    assert credentials(function) == NONE


def test_a_version_keeps_its_agency(project):
    function = project.create("context", xrole="reader")
    function.publish("v1")
    function.update_config(xrole="writer")
    assert credentials(function.at("v1")) == READER
    assert credentials(function) == WRITER


def test_an_initializer_gets_them_too(project):
    source = (
        "def initializer(context):\n"
        "    global token\n"
        "    token = context.getToken()\n"
        "def handler(event, context):\n"
        "    return token\n"
    )
    function = project.create_inline(
        source, xrole="reader", initializer_handler="index.initializer", initializer_timeout=10
    )
    assert function.invoke({}).text == READER[3]


def test_an_empty_file_is_a_file_without_agencies(fresh_server, project_of, tmp_path):
    for text in ["", "agencies: {}\n", "agencies:\n"]:
        path = tmp_path / "agencies.yaml"
        path.write_text(text)
        server = fresh_server(options=["--agency-file", str(path)])
        assert credentials(project_of(server).create("context", xrole="reader")) == NONE


def test_credentials_are_not_in_what_the_api_or_the_log_shows(project):
    function = project.create("context", xrole="reader")
    credentials(function)
    shown = json.dumps(function.config()) + function.invoke({}, tail=True).log
    for secret in READER:
        assert secret not in shown


# HTTP functions and custom runtimes

HEADERS = [
    "x-cff-security-access-key", "x-cff-security-secret-key", "x-cff-security-token",
    "x-cff-auth-token",
]  # fmt: skip


@pytest.mark.parametrize(
    "agency, enabled, expected",
    [
        ("reader", True, READER),
        ("reader", False, NONE),
        ("reader", None, NONE),
        (None, True, NONE),
    ],
)
def test_an_http_function_gets_them_in_headers_if_it_asks_to(
    project, isolated, agency, enabled, expected
):
    function = project.create("web", handler="bootstrap", runtime="http", xrole=agency)
    if enabled is not None:
        function.update_config(enable_auth_in_header=enabled)
    seen = fetch(function).json()["headers"]
    found = [seen.get(name, "") for name in HEADERS]
    assert ["" if value == "null" else value for value in found] == expected


@pytest.mark.parametrize("agency, expected", [("reader", READER), (None, NONE)])
def test_a_custom_runtime_gets_them_with_each_event(project, isolated, agency, expected):
    function = project.create(
        "custom_python",
        handler="bootstrap",
        runtime="Custom",
        xrole=agency,
        user_data=user_data(THREADS="1"),
    )
    seen = function.call({"do": "headers"})
    names = ["x-cff-access-key", "x-cff-secret-key", "x-cff-security-token", "x-cff-auth-token"]
    assert [seen.get(name, "") for name in names] == expected
