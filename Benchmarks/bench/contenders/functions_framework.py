"""functions-framework, which is what Google offers for running functions locally."""

import sys
from importlib.metadata import version
from pathlib import Path

from ..function import Function
from ..http_client import Target, free_port
from ..places import ADAPTERS
from .adapters import environment
from .contender import Service


class FunctionsFramework:
    def __init__(self, name: str, workers: "int | None" = None):
        self.name = name
        self._workers = workers
        self.about = "as it ships, which is Flask under gunicorn" + (f", with {workers} workers" if workers else "")

    def version(self) -> str:
        return f"functions-framework {version('functions-framework')}, gunicorn {version('gunicorn')}"

    def launch(self, function: Function) -> Service:
        port = free_port()
        workers = {"WORKERS": str(self._workers)} if self._workers else {}
        service = Service(self.name, port, Target(port, "/"))
        return service.start(
            [str(Path(sys.executable).with_name("functions-framework")), "--target", "target", "--source",
             str(ADAPTERS / "flask_target.py"), "--host", "127.0.0.1", "--port", str(port)],
            environment(function, **workers),
        )
