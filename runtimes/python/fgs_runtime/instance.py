"""One instance: a process that is one function for good.

The host calls ``adopt`` and ``load`` once, then ``invoke`` or ``submit`` for every request, and ``stop`` at the end.
None of them ever raises. Outcomes are a runtime code and the bytes for the caller.
"""

import os
import sys
import threading
import time

from . import bytecode, codec, errors, host, libraries, loader, logger, python_entry, scope
from .context import context_class
from .results import ResultWriter

_entry = None
_root = ""
_requests = None


def adopt(close_pipes, initializing, set_environment, answer, output, decode, encode):
    """Takes the host's functions; see ``host``."""
    host.close_pipes = close_pipes
    host.initializing = initializing
    host.set_environment = set_environment
    host.answer = answer
    host.output = output
    host.decode = decode
    host.encode = encode
    os.register_at_fork(after_in_child=close_pipes)


def load(specification, root, directory, concurrency):
    """Becomes the function that ``specification`` describes.

    :param specification: JSON with these members: ``kind`` (``python``, ``http`` or ``custom``); ``handler``,
        ``initializer`` and ``pre_stop``; ``region``; ``environment``, all of it but where the code is; ``user_data``;
        ``context``, attributes of the context class; ``fidelity``, with ``str_result``, ``none_result``,
        ``bytes_result``, ``async_handler`` and ``running_time``;
        ``max_result_bytes``; ``own_network``; ``auth_in_header``; ``request_id`` and ``alias`` of the request that
        starts this instance; ``temporary``, a directory for files where ``/tmp`` is everybody's, or null
    :param root: the directory of the unpacked code
    :param directory: where bytecode is kept
    :param concurrency: how many requests run at once
    :returns: None, or the code and the error object of what went wrong
    """
    global _entry, _root, _requests
    spec = codec.loads(specification)
    _root = root
    scope.running.request_id = spec["request_id"]
    _prepare_process(spec, directory)
    contexts = context_class(spec["context"], spec["user_data"], spec["fidelity"]["running_time"])
    results = ResultWriter(spec["fidelity"], spec["max_result_bytes"])
    _entry = _kind(spec["kind"])(spec, root, contexts, results)
    failure = _entry.load()
    if failure:
        return _failure(*failure)
    _flush()
    if concurrency > 1:
        from . import children

        scope.is_shared = True
        scope.follow_executors()
        children.follow()
        _requests = _Requests(concurrency)
    return None


def forget():
    """Is no function any more."""
    global _entry
    _entry = None


def invoke(number, request_id, alias, is_asynchronous, event):
    """Runs one request; no other runs meanwhile.

    :param number: the server's number for it
    :param request_id: the request's id
    :param alias: the alias that was called, or an empty text
    :param is_asynchronous: whether nobody waits for the result
    :param event: the event as bytes of JSON
    :returns: 0 and the result, or a code and an error object
    """
    scope.enter(scope.Scope(number, request_id))
    try:
        return _entry.invoke(request_id, alias, is_asynchronous, event)
    except MemoryError:
        return errors.MEMORY_EXCEEDED, errors.memory_object()
    except BaseException as error:
        return _failure(errors.HANDLER_RAISED, errors.INVOCATION, error)
    finally:
        _flush()


def submit(number, request_id, alias, is_asynchronous, event):
    """Has a thread run a request; parameters as for ``invoke``. The outcome goes to ``host.answer``."""
    _requests.put((number, request_id, alias, is_asynchronous, event))


def stop():
    """Runs what comes before the end."""
    try:
        _entry.stop()
    except BaseException as error:
        _failure(errors.HANDLER_RAISED, errors.PRE_STOP, error)
    _flush()


class _Requests:
    """Threads for the requests of an instance that takes several at once."""

    def __init__(self, count):
        import queue

        self._queue = queue.SimpleQueue()
        self._room = count
        self._idle = 0
        self._lock = threading.Lock()

    def put(self, request):
        with self._lock:
            if self._idle == 0 and self._room > 0:
                self._room -= 1
                threading.Thread(target=self._serve, daemon=True).start()
            else:
                self._idle -= 1
        self._queue.put(request)

    def _serve(self):
        from . import children

        while True:
            number, request_id, alias, is_asynchronous, event = self._queue.get()
            own = scope.Scope(number, request_id)
            scope.adopt(own)
            start, cpu_start = time.monotonic_ns(), time.thread_time_ns()
            try:
                code, body = _entry.invoke(request_id, alias, is_asynchronous, event)
            except MemoryError:
                code, body = errors.MEMORY_EXCEEDED, errors.memory_object()
            except BaseException as error:
                code, body = _failure(errors.HANDLER_RAISED, errors.INVOCATION, error)
            children.settle(own)
            own.flush()
            with self._lock:
                self._idle += 1
            host.answer(number, code, body, time.monotonic_ns() - start, time.thread_time_ns() - cpu_start)


def _kind(name):
    if name == "http":
        from .http_entry import HTTPEntry

        return HTTPEntry
    if name == "custom":
        from .custom_entry import CustomEntry

        return CustomEntry
    return python_entry.PythonEntry


def _prepare_process(spec, directory):
    """Gives the process its environment, its directory and its search path."""
    variables = spec["environment"]
    variables["RUNTIME_CODE_ROOT"] = _root
    if "LD_LIBRARY_PATH" not in variables:
        variables["LD_LIBRARY_PATH"] = "%s:%s/lib" % (_root, _root)
    if spec["temporary"]:
        variables["TMPDIR"] = spec["temporary"]
    host.set_environment(variables, os.environ._data)
    if variables.get("TZ") != time.tzname[0]:
        time.tzset()
    os.chdir(os.path.dirname(_root))
    bytecode.keep(_root, directory)
    sys.dont_write_bytecode = False
    first = [loader.Entry(spec["handler"]).directory(_root)]
    if first[0] != _root:
        first.append(_root)
    sys.path[:0] = first
    libraries.search([_root, _root + "/lib"])
    sys.argv = [spec["handler"]]
    # CPython believes in the thread that the process was forked from.
    if hasattr(threading, "get_native_id"):
        threading.main_thread()._native_id = threading.get_native_id()


def _failure(code, prefix, error):
    """The outcome of an exception, which is also written to the log."""
    if isinstance(error, SystemExit):
        error = _described_exit(error)
    try:
        body = errors.error_object(prefix, error, _root)
        head = "%s %s " % (logger.timestamp(), scope.current().request_id)
        logger.write("%s%s%s\n%s" % (head, prefix, errors._text(error), errors.formatted(error, _root)))
    except Exception:
        body = errors.message_object(prefix + type(error).__name__)
    if isinstance(error, MemoryError):
        code, body = errors.MEMORY_EXCEEDED, errors.memory_object()
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
