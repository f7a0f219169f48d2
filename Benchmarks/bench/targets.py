"""What fgs-emulator wants to be. Ratios are to what was measured beside it in the same run."""

from .contenders import FRAMEWORK, FRAMEWORK_2, NGINX, NO_SPARES, UVICORN, UWSGI_1, UWSGI_2, UWSGI_ROUTED
from .floors import FORK
from .measurements import (
    asynchronous, burst, control_plane, cpu_bound, first_call, growth, large_echo, memory, start, static_route,
    throughput, warm_latency,
)
from .target import Target

ALL = [
    Target("a warm call, against uWSGI", warm_latency.P50, at_most=1, over=(warm_latency.P50, UWSGI_1.name)),
    Target("a warm call, against uvicorn", warm_latency.P50, at_most=1, over=(warm_latency.P50, UVICORN.name)),
    Target("a warm call, against functions-framework", warm_latency.P50, at_most=0.33,
           over=(warm_latency.P50, FRAMEWORK.name)),
    Target("16 connections, against uvicorn", throughput.RATE_16, at_least=1, over=(throughput.RATE_16, UVICORN.name)),
    Target("16 connections, against uWSGI with 2 processes, which answer all of them", throughput.RATE_16, at_least=1,
           over=(throughput.RATE_16, UWSGI_ROUTED.name)),
    Target("16 connections, against uWSGI with 2 processes, which answer 2 of them", throughput.RATE_16, at_least=1,
           over=(throughput.RATE_16, UWSGI_2.name)),
    Target("16 connections, against nginx with a fixed answer", throughput.RATE_16, at_least=0.25,
           over=(throughput.RATE_16, NGINX.name)),
    Target("16 connections, against functions-framework with 2 workers", throughput.RATE_16, at_least=5,
           over=(throughput.RATE_16, FRAMEWORK_2.name)),
    Target("16 connections, 99th percentile against the median", throughput.P99_16, at_most=5,
           over=(throughput.P50_16, throughput.P50_16.subject)),
    Target("a route without a function, 16 connections, against nginx", static_route.RATE, at_least=0.8,
           over=(static_route.RATE, NGINX.name)),
    Target("a first call", first_call.PLAIN, at_most=0.0025),
    Target("a first call when nothing was forked ahead", first_call.PLAIN, at_most=0.004, subject=NO_SPARES.name),
    Target("a first call, against fork, import, answer", first_call.PLAIN, at_most=2, over=(first_call.PLAIN, FORK)),
    Target("from creating a function to its answer", first_call.CREATE, at_most=0.006),
    Target("50 first calls at once", burst.BURST, at_most=0.15),
    Target("from starting to accepting connections", start.ACCEPT, at_most=0.02),
    Target("from starting to the first answer of a function", start.ANSWER, at_most=0.08),
    Target("1 MB there and back, against uvicorn", large_echo.ECHO_1MB, at_most=1.15,
           over=(large_echo.ECHO_1MB, UVICORN.name)),
    Target("a function that computes, 2 instances against 1", cpu_bound.RATE, at_least=1.8,
           over=(cpu_bound.RATE, cpu_bound.ONE)),
    Target("asynchronous calls accepted", asynchronous.ACCEPT, at_least=5_000),
    Target("asynchronous calls run, against synchronous ones", asynchronous.DRAIN, at_least=0.8,
           over=(asynchronous.SYNC, asynchronous.SYNC.subject)),
    Target("creating a function", control_plane.CREATE, at_most=0.0015),
    Target("reading a function", control_plane.GET, at_most=0.0003),
    Target("server and zygote, idle", memory.CORE, at_most=25 << 20),
    Target("an instance", memory.INSTANCE, at_most=3 << 20),
    Target("growth over many calls", memory.GROWN, at_most=2 << 20, either_way=True),
    *(
        Target(f"{what}, {count:,} functions stored against 10", metric, at_most=1.1, subject=f"{count:,} stored",
               over=(metric, metric.subject))
        for count in (1_000, 10_000)
        for what, metric in [
            ("a warm call", growth.WARM), ("processor time of a warm call", growth.CPU), ("listing 100", growth.LIST),
            ("creating", growth.CREATE), ("a timer's fire", growth.FIRE),
            ("processor time of a timer's fire", growth.FIRE_CPU),
        ]
    ),
    *(
        Target(f"{what}, 100 instances alive against 1", metric, at_most=1.1, subject="100 instances",
               over=(metric, metric.subject))
        for what, metric in [("a warm call", growth.INSTANCES), ("processor time of it", growth.INSTANCES_CPU)]
    ),
]
