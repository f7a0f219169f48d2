"""Functions that are web servers: ``bootstrap`` listens on a port, and events of a gateway become requests."""

import base64
import http.client
import json
import os
import socket
import subprocess
import threading
import time
from urllib.parse import quote, urlencode

from . import bootstrap, errors, host

#: Where HTTP functions of the cloud listen.
PORT = 8000


class NotAnAPIGEvent(Exception):
    """The event is not what a gateway sends."""


class HTTPEntry:
    """The web server of one function, and the way to it."""

    def __init__(self, spec, root, context_class, results):
        self._spec = spec
        self._root = root
        self._results = results
        self._port = PORT if spec["own_network"] else _free_port()
        self._connections = threading.local()
        self._facts = spec["context"]
        self._process = None

    def load(self):
        host.initializing()
        try:
            # Where the function has no network of its own, port 8000 may be another's: this variable says which.
            self._process = bootstrap.start(
                self._root, {"FGS_HTTP_PORT": str(self._port)}, must_be_executable=False
            )
        except bootstrap.BootstrapMissing as error:
            return bootstrap.failure(error)
        self._wait()
        return None

    def invoke(self, request_id, alias, is_asynchronous, event):
        try:
            event = json.loads(event) if event else {}
        except (ValueError, RecursionError):
            return errors.UNREADABLE_EVENT, b""
        if not isinstance(event, dict) or not isinstance(event.get("httpMethod"), str):
            raise NotAnAPIGEvent("the event of an HTTP function must be that of a gateway: httpMethod, path, …")
        response = self._exchange(
            event["httpMethod"], _target(event), _body(event), self._headers(event, request_id)
        )
        headers = {}
        for name, value in response.getheaders():
            headers.setdefault(name, []).append(value)
        return self._results.write(
            {
                "statusCode": response.status,
                "headers": headers,
                "body": base64.b64encode(response.body).decode(),
                "isBase64Encoded": True,
            }
        )

    def stop(self):
        pass

    def _wait(self):
        """Wait until the server accepts; the instance's own start has a timeout that ends this."""
        while True:
            try:
                socket.create_connection(("127.0.0.1", self._port), 1).close()
                return
            except OSError:
                self._leave_if_ended()
                time.sleep(0.01)

    def _leave_if_ended(self, within=0.0):
        """Once the server's process has ended, its watcher ends the instance: nothing else is to be said then."""
        try:
            self._process.wait(within)
        except subprocess.TimeoutExpired:
            return
        time.sleep(1)

    def _exchange(self, method, target, body, headers):
        """One request, on the thread's own connection; a server that has closed it in between is asked anew."""
        for attempt in (1, 2):
            connection = getattr(self._connections, "it", None)
            fresh = connection is None
            if fresh:
                connection = self._connections.it = http.client.HTTPConnection("127.0.0.1", self._port)
            try:
                connection.request(method, target, body, headers)
                response = connection.getresponse()
                response.body = response.read()
                return response
            except (http.client.HTTPException, OSError):
                connection.close()
                self._connections.it = None
                self._leave_if_ended(within=0.1)
                if fresh or attempt == 2:
                    raise
        return None

    def _headers(self, event, request_id):
        headers = {}
        for name, value in (event.get("headers") or {}).items():
            if name.lower() not in ("connection", "content-length", "transfer-encoding", "keep-alive", "upgrade"):
                headers[name] = value if isinstance(value, str) else ", ".join(map(str, value))
        headers["x-cff-request-id"] = request_id
        headers["x-cff-memory"] = self._facts["memory"]
        headers["x-cff-timeout"] = str(self._facts["timeout"] // 1000)
        headers["x-cff-func-version"] = self._facts["function_version"]
        headers["x-cff-func-name"] = self._facts["function_name"]
        headers["x-cff-project-id"] = self._facts["project_id"]
        headers["x-cff-package"] = self._facts["package"]
        headers["x-cff-region"] = self._spec["region"]
        if self._spec["auth_in_header"]:
            for name in ("auth_token", "security_access_key", "security_secret_key", "security_token"):
                if self._facts.get(name):
                    headers["x-cff-" + name.replace("_", "-")] = self._facts[name]
        return headers


def _target(event):
    path = quote(event.get("path") or "/", safe="/%:@!$&'()*+,;=~-._")
    query = event.get("queryStringParameters") or {}
    return path + ("?" + urlencode(query, doseq=True) if query else "")


def _body(event):
    body = event.get("body") or ""
    return base64.b64decode(body) if event.get("isBase64Encoded") else body.encode()


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
