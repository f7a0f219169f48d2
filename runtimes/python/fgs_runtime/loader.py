"""Finding a handler: from ``src/index.handler`` to a callable."""

import importlib.machinery
import importlib.util
import os
import stat
import sys
import types

from .errors import FunctionConfigError, FunctionLoadError

# Names of the standard library a handler's file must not have: others would import it instead.
_STANDARD_LIBRARY = getattr(sys, "stdlib_module_names", frozenset(sys.builtin_module_names))

# A file of up to so many bytes is compiled sooner than its bytecode is written to a file.
_SMALL = 1024


class Entry:
    """A handler string, split: the file below the code root, and the function in it."""

    def __init__(self, handler):
        path, _, self.function = handler.rpartition(".")
        self.path = path.strip("/")
        self.module = self.path.rpartition("/")[2]
        self.file = "./%s.py" % self.path

    def directory(self, root):
        return os.path.dirname(os.path.join(root, self.path))


def load_module(entry, root):
    """Imports the file of ``entry`` and returns the module.

    :raises FunctionLoadError: there is no such file, or its name is one of the standard library
    """
    if entry.module in _STANDARD_LIBRARY:
        raise FunctionLoadError("module '%s' has the name of a module of the standard library" % entry.file)
    path = "%s/%s.py" % (root, entry.path)
    try:
        status = os.stat(path)
    except (OSError, ValueError):
        status = None
    if status is None or not stat.S_ISREG(status.st_mode):
        raise FunctionLoadError("not found module '%s'" % entry.file)
    load = _load_small if status.st_size <= _SMALL else _load_large
    return load(entry.module, path)


def _load_large(name, path):
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def _load_small(name, path):
    """Neither looks for bytecode nor leaves any, and does without what ``importlib`` asks and tries for every module."""
    loader = importlib.machinery.SourceFileLoader(name, path)
    spec = importlib.machinery.ModuleSpec(name, loader, origin=path)
    spec.has_location = True
    module = types.ModuleType(name)
    module.__spec__ = spec
    module.__loader__ = loader
    module.__package__ = ""
    module.__file__ = path
    module.__cached__ = None
    sys.modules[name] = module
    # Without the objects that open() makes.
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        source = b"".join(iter(lambda: os.read(descriptor, 2 * _SMALL), b""))
    finally:
        os.close(descriptor)
    exec(compile(source, path, "exec", dont_inherit=True), module.__dict__)
    return module


def find_function(module, entry, parameters):
    """The callable of ``entry``, which must take that many parameters.

    :raises FunctionConfigError: there is no such attribute, or it cannot be called
    :raises FunctionLoadError: it cannot be called with that many arguments
    """
    function = getattr(module, entry.function, None)
    if function is None:
        raise FunctionConfigError("handler '%s' not found in module '%s'" % (entry.function, entry.file))
    if not callable(function):
        raise FunctionConfigError("handler '%s' in module '%s' is not callable" % (entry.function, entry.file))
    received = _parameter_count(function, parameters)
    if received != parameters:
        raise FunctionLoadError(
            "handler expect to have %d parameters, but received %d" % (parameters, received)
        )
    return function


def _parameter_count(function, wanted):
    """How many positional arguments ``function`` takes: ``wanted`` if it can be called with that many."""
    if isinstance(function, types.FunctionType) and not function.__kwdefaults__:
        code = function.__code__
        takes_any = code.co_flags & 0x04
        optional = len(function.__defaults__ or ())
        if code.co_kwonlyargcount == 0:
            least = code.co_argcount - optional
            return wanted if least <= wanted and (takes_any or wanted <= code.co_argcount) else code.co_argcount
    import inspect

    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):  # written in C, without a signature: calling will tell
        return wanted
    try:
        signature.bind(*([None] * wanted))
        return wanted
    except TypeError:
        return len(signature.parameters)
