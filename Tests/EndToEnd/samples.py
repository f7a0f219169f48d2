"""The sample functions, as archives."""

import importlib.util

from emulator import REPOSITORY


def archives():
    """The module that makes archives of the sample functions, `fixtures/build.py`."""
    path = REPOSITORY / "fixtures" / "build.py"
    specification = importlib.util.spec_from_file_location("fixture_archives", path)
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module
