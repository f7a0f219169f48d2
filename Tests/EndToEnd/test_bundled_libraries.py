"""Libraries that handlers may import without bringing them: those of the platform that this machine has."""

import subprocess

import pytest

from rest import assert_failed

BUNDLED = [
    "requests", "requests_toolbelt", "requests_futures", "urllib3", "certifi", "chardet", "idna", "httplib2",
    "redis", "numpy", "dateutil", "yaml", "simplejson", "six", "google.protobuf", "pyasn1", "cloudpickle", "obs",
    "huaweicloudsdkcore", "huaweicloudsdksmn", "typing_extensions",
]  # fmt: skip

IMPORTS_ALL = """
import importlib

def handler(event, context):
    return [importlib.import_module(name).__name__ for name in event]
"""


@pytest.fixture(scope="module")
def installed(control) -> "list[str]":
    """Those that the system's Python has, if it is the one that functions run on."""
    major, minor = control.python
    python = f"/usr/bin/python{major}.{minor}"

    def can_import(name: str) -> bool:
        try:
            return subprocess.run([python, "-I", "-c", f"import {name}"], capture_output=True).returncode == 0
        except FileNotFoundError:
            return False

    return [name for name in BUNDLED if can_import(name)]


def test_a_library_that_is_not_installed_fails_nothing_that_can_do_without_it(project, installed):
    missing = [name for name in [*BUNDLED, "a_module_nobody_has_written"] if name not in installed]
    source = "missing = []\n" + "".join(
        f"try: import {name}\nexcept ImportError: missing.append({name!r})\n" for name in missing
    )
    source += "def handler(event, context): return missing\n"
    assert project.create_inline(source).call({}) == missing


def test_a_library_that_is_not_installed_fails_who_needs_it(project, installed):
    missing = next((name for name in BUNDLED if name not in installed), None)
    if missing is None:
        pytest.skip("this machine has all of them")
    function = project.create_inline(f"import {missing}\ndef handler(event, context): pass\n")
    assert assert_failed(function.invoke({}), 4001)["errorType"] == "ModuleNotFoundError"


def test_libraries_that_are_installed_can_be_imported(project, installed):
    if not installed:
        pytest.skip("the system's Python has none of them, or functions run on another")
    assert project.create_inline(IMPORTS_ALL, timeout=60, memory_size=1024).call(installed) == installed
