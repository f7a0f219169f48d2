"""Starting the ``bootstrap`` of functions that are programs of their own."""

import os
import subprocess
import threading

from . import errors


class BootstrapMissing(Exception):
    """The code has no file ``bootstrap`` at its root."""


def start(root, environment):
    """Start ``bootstrap`` and end this process when it ends.

    :param environment: variables beside those of this process
    :raises BootstrapMissing: there is none
    """
    path = os.path.join(root, "bootstrap")
    if not os.path.isfile(path):
        raise BootstrapMissing("runtime bootstrap file is not found")
    process = subprocess.Popen(
        _command(path), env={**os.environ, **environment}, stdin=subprocess.DEVNULL, stdout=1, stderr=2
    )
    threading.Thread(target=_watch, args=(process,), daemon=True).start()
    return process


def _command(path):
    """Samples have neither a first line that names a shell nor the permission to be executed."""
    if os.access(path, os.X_OK):
        with open(path, "rb") as file:
            if file.read(4)[:2] == b"#!" or _is_program(path):
                return [path]
    shell = "/bin/bash" if os.path.exists("/bin/bash") else "/bin/sh"
    return [shell, path]


def _is_program(path):
    with open(path, "rb") as file:
        return file.read(4) == b"\x7fELF"


def _watch(process):
    """The instance is that program: with it, it ends."""
    process.wait()
    os._exit(1)


def failure(error):
    """The outcome of a bootstrap that could not be started."""
    return errors.BOOTSTRAP_MISSING, "", error
