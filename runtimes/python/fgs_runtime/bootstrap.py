"""Starting the ``bootstrap`` of functions that are programs of their own."""

import os
import subprocess
import threading

from . import errors


class BootstrapMissing(Exception):
    """The code has no file ``bootstrap`` at its root that could be started."""


def start(root, environment, must_be_executable):
    """Start ``bootstrap`` and end this process when it ends.

    :param environment: variables beside those of this process
    :param must_be_executable: whether its permissions count; samples of HTTP functions are not executable
    :raises BootstrapMissing: there is none
    """
    path = os.path.join(root, "bootstrap")
    is_executable = os.access(path, os.X_OK)
    if not os.path.isfile(path) or must_be_executable and not is_executable:
        raise BootstrapMissing("runtime bootstrap file is not found")
    process = subprocess.Popen(
        _command(path, is_executable), env={**os.environ, **environment}, stdin=subprocess.DEVNULL, stdout=1, stderr=2
    )
    threading.Thread(target=_watch, args=(process,), daemon=True).start()
    return process


def _command(path, is_executable):
    """Samples have no first line that names a shell, which the kernel asks for."""
    if is_executable:
        with open(path, "rb") as file:
            beginning = file.read(4)
        if beginning[:2] == b"#!" or beginning == b"\x7fELF":
            return [path]
    shell = "/bin/bash" if os.path.exists("/bin/bash") else "/bin/sh"
    return [shell, path]


def _watch(process):
    """The instance is that program: with it, it ends."""
    process.wait()
    os._exit(1)


def failure(error):
    """The outcome of a bootstrap that could not be started."""
    return errors.BOOTSTRAP_MISSING, "", error
