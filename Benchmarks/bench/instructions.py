"""Counts the instructions that the server executes for a warm call, and for starting; see `scripts/instruction-count`.

Time says little on a machine that others use too; instructions in user mode, as callgrind counts them, are the same
to within half a percent. The server alone is counted: the processes it starts run at full speed.

Counts are differences: a server that answers N calls and one that answers N more do the same otherwise.
"""

import argparse
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from . import events
from .contenders.emulator import EmulatorService
from .function import ECHO
from .http_client import Client, free_port
from .places import BENCHMARKS, emulator_binary

RECORD = BENCHMARKS / "instructions.json"
#: A count may be so much above the recorded one.
TOLERANCE = 0.1
_FEWER, _MORE = 100, 600


class Counts(NamedTuple):
    """Instructions."""

    warm_call: int
    #: Starting, storing a function, starting an instance of it, stopping.
    start: int


def main() -> int:
    arguments = parsed_arguments()
    if not shutil.which("valgrind"):
        sys.exit("valgrind is missing: install it, or run scripts/instruction-count, which does where apt-get is")
    with tempfile.TemporaryDirectory(prefix="fgs-instructions-") as directory:
        program = readable_copy(emulator_binary(), Path(directory))
        profile = Path(directory) / "profile"
        counts = measured(program, profile)
        if arguments.profile:
            print_profile(profile)
    if arguments.update:
        RECORD.write_text(json.dumps({**counts._asdict(), **circumstances()}, indent=4) + "\n")
        print(f"{RECORD.name}: {counts.warm_call:,} instructions a warm call, {counts.start:,} to start")
        return 0
    return judge(counts)


def parsed_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="scripts/instruction-count",
        description="Counts the server's instructions per warm call and for starting, and compares them with "
        f"Benchmarks/{RECORD.name}. More than {TOLERANCE:.0%} above is a failure.",
    )
    parser.add_argument("--update", action="store_true", help=f"write the counts into {RECORD.name} instead")
    parser.add_argument("--profile", action="store_true", help="also print which functions the instructions are in")
    return parser.parse_args()


def readable_copy(binary: Path, directory: Path) -> Path:
    """The program without its debug information, which valgrind gives up on, beside what it needs."""
    (directory / "bin").mkdir()
    copy = directory / "bin" / binary.name
    subprocess.run(["strip", "--strip-debug", "-o", copy, binary], check=True)
    (directory / "bin/fgs-python-worker").symlink_to(binary.with_name("fgs-python-worker"))
    # The server looks for the runtimes in share/ first, then upwards.
    places = [binary.parent.parent / "share/fgs-emulator/runtimes", *(above / "runtimes" for above in binary.parents)]
    runtimes = next(place for place in places if (place / "python").is_dir())
    (directory / "share/fgs-emulator").mkdir(parents=True)
    (directory / "share/fgs-emulator/runtimes").symlink_to(runtimes)
    return copy


def measured(program: Path, profile: Path) -> Counts:
    fewer, more = executed(program, _FEWER, profile), executed(program, _MORE, profile)
    warm_call = (more - fewer) / (_MORE - _FEWER)
    return Counts(round(warm_call), round(fewer - _FEWER * warm_call))


def executed(program: Path, calls: int, profile: Path) -> int:
    """The instructions of a server from start to end, with so many calls in between."""
    valgrind = ["valgrind", "--tool=callgrind", "--trace-children=no", f"--callgrind-out-file={profile}", str(program)]
    with EmulatorService("fgs-emulator under callgrind", free_port()) as service:
        service.serve(program=valgrind)
        service.wait_until_accepting()
        target = service.create("served", ECHO.source)
        with Client(service.port) as client:
            for _ in range(calls):
                client.timed(target, events.SMALL)
        service.child.stop(within=60)
        found = re.search(r"Collected : (\d+)", service.child.log.read_text(errors="replace"))
        if not found:
            raise RuntimeError(f"callgrind counted nothing\n{service.child.log_tail()}")
        return int(found[1])


def circumstances() -> "dict[str, str]":
    """What counts depend on beside the sources."""
    return {"architecture": platform.machine(), "swift": swift_version()}


def swift_version() -> str:
    swift = os.environ.get("SWIFT", "swift")
    if not shutil.which(swift):
        return "unknown"
    said = subprocess.run([swift, "--version"], capture_output=True, text=True).stdout
    found = re.search(r"Swift version (\S+)", said)
    return found[1] if found else "unknown"


def judge(counts: Counts) -> int:
    """Says how the counts compare with those that were recorded; the exit code."""
    record = json.loads(RECORD.read_text())
    now = circumstances()
    if record["architecture"] != now["architecture"]:
        print(f"The recorded counts are those of {record['architecture']}; this is {now['architecture']}.")
        print(f"{counts.warm_call:,} instructions a warm call, {counts.start:,} to start; not compared")
        return 0
    failed = False
    for name, count in counts._asdict().items():
        change = count / record[name] - 1
        failed = failed or change > TOLERANCE
        print(f"{name.replace('_', ' ')}: {count:,} instructions, {change:+.1%} against {record[name]:,}")
        if change < -TOLERANCE:
            print("    better; record it with scripts/instruction-count --update")
    if not failed:
        return 0
    print(f"More than {TOLERANCE:.0%} above what {RECORD.name} says. scripts/instruction-count --profile shows where they are;")
    print("if they are worth it, scripts/instruction-count --update records them.")
    if record["swift"] != now["swift"]:
        print(f"The recorded counts are of a build by Swift {record['swift']}; this is Swift {now['swift']}.")
    return 1


def print_profile(profile: Path) -> None:
    """The functions with the most instructions, with those they call, and alone."""
    for title, options in [("with what they call", ["--inclusive=yes"]), ("alone", [])]:
        text = subprocess.run(
            ["callgrind_annotate", *options, str(profile)], capture_output=True, text=True, check=True
        ).stdout
        if shutil.which("swift"):
            text = subprocess.run(["swift", "demangle", "--simplified"], input=text, capture_output=True, text=True).stdout
        lines = [line for line in text.splitlines() if re.match(r" *[\d,]+ \(", line)]
        print(f"Functions, {title}:")
        print("\n".join(re.sub(r" \[[^]]*\]$", "", line)[:160] for line in lines[:60]), end="\n\n")


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (OSError, RuntimeError, ValueError, subprocess.CalledProcessError) as error:
        sys.exit(f"instruction-count: {error}")
