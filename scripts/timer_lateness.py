"""See scripts/timer-lateness."""

import argparse
import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import build
from emulator import Server
from rest import Api, Project
from steering import Clock, add_timer, moment

PER_FUNCTION = 10


def main() -> int:
    arguments = parsed_arguments()
    server = Server(options=["--log-level", "warning"])
    server.wait_until_ready()
    try:
        project = Project(Api(server.url), build)
        count = arguments.timers // PER_FUNCTION
        print(f"making {count * PER_FUNCTION} timers of {count} functions", file=sys.stderr)
        clock = Clock(server.url)
        # Nothing fires while they are made, and then all of them count from one second.
        clock.freeze(time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()))
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda _: make(project), range(count)))
        clock.set(mode="system")
        begin = time.time()
        while (left := begin + arguments.seconds + 1 - time.time()) > 0:
            print(f"\r{left:3.0f} s left ", end="", file=sys.stderr)
            time.sleep(1)
        print(file=sys.stderr)
        # What became due while the clock stood still is late because of that.
        counted = [fire for fire in fires(clock) if moment(fire["due"]).timestamp() >= begin]
        return judge(counted, count * PER_FUNCTION, arguments.seconds)
    finally:
        server.stop()
        server.discard()


def parsed_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="scripts/timer-lateness",
        description="Measures how late timers fire that are all due in the same second, every second. Each fire is an "
        "asynchronous invocation of a function that returns at once.",
    )
    parser.add_argument("--timers", type=int, default=1000, help="how many timers (%(default)s)")
    parser.add_argument("--seconds", type=int, default=60, help="for how long (%(default)s)")
    return parser.parse_args()


def make(project) -> None:
    function = project.create_inline("def handler(event, context):\n    return None\n", memory_size=128)
    function.set_max_instances(1)
    for number in range(PER_FUNCTION):
        add_timer(function, "@every 1s", name=f"t{number}")


def fires(clock: Clock) -> "list[dict]":
    found, marker = [], 0
    while True:
        answer = json.loads(clock.control.get("fires", params={"limit": 1000, "marker": marker}).content)
        found += answer["fires"]
        if not answer["fires"]:
            return found
        marker = answer["next_marker"]


def judge(found: "list[dict]", timers: int, seconds: int) -> int:
    per_timer: "dict[str, list[str]]" = {}
    for fire in found:
        per_timer.setdefault(fire["trigger_id"], []).append(fire["due"])
    late = sorted((moment(fire["fired"]) - moment(fire["due"])).total_seconds() * 1000 for fire in found)
    results: "dict[str, int]" = {}
    for fire in found:
        results[fire["result"]] = results.get(fire["result"], 0) + 1
    gaps = 0
    for dues in per_timer.values():
        times = [moment(due).timestamp() for due in dues]
        gaps += sum(round(after - before) - 1 for before, after in zip(times, times[1:]))
    fewest = min(map(len, per_timer.values()), default=0)
    print(f"{len(found)} fires of {len(per_timer)} of {timers} timers, {gaps} missing, {results}")
    if not late:
        return 1
    p50, p99 = late[len(late) // 2], late[len(late) * 99 // 100]
    print(f"late by {p50:.0f} ms (median), {p99:.0f} ms (99th percentile), {late[-1]:.0f} ms at most")
    return 0 if len(per_timer) == timers and gaps == 0 and fewest >= seconds - 1 and p99 < 50 else 1


if __name__ == "__main__":
    sys.exit(main())
