"""What functions are called with."""

import json


def of_size(size: int) -> bytes:
    """A JSON object of about so many bytes, made of many small values, as real events are."""
    items = []
    item = {"id": 1000, "name": "a name of some length", "price": 12.5, "tags": ["a", "b"], "open": True}
    length = len(json.dumps(item)) + 2
    for number in range(max(1, (size - 40) // length)):
        items.append({**item, "id": 1000 + number % 9000})
    return json.dumps({"name": "Ada", "items": items}).encode()


SMALL = of_size(1 << 10)
LARGE = of_size(1 << 20)
