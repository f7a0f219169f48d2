"""Shared libraries that come with the code: they are found in its root and in ``lib`` below it.

``LD_LIBRARY_PATH`` names both directories, for the programs a handler starts. The process itself has read that variable
long before it became an instance, so it is helped: a library that is opened by its name alone is looked for, and so is
one that another library needs.
"""

import os
import sys
from importlib.machinery import ExtensionFileLoader


_search = None


def follow():
    """Have libraries found where ``search`` says."""
    global _search
    _search = _Search()
    create_module = ExtensionFileLoader.create_module

    def create_module_with_libraries(loader, specification):
        module = _search.with_needed(lambda: create_module(loader, specification), ImportError)
        if specification.name == "_ctypes":
            _search.follow_openings(module)
        return module

    ExtensionFileLoader.create_module = create_module_with_libraries
    if "_ctypes" in sys.builtin_module_names:
        import _ctypes

        _search.follow_openings(_ctypes)


def search(directories):
    """Have libraries found in ``directories``, in that order, if there are any when one is first wanted."""
    _search.search(directories)


def _is_library(name):
    return (name.endswith(".so") or ".so." in name) and ".cpython-" not in name and ".abi3." not in name


class _Search:
    """Opens libraries, and first those that they need."""

    def __init__(self):
        self._open = None
        self.search([])

    def search(self, directories):
        """Find libraries here, from now on."""
        self._directories = directories
        self._found = None

    @property
    def _places(self):
        if self._found is None:
            self._found = {}
            for directory in reversed(self._directories):
                try:
                    names = os.listdir(directory)
                except OSError:
                    continue
                self._found.update((name, os.path.join(directory, name)) for name in names if _is_library(name))
        return self._found

    def follow_openings(self, module):
        """Have what ``_ctypes`` opens by its name alone found."""
        self._open = module.dlopen
        module.dlopen = self.open

    def open(self, name, *mode):
        """``_ctypes.dlopen``, which knows the places of libraries."""
        import _ctypes  # noqa: F401, follow_openings comes with it

        known = name if isinstance(name, str) else None
        path = self._places.get(known, name)
        return self.with_needed(lambda: self._open(path, *mode), OSError)

    def with_needed(self, action, failure):
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
