"""Output of child processes in instances that take several requests at once.

A child inherits descriptors, which are those of the whole instance. So that its output is known to be that of the
request that started it, it gets a pipe of its own, which is forwarded.
"""

import codecs
import os
import select
import subprocess
import threading

from . import scope

#: What a pipe holds at most, in bytes (pipe(7)).
_PIPE_SIZE = 65536


def follow():
    """Have processes that are started write to a pipe of their request."""
    initialize = subprocess.Popen.__init__
    wait = subprocess.Popen.wait
    poll = subprocess.Popen.poll

    def initialize_with_pipe(self, args, bufsize=-1, executable=None, stdin=None, stdout=None, stderr=None, *rest, **options):
        if stdout is not None and stderr is not None:
            return initialize(self, args, bufsize, executable, stdin, stdout, stderr, *rest, **options)
        owner = scope.current()
        reader, writer = os.pipe()
        try:
            initialize(
                self, args, bufsize, executable, stdin, writer if stdout is None else stdout,
                writer if stderr is None else stderr, *rest, **options
            )
        except BaseException:
            os.close(reader)
            raise
        finally:
            os.close(writer)
        self._fgs_forwarder = _Forwarder(owner, reader)
        owner.forwarders.append(self._fgs_forwarder)

    # Who has seen a process end may write next, and finds its output written before.
    def wait_and_forward(self, timeout=None):
        return forwarded(self, wait(self, timeout))

    def poll_and_forward(self):
        return forwarded(self, poll(self))

    def forwarded(process, status):
        forwarder = getattr(process, "_fgs_forwarder", None)
        if forwarder and status is not None:
            forwarder.forward()
        return status

    def system(command):
        status = subprocess.Popen(command, shell=True).wait()
        return status << 8 if status >= 0 else -status

    def settling(waits):
        def wait_and_settle(*arguments, **options):
            result = waits(*arguments, **options)
            settle(scope.current())
            return result

        return wait_and_settle

    forking = threading.local()

    def before_fork():
        forking.pipe = os.pipe()

    def after_fork_in_parent():
        reader, writer = forking.pipe
        os.close(writer)
        owner = scope.current()
        owner.forwarders.append(_Forwarder(owner, reader))

    def after_fork_in_child():
        reader, writer = forking.pipe
        os.close(reader)
        os.dup2(writer, 1)
        os.dup2(writer, 2)
        os.close(writer)
        scope.leave()

    os.register_at_fork(before=before_fork, after_in_parent=after_fork_in_parent, after_in_child=after_fork_in_child)
    subprocess.Popen.__init__ = initialize_with_pipe
    subprocess.Popen.wait = wait_and_forward
    subprocess.Popen.poll = poll_and_forward
    os.system = system
    for name in ("wait", "waitpid", "wait3", "wait4"):
        setattr(os, name, settling(getattr(os, name)))


def settle(owner):
    """Forward what the processes of a request have written so far."""
    for forwarder in owner.forwarders:
        forwarder.forward()


class _Forwarder:
    """One end of a pipe: a thread forwards what comes, and others may, so as not to be ahead of it."""

    def __init__(self, owner, reader):
        os.set_blocking(reader, False)
        self._owner = owner
        self._reader = reader
        self._decoder = codecs.getincrementaldecoder("utf-8")("backslashreplace")
        self._lock = threading.Lock()
        self._has_ended = False
        threading.Thread(target=self._run, daemon=True).start()

    def forward(self):
        """Forward what is in the pipe. One look is enough: a pipe holds no more than that.

        :returns: whether more can come
        """
        with self._lock:
            try:
                text = os.read(self._reader, _PIPE_SIZE) if not self._has_ended else b""
            except BlockingIOError:
                return True
            self._has_ended = not text
            text = self._decoder.decode(text, self._has_ended)
            if text:
                self._owner.write(text)
            return not self._has_ended

    def _run(self):
        pipe = select.poll()
        pipe.register(self._reader, select.POLLIN)
        while True:
            pipe.poll()
            if not self.forward():
                break
        os.close(self._reader)
        self._owner.flush()
