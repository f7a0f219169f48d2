"""What a process that waits to become an instance does meanwhile."""

import json
import os
import sys

from . import host, instance, scope

_ROOT = os.path.join(os.path.dirname(__file__), "rehearsed")
# As many variables as functions have, and the time zone that the process has already.
_ENVIRONMENT = {"REHEARSED_VARIABLE_%d" % number: "a value of the usual length" for number in range(21)}
_ENVIRONMENT["TZ"] = "UTC"
_SPECIFICATION = json.dumps({
    "kind": "python", "handler": "index.handler", "initializer": None, "pre_stop": None, "region": "",
    "environment": _ENVIRONMENT, "user_data": {"key": "value"},
    "context": {"function_name": "rehearsal", "package": "default", "project_id": "", "timeout": 3000, "memory": "128"},
    "fidelity": {"str_result": "json", "none_result": "null", "bytes_result": "raw", "async_handler": "awaited",
                 "running_time": "seconds"},
    "max_result_bytes": 1 << 20, "own_network": False, "auth_in_header": False, "request_id": "", "alias": "",
    "temporary": None,
}).encode()


def rehearse():
    """Loads a function and calls it, and leaves nothing of that behind.

    A process that has been forked owns no memory yet: each page is copied when it is first written to, which takes
    longer than most of the work itself. So the pages that every function writes to are written to ahead.

    :returns: the outcome of the call, as ``instance.invoke`` does
    """
    directory, path, arguments = os.getcwd(), sys.path[:], getattr(sys, "argv", [])
    writes_no_bytecode, environment, output = sys.dont_write_bytecode, dict(os.environ), sys.__stdout__
    with open(os.devnull, "wb") as nothing:
        sys.__stdout__ = scope.Stream(nothing, encoding="utf-8", errors="backslashreplace", line_buffering=True)
        try:
            failure = instance.load(_SPECIFICATION, _ROOT, _ROOT, 1)
            return failure or instance.invoke(0, "", "", False, b'{"key": "value", "numbers": [1, 2.5, null, true]}')
        finally:
            sys.__stdout__ = output
            instance.forget()
            sys.dont_write_bytecode = writes_no_bytecode
            sys.modules.pop("index", None)
            sys.argv = arguments
            sys.path[:] = path
            host.set_environment(environment, os.environ._data)
            # The last, since whoever was started in a directory that is out of his reach cannot go back.
            os.chdir(directory)
