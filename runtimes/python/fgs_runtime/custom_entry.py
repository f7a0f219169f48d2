"""Functions with a runtime of their own: ``bootstrap`` asks an API on loopback for events and posts results."""

import os
import queue
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from . import bootstrap, errors

BASE = "/v1/runtime/invocation/"


class CustomEntry:
    """The bootstrap of one function, and the Runtime API that it calls."""

    def __init__(self, spec, root, context_class, results):
        self._spec = spec
        self._root = root
        self._results = results
        self._waiting = queue.SimpleQueue()
        self._running = {}

    def load(self):
        server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            bootstrap.start(
                self._root, {"RUNTIME_API_ADDR": "127.0.0.1:%d" % server.server_port}, must_be_executable=True
            )
        except bootstrap.BootstrapMissing as error:
            return bootstrap.failure(error)
        return None

    def invoke(self, request_id, alias, is_asynchronous, event):
        call = _Call(request_id, is_asynchronous, event or b"{}")
        self._running[request_id] = call
        self._waiting.put(call)
        call.done.wait()
        if call.has_failed:
            return errors.HANDLER_RAISED, call.result
        return self._results.limit(call.result)

    def stop(self):
        pass

    def next_call(self):
        return self._waiting.get()

    def put_back(self, call):
        self._waiting.put(call)

    def finish(self, request_id, result, has_failed):
        """Whether there was such a call. Only the first result of a call counts."""
        call = self._running.pop(request_id, None)
        if call is None:
            return False
        call.result, call.has_failed = result, has_failed
        call.done.set()
        return True

    @property
    def credentials(self):
        facts = self._spec["context"]
        names = {
            "X-CFF-Access-Key": "security_access_key",
            "X-CFF-Secret-Key": "security_secret_key",
            "X-CFF-Security-Token": "security_token",
            "X-CFF-Auth-Token": "auth_token",
        }
        return {header: facts[name] for header, name in names.items() if facts.get(name)}


class _Call:
    def __init__(self, request_id, is_asynchronous, event):
        self.request_id = request_id
        self.kind = "async" if is_asynchronous else "sync"
        self.event = event
        self.result = b""
        self.has_failed = False
        self.done = threading.Event()


def _handler(entry):
    class RuntimeAPI(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_arguments):
            pass

        def do_GET(self):
            if self.path.rstrip("/") != BASE + "request":
                return self._answer(404, b"")
            call = entry.next_call()
            headers = {"X-Cff-Request-Id": call.request_id, "X-CFF-Invoke-Type": call.kind, **entry.credentials}
            try:
                self._answer(200, call.event, headers)
            except OSError:
                entry.put_back(call)

        def do_POST(self):
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            for kind, has_failed in (("response/", False), ("error/", True)):
                if self.path.startswith(BASE + kind):
                    known = entry.finish(self.path[len(BASE + kind):].strip("/"), body, has_failed)
                    return self._answer(200 if known else 404, b"")
            return self._answer(404, b"")

        def _answer(self, status, body, headers=None):
            self.send_response(status)
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    return RuntimeAPI
