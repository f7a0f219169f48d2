"""uWSGI, running the bare handler."""

import sys
from importlib.metadata import version
from pathlib import Path

from ..function import Function
from ..http_client import Target, free_port
from .adapters import environment
from .contender import Service


class UWSGI:
    """With `routed`, behind uWSGI's own HTTP router; without, its workers speak HTTP themselves.

    A worker that speaks HTTP itself stays with a connection as long as that is kept open, so of 16 connections only as
    many get answers as there are processes. The router shares the workers among all connections.
    """

    def __init__(self, name: str, processes: int, routed: bool = False):
        self.name = name
        self._processes = processes
        self._routed = routed
        how = "behind its HTTP router" if routed else "speaking HTTP itself: a worker serves one connection at a time"
        self.about = f"the bare handler as a WSGI application of 10 lines, {processes} process(es), {how}"

    def version(self) -> str:
        return f"uWSGI {version('uWSGI')}"

    def launch(self, function: Function) -> Service:
        port = free_port()
        address = f"127.0.0.1:{port}"
        listen = ["--http", address, "--http-keepalive"] if self._routed else ["--http11-socket", address]
        service = Service(self.name, port, Target(port, "/"))
        return service.start(
            [str(Path(sys.executable).with_name("uwsgi")), *listen, "--module", "wsgi", "--master", "--die-on-term",
             "--processes", str(self._processes), "--disable-logging", "--listen", "100"],
            environment(function),
        )
