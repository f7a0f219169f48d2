"""Shared libraries that come with the code: they are found in its root and in ``lib`` below it.

``LD_LIBRARY_PATH`` names both directories, for the programs a handler starts. The process itself has read that variable
long before it became an instance, so it is helped: a library that is opened by its name alone is looked for, and so is
one that another library needs.
"""

import os
import sys


def follow(directories):
    """Have libraries found in ``directories``, if there are any.

    :param directories: in the order in which they are searched
    """
    places = {}
    for directory in reversed(directories):
        try:
            names = os.listdir(directory)
        except OSError:
            continue
        places.update((name, os.path.join(directory, name)) for name in names if _is_library(name))
    if places:
        _Search(places).install()


def _is_library(name):
    return (name.endswith(".so") or ".so." in name) and ".cpython-" not in name and ".abi3." not in name


class _Search:
    """Opens libraries, and first those that they need."""

    def __init__(self, places):
        self._places = places

    def install(self):
        import _ctypes
        from importlib.machinery import ExtensionFileLoader

        self._open = _ctypes.dlopen
        _ctypes.dlopen = self.open
        if "ctypes" in sys.modules:
            sys.modules["ctypes"]._dlopen = self.open
        create_module = ExtensionFileLoader.create_module

        def create_module_with_libraries(loader, specification):
            return self._with_needed(lambda: create_module(loader, specification), ImportError)

        ExtensionFileLoader.create_module = create_module_with_libraries

    def open(self, name, *mode):
        """``_ctypes.dlopen``, which knows the places of libraries."""
        known = name if isinstance(name, str) else None
        path = self._places.get(known, name)
        return self._with_needed(lambda: self._open(path, *mode), OSError)

    def _with_needed(self, action, failure):
        """Do it, and when a library is missing that is here, open that and do it again."""
        tried = set()
        while True:
            try:
                return action()
            except failure as error:
                missing = str(error).partition(":")[0]
                if missing not in self._places or missing in tried:
                    raise
                tried.add(missing)
                # It stays open, and what needs it finds it by its name.
                self.open(missing, os.RTLD_NOW)
