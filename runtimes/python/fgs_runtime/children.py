"""Output of child processes in instances that take several requests at once.

A child inherits descriptors, which are those of the whole instance. So that its output is known to be that of the
request that started it, it gets a pipe of its own, which is forwarded.
"""

import os
import subprocess
import threading

from . import scope


def follow():
    """Have processes that are started write to a pipe of their request."""
    initialize = subprocess.Popen.__init__

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
        owner.children.append((self, _Forwarder(owner, reader)))

    def system(command):
        status = subprocess.Popen(command, shell=True).wait()
        return status << 8 if status >= 0 else -status

    subprocess.Popen.__init__ = initialize_with_pipe
    os.system = system


def settle(owner):
    """Wait for the output of processes that have ended."""
    for process, forwarder in owner.children:
        if process.poll() is not None:
            forwarder.thread.join(1)


class _Forwarder:
    def __init__(self, owner, reader):
        self._owner = owner
        self._reader = reader
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self):
        with open(self._reader, "r", encoding="utf-8", errors="backslashreplace") as lines:
            for line in lines:
                self._owner.write(line)
        self._owner.flush()
