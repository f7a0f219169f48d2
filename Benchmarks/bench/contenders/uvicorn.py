"""uvicorn with its fast parts, running the bare handler."""

import sys
from importlib.metadata import version

from ..function import Function
from ..http_client import Target, free_port
from .adapters import environment
from .contender import Service


class Uvicorn:
    name = "uvicorn"
    about = "the bare handler as an ASGI application of 20 lines, with uvloop and httptools, without access log"

    def version(self) -> str:
        return f"uvicorn {version('uvicorn')}, uvloop {version('uvloop')}, httptools {version('httptools')}"

    def launch(self, function: Function) -> Service:
        port = free_port()
        service = Service(self.name, port, Target(port, "/"))
        arguments = ["--host", "127.0.0.1", "--port", str(port), "--log-level", "warning", "--no-access-log",
                     "--lifespan", "off", "--loop", "uvloop", "--http", "httptools"]
        return service.start(
            [sys.executable, "-m", "uvicorn", "asgi:application", *arguments], environment(function)
        )
