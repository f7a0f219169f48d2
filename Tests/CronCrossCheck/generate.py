"""Writes cases for the cross-check of cron expressions: random expressions, and when croniter says they fire.

    generate.py SEED COUNT FILE

The expressions are valid in the grammar that the emulator shares with the Go library robfig/cron. croniter differs
from that library by the rules in RULES. An expression that one of them is about comes with a second answer:
croniter's for the same schedule, written so that the rule does not matter. A difference is explained if, and only
if, the emulator gives that answer.

No zone's clocks change while an expression is followed: there the libraries differ in kind, and the unit tests have
tables instead.
"""

import datetime
import json
import random
import sys
import zoneinfo
from typing import NamedTuple

from croniter import CroniterBadDateError, croniter

RULES = {
    "equal range": "a-a is the value a; croniter takes it for the whole field",
    "step of one": "*/1 in a day field is *; croniter takes it for all days in numbers",
    "full day field": "all days in numbers are a restriction; croniter takes them for * beside a field with a *",
}


class Field(NamedTuple):
    low: int
    high: int
    # How often the field is a wildcard and nothing else.
    wildcard_share: float
    is_day: bool = False
    words: tuple = ()


class Content(NamedTuple):
    """A field's text or a part of it, and what it means to robfig/cron."""

    text: str
    values: set
    is_wildcard: bool
    rules: set


SECOND = Field(0, 59, 0.1)
MINUTE = Field(0, 59, 0.25)
HOUR = Field(0, 23, 0.3)
DAY_OF_MONTH = Field(1, 31, 0.4, is_day=True)
MONTH = Field(1, 12, 0.6, words=tuple("jan feb mar apr may jun jul aug sep oct nov dec".split()))
DAY_OF_WEEK = Field(0, 6, 0.4, is_day=True, words=tuple("sun mon tue wed thu fri sat".split()))
FIELDS = [SECOND, MINUTE, HOUR, DAY_OF_MONTH, MONTH, DAY_OF_WEEK]

DESCRIPTORS = ["@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"]
# Zones whose clocks have not changed since 2000.
ZONES = [
    "UTC", "Africa/Lagos", "America/Bogota", "America/Phoenix", "Asia/Kathmandu", "Asia/Kolkata", "Asia/Shanghai",
    "Asia/Tokyo", "Australia/Brisbane", "Pacific/Kiritimati", "Pacific/Marquesas", "Pacific/Pago_Pago",
]
STARTS = (1_600_000_000, 2_200_000_000)
NEXT_COUNT = 5
LAST_COUNT = 2


def spelled(value, field):
    if field.words and random.random() < 0.4:
        word = field.words[value - field.low]
        return random.choice([word, word.upper(), word.capitalize()])
    return str(value)


def member(field):
    first, last = sorted(random.choices(range(field.low, field.high + 1), k=2))
    step = random.choice([random.randint(1, 5), random.randint(1, field.high)])
    bounds = f"{spelled(first, field)}-{spelled(last, field)}"
    equal = {"equal range"} if first == last else set()
    everything = set(range(field.low, field.high + 1))
    return random.choices(
        [
            Content(spelled(first, field), {first}, False, set()),
            Content(bounds, set(range(first, last + 1)), False, equal),
            Content(f"{bounds}/{step}", set(range(first, last + 1, step)), False, equal),
            Content(f"{spelled(first, field)}/{step}", set(range(first, field.high + 1, step)), False, set()),
            Content(
                f"*/{step}",
                set(range(field.low, field.high + 1, step)),
                step == 1,
                {"step of one"} if field.is_day and step == 1 else set(),
            ),
            Content("*", everything, True, set()),
            Content(f"{field.low}-{field.high}", everything, False, set()),
        ],
        [50, 20, 10, 10, 10, 0.5, 1],
    )[0]


def wildcard(field):
    return Content(random.choice("*?") if field.is_day else "*", set(range(field.low, field.high + 1)), True, set())


def content(field):
    if random.random() < field.wildcard_share:
        return wildcard(field)
    members = [member(field) for _ in range(random.choices([1, 2, 3, 4], [70, 15, 10, 5])[0])]
    values = set().union(*(member.values for member in members))
    is_wildcard = any(member.is_wildcard for member in members)
    rules = set().union(*(member.rules for member in members))
    if field.is_day and not is_wildcard and len(values) == field.high - field.low + 1:
        rules.add("full day field")
    return Content(",".join(member.text for member in members), values, is_wildcard, rules)


def beyond_rules(contents):
    """The same schedule in a form that croniter and robfig/cron read alike."""
    days, weekdays = contents[3], contents[5]
    is_either = not days.is_wildcard and not weekdays.is_wildcard
    is_daily = is_either and (len(days.values) == 31 or len(weekdays.values) == 7)
    return " ".join(
        "*"
        if len(content.values) == field.high - field.low + 1 or (field.is_day and is_daily)
        else ",".join(map(str, sorted(content.values)))
        for content, field in zip(contents, FIELDS)
    )


def fires(expression, zone, start):
    """When the expression fires after the start, and the last times up to and including it."""
    moment = datetime.datetime.fromtimestamp(start, zone)
    after = croniter(expression, moment, second_at_beginning=True)
    before = croniter(expression, moment + datetime.timedelta(seconds=1), second_at_beginning=True)
    return {"next": taken(after.get_next, NEXT_COUNT), "last": taken(before.get_prev, LAST_COUNT)}


def taken(function, count):
    try:
        return [int(function(float)) for _ in range(count)]
    except CroniterBadDateError:
        # The day does not exist, so that the first call has failed.
        return []


def case():
    start = random.randint(*STARTS)
    name = random.choice([None, random.choice(ZONES)])
    prefix = f"{random.choice(['CRON_TZ', 'TZ'])}={name} " if name else ""
    zone = zoneinfo.ZoneInfo(name or "UTC")
    if random.random() < 0.02:
        descriptor = random.choice(DESCRIPTORS)
        return {
            "expression": prefix + descriptor, "start": start, "croniter": fires(descriptor, zone, start), "rules": [],
        }
    contents = [content(field) for field in FIELDS]
    texts = [content.text for content in contents]
    shown = texts
    if random.random() < 0.2:
        contents[5] = wildcard(DAY_OF_WEEK)
        texts[5], shown = "*", texts[:5]
    rules = sorted(set().union(*(content.rules for content in contents)))
    return {
        "expression": prefix + " ".join(shown),
        "start": start,
        "croniter": fires(" ".join(texts), zone, start),
        "rules": rules,
        "beyondRules": fires(beyond_rules(contents), zone, start) if rules else None,
    }


if __name__ == "__main__":
    seed, count, path = sys.argv[1:]
    random.seed(int(seed))
    with open(path, "w", encoding="utf-8") as file:
        json.dump([case() for _ in range(int(count))], file)
