"""Functions behind the API gateway, and how they are called."""

import json
import sysconfig
import uuid
from pathlib import Path

import requests

from rest import session

REPORT = """
import json

def handler(event, context):
    report = {"event": event, "request_id": context.getRequestID(), "alias": context.getAlias()}
    return {
        "statusCode": 200,
        "headers": {"Content-Type": "application/json"},
        "body": json.dumps(report),
        "isBase64Encoded": False,
    }
"""
"""A handler that answers what it was given."""


class GatewayAPI:
    """One API of the gateway: a trigger."""

    def __init__(self, function, trigger: dict):
        self.function = function
        self.trigger = trigger
        self.group = trigger["event_data"]["group_id"]
        self.url = trigger["event_data"]["invoke_url"]
        self.session = session()

    @property
    def port(self) -> int:
        return int(self.function.api.url.rpartition(":")[2])

    @property
    def host(self) -> str:
        """The group's own name."""
        return f"{self.group}.apig.localhost:{self.port}"

    @property
    def root(self) -> str:
        """The URL of the group."""
        return f"{self.function.api.url}/_apig/{self.group}"

    def request(self, method: str, path: str = "", **options) -> requests.Response:
        """`path` goes behind the trigger's URL."""
        options.setdefault("timeout", 30)
        options.setdefault("allow_redirects", False)
        return self.session.request(method, self.url + path, **options)

    def get(self, path: str = "", **options) -> requests.Response:
        return self.request("GET", path, **options)

    def post(self, path: str = "", **options) -> requests.Response:
        return self.request("POST", path, **options)

    def by_name(self, method: str, path: str, **options) -> requests.Response:
        """The same through the group's name; names below `localhost` are not resolved everywhere."""
        options.setdefault("timeout", 30)
        headers = {**options.pop("headers", {}), "Host": self.host}
        return self.session.request(
            method, self.function.api.url + path, headers=headers, allow_redirects=False, **options
        )


def api_data(function, path="/", method="ANY", mode="SWA", auth="NONE", group=None, timeout=5000,
             invocation_type="sync", **fields) -> dict:  # fmt: skip
    return {
        "name": "api",
        "type": 1,
        "path": path,
        "protocol": "HTTPS",
        "req_method": method,
        "group_id": group or uuid.uuid4().hex,
        "group_name": "group",
        "match_mode": mode,
        "env_name": "RELEASE",
        "env_id": "DEFAULT_ENVIRONMENT_RELEASE_ID",
        "auth": auth,
        "func_info": {
            "function_urn": function.urn,
            "invocation_type": invocation_type,
            "timeout": timeout,
        },
        **fields,
    }


def expose(function, path="/", kind="APIG", **fields) -> GatewayAPI:
    """An API for a function."""
    if kind == "DEDICATEDGATEWAY":
        fields.setdefault("instance_id", "gateway-1")
    return GatewayAPI(function, function.create_trigger(kind, api_data(function, path, **fields)))


def answering(result) -> str:
    """A handler that always has the same result."""
    return f"import json\n\ndef handler(event, context):\n    return json.loads({json.dumps(result)!r})\n"


def assert_refused(answer: requests.Response, status: int, code: str) -> dict:
    """An answer of the gateway itself."""
    assert answer.status_code == status, (answer.status_code, answer.text)
    assert answer.headers["Content-Type"] == "application/json"
    body = answer.json()
    assert set(body) == {"error_msg", "error_code", "request_id"}, body
    assert body["error_code"] == code and body["error_msg"], body
    assert answer.headers["X-Request-Id"] == body["request_id"]
    return body


FLASK = ["flask", "werkzeug", "jinja2", "markupsafe", "itsdangerous", "click", "blinker"]

BOOTSTRAP = 'export PYTHONPATH="$RUNTIME_CODE_ROOT"\nexec python3 -u "$RUNTIME_CODE_ROOT/app.py"\n'


def flask_files(application: str) -> "dict[str, str | bytes]":
    """The files of an HTTP function with Flask, as it is in the suite's environment, and an application."""
    packages = Path(sysconfig.get_path("purelib"))
    files = {
        path.relative_to(packages).as_posix(): path.read_bytes()
        for package in FLASK
        for path in (packages / package).rglob("*")
        if path.is_file() and path.suffix not in (".pyc", ".pyi", ".so", ".c")
    }
    # Their versions, which Flask's command line asks for.
    for path in packages.glob("*.dist-info/METADATA"):
        if path.parent.name.lower().startswith(tuple(FLASK)):
            files[path.relative_to(packages).as_posix()] = path.read_bytes()
    return {**files, "bootstrap": BOOTSTRAP, "app.py": application}
