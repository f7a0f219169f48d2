"""All measurements, in the order in which they are made and reported."""

from .asynchronous import Asynchronous
from .burst import Burst
from .control_plane import ControlPlane
from .cpu_bound import CPUBound
from .first_call import FirstCall
from .growth import Growth
from .hundred_functions import HundredFunctions
from .large_echo import LargeEcho
from .measurement import Measurement
from .memory import Memory
from .start import Start
from .static_route import StaticRoute
from .throughput import Throughput
from .warm_latency import WarmLatency

ALL: "list[Measurement]" = [
    Start(), FirstCall(), Burst(), HundredFunctions(), WarmLatency(), Throughput(), StaticRoute(), LargeEcho(),
    CPUBound(), Asynchronous(), Memory(), ControlPlane(), Growth(),
]
