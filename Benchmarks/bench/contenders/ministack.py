"""MiniStack, an emulator of AWS with Lambda in it: the closest relative in kind."""

import base64
import io
import json
import sys
import zipfile
from importlib.metadata import version
from pathlib import Path

from ..function import Function
from ..http_client import Client, Target, free_port
from .contender import Platform

_SIGNED = (
    "Authorization",
    "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/lambda/aws4_request, SignedHeaders=host, Signature=0",
)
_FUNCTIONS = "/2015-03-31/functions"


class MiniStack:
    name = "MiniStack"
    about = "an emulator of AWS, with only its Lambda service switched on, functions run by local processes"

    def version(self) -> str:
        return f"MiniStack {version('ministack')}"

    def launch(self, function: Function) -> "MiniStackService":
        service = MiniStackService(self.name, free_port(), function)
        environment = {"BIND_HOST": "127.0.0.1", "GATEWAY_PORT": str(service.port), "SERVICES": "lambda"}
        service.start([str(Path(sys.executable).with_name("ministack"))], environment)
        return service


class MiniStackService(Platform):
    def __init__(self, name: str, port: int, function: Function):
        super().__init__(name, port, self._invocation(port, "served"))
        self._function = function

    def provide(self) -> None:
        self.create("served", self._function.source)

    def create(self, name: str, source: str, **_) -> Target:
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w") as files:
            files.writestr("index.py", source)
        body = {
            "FunctionName": name, "Runtime": "python3.11", "Role": "arn:aws:iam::000000000000:role/any",
            "Handler": "index.handler", "Timeout": 30, "Code": {"ZipFile": base64.b64encode(archive.getvalue()).decode()},
        }
        with Client(self.port) as client:
            answer = client.ask(Target(self.port, _FUNCTIONS, "POST", (_SIGNED,)), json.dumps(body).encode())
        if answer.status != 201:
            raise ValueError(f"MiniStack answered {answer.status}: {answer.body[:300]!r}")
        return self._invocation(self.port, name)

    def delete(self, target: Target) -> None:
        with Client(self.port) as client:
            client.ask(target._replace(path=target.path.removesuffix("/invocations"), method="DELETE"))

    @staticmethod
    def _invocation(port: int, name: str) -> Target:
        return Target(port, f"{_FUNCTIONS}/{name}/invocations", "POST", (_SIGNED,))
