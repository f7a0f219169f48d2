"""A mixed load on one server: calls of every kind, changes, cancellations, and processes killed at random."""

import json
import os
import random
import signal
import threading
import time
from collections import Counter

from chaos import census
from chaos.census import Census
from chaos.subjects import SIDE_EFFECTS, WAYS, Subject, Watched, Way, records
from control import Control
from deadlines import eventually
from emulator import Server
from letters import Mailbox
from processes import Process, alive
from rest import FINAL, Function, Project, encoded

CALLERS = 6
SUBMITTERS = 3
IDLE_SECONDS = 2
SPARES = 2
SETTLING = 40
"""For a backlog, three retries, and instances that become idle."""
WARM_UP = 20
"""Seconds after which most of what grows once has grown: connections to the database, threads, heaps."""
MEMORY_MARGIN = 16 * 1024
"""In KiB. Connections to the database fill their caches of 2 MiB each, and each function that came and went leaves
some 2 KiB: the path it was called at, of which 4,096 are remembered, and its totals. In ten minutes of load a leak of
200 bytes a call goes beyond it."""

ZYGOTE_DIED = "the Python worker ended; its instances end with it, and it is started again"


class Load:
    """Puts a load on a server, as often as asked, and tells what went wrong in `faults`."""

    def __init__(self, server: Server, fixtures, seed: int, report=lambda line: None):
        self.server = server
        self.report = report
        self.faults: "list[str]" = []
        self.done: "Counter[str]" = Counter()
        self._seed = seed
        self._round = 0
        self._api = Watched(server.url, self.faults)
        self._control = Control(server.url)
        self._mailbox = Mailbox()
        self._told: "Counter[str]" = Counter()
        project = self._project = Project(self._api, fixtures)
        self._collector = project.create("echo")
        self._subjects = [
            Subject(project, "plain"),
            Subject(
                project, "shared", shares=True,
                strategy_config={"concurrency": 400, "concurrent_num": 4},
            ),
            Subject(project, "narrow"),
        ]
        narrow = self._subjects[2].function
        narrow.set_max_instances(2)
        collector = json.dumps({"func_urn": f"{self._collector.urn}:latest"})
        failures = {"destination": "FunctionGraph", "param": collector}
        narrow.configure_async(
            max_async_retry_attempts=2,
            max_async_event_age_in_seconds=20,
            destination_config={"on_failure": failures},
        )
        self._bash = None
        if self._control.isolation == "namespaces":
            self._bash = project.create("custom_bash", handler="bootstrap", runtime="Custom", timeout=10)
        # Every archive is unpacked, so that the cache of code is what it will be.
        for subject in self._subjects:
            for _ in range(Subject.CODES):
                subject.change_code(self._api)
                assert subject.function.invoke({"do": "answer", "say": "first"}).succeeded

    def close(self) -> None:
        self._mailbox.close()

    # The load

    def run(self, seconds: float) -> None:
        """Everything at once for so many seconds."""
        self._end = time.monotonic() + seconds
        self._round += 1
        actors = [
            *([self._call] * CALLERS),
            *([self._submit] * SUBMITTERS),
            self._change,
            self._come_and_go,
            self._kill_workers,
            self._kill_zygote,
        ]
        threads = [
            threading.Thread(target=self._act, args=[number, actor], daemon=True)
            for number, actor in enumerate(actors)
        ]
        for thread in threads:
            thread.start()
        started = time.monotonic()
        while any(thread.is_alive() for thread in threads):
            for _ in range(100):
                if any(thread.is_alive() for thread in threads):
                    time.sleep(0.1)
            self.report(
                f"{time.monotonic() - started:4.0f} s  "
                f"{self.done['calls']} calls, {self.done['accepted']} accepted, "
                f"{self.done['changes']} changes, {self.done['cancellations']} cancellations, "
                f"{self.done['workers killed']} workers and {self.done['zygotes killed']} zygotes killed, "
                f"{census.memory(self.server.pid) // 1024} MiB, {len(self.faults)} faults"
            )

    def _act(self, number: int, actor) -> None:
        choice = random.Random(f"{self._seed} {self._round} {number}")
        api = self._api.another_client()
        try:
            while time.monotonic() < self._end:
                actor(choice, api)
        except Exception as error:
            # Whatever it is, the run has failed; it goes on to tell more.
            self.faults.append(f"{actor.__name__}: {type(error).__name__}: {error}")
        finally:
            api.session.close()

    def _choose(self, choice: random.Random) -> "tuple[Subject, Way]":
        (way,) = choice.choices(WAYS, [way.weight for way in WAYS])
        return choice.choice(self._subjects), way

    def _call(self, choice, api) -> None:
        if self._bash and choice.random() < 0.05:
            return self._call_bash(api)
        subject, way = self._choose(choice)
        invocation, complaint = subject.call(api, way, say=str(choice.random()))
        self.done["calls"] += 1
        if complaint:
            self.faults.append(f"{subject.name}, {way.name}: {complaint}")
        if invocation.status == 429:
            # It has stood in line for as long as it might have run.
            self.done["refused"] += 1
            if subject.name != "narrow":
                self.faults.append(f"{subject.name}, {way.name}: refused without a limit: {invocation}")
        elif invocation.status == 200 and invocation.code != way.code:
            self._count_side_effect(f"{subject.name}, {way.name}", invocation, subject.shares)

    def _call_bash(self, api) -> None:
        invocation = Function(api, self._bash.created).invoke({"a": 1})
        self.done["calls"] += 1
        if invocation.succeeded and not invocation.text:
            # Of `printf … | curl …` the first half was killed, and the second sent what it had.
            self.done["answers of half a pipeline"] += 1
        elif invocation.succeeded:
            if invocation.json()["event"] != {"a": 1}:
                self.faults.append(f"custom_bash: {invocation}")
        else:
            self._count_side_effect("custom_bash", invocation, False)

    def _count_side_effect(self, what: str, invocation, shares: bool) -> None:
        """A call that ended as it should not have: others may be the reason, but only in certain ways."""
        # In an instance of several calls the timeout of one takes the others with it, as 4204.
        if invocation.code in SIDE_EFFECTS and (shares or invocation.code == "4204"):
            self.done[f"side effects on {'shared' if shares else 'own'} instances"] += 1
        else:
            self.faults.append(f"{what}: {invocation}")

    def _submit(self, choice, api) -> None:
        subject, way = self._choose(choice)
        identifier = subject.submit(api, way, self._mailbox.port)
        if identifier is None:
            self.faults.append(f"{subject.name}: an asynchronous call was not accepted")
            return
        self.done["accepted"] += 1
        if choice.random() < 0.06:
            time.sleep(choice.random() * 0.05)
            subject.cancel(api, identifier)
            self.done["cancellations"] += 1
        time.sleep(choice.random() * 0.08)

    def _change(self, choice, api) -> None:
        subject = choice.choice(self._subjects)
        choice.choice([subject.change_code, subject.change_configuration])(api)
        self.done["changes"] += 1
        time.sleep(choice.random() * 0.4)

    def _come_and_go(self, choice, api) -> None:
        """A function that is made, called, and deleted while it is called again."""
        project = Project(api, None)
        source = "import time\ndef handler(event, context): time.sleep(0.1); return event\n"
        function = project.create(func_code=encoded(source))
        function.invoke("first")
        last = threading.Thread(target=function.invoke, args=["last"])
        last.start()
        time.sleep(choice.random() * 0.1)
        project.clean_up()
        last.join()
        self.done["functions that came and went"] += 1
        time.sleep(choice.random())

    def _kill_workers(self, choice, api) -> None:
        time.sleep(choice.random() * 0.8)
        found = census.workers(self.server)
        if found and self._kill(choice.choice(found)):
            self.done["workers killed"] += 1

    def _kill_zygote(self, choice, api) -> None:
        pause = time.monotonic() + 4 + choice.random() * 8
        while time.monotonic() < min(pause, self._end):
            time.sleep(0.05)
        found = census.zygote(self.server)
        if found and self._kill(found):
            self.done["zygotes killed"] += 1

    @staticmethod
    def _kill(process: Process) -> bool:
        try:
            if not alive(process):
                return False
            os.kill(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return False
        return True

    # Afterwards

    def settle(self) -> Census:
        """Waits until everything accepted is over and idle instances are gone; what is there then."""
        started = time.monotonic()
        everything = [*(subject.function for subject in self._subjects), self._collector]
        for function in everything:
            # A call that is tried again waits in between: it is over when it neither runs nor waits then.
            eventually(
                lambda: not any(
                    function.async_requests(status=status, limit=1) for status in ["WAIT", "RUNNING", "WAIT"]
                ),
                SETTLING, f"no unfinished call of {function.name}",
            )
        # Connections that are kept alive are closed, so that the descriptors are those of the server alone.
        self._api.session.close()
        self._control._session.close()
        try:
            # The server, its zygote and the instances that are forked ahead.
            eventually(lambda: len(self.server.processes()) == 2 + SPARES, SETTLING, "no instance left")
        except AssertionError:
            self.faults += [f"still there: {process}" for process in self.server.processes()]
        previous = None

        def unchanging():
            nonlocal previous
            time.sleep(0.3)
            latest = census.take(self.server)
            before, previous = previous, latest
            # A spare one that is being forked makes up for one that is still there.
            is_settled = sum(latest.processes.values()) == 1 + SPARES
            return is_settled and before is not None and not latest.differences(before) and latest

        found = eventually(unchanging, SETTLING, "the same twice in a row")
        self.report(f"settled after {time.monotonic() - started:.1f} s, {found.memory / 1024:.1f} MiB")
        return found

    def check(self, before: Census, after: Census) -> "Counter[str]":
        """Everything that has to hold after a load; how many asynchronous calls ended how."""
        self.faults.extend(after.differences(before))
        if after.memory > before.memory + MEMORY_MARGIN:
            self.faults.append(f"memory grew from {before.memory} to {after.memory} KiB")
        self._check_log()
        self._check_side_effects()
        return self._check_accounts()

    def _check_accounts(self) -> "Counter[str]":
        """Every accepted call has come to an end that fits what it did. How many came to which."""
        while not self._mailbox.is_empty():
            self._told[self._mailbox.next()["request_id"]] += 1
        ends: "Counter[str]" = Counter()
        codes = {way.name: int(way.code) for way in WAYS}
        for subject in self._subjects:
            known = subject.requests(self._api)
            for stranger in known.keys() - subject.accepted.keys():
                self.faults.append(f"{subject.name}: {stranger} was never accepted")
            for identifier, way in subject.accepted.items():
                record = known.get(identifier)
                if record is None:
                    self.faults.append(f"{subject.name}: {identifier} is lost")
                    continue
                status, code = record["status"], record["error_code"]
                ends[status] += 1
                what = f"{subject.name}, {way}, {identifier}: {status} {code}"
                if status not in FINAL:
                    self.faults.append(f"{what} for ever")
                if status == "SUCCESS" and codes[way] != 0:
                    self.faults.append(f"{what}, but it cannot succeed")
                if status == "SUCCESS" and not self._told[identifier]:
                    self.faults.append(f"{what}, but it never ran")
                allowed = {codes[way], *map(int, SIDE_EFFECTS)}
                if not subject.shares and identifier not in subject.cancelled:
                    allowed.discard(4208)
                if status == "FAIL" and code not in allowed:
                    self.faults.append(f"{what} {record['error_message']}")
                if status == "DISCARD" and subject.name != "narrow":
                    self.faults.append(f"{what}, but it is good for an hour")
        for identifier, record in records(self._collector).items():
            ends[f"report {record['status']}"] += 1
            if record["status"] not in FINAL:
                self.faults.append(f"the report {identifier} is {record['status']} for ever")
        return ends

    def _check_side_effects(self) -> None:
        """No more calls failed by the fault of others than others were killed."""
        found = self.done["side effects on own instances"]
        most = self.done["workers killed"] + CALLERS * self.done["zygotes killed"]
        if found > most:
            self.faults.append(f"{found} calls failed by no fault of their own, {most} at most can have")

    def _check_log(self) -> None:
        """The server has had nothing to complain about but the deaths of its zygotes."""
        deaths = 0
        for line in self.server.log.read_text(errors="replace").splitlines():
            try:
                entry = json.loads(line)
            except ValueError:
                self.faults.append(f"log: {line[:300]}")
                continue
            if entry["message"] == ZYGOTE_DIED:
                deaths += 1
            elif entry["level"] in ("error", "critical"):
                self.faults.append(f"log: {line[:300]}")
        if deaths != self.done["zygotes killed"]:
            self.faults.append(f"{deaths} zygotes died, {self.done['zygotes killed']} were killed")


def options() -> "list[str]":
    """Of the server that a load is put on."""
    return [
        "--idle-timeout", str(IDLE_SECONDS), "--spare-instances", str(SPARES), "--log-format", "json"
    ]  # fmt: skip
