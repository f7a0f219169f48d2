"""fgs-emulator itself."""

import base64
import json
import shutil
import subprocess
import tempfile
import uuid
from pathlib import Path

from ..function import Function
from ..http_client import Client, Target, free_port
from ..places import emulator_binary
from .contender import Platform

PROJECT = "0123456789abcdef0123456789abcdef"
#: Functions that one project may have.
PROJECT_QUOTA = 400
_TOKEN = ("X-Auth-Token", "any")


def new_project() -> str:
    """The id of a project without functions."""
    return uuid.uuid4().hex


class Emulator:
    """The release build, as `fgs-emulator --data-dir …` with a function stored earlier."""

    def __init__(self, name: str, about: str, *options: str):
        self.name = name
        self.about = about
        self._options = options
        self._stores: "dict[Function, Path]" = {}

    def version(self) -> str:
        return subprocess.run([emulator_binary(), "--version"], capture_output=True, text=True, check=True).stdout.strip()

    def launch(self, function: Function) -> "EmulatorService":
        if function not in self._stores:
            self._stores[function] = self._store(function)
        service = EmulatorService(self.name, free_port())
        shutil.copytree(self._stores[function], service.directory / "data")
        service.serve(*self._options)
        return service

    def close(self) -> None:
        """Removes the prepared data directories."""
        for path in self._stores.values():
            shutil.rmtree(path, ignore_errors=True)
        self._stores.clear()

    @staticmethod
    def _store(function: Function) -> Path:
        """A data directory with the function, which never ran."""
        kept = Path(tempfile.mkdtemp(prefix="fgs-bench-store-"))
        with EmulatorService("fgs-emulator", free_port()) as service:
            service.serve()
            service.wait_until_accepting()
            service.create("served", function.source)
            service.child.stop()
            shutil.copytree(service.directory / "data", kept, dirs_exist_ok=True)
        return kept


class EmulatorService(Platform):
    def __init__(self, name: str, port: int):
        super().__init__(name, port, self._invocation(port, PROJECT, "served"))

    def serve(self, *options: str, program: "list[str] | None" = None) -> None:
        """Starts the release build, or another program with the same options."""
        self._options = options
        data = ["--data-dir", str(self.directory / "data")]
        self.start([
            *(program or [str(emulator_binary())]), "serve", "--port", str(self.port), *data, "--log-level", "warning",
            *options,
        ])

    def restart(self, event: bytes) -> None:
        """Ends it, and starts it again with what it has stored, until the function answers."""
        self.child.stop()
        self.serve(*self._options)
        self.ready(event)

    def create(self, name: str, source: str, *, project: str = PROJECT, archive: "bytes | None" = None, **fields) -> Target:
        """Stores a function from its source, or from a zip archive."""
        with Client(self.port) as client:
            answer = client.ask(self.functions(project), self.description(name, source, archive, **fields))
        if answer.status != 200:
            raise ValueError(f"fgs-emulator answered {answer.status}: {answer.body[:300]!r}")
        return self.function(project, name)

    def function(self, project: str, name: str) -> Target:
        """Where a function is called."""
        return self._invocation(self.port, project, name)

    def delete(self, target: Target) -> None:
        with Client(self.port) as client:
            answer = client.ask(target._replace(path=target.path.removesuffix("/invocations"), method="DELETE"))
        if answer.status != 204:
            raise ValueError(f"fgs-emulator answered {answer.status}: {answer.body[:300]!r}")

    def create_timer(self, target: Target, interval: str) -> None:
        """Has a function called each time that an interval is over."""
        function = target.path.removesuffix("/invocations").replace("/functions/", "/triggers/")
        timer = {"name": "timer", "schedule_type": "Rate", "schedule": interval}
        body = json.dumps({"trigger_type_code": "TIMER", "event_data": timer}).encode()
        with Client(self.port) as client:
            client.timed(target._replace(path=f"{function}:latest"), body, status=201)

    def stop_clock(self) -> None:
        """Has the emulator's time stand still from now on."""
        with Client(self.port) as client:
            client.timed(self.control("clock", "PUT"), b'{"frozen":true}')

    def control(self, name: str, method: str = "POST") -> Target:
        """What only an emulator has."""
        return Target(self.port, f"/_emulator/{name}", method, (_TOKEN,))

    def set_max_instances(self, target: Target, number: int) -> None:
        path = target.path.removesuffix("/invocations") + "/config-max-instance"
        body = json.dumps({"max_instance_num": number}).encode()
        with Client(self.port) as client:
            client.timed(target._replace(path=path, method="PUT"), body)

    def functions(self, project: str = PROJECT, method: str = "POST", query: str = "") -> Target:
        """The collection of a project's functions."""
        return Target(self.port, f"/v2/{project}/fgs/functions{query}", method, (_TOKEN,))

    def configuration(self, target: Target) -> Target:
        """Where the configuration of a function is read."""
        return target._replace(path=target.path.removesuffix("/invocations") + "/config", method="GET")

    @staticmethod
    def description(name: str, source: str, archive: "bytes | None" = None, **fields) -> bytes:
        """What creates a function."""
        code = {"code_type": "zip", "code_filename": "index.zip"} if archive else {"code_type": "inline"}
        return json.dumps({
            "func_name": name, "package": "default", "runtime": "Python3.10", "handler": "index.handler",
            "timeout": 30, "memory_size": 512, **code,
            "func_code": {"file": base64.b64encode(archive or source.encode()).decode()}, **fields,
        }).encode()

    @staticmethod
    def _invocation(port: int, project: str, name: str) -> Target:
        urn = f"urn:fss:eu-de:{project}:function:default:{name}"
        return Target(port, f"/v2/{project}/fgs/functions/{urn}/invocations", "POST", (_TOKEN,))
