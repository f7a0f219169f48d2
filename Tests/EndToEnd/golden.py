"""The sample events of `fixtures/events`, and events that are like them but for what differs from run to run."""

import json
import re
import time

from emulator import REPOSITORY

EVENTS = REPOSITORY / "fixtures" / "events"

HEX_32 = r"[0-9a-f]{32}"
UUID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
SECONDS = r"20\d\d-[01]\d-[0-3]\dT[0-2]\d:[0-5]\d:[0-5]\d"


class _Now:
    """Equals any number of seconds since 1970 that has passed within the last minute."""

    def __eq__(self, other) -> bool:
        return isinstance(other, int) and time.time() - 60 < other <= time.time()


NOW = _Now()


def golden(name: str) -> dict:
    return json.loads((EVENTS / f"{name}.json").read_text(encoding="utf-8"))


def assert_is_golden(event: dict, name: str, differs: "dict | None" = None) -> None:
    """The event has the members of the sample, in the same order, with the same values.

    `differs` has what stands where the values are others, by places such as `Records/0/eventTime`: a pattern for a
    text, something that equals it for a number.
    """
    differs = differs or {}
    found = set()

    def compare(value, sample, place: str) -> None:
        assert type(value) is type(sample), (place, value, sample)
        if place in differs:
            found.add(place)
            expected = differs[place]
            matches = re.fullmatch(expected, value) if isinstance(value, str) else expected == value
            assert matches, (place, value, expected)
        elif isinstance(sample, dict):
            assert list(value) == list(sample), (place, list(value), list(sample))
            for member in sample:
                compare(value[member], sample[member], f"{place}/{member}".lstrip("/"))
        elif isinstance(sample, list):
            assert len(value) == len(sample), (place, value)
            for number, item in enumerate(sample):
                compare(value[number], item, f"{place}/{number}")
        else:
            assert value == sample, place

    compare(event, golden(name), "")
    assert found == set(differs), "a place is not in the sample"


def bucket_differs(configuration: str = UUID) -> "dict[str, str]":
    """What differs in the events of a bucket: who, from where, when, in which order; by which trigger."""
    patterns = {
        "eventTime": SECONDS + r"\.\d{3}Z",
        "userIdentity/principalId": HEX_32,
        "requestParameters/sourceIPAddress": r"127\.0\.0\.1",
        "responseElements/x-amz-request-id": r"[0-9A-F]{16}",
        "responseElements/x-amz-id-2": r"\S+",
        "s3/configurationId": configuration,
        "s3/bucket/ownerIdentity/PrincipalId": HEX_32,
        "s3/object/sequencer": r"[0-9A-F]{32}",
    }
    return {f"Records/0/{place}": pattern for place, pattern in patterns.items()}
