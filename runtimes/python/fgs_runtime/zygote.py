"""What the zygote does before its first fork."""

import gc


def preload():
    """Import what most handlers need, once for all of them.

    Every module here is memory that children share, and pages that a fork has to map: the list holds what the
    runtime needs itself and what nearly every handler imports, and nothing that is merely likely.
    """
    import base64  # noqa: F401
    import datetime  # noqa: F401
    import json  # noqa: F401
    import logging  # noqa: F401
    import os  # noqa: F401
    import re  # noqa: F401
    import threading  # noqa: F401
    import time  # noqa: F401
    import traceback  # noqa: F401

    from . import bytecode, instance, libraries, logger, rehearsal, scope  # noqa: F401

    # What instances do not differ in.
    scope.open_streams()
    logger.install()
    scope.follow_threads()
    bytecode.follow()
    libraries.follow()
    # Their environment is their own. Most keep the time zone.
    os.environ.clear()
    os.environ["TZ"] = "UTC"
    time.tzset()

    # The first call of a codec looks it up, and the first use of the compiler makes its types; do that here.
    json.loads(b'{"a": [1, 2.5, "b"]}')
    compile("def handler(event, context):\n    return event\n", "preloaded.py", "exec")
    settle()


def settle():
    """Have what lives now live for ever: collecting garbage in a child must not write to its pages."""
    gc.collect()
    gc.freeze()
