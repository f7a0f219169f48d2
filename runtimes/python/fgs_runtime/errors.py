"""Error objects: what a caller gets when a handler fails."""

import json
import traceback

#: The code for an event that cannot be read: the server refuses the request instead of failing the function.
UNREADABLE_EVENT = 1

ENTRY_FAILED = 4001
HANDLER_RAISED = 4002
RESULT_TOO_LARGE = 4004
RESULT_INVALID = 4007
INITIALIZER_FAILED = 4201
BOOTSTRAP_MISSING = 4202
MEMORY_EXCEEDED = 4205

ENTRY = "function entry exception, error: "
INVOCATION = "function invocation exception, error: "
RESULT = "function result is invalid, error: "
INITIALIZATION = "function initialization exception, error: "
PRE_STOP = "function pre-stop exception, error: "

_RUNTIME = __file__.rpartition("/")[0] + "/"


class FunctionLoadError(Exception):
    """The handler's module or its signature is not what the configuration says."""


class FunctionConfigError(Exception):
    """The configuration names a handler that is not there."""


def error_object(prefix, error, root, with_trace=True):
    """The error object of an exception, as bytes of JSON.

    Its keys stand in the platform's order: ``errorMessage``, ``errorType``, ``stackTrace``.
    """
    fields = {"errorMessage": prefix + _text(error), "errorType": type(error).__name__}
    if with_trace:
        fields["stackTrace"] = stack_trace(error, root)
    return json.dumps(fields, indent=4).encode()


def message_object(message, kind=None):
    """The error object of a failure that is no exception.

    :param kind: its ``errorType``; None for none
    """
    fields = {"errorMessage": message}
    if kind:
        fields["errorType"] = kind
    return json.dumps(fields, indent=4).encode()


def memory_object():
    """The error object of a handler that ran out of memory; the server's own looks the same."""
    return message_object("runtime memory limit exceeded", "MemoryError")


def stack_trace(error, root):
    """The lines of a traceback: frames of this package left out, paths relative to the code root."""
    lines = []
    for entry in _frames(error, root):
        lines.extend(line for line in entry.rstrip("\n").split("\n"))
    if isinstance(error, SyntaxError) and error.filename:
        lines.append('File "%s", line %s' % (_relative(error.filename, root), error.lineno))
        if error.text:
            lines.append("    " + error.text.strip())
    return lines


def formatted(error, root):
    """The traceback as Python prints it, causes included, with relative paths: what goes to the log."""
    described = traceback.TracebackException.from_exception(error)
    _hide_runtime(described, set())
    lines = described.format()
    return "".join(_shorten(line, root) for line in lines)


def _hide_runtime(described, seen):
    """Take the frames of this package, and of the import system, out of a traceback and those of its causes."""
    if described is None or id(described) in seen:
        return
    seen.add(id(described))
    described.stack = traceback.StackSummary.from_list(_visible(described.stack))
    for other in (described.__cause__, described.__context__, *(getattr(described, "exceptions", None) or ())):
        _hide_runtime(other, seen)


def _visible(frames):
    return [
        frame
        for frame in frames
        if not frame.filename.startswith((_RUNTIME, "<frozen importlib", "<frozen runpy"))
    ]


def _frames(error, root):
    entries = []
    for frame in _visible(traceback.extract_tb(error.__traceback__)):
        text = 'File "%s", line %s, in %s\n' % (_relative(frame.filename, root), frame.lineno, frame.name)
        if frame.line:
            text += "    %s\n" % frame.line
        entries.append(text)
    return entries


def _relative(path, root):
    return "." + path[len(root):] if root and path.startswith(root + "/") else path


def _shorten(text, root):
    return text.replace('"%s/' % root, '"./') if root else text


def _text(error):
    try:
        return str(error)
    except Exception:  # an exception's __str__ is user code too
        return "<no message: its __str__ raised>"
