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

#endif
