"""Which request a piece of code runs for: for the logger, and for what is written to standard output.

An instance that takes one request at a time has one scope that changes with each request. Threads keep the scope in
which they were started, so what a thread writes belongs to the request that started it, also when others run by then.
"""

import io
import os
import sys
import threading

from . import host


#: Output is sent in pieces of at most so many bytes, since what the server takes at once is bounded.
PIECE = 1 << 20


class Scope:
    """One request, or the loading of the instance."""

    __slots__ = ("number", "request_id", "forwarders", "_pending", "_lock")

    def __init__(self, number, request_id):
        self.number = number
        self.request_id = request_id
        #: Of the output of processes that were started for it, see ``children``.
        self.forwarders = []
        self._pending = []
        self._lock = threading.Lock()

    def write(self, text):
        """Send text as this request's; whole lines at a time."""
        with self._lock:
            self._pending.append(text)
            if "\n" in text or len(self._pending) > 256:
                self._send()

    def flush(self):
        with self._lock:
            self._send()

    def _send(self):
        if self._pending:
            output = "".join(self._pending).encode("utf-8", "backslashreplace")
            self._pending = []
            for start in range(0, len(output), PIECE):
                host.output(self.number, output[start : start + PIECE])


#: The scope of the main thread and of threads that were started by nobody's request.
running = Scope(0, "")
#: Whether several requests run at once. Then nothing that is written can be told by the time it is written.
is_shared = False

_own = threading.local()


def enter(scope):
    """Make ``scope`` that of the main thread."""
    global running
    running = scope


def leave():
    """Have the calling thread, the only one of a process that was forked, write to its own standard output."""
    global running, is_shared
    running = Scope(0, "")
    is_shared = False
    adopt(None)


def current():
    """The scope of the calling thread."""
    return getattr(_own, "scope", None) or running


def adopt(scope):
    """Make ``scope`` that of the calling thread."""
    _own.scope = scope


class Stream(io.TextIOWrapper):
    """Standard output or error. Usually a pipe tells whose output it is: that of the request that runs."""

    def write(self, text):
        scope = getattr(_own, "scope", None)
        if scope is None or (scope is running and not is_shared):
            return super().write(text)
        if not isinstance(text, str):
            raise TypeError("write() argument must be str, not %s" % type(text).__name__)
        scope.write(text)
        return len(text)


def open_streams():
    """Opens standard output and error, ahead of the fork of what they are in.

    A stream asks what it writes to when it is opened, and remembers it. So there are pipes meanwhile, as there will be.
    """
    own = os.dup(1), os.dup(2)
    reader, writer = os.pipe()
    for name, descriptor in (("stdout", 1), ("stderr", 2)):
        os.dup2(writer, descriptor)
        # Line by line, so that what was printed before a crash is not lost.
        file = open(descriptor, "wb", closefd=False)
        stream = Stream(file, encoding="utf-8", errors="backslashreplace", line_buffering=True)
        stream.mode = "w"
        setattr(sys, name, stream)
        setattr(sys, "__%s__" % name, stream)
        os.dup2(own[descriptor - 1], descriptor)
    for descriptor in own + (reader, writer):
        os.close(descriptor)


def follow_threads():
    """Have threads, and what executors run in them, keep the scope that started them."""
    start = threading.Thread.start
    run = threading.Thread.run

    def start_in_scope(self):
        self._fgs_scope = current()
        start(self)

    def run_in_scope(self):
        adopt(getattr(self, "_fgs_scope", None))
        run(self)

    threading.Thread.start = start_in_scope
    threading.Thread.run = run_in_scope


def follow_executors():
    """The same for work that is handed to threads which exist already."""
    from concurrent.futures import ThreadPoolExecutor

    submit = ThreadPoolExecutor.submit

    # Without names, since the work may have arguments of any name, and without Python 3.8's mark for that.
    def submit_in_scope(*args, **kwargs):
        self, function, *args = args
        scope = current()

        def call(*args, **kwargs):
            before = getattr(_own, "scope", None)
            adopt(scope)
            try:
                return function(*args, **kwargs)
            finally:
                adopt(before)

        return submit(self, call, *args, **kwargs)

    ThreadPoolExecutor.submit = submit_in_scope
