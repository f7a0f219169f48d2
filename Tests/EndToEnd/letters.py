"""Where sample functions send the events that they get."""

import json
import queue
import socketserver
import threading

from rest import Function, Project, user_data

SOURCE = """
import json, os, socket

def handler(event, context):
    letter = {"request_id": context.getRequestID(), "event": event}
    with socket.create_connection(("127.0.0.1", int(context.getUserData("MAILBOX"))), 10) as to:
        to.sendall(json.dumps(letter).encode() + b"\\n")
"""


class Mailbox:
    """A port on loopback; what arrives there is kept until somebody looks."""

    def __init__(self):
        letters = self._letters = queue.Queue()

        class Handler(socketserver.StreamRequestHandler):
            def handle(self):
                # Who is killed while it writes leaves a letter without an end.
                text = self.rfile.read()
                if text.endswith(b"\n"):
                    letters.put(json.loads(text))

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self._server.request_queue_size = 512
        self._server.socket.listen(512)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def port(self) -> int:
        return self._server.server_address[1]

    def function(self, project: Project, **fields) -> Function:
        """A function that sends its events here."""
        variables = user_data(MAILBOX=str(self.port))
        return project.create_inline(SOURCE, user_data=variables, **fields)

    def next(self, within: float = 15) -> dict:
        """The next letter: the event and the id of the request."""
        try:
            return self._letters.get(timeout=within)
        except queue.Empty:
            raise AssertionError(f"no event within {within:g} s") from None

    def take(self, number: int) -> "dict[str, dict]":
        """So many events, by their request ids."""
        letters = [self.next() for _ in range(number)]
        return {letter["request_id"]: letter["event"] for letter in letters}

    def events(self, number: int) -> "list[dict]":
        """So many events, in the order in which they came."""
        return [self.next()["event"] for _ in range(number)]

    def is_empty(self) -> bool:
        return self._letters.empty()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
