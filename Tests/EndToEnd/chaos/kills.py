"""A server killed again and again while it accepts asynchronous calls, of which it may lose none."""

import random
import shutil
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

import requests

from chaos.subjects import WAYS, Subject, Watched
from emulator import Server
from letters import Mailbox
from rest import FINAL, Project, answered

SUBMITTERS = 4
CHOSEN = [way for way in WAYS if way.name in ("answer", "rest", "fail", "leave", "segfault", "litter")]
STUCK = 30
"""Seconds without the end of any call, after which those that are left are taken to wait for ever."""


class Kills:
    """Kills servers on one data directory, one after the other, and tells what went wrong in `faults`."""

    def __init__(self, fixtures, seed: int, report=lambda line: None):
        self.faults: "list[str]" = []
        self.report = report
        self._fixtures = fixtures
        self._choice = random.Random(seed)
        self._directory = Path(tempfile.mkdtemp(prefix="fgs-e2e-kills-"))
        self._mailbox = Mailbox()
        self._subjects: "list[Subject]" = []
        self._told: "Counter[str]" = Counter()

    def __enter__(self) -> "Kills":
        return self

    def __exit__(self, *exception) -> None:
        self._mailbox.close()
        shutil.rmtree(self._directory, ignore_errors=True)

    def run(self, number: int) -> "Counter[str]":
        """So many kills, and a server that finishes what is left. What was counted."""
        for turn in range(number):
            server = Server(self._directory / "data")
            try:
                self._turn(server, turn)
            finally:
                server.discard()
        server = Server(self._directory / "data").wait_until_ready()
        try:
            return self._finish(server, number)
        finally:
            server.discard()

    def _turn(self, server: Server, turn: int) -> None:
        if turn and self._choice.random() < 0.2:
            # While it starts, and goes on with what it finds.
            time.sleep(self._choice.random() * 0.5)
            server.kill()
            self.report(f"kill {turn + 1}: while it started")
            return
        server.wait_until_ready()
        api = Watched(server.url, self.faults)
        if not self._subjects:
            self._prepare(api)
        before = self._accepted
        killed = threading.Event()
        threads = [
            threading.Thread(target=self._submit, args=[api, killed, self._choice.random()], daemon=True)
            for _ in range(SUBMITTERS)
        ]
        for thread in threads:
            thread.start()
        time.sleep(self._choice.random() * 1.5)
        killed.set()
        server.kill()
        for thread in threads:
            thread.join()
        self.report(f"kill {turn + 1}: {self._accepted - before} accepted, {len(self.faults)} faults")

    def _prepare(self, api: Watched) -> None:
        project = Project(api, self._fixtures)
        self._subjects = [Subject(project, "plain"), Subject(project, "narrow")]
        narrow = self._subjects[1].function
        narrow.set_max_instances(1)
        narrow.configure_async(max_async_retry_attempts=1)

    @property
    def _accepted(self) -> int:
        return sum(len(subject.accepted) for subject in self._subjects)

    def _submit(self, api: Watched, killed: threading.Event, seed: float) -> None:
        choice = random.Random(seed)
        api = api.another_client()
        try:
            while True:
                subject = choice.choice(self._subjects)
                (way,) = choice.choices(CHOSEN, [way.weight for way in CHOSEN])
                if subject.submit(api, way, self._mailbox.port) is None:
                    self.faults.append(f"{subject.name}: an asynchronous call was not accepted")
                time.sleep(choice.random() * 0.02)
        except requests.RequestException as error:
            if not killed.is_set():
                self.faults.append(f"no answer although nobody was killed: {error}")
        finally:
            api.session.close()

    def _finish(self, server: Server, number: int) -> "Counter[str]":
        api = Watched(server.url, self.faults)
        started = time.monotonic()
        self._wait(api)
        self.report(f"everything over {time.monotonic() - started:.1f} s after the last start")
        while not self._mailbox.is_empty():
            self._told[self._mailbox.next()["request_id"]] += 1
        counts: "Counter[str]" = Counter(kills=number, accepted=self._accepted)
        for subject in self._subjects:
            known = subject.requests(api)
            for identifier in subject.accepted.keys() - known.keys():
                self.faults.append(f"{subject.name}: {identifier} is lost")
            for identifier, record in known.items():
                counts[record["status"]] += 1
                # The others were kept, but their answers died with the server.
                way = subject.accepted.get(identifier)
                counts["unacknowledged"] += way is None
                counts["ran more than once"] += self._told[identifier] > 1
                what = f"{subject.name}, {way}, {identifier}: {record['status']} {record['error_code']}"
                if record["status"] not in FINAL:
                    self.faults.append(f"{what} for ever")
                if not self._told[identifier]:
                    self.faults.append(f"{what}, but it never ran")
                expected = next((kind.code for kind in CHOSEN if kind.name == way), None)
                if expected is not None and record["error_code"] != int(expected):
                    self.faults.append(f"{what}, not {expected}")
        counts["runs"] = sum(self._told.values())
        if server.stop() != 0:
            self.faults.append("the last server did not end well")
        for path in (self._directory / "data" / "code").glob("*/*"):
            if path.name not in ("code", "digests", "pycache"):
                self.faults.append(f"left below the data: {path}")
        return counts

    def _wait(self, api: Watched) -> None:
        """Until all calls are over, or none ends any more."""

        def unfinished() -> int:
            paths = [f"{subject.function.path}/async-invocations" for subject in self._subjects]
            return sum(
                answered(api.get(path, params={"status": status}))["count"]
                for path in paths
                for status in ["WAIT", "RUNNING"]
            )

        left, since = unfinished(), time.monotonic()
        while left and time.monotonic() - since < STUCK:
            time.sleep(0.2)
            now = unfinished()
            if now < left:
                left, since = now, time.monotonic()
