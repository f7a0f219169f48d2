"""A program: calls the handler of a file again and again, between two moments of the monotonic clock.

Arguments: the file, the rounds of an event, when to begin and when to end. It prints how many calls were done in between.
"""

import sys
import time


def main() -> None:
    file, rounds, start, end = sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), float(sys.argv[4])
    names: dict = {}
    with open(file) as source:
        exec(source.read(), names)
    handler, event, count = names["handler"], {"rounds": rounds}, 0
    time.sleep(max(0, start - time.monotonic()))
    while time.monotonic() < end:
        handler(event, None)
        count += 1
    # The last call may have ended late.
    print(count * (end - start) / max(time.monotonic() - start, end - start))


main()
