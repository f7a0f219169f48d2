"""Events and results are what Python's json makes of them, whoever reads and writes them."""

import json

import pytest

REFLECTS = """
import json


def handler(event, context):
    # Types, order and identity of keys show in the text; NaN equals nothing, not even itself.
    return repr(event)


def evaluates(event, context):
    import collections, decimal, enum
    return eval(event["expression"])
"""

COMPARES = '''
import gc
import json
import random
import struct
import sys

from fgs_runtime import host

PIECES = [
    "{", "}", "[", "]", ",", ":", '"', "\\\\", "/", " ", "\\n", "\\t", "\\r", "\\0", "\\x1f", "\\x7f", "0", "-", "1", "9",
    ".", "e", "E", "+", "null", "true", "false", "nul", "NaN", "Infinity", "-Infinity", '"a"', '"a": 1', '"\\\\u00e9"',
    "\\\\u12", "\\\\ud83d\\\\ude00", "\\\\ud83d", "\\\\ude00", "\\ud800", "é", "世", "🌍", "123456789012345678",
    "1234567890123456789", "12345678901234567890", "-0", "01", "1e5", "1E-400", "1e400", "0.1", "-2.5e+3", "12345678",
    "abcdefghijkl", "\\ufeff",
]


def texts(random, depth=0, usual=False):
    """A random value as JSON text, which may have anything in it that Python takes for JSON, or what is usual."""
    kind = random.randrange(9) if 0 < depth < 5 else random.choice([6, 7]) if depth == 0 else random.randrange(6)
    space = random.choice(["", "", "", " ", "\\n\\t "])
    if kind == 0:
        return random.choice(["null", "true", "false"] + ["NaN", "-Infinity"] * (not usual))
    if kind == 1 and usual:
        return str(random.randrange(-10 ** random.randrange(1, 19), 10 ** random.randrange(1, 19)))
    if kind == 1:
        return str(random.randrange(-10 ** random.randrange(1, 30), 10 ** random.randrange(1, 30)))
    if kind == 2 and usual:
        value = random.uniform(-1, 1) * 10 ** random.randrange(-12, 12)
        return "%r" % (value if random.random() < 0.5 else round(value, random.randrange(8)))
    if kind == 2:
        return repr(struct.unpack("d", random.randbytes(8))[0]).replace("nan", "NaN").replace("inf", "Infinity")
    if kind in (3, 4, 5):
        return json.dumps(text(random, usual), ensure_ascii=random.random() < 0.5)
    if kind == 6:
        keys = [json.dumps(text(random, usual)) for _ in range(random.randrange(6))]
        members = [key + space + ":" + space + texts(random, depth + 1, usual) for key in keys]
        return "{" + space + ("," + space).join(members) + space + "}"
    items = [texts(random, depth + 1, usual) for _ in range(random.randrange(6))]
    return "[" + space + (space + ",").join(items) + space + "]"


def text(random, usual=False):
    kinds = ["key", "abc", "abc\\"\\\\/", "\\0\\x1f\\x7f\\b\\f\\n\\r\\t ~", "aé世🌍"]
    letters = random.choice(kinds + ["a\\ud800\\udfff"] * (not usual))
    return "".join(random.choice(letters) for _ in range(random.choice([0, 1, 3, 7, 8, 9, 40, 41, 200])))


def broken(random):
    if random.random() < 0.5:
        return "".join(random.choice(PIECES) for _ in range(random.randrange(12)))
    whole = texts(random)
    place = random.randrange(len(whole))
    return whole[:place] + random.choice(PIECES + [""]) + whole[place + random.randrange(3):]


def read(data):
    try:
        return json.loads(data.decode()), None
    except (ValueError, RecursionError) as error:
        return None, error


def check(data, found):
    """Compares what the host reads with what json reads, and what both write of that."""
    mine = host.decode(data)
    value, error = read(data)
    if mine is None:
        found["left"] += 1
    else:
        assert error is None and same(mine, value), (data, mine, value, error)
    if error is None:
        for candidate in (value, (value, [value], {"key": value})):
            written = host.encode(candidate)
            if written is None:
                found["not written"] += 1
            else:
                assert written == json.dumps(candidate).encode(), (data, written)


def same(one, other):
    return type(one) is type(other) and repr(one) == repr(other)


def handler(event, context):
    source = random.Random(event["seed"])
    found = {"left": 0, "not written": 0}
    for index in range(event["count"]):
        data = (texts if index % 2 else broken)(source).encode("utf-8", "surrogatepass")
        if index % 7 == 0:
            data = bytes(byte if source.random() > 0.02 else source.randrange(256) for byte in data)
        check(data, found)
    return found


def usual(event, context):
    source = random.Random(event["seed"])
    found = {"left": 0, "not written": 0}
    for index in range(event["count"]):
        check(texts(source, usual=True).encode(), found)
    return found


def leaks(event, context):
    source = random.Random(event["seed"])
    inputs = [(texts if index % 2 else broken)(source).encode("utf-8", "surrogatepass") for index in range(300)]
    values = [value for value, error in map(read, inputs) if error is None]

    def blocks():
        for data in inputs:
            host.decode(data)
        for value in values:
            host.encode(value)
        gc.collect()
        return sys.getallocatedblocks()

    blocks()
    before = blocks()
    for _ in range(20):
        after = blocks()
    return after - before
'''


@pytest.fixture
def reflecting(project):
    return project.create(project.archive(index=REFLECTS))


@pytest.fixture
def evaluating(project):
    return project.create(project.archive(index=REFLECTS), "index.evaluates")


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        " [ ] ",
        '{"a": {"b": [1, -2, 0, -0, 2.5, -1e-7, 1E5, true, false, null]}}',
        '{"twice": 1, "other": 2, "twice": 3}',
        "[123456789012345678, -123456789012345678, 9223372036854775807, 18446744073709551616]",
        "[0.1, 1e400, -1e400, 5e-324, 123456789.123456789123456789, 1.0, -0.0]",
        r'["\"\\\/\b\f\n\r\t", "\u0041\u00e9\u4e16\ud83c\udf0d", "\u0000"]',
        r'["lone \ud83c surrogate"]',
        '["Grüße, 世界 🌍", "\x7f"]',
        '{"": "", "Grüße": 1, "a\\nb": 2}',
        '{"%s": 1}' % ("long key " * 20),
        "[" * 150 + "]" * 150,
        "[" * 300 + "]" * 300,
        "7",
        '"text"',
    ],
    ids=lambda text: text[:30],
)
def test_an_event_is_what_json_makes_of_it(reflecting, text):
    invocation = reflecting.invoke(data=text.encode())
    assert invocation.succeeded and invocation.text == repr(json.loads(text))


@pytest.mark.parametrize(
    "expression",
    [
        "{'a': [1, 2.5, None, True, False, 'text'], 'b': {}, 'c': [], 'd': ()}",
        "[0, -1, 9223372036854775807, -9223372036854775808, 9223372036854775808, 10**30]",
        "[0.1, 1e22, 1e16, 1e-5, 123456789.0, -0.0, 5e-324, float('1e308')]",
        "[float('nan'), float('inf'), -float('inf')]",
        "['\"\\\\/\\b\\f\\n\\r\\t\\0\\x1f\\x7f~', 'Grüße, 世界 🌍', '\\ud800']",
        "{1: 'int', 2.5: 'float', None: 'none', True: 'true', 'text': 'text'}",
        "collections.OrderedDict([('b', 1), ('a', 2)])",
        "collections.defaultdict(int, a=1)",
        "collections.namedtuple('Point', 'x y')(1, 2)",
        "enum.IntEnum('Colour', 'red green').green",
        "[type('Text', (str,), {})('derived'), type('Number', (int,), {})(7), type('Items', (list,), {})([1])]",
        "{'nested': [[[[{'deep': (1, (2, (3,)))}]]]]}",
    ],
    ids=lambda text: text[:30],
)
def test_a_result_is_what_json_writes(evaluating, expression):
    import collections, enum  # noqa: E401, F401

    invocation = evaluating.invoke({"expression": expression})
    assert invocation.succeeded and invocation.text == json.dumps(eval(expression))


@pytest.mark.parametrize(
    "expression, error",
    [
        ("{1, 2}", "TypeError"),
        ("[1, [2, {'a': object()}]]", "TypeError"),
        ("{(1, 2): 3}", "TypeError"),
        ("decimal.Decimal('1.5')", "TypeError"),
        ("(lambda items: items.append(items) or items)([])", "ValueError"),
        ("(lambda items: [items := [items] for _ in range(100000)][-1])([])", "RecursionError"),
    ],
)
def test_a_result_that_json_cannot_write_is_refused(evaluating, expression, error):
    assert evaluating.invoke({"expression": expression}).error["errorType"] == error


@pytest.mark.parametrize("seed", range(4))
def test_the_host_reads_and_writes_as_json_does(project, seed):
    function = project.create(project.archive(index=COMPARES), timeout=120)
    assert function.call({"seed": seed, "count": 20_000})["left"] < 20_000


def test_the_host_reads_and_writes_all_that_is_usual(project):
    function = project.create(project.archive(index=COMPARES), "index.usual", timeout=120)
    assert function.call({"seed": 1, "count": 10_000}) == {"left": 0, "not written": 0}


def test_reading_and_writing_keep_no_memory(project):
    function = project.create(project.archive(index=COMPARES), "index.leaks", timeout=120)
    assert function.call({"seed": 1}) <= 20
