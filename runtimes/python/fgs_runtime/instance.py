"""One instance: a process that is one function for good.

The host calls ``load`` once and ``invoke`` for every request; neither ever raises. Both return a runtime code and the
bytes for the caller.
"""

import json
import os
import sys

from . import errors, loader, logger
from .context import context_class

#: The code for an event that cannot be read: the server refuses the request instead of failing the function.
UNREADABLE_EVENT = 1

_function = None
_root = ""
_context_class = None
_log_handler = None
_result = None
_event_loop = None
_COROUTINE = 0x80  # inspect.CO_COROUTINE, without the cost of importing inspect


def load(specification, initializing):
    """Becomes the function that ``specification`` describes.

    :param specification: JSON with these members: ``code``, the root of the unpacked code; ``pycache``, where
        bytecode is kept, or null; ``libraries``, directories for ``sys.path``; ``handler`` and ``initializer``;
        ``runtime``, the label; ``environment``, all of it; ``user_data``; ``context``, attributes of the context
        class; ``fidelity``, with ``str_result``, ``none_result``, ``bytes_result`` and ``running_time``;
        ``max_result_bytes``; ``request_id`` and ``alias`` of the request that starts this instance
    :param initializing: called without arguments before the initializer runs
    :returns: None, or the code and the error object of what went wrong
    """
    global _function, _root, _context_class, _log_handler, _result
    spec = json.loads(specification)
    _root = spec["code"]
    _prepare_process(spec)
    _log_handler = logger.install()
    _log_handler.request_id = spec["request_id"]
    _context_class = context_class(spec["context"], spec["user_data"], spec["fidelity"]["running_time"])
    _result = ResultWriter(spec["fidelity"], spec["max_result_bytes"])
    _announce(spec["runtime"])
    entry = loader.Entry(spec["handler"])
    try:
        module = loader.load_module(entry, _root)
        _function = loader.find_function(module, entry, 2)
        initializer = spec["initializer"] and loader.find_function(
            module, loader.Entry(spec["initializer"]), 1
        )
    except BaseException as error:
        return _failure(errors.ENTRY_FAILED, errors.ENTRY, error)
    if initializer:
        initializing()
        try:
            _call(initializer, _context_class(spec["request_id"], spec["alias"]))
        except BaseException as error:
            return _failure(errors.INITIALIZER_FAILED, errors.INITIALIZATION, error)
    _flush()
    return None


def invoke(request_id, alias, event):
    """Calls the handler.

    :param request_id: the request's id
    :param alias: the alias that was called, or an empty text
    :param event: the event as bytes of JSON; nothing stands for an empty object
    :returns: 0 and the result, or a code and an error object
    """
    try:
        event = json.loads(event) if event else {}
    except (ValueError, RecursionError):
        return UNREADABLE_EVENT, b""
    _log_handler.request_id = request_id
    try:
        result = _function(event, _context_class(request_id, alias))
        if hasattr(result, "cr_code"):
            result = _complete(result)
        return _result.write(result)
    except MemoryError:
        return errors.MEMORY_EXCEEDED, errors.message_object("runtime memory limit exceeded")
    except BaseException as error:
        return _failure(errors.HANDLER_RAISED, errors.INVOCATION, error)
    finally:
        _flush()


class ResultWriter:
    """Turns what a handler returned into the bytes that go to the caller."""

    def __init__(self, fidelity, limit):
        self._limit = limit
        self._text_is_raw = fidelity["str_result"] == "raw"
        self._none = b"" if fidelity["none_result"] == "empty" else b"null"
        self._bytes_are_raw = fidelity["bytes_result"] == "raw"

    def write(self, result):
        """The code and the bytes for a result."""
        try:
            if result is None:
                payload = self._none
            elif self._text_is_raw and isinstance(result, str):
                payload = result.encode("utf-8", "surrogatepass")
            elif self._bytes_are_raw and isinstance(result, (bytes, bytearray)):
                payload = bytes(result)
            else:
                payload = json.dumps(result).encode()
        except MemoryError:
            raise
        except Exception as error:
            return errors.RESULT_INVALID, errors.error_object(errors.RESULT, error, _root, with_trace=False)
        if len(payload) > self._limit:
            return errors.RESULT_TOO_LARGE, errors.message_object(
                "response body size %d exceeds the limit of %d" % (len(payload), self._limit)
            )
        return 0, payload


def _prepare_process(spec):
    """Gives the process its environment, its directory, its output and its search path."""
    os.environ.clear()
    os.environ.update(spec["environment"])
    import time

    time.tzset()
    os.chdir(os.path.dirname(_root))
    for name, descriptor in (("stdout", 1), ("stderr", 2)):
        # Line by line, so that what was printed before a crash is not lost.
        stream = open(
            descriptor, "w", buffering=1, encoding="utf-8", errors="backslashreplace", closefd=False
        )
        setattr(sys, name, stream)
        setattr(sys, "__%s__" % name, stream)
    if spec["pycache"]:
        sys.pycache_prefix = spec["pycache"]
        sys.dont_write_bytecode = False
    first = [loader.Entry(spec["handler"]).directory(_root)]
    if first[0] != _root:
        first.append(_root)
    sys.path[:0] = first + spec["libraries"]
    sys.argv = [spec["handler"]]


def _announce(label):
    version = "%d.%d.%d" % sys.version_info[:3]
    logger.write(
        "%s Runtime %s is run by CPython %s\n" % (_log_handler.timestamp(_now()), label, version)
    )


def _now():
    import time

    return time.time()


def _call(function, *arguments):
    result = function(*arguments)
    return _complete(result) if hasattr(result, "cr_code") else result


def _complete(coroutine):
    """Runs a coroutine on the instance's event loop, which lives as long as the instance."""
    global _event_loop
    import asyncio

    if _event_loop is None or _event_loop.is_closed():
        _event_loop = asyncio.new_event_loop()
    asyncio.set_event_loop(_event_loop)
    return _event_loop.run_until_complete(coroutine)


def _failure(code, prefix, error):
    """The outcome of an exception, which is also written to the log."""
    if isinstance(error, SystemExit):
        error = _described_exit(error)
    try:
        body = errors.error_object(prefix, error, _root)
        head = "%s %s " % (_log_handler.timestamp(_now()), _log_handler.request_id)
        logger.write("%s%s%s\n%s" % (head, prefix, errors._text(error), errors.formatted(error, _root)))
    except Exception:
        body = errors.message_object(prefix + type(error).__name__)
    _flush()
    return code, body


def _described_exit(error):
    described = SystemExit("user code sys.exit(%s)" % ("" if error.code is None else error.code))
    described.__traceback__ = error.__traceback__
    return described


def _flush():
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except Exception:  # closed or replaced by the handler
            pass
