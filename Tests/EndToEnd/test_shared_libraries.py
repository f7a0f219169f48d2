"""Shared libraries that come with the code: found by their names, as LD_LIBRARY_PATH says."""

import subprocess

import pytest

OPENS_BY_NAME = """
import ctypes


def handler(event, context):
    return ctypes.CDLL("libouter.so").answer()


def missing(event, context):
    ctypes.CDLL("libnowhere.so")
"""
IMPORTS_EXTENSION = """
import extension


def handler(event, context):
    return extension.answer()
"""
EXTENSION = """
#include <Python.h>
int answer(void);
static PyObject *call(PyObject *self, PyObject *none) { return PyLong_FromLong(answer()); }
static PyMethodDef methods[] = {{"answer", call, METH_NOARGS, ""}, {0}};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "extension", "", -1, methods};
PyMODINIT_FUNC PyInit_extension(void) { return PyModule_Create(&module); }
"""


@pytest.fixture(scope="module")
def build(tmp_path_factory):
    """Builds a shared library; gives its bytes."""
    directory = tmp_path_factory.mktemp("libraries")

    def build(name, source, *options):
        (directory / "source.c").write_text(source)
        subprocess.run(
            ["g++", "-x", "c", "-shared", "-fPIC", "-o", name, "source.c", "-x", "none", "-L.", f"-Wl,-soname,{name}",
             *options],
            cwd=directory, check=True,
        )  # fmt: skip
        return (directory / name).read_bytes()

    return build


@pytest.fixture(scope="module")
def libraries(build):
    """One library that needs another."""
    inner = build("libinner.so", "int number(void) { return 41; }")
    outer = build("libouter.so", "int number(void); int answer(void) { return number() + 1; }", "-linner")
    return inner, outer


def test_a_library_that_is_nowhere_is_missed_by_its_name(project, libraries):
    inner, _ = libraries
    function = project.create(project.pack({"index.py": OPENS_BY_NAME, "libinner.so": inner}), "index.missing")
    error = function.invoke({}).error
    assert error["errorType"] == "OSError"
    assert "libnowhere.so: cannot open shared object file" in error["errorMessage"]


@pytest.mark.parametrize("place", ["", "lib/"])
def test_a_library_is_found_by_its_name_and_finds_what_it_needs(project, libraries, place):
    inner, outer = libraries
    files = {"index.py": OPENS_BY_NAME, f"{place}libouter.so": outer, "lib/libinner.so": inner}
    assert project.create(project.pack(files)).call({}) == 42


def test_a_library_of_a_dependency_is_found(project, libraries):
    inner, outer = libraries
    dependency = project.create_dependency(project.pack({"lib/libouter.so": outer, "lib/libinner.so": inner}))
    function = project.create(project.archive(index=OPENS_BY_NAME), depend_version_list=[dependency["id"]])
    assert function.call({}) == 42


def test_a_compiled_module_finds_the_libraries_it_needs(project, build, libraries):
    inner, outer = libraries
    include = subprocess.run(
        ["python3-config", "--includes"], check=True, capture_output=True, text=True
    ).stdout.split()
    module = build("extension.so", EXTENSION, *include, "-louter", "-Wl,--allow-shlib-undefined")
    files = {"index.py": IMPORTS_EXTENSION, "extension.so": module, "lib/libouter.so": outer, "lib/libinner.so": inner}
    assert project.create(project.pack(files)).call({}) == 42
