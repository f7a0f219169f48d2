"""An HTTP server that topics can post their messages to."""

import json
import queue
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple


class Message(NamedTuple):
    path: str
    headers: "dict[str, str]"
    body: dict


class Subscriber:
    def __init__(self, status: int = 200):
        received: "queue.Queue[Message]" = queue.Queue()

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                received.put(Message(self.path, headers, json.loads(body)))
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *arguments):
                pass

        self._received = received
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()

    def next(self, within: float = 10) -> Message:
        try:
            return self._received.get(timeout=within)
        except queue.Empty:
            raise AssertionError(f"no message within {within:g} s") from None

    def nothing_came(self) -> bool:
        return self._received.empty()

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
