"""What a process that waits to become an instance does meanwhile."""

import importlib.util
import io
import json
import os

from . import codec, context, loader, logger, results, scope

# About as many as functions have.
_VARIABLES = ["RUNTIME_VARIABLE_%d" % number for number in range(24)]

_SOURCE = """
import json
import logging

LOG = logging.getLogger()


class Handler:
    def __init__(self, name):
        self.name = name

    def answer(self, event):
        return {"name": self.name, **{key: value for key, value in event.items()}}


def handler(event, context):
    try:
        return Handler("%s %d" % ("rehearsal", len(event))).answer(event)
    except ValueError as error:
        return str(error)
"""


def rehearse():
    """Do what loading a function and its first request do, and leave nothing of it behind.

    A process that has been forked owns no memory yet: each page is copied when it is first written to, which takes
    longer than most of the work itself. So the pages that every function writes to are written to ahead.
    """
    for name in _VARIABLES:
        os.environ[name] = "a value of the usual length, or thereabouts"
    for name in _VARIABLES:
        del os.environ[name]
    specification = importlib.util.spec_from_file_location("rehearsal", "/rehearsal.py")
    module = importlib.util.module_from_spec(specification)
    exec(specification.loader.source_to_code(_SOURCE.encode(), "/rehearsal.py"), module.__dict__)
    function = loader.find_function(module, loader.Entry("rehearsal.handler"), 2)
    facts = json.loads(b'{"timeout": 3000, "memory": "128", "function_name": "rehearsal", "environment": {}}')
    contexts = context.context_class(facts, {}, "seconds")
    choices = {"str_result": "json", "none_result": "null", "bytes_result": "raw"}
    with open(os.devnull, "wb") as file:
        stream = scope.Stream(file, encoding="utf-8", errors="backslashreplace", line_buffering=True)
        stream.write("%s rehearsal\n" % logger.timestamp())
        stream.flush()
    event = codec.loads(b'{"key": "value", "numbers": [1, 2.5, null, true]}')
    results.ResultWriter(choices, 1 << 20).write(function(event, contexts("", "")))
    dict(os.environ)
    io.BytesIO(b" " * (64 << 10)).read()
