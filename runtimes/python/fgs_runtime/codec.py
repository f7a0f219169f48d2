"""Events and results as JSON: by the host, which is quick, or by ``json`` where the host does not know a value."""

import json

from . import host

# What json.loads does once it knows the encoding, which is always UTF-8.
_loads = json.JSONDecoder().decode
# What json.dumps does when it is asked for nothing special, without asking each time whether it is.
_dumps = json.JSONEncoder().encode


def loads(event):
    """The value of JSON that is ``bytes``. Raises what ``json.loads`` does."""
    value = host.decode(event)
    return _loads(event.decode()) if value is None else value


def dumps(result):
    """The JSON of a value, as ``bytes``. Raises what ``json.dumps`` does."""
    text = host.encode(result)
    return _dumps(result).encode() if text is None else text
