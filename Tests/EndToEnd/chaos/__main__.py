"""Puts a mixed load on a server, or kills servers that accept calls, and tells what does not hold."""

import argparse
import random
import sys
import time
from collections import Counter

from chaos import load
from chaos.kills import Kills
from emulator import Server
from samples import archives


def say(line: str) -> None:
    print(f"{time.strftime('%H:%M:%S')}  {line}", flush=True)


def show(counts: "Counter[str]") -> None:
    for name, number in sorted(counts.items()):
        print(f"  {number:8d}  {name}")


def put_load(seconds: float, seed: int) -> "list[str]":
    server = Server(options=load.options()).wait_until_ready()
    try:
        running = load.Load(server, archives(), seed, say)
        try:
            say("warming up")
            running.run(min(seconds, load.WARM_UP))
            before = running.settle()
            running.run(seconds)
            after = running.settle()
            ends = running.check(before, after)
        finally:
            running.close()
        if server.stop() != 0:
            running.faults.append("the server did not end well")
        running.faults.extend(f"left at the end: {path}" for path in server.left_behind())
        print("What was done:")
        show(running.done)
        print("How asynchronous calls ended:")
        show(ends)
        print(f"Memory of the server: {before.memory} KiB before, {after.memory} KiB after")
        print("Held before and after:")
        for name in ["processes", "server_descriptors", "zygote_descriptors"]:
            then, now = getattr(before, name), getattr(after, name)
            for kind in sorted({*then, *now}):
                print(f"  {then[kind]:4d} {now[kind]:4d}  {kind[:100]} ({name})")
        for name, then, now in [
            ("descriptors of the database", before.database_descriptors, after.database_descriptors),
            ("files", len(before.files), len(after.files)),
        ]:
            print(f"  {then:4d} {now:4d}  {name}")
        return running.faults
    finally:
        server.discard()


def kill(number: int, seed: int) -> "list[str]":
    with Kills(archives(), seed, say) as kills:
        counts = kills.run(number)
        print("What was counted:")
        show(counts)
        return kills.faults


def main() -> None:
    parser = argparse.ArgumentParser(prog="scripts/chaos", description=__doc__)
    parser.add_argument("--seconds", type=float, default=600, help="how long the load lasts (default: 600)")
    parser.add_argument("--kills", type=int, help="instead of the load: kill the server so often")
    parser.add_argument("--seed", type=int, help="what is chosen at random follows from it")
    arguments = parser.parse_args()
    seed = random.randrange(1_000_000) if arguments.seed is None else arguments.seed
    say(f"seed {seed}")
    faults = kill(arguments.kills, seed) if arguments.kills else put_load(arguments.seconds, seed)
    print(f"{len(faults)} faults")
    for fault, number in Counter(faults).most_common(100):
        print(f"  {fault}" + (f" ({number} times)" if number > 1 else ""))
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
