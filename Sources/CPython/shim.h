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

/// Starts CPython without site, deaf to the environment, and without signal handlers of its own.
static inline void fgs_initialize(void) {
    Py_IsolatedFlag = 1;
    Py_NoSiteFlag = 1;
    Py_IgnoreEnvironmentFlag = 1;
    Py_InitializeEx(0);
}

static inline PyObject *fgs_none(void) { return Py_None; }

#endif
