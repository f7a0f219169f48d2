"""The REST API over plain HTTP, and what an invocation answers."""

import base64
import copy
import json
import re
import uuid

import requests

from deadlines import eventually

RUNTIME = "Python3.10"
REGION = "eu-de"

_NO_EVENT = object()


def session() -> requests.Session:
    """Deaf to proxies and to whatever else the environment says."""
    made = requests.Session()
    made.trust_env = False
    made.mount("http://", requests.adapters.HTTPAdapter(pool_maxsize=32))
    return made


def log_in(url: str, project: str = REGION) -> requests.Response:
    domain = {"name": "e2e"}
    return requests.post(
        f"{url}/v3/auth/tokens",
        json={
            "auth": {
                "identity": {
                    "methods": ["password"],
                    "password": {"user": {"name": "e2e", "password": "e2e", "domain": domain}},
                },
                "scope": {"project": {"name": project, "domain": domain}},
            }
        },
        timeout=10,
    )


class Api:
    """`path` is relative to /v2/{project_id}, and sent as it is."""

    def __init__(self, url: str, project: str = REGION):
        self.url = url
        self.session = session()
        answer = log_in(url, project)
        assert answer.status_code == 201, answer.text
        self.token = answer.headers["X-Subject-Token"]
        self.project_id = answer.json()["token"]["project"]["id"]

    def another_client(self) -> "Api":
        """The same login with connections of its own."""
        client = copy.copy(self)
        client.session = session()
        return client

    @property
    def base(self) -> str:
        return f"{self.url}/v2/{self.project_id}"

    def request(self, method: str, path: str, **options) -> requests.Response:
        headers = {"X-Auth-Token": self.token, **options.pop("headers", {})}
        options.setdefault("timeout", 30)
        return self.session.request(method, self.base + path, headers=headers, **options)

    def anonymous(self, method: str, target: str, **options) -> requests.Response:
        """A request without token; `target` is relative to the server's root."""
        options.setdefault("timeout", 30)
        return self.session.request(method, self.url + target, **options)

    def get(self, path: str, **options) -> requests.Response:
        return self.request("GET", path, **options)

    def post(self, path: str, **options) -> requests.Response:
        return self.request("POST", path, **options)

    def put(self, path: str, **options) -> requests.Response:
        return self.request("PUT", path, **options)

    def delete(self, path: str, **options) -> requests.Response:
        return self.request("DELETE", path, **options)


FINAL = {"SUCCESS", "FAIL", "DISCARD"}
"""The states in which an asynchronous invocation stays."""


class Invocation:
    """The answer of a synchronous invocation."""

    def __init__(self, response: requests.Response):
        self.response = response
        self.status = response.status_code
        self.headers = response.headers
        self.text = response.content.decode()

    def __repr__(self) -> str:
        return f"<{self.status} {dict(self.headers)} {self.text[:500]}>"

    def json(self):
        return json.loads(self.text)

    @property
    def code(self) -> str:
        """The runtime code, "0" for success."""
        return self.headers.get("X-Func-Err-Code", "")

    @property
    def failed(self) -> bool:
        return {"true": True, "false": False}[self.headers["X-Is-Func-Err"]]

    @property
    def succeeded(self) -> bool:
        return self.status == 200 and self.code == "0" and not self.failed

    @property
    def request_id(self) -> str:
        return self.headers["X-Cff-Request-Id"]

    @property
    def error(self) -> dict:
        """The error object of a call that failed in the function, in v0."""
        assert self.status == 200 and self.failed, self
        return self.json()

    @property
    def summary(self) -> dict:
        return json.loads(self.headers["X-Cff-Invoke-Summary"])

    @property
    def log(self) -> str:
        """The tail of the log, asked for with `tail=True`."""
        return base64.b64decode(self.headers["X-Cff-Function-Log"]).decode(errors="replace")


class Function:
    """A function of the emulator, by the object that creating it answered."""

    def __init__(self, api: Api, created: dict):
        self.api = api
        self.created = created
        self.name = created["func_name"]
        self.urn = created["func_urn"].rpartition(":")[0]
        self.path = f"/fgs/functions/{self.urn}"

    def config(self) -> dict:
        return answered(self.api.get(f"{self.path}/config"))

    def update_config(self, **fields) -> dict:
        return answered(self.api.put(f"{self.path}/config", json=fields))

    def code(self) -> dict:
        return answered(self.api.get(f"{self.path}/code"))

    def update_code(self, archive: bytes, **fields) -> dict:
        body = {
            "code_type": "zip",
            "code_filename": "index.zip",
            "func_code": encoded(archive),
            **fields,
        }
        return answered(self.api.put(f"{self.path}/code", json=body))

    def at(self, qualifier: str) -> "Function":
        """The same function, addressed by a version ("v1") or an alias ("!prod")."""
        qualified = Function(self.api, self.created)
        qualified.urn = f"{self.urn}:{qualifier}"
        qualified.path = f"/fgs/functions/{qualified.urn}"
        return qualified

    @property
    def triggers(self) -> str:
        """The path of its triggers."""
        return f"/fgs/triggers/{self.urn}"

    @property
    def tags(self) -> str:
        """The path of its tags."""
        return f"/functions/{self.urn}/tags"

    def publish(self, version: str, **fields) -> dict:
        """A version of the function as it is now."""
        return answered(
            self.api.post(f"{self.path}/versions", json={"version": version, **fields})
        )

    def publish_changed(self, version: str, **changes) -> dict:
        """A version after a change, without which a second one is refused."""
        self.update_config(**(changes or {"description": f"as of {version}"}))
        return self.publish(version)

    def create_alias(self, name: str, version: str, **fields) -> dict:
        body = {"name": name, "version": version, **fields}
        return answered(self.api.post(f"{self.path}/aliases", json=body))

    def create_trigger(self, kind: str, data: dict, **fields) -> dict:
        body = {"trigger_type_code": kind, "event_data": data, **fields}
        return answered(self.api.post(self.triggers, json=body), 201)

    def create_event(self, name: str, content: "bytes | str" = "{}") -> dict:
        body = {"name": name, "content": encoded(content)["file"]}
        return answered(self.api.post(f"{self.path}/events", json=body))

    def set_tags(self, **tags: str) -> None:
        pairs = [{"key": key, "value": value} for key, value in tags.items()]
        answered(self.api.post(f"{self.tags}/create", json={"tags": pairs}), 204)

    def set_max_instances(self, number: int) -> requests.Response:
        return self.api.put(
            f"{self.path}/config-max-instance", json={"max_instance_num": number}
        )

    def reserve(self, count: int, **fields) -> dict:
        """Keeps so many instances running."""
        body = {"count": count, **fields}
        return answered(self.api.put(f"{self.path}/reservedinstances", json=body))

    def delete(self) -> requests.Response:
        return self.api.delete(self.path)

    def try_to_submit(self, event=_NO_EVENT, *, data=None, headers=None) -> requests.Response:
        """Invokes it asynchronously with an event, or with the bytes `data` as they are."""
        if event is not _NO_EVENT:
            data = json.dumps(event).encode()
        sent = {"Content-Type": "application/json", **(headers or {})}
        return self.api.post(f"{self.path}/invocations-async", data=data, headers=sent)

    def submit(self, event=_NO_EVENT, **options) -> str:
        """The request id of an asynchronous invocation that has to be accepted."""
        return answered(self.try_to_submit(event, **options), 202)["request_id"]

    def configure_async(self, **fields) -> dict:
        return answered(self.api.put(f"{self.path}/async-invoke-config", json=fields))

    def async_requests(self, **query) -> "list[dict]":
        """Its asynchronous invocations."""
        answer = answered(self.api.get(f"{self.path}/async-invocations", params=query))
        return answer["invocations"]

    def status(self, request_id: str) -> str:
        """What has become of an asynchronous invocation."""
        (item,) = self.async_requests(request_id=request_id)
        return item["status"]

    def finished(self, request_id: str, within: float = 15) -> dict:
        """The record of an asynchronous invocation, once it is over."""

        def over():
            found = self.async_requests(request_id=request_id)
            return found and found[0]["status"] in FINAL and found[0]

        return eventually(over, within, f"asynchronous invocation {request_id} over")

    def cancel(self, request_id: str, **fields) -> requests.Response:
        body = {"request_id": request_id, **fields}
        return self.api.post(f"{self.path}/cancel", json=body)

    def invoke(self, event=_NO_EVENT, *, data=None, version=None, tail=False, headers=None):
        """Invokes it with an event, or with the bytes `data` as they are, or without a body."""
        sent = dict(headers or {})
        if event is not _NO_EVENT:
            data = json.dumps(event).encode()
        if data is not None:
            sent.setdefault("Content-Type", "application/json")
        if version:
            sent["X-CFF-Request-Version"] = version
        if tail:
            sent["X-Cff-Log-Type"] = "tail"
        return Invocation(self.api.post(f"{self.path}/invocations", data=data, headers=sent))

    def call(self, event=_NO_EVENT, **options):
        """The decoded result of an invocation that has to succeed."""
        invocation = self.invoke(event, **options)
        assert invocation.succeeded, invocation
        return invocation.json()


class Project:
    """Makes functions with names nobody else uses, and removes them."""

    def __init__(self, api: Api, fixtures):
        self.api = api
        self._fixtures = fixtures
        self._made: "list[str]" = []
        self._dependencies: "list[str]" = []

    def unique(self, stem: str = "fn") -> str:
        return f"{stem}-{uuid.uuid4().hex[:12]}"

    def sample(self, name: str, **more: str) -> bytes:
        """The archive of a sample function, with one more Python file per keyword."""
        return self._fixtures.sample(
            name, {f"{module}.py": text.encode() for module, text in more.items()}
        )

    def archive(self, **files: str) -> bytes:
        """A zip with one Python file per keyword."""
        return self._fixtures.archive(
            {f"{name}.py": text.encode() for name, text in files.items()}
        )

    def pack(self, files: "dict[str, str | bytes]", executable=()) -> bytes:
        """A zip of any files."""
        contents = {
            name: content.encode() if isinstance(content, str) else content
            for name, content in files.items()
        }
        return self._fixtures.archive(contents, set(executable))

    def body(self, code: "bytes | None" = None, **fields) -> dict:
        """A valid request body; a field that is None is left out."""
        body = {
            "func_name": self.unique(),
            "package": "default",
            "runtime": RUNTIME,
            "handler": "index.handler",
            "timeout": 30,
            "memory_size": 128,
            "code_type": "inline",
        }
        if code is not None:
            body.update(
                code_type="zip",
                code_filename="index.zip",
                func_code=encoded(code),
            )
        body.update(fields)
        return {name: value for name, value in body.items() if value is not None}

    def try_to_create(self, body) -> requests.Response:
        answer = self.api.post("/fgs/functions", json=body)
        if answer.ok:
            self._made.append(answer.json()["func_urn"].rpartition(":")[0])
        return answer

    def create(self, code: "bytes | str | None" = None, handler="index.handler", **fields):
        """A function with the given archive, or that of a sample function, or the default code."""
        if isinstance(code, str):
            code = self.sample(code)
        body = self.body(code, handler=handler, **fields)
        return Function(self.api, answered(self.try_to_create(body)))

    def create_inline(self, source: str, **fields) -> Function:
        return self.create(func_code=encoded(source), **fields)

    def adopt(self, answer: requests.Response) -> Function:
        """A function that was made in another way than by `create`."""
        function = Function(self.api, answered(answer))
        self._made.append(function.urn)
        return function

    def create_dependency(self, content: "bytes | None" = None, **fields) -> dict:
        """A version of a private dependency; a field that is None is left out."""
        content = self.archive(helper="value = 1") if content is None else content
        body = {
            "name": self.unique("dep"),
            "runtime": RUNTIME,
            "depend_type": "zip",
            "depend_file": encoded(content)["file"],
            **fields,
        }
        answer = self.try_to_create_dependency(
            {name: value for name, value in body.items() if value is not None}
        )
        return answered(answer)

    def try_to_create_dependency(self, body) -> requests.Response:
        answer = self.api.post("/fgs/dependencies/version", json=body)
        if answer.ok:
            made = answer.json()
            self._dependencies.append(
                f"/fgs/dependencies/{made['dep_id']}/version/{made['version']}"
            )
        return answer

    def clean_up(self) -> None:
        for path in [*(f"/fgs/functions/{urn}" for urn in self._made), *self._dependencies]:
            answer = self.api.delete(path)
            assert answer.status_code in (204, 404), answer.text


TIMESTAMP = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"
REQUEST_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
WITH_OFFSET = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


def encoded(content: "bytes | str") -> dict:
    """A `func_code` member with the given content."""
    content = content.encode() if isinstance(content, str) else content
    return {"file": base64.b64encode(content).decode()}


def user_data(**entries: str) -> str:
    """A `user_data` member with the given variables."""
    return json.dumps(entries)


def answered(response: requests.Response, status: int = 200):
    """The decoded body of an answer that has to have this status; None for an empty one."""
    assert response.status_code == status, (response.status_code, response.text)
    if not response.content:
        return None
    assert response.headers["Content-Type"].startswith("application/json")
    return response.json()


def assert_error(response: requests.Response, status: int, *codes: str, message=None) -> None:
    """An error answer of the API with one of the codes, and with exactly this message if one is given."""
    assert response.status_code == status, (response.status_code, response.text)
    assert response.headers["Content-Type"].startswith("application/json")
    body = response.json()
    assert isinstance(body["error_msg"], str) and body["error_msg"]
    assert body["error_code"] in codes, body
    assert message in (None, body["error_msg"]), body


def assert_failed(invocation: Invocation, code: int) -> dict:
    """The error object of a call that failed in the function with the given runtime code."""
    assert invocation.code == str(code), invocation
    error = invocation.error
    assert isinstance(error["errorMessage"], str) and error["errorMessage"]
    return error
