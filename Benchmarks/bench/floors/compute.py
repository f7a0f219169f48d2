"""The floor of a function that computes: CPython processes that call it, told by nobody and answering nobody.

What two of them do in the time of one is what the second processor of a machine is worth, which on a virtual one is not
always a whole processor.
"""

import subprocess
import time
from pathlib import Path

from ..function import Function
from ..places import FUNCTIONS, PYTHON

_PROGRAM = Path(__file__).with_name("compute_loop.py")
#: The time that the processes have to start, in seconds.
_STARTING = 0.3


def compute(function: Function, processes: int, rounds: int, seconds: float) -> float:
    """Calls per second of so many processes together."""
    start = time.monotonic() + _STARTING
    arguments = [FUNCTIONS / f"{function.name}.py", rounds, start, start + seconds]
    running = [
        subprocess.Popen(
            [PYTHON, "-I", "-S", str(_PROGRAM), *map(str, arguments)], stdout=subprocess.PIPE, text=True
        )
        for _ in range(processes)
    ]
    counts = [float(process.communicate(timeout=seconds + 60)[0]) for process in running]
    return sum(counts) / seconds
