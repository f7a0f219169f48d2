"""The command line: `python -m bench [--quick] [--only NAME]… [--output DIRECTORY]`."""

import argparse
import platform
import shutil
import sys
import time
from pathlib import Path

from . import chart, report
from .machine import Busyness, describe
from .measurements import ALL
from .places import BENCHMARKS, BUILD, PYTHON, emulator_binary
from .session import Session
from .settings import FULL, QUICK


def main() -> int:
    arguments = parsed_arguments()
    for program in ("wrk", "nginx"):
        if not shutil.which(program):
            sys.exit(f"{program} is missing; scripts/bench installs it")
    print(f"Measuring {emulator_binary()}", file=sys.stderr)
    chosen = [measurement for measurement in ALL if not arguments.only or measurement.name in arguments.only]
    settings = QUICK if arguments.quick else FULL
    start, busyness, failed = time.monotonic(), Busyness(), []
    with Session(settings) as session:
        for measurement in chosen:
            session.say(measurement.name)
            try:
                measurement.run(session)
            except (RuntimeError, ValueError, OSError) as error:
                failed.append(f"{measurement.name}: {error}")
                session.say(f"{measurement.name} failed: {error}")
        results = session.results
    circumstances = report.Circumstances(
        describe(), f"CPython {platform.python_version()} ({PYTHON})", settings.name, time.monotonic() - start,
        busyness.shares(), session.measured_rounds, session.kept_rounds,
    )
    partial = arguments.quick or arguments.only
    output = arguments.output or (BUILD / "benchmarks" if partial else BENCHMARKS)
    output.mkdir(parents=True, exist_ok=True)
    picture = chart.svg(results)
    if picture:
        (output / "results.svg").write_text(picture)
    text = report.markdown(results, chosen, circumstances, "results.svg" if picture else None)
    (output / "RESULTS.md").write_text(text)
    print(text)
    print(f"Written to {output / 'RESULTS.md'}", file=sys.stderr)
    for line in failed:
        print(f"failed: {line}", file=sys.stderr)
    return 1 if failed else 0


def parsed_arguments() -> argparse.Namespace:
    names = [measurement.name for measurement in ALL]
    parser = argparse.ArgumentParser(
        prog="make bench", description="Compares fgs-emulator with what one would otherwise run.",
        epilog="With make: make bench ARGUMENTS=\"--quick\"",
    )
    parser.add_argument("--quick", action="store_true", help="two to four minutes instead of eleven to eighteen")
    parser.add_argument("--only", action="append", choices=names, metavar="NAME",
                        help=f"only this measurement; can be repeated: {', '.join(names)}")
    parser.add_argument("--output", type=Path, metavar="DIRECTORY",
                        help="where RESULTS.md and results.svg go: Benchmarks, and .build/benchmarks for parts and quick runs")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
