"""Where compiled modules are kept: code cannot be written to, so its bytecode stands in a directory of its own."""

import importlib._bootstrap_external as _importing
import os


_inside = "/"
_directory = ""


def follow():
    """Have the bytecode of modules kept where ``keep`` says.

    ``sys.pycache_prefix`` would have the standard library compiled anew for every function.
    """
    standard = _importing.cache_from_source

    def cache_from_source(path, debug_override=None, *, optimization=None):
        usual = standard(path, debug_override, optimization=optimization)
        path = os.path.abspath(path)
        # Most functions are one file, for which no directory has to be made then.
        if path.startswith(_inside):
            place = os.path.dirname(path[len(_inside):])
        elif os.path.exists(usual):
            return usual
        else:
            place = ".outside" + os.path.dirname(path)
        return os.path.join(_directory, place, os.path.basename(usual))

    _importing.cache_from_source = cache_from_source


def keep(root, directory):
    """Have the bytecode of modules below ``root`` kept in ``directory``.

    That of other modules is found where it always is; the standard library brings its own. What has none there, and
    could not be written there, is kept in ``directory`` too.
    """
    global _inside, _directory
    _inside = root + "/"
    _directory = directory
