"""The function's logger: the root logger, with one handler that writes the platform's line format."""

import logging
import sys
import time

from . import scope

#: Longer messages are cut into several lines, in characters (the runtime guide: 90 KiB).
SPLIT = 92160


class RequestHandler(logging.Handler):
    """Writes ``<time>Z <request id> <LEVEL> <message>`` lines to the instance's log."""

    def __init__(self):
        super().__init__()
        self._second = None
        self._stamp = ""
        self._exceptions = logging.Formatter()

    def timestamp(self, seconds):
        """``seconds`` since 1970 as ``2026-05-04T09:12:31Z``; formatted once per second."""
        whole = int(seconds)
        if whole != self._second:
            self._stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(whole))
            self._second = whole
        return self._stamp

    def emit(self, record):
        try:
            head = "%s %s %s " % (self.timestamp(record.created), scope.current().request_id, record.levelname)
            text = _message(record)
            if record.exc_info:
                text += "\n" + self._exceptions.formatException(record.exc_info)
            if record.stack_info:
                text += "\n" + record.stack_info
            for start in range(0, max(len(text), 1), SPLIT):
                write(head + text[start:start + SPLIT] + "\n")
        except Exception:
            # Logging never fails a handler.
            self.handleError(record)


def _message(record):
    """The message with its arguments; where they do not fit its placeholders, joined by blanks."""
    try:
        return record.getMessage()
    except Exception:
        arguments = record.args if isinstance(record.args, tuple) else (record.args,)
        return " ".join([str(record.msg)] + [str(argument) for argument in arguments])


def write(text):
    """Writes to the log, whatever the handler did to ``sys.stdout``."""
    stream = sys.__stdout__
    if stream is None or stream.closed:
        import os

        os.write(1, text.encode("utf-8", "backslashreplace"))
    else:
        stream.write(text)


_handler = RequestHandler()


def timestamp():
    """Now, as the log's lines begin."""
    return _handler.timestamp(time.time())


def install():
    """Makes the root logger the function's logger."""
    root = logging.getLogger()
    root.handlers = [_handler]
    root.setLevel(logging.INFO)
    # The printing of a traceback of the logging module itself helps nobody here.
    logging.raiseExceptions = False
