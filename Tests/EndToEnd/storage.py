"""Places that code can be fetched from: buckets that are directories, and a web server on loopback."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

MEBIBYTE = 1 << 20
HOST = "obs.eu-de.otc.t-systems.com"


class Buckets:
    """A directory for `--obs-root`."""

    def __init__(self, root: Path):
        self.root = root
        root.mkdir(parents=True, exist_ok=True)

    @property
    def options(self) -> "list[str]":
        return ["--obs-root", str(self.root)]

    def put(self, bucket: str, key: str, content: bytes) -> str:
        """Puts an object into a bucket; its URL."""
        path = self.root / bucket / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return self.url(bucket, key)

    @staticmethod
    def url(bucket: str, key: str) -> str:
        return f"https://{bucket}.{HOST}/{key}"


class WebServer:
    """Serves `files`, redirects by `redirects`, and under /endless what never ends."""

    def __init__(self):
        self.files: "dict[str, bytes]" = {}
        self.redirects: "dict[str, str]" = {}
        self.asked: "list[str]" = []
        self.sent = 0
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}{path}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _handler(self):
        web = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                web.asked.append(self.path)
                path = self.path.partition("?")[0]
                if path == "/endless":
                    self._send_without_end()
                elif path in web.redirects:
                    self.send_response(302)
                    self.send_header("Location", web.redirects[path])
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                else:
                    body = web.files.get(path)
                    self.send_response(404 if body is None else 200)
                    self.send_header("Content-Length", str(len(body or b"")))
                    self.end_headers()
                    self.wfile.write(body or b"")

            def _send_without_end(self):
                """Without end to the one who asks; a test's memory has one."""
                self.send_response(200)
                self.end_headers()
                block = bytes(MEBIBYTE)
                try:
                    while web.sent < 1024 * MEBIBYTE:
                        self.wfile.write(block)
                        web.sent += len(block)
                except OSError:
                    pass

            def log_message(self, *arguments):
                pass

        return Handler
