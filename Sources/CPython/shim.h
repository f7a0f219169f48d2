// The stable ABI of CPython, and what Swift cannot import of it: macros.
#ifndef FGS_CPYTHON_H
#define FGS_CPYTHON_H

// Python.h defines _GNU_SOURCE, under which this header would differ from the one in Swift's Glibc module.
#include <sys/select.h>

#define Py_LIMITED_API 0x03070000
#include <Python.h>

// Configuration variables that are older than any configuration structure and so exist in every version.
extern int Py_IsolatedFlag;
extern int Py_NoSiteFlag;
extern int Py_IgnoreEnvironmentFlag;

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
/// Says where CPython's own modules are: in lib/pythonX.Y of `home`; and what `sys.executable` is, which would be the
/// first python3 in PATH, another Python. Before it is started.
static inline void fgs_set_home(const char *home, const char *program) {
    // CPython keeps the texts. What replaces these functions has no part in the stable ABI.
    Py_SetPythonHome(Py_DecodeLocale(home, NULL));
    Py_SetProgramName(Py_DecodeLocale(program, NULL));
}
#pragma GCC diagnostic pop

/// Starts CPython without site, deaf to the environment, and without signal handlers of its own.
static inline void fgs_initialize(void) {
    Py_IsolatedFlag = 1;
    Py_NoSiteFlag = 1;
    Py_IgnoreEnvironmentFlag = 1;
    Py_InitializeEx(0);
}

static inline PyObject *fgs_none(void) { return Py_None; }

/// Sets a ValueError.
static inline void fgs_raise_value_error(const char *text) { PyErr_SetString(PyExc_ValueError, text); }

// Whether an object is of exactly this type, not of one derived from it.
static inline int fgs_is_dict(PyObject *object) { return Py_TYPE(object) == &PyDict_Type; }
static inline int fgs_is_list(PyObject *object) { return Py_TYPE(object) == &PyList_Type; }
static inline int fgs_is_tuple(PyObject *object) { return Py_TYPE(object) == &PyTuple_Type; }
static inline int fgs_is_text(PyObject *object) { return Py_TYPE(object) == &PyUnicode_Type; }
static inline int fgs_is_integer(PyObject *object) { return Py_TYPE(object) == &PyLong_Type; }
static inline int fgs_is_float(PyObject *object) { return Py_TYPE(object) == &PyFloat_Type; }
static inline int fgs_is_true(PyObject *object) { return object == Py_True; }
static inline int fgs_is_false(PyObject *object) { return object == Py_False; }

/// The UTF-8 of a str, kept by it as long as it lives; NULL, with an exception, if it has lone surrogates. In every
/// version since 3.3, in the stable ABI since 3.10.
extern const char *PyUnicode_AsUTF8AndSize(PyObject *text, Py_ssize_t *count);

#endif
