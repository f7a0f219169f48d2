"""Sessions in Markdown documents: blocks that a reader would type, with what they print.

A fenced block with a language is preceded by a comment that says what it is. Those without one are drawings.

    <!-- test: NAME -->                 shell commands of the session NAME
    <!-- test: NAME, file: PATH -->     the text of a file, in the session's current directory
    <!-- test: NAME, output -->         what the commands before it print on standard output
    <!-- test: NAME, server -->         a command that starts a server (the test starts one itself)
    <!-- test: NAME, server output -->  what that server prints on standard output
    <!-- not run: REASON -->            for people only

The blocks of a session run in one shell, in the order of the document.
"""

import re
from pathlib import Path
from typing import NamedTuple

_FENCE = re.compile(r"^```(?P<language>\S*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_COMMENT = re.compile(
    r"<!-- (?:test: (?P<session>[^,\n]+?)(?:, (?P<kind>file: \S+|output|server|server output))?"
    r"|not run: (?P<reason>[^\n]+?)) -->\n\Z"
)


class Block(NamedTuple):
    session: "str | None"
    kind: str
    """`commands`, `output`, `server`, `server output` or `file: PATH`."""
    text: str
    line: int


def blocks(document: Path) -> "list[Block]":
    """All fenced blocks of a document, but for drawings."""
    source = document.read_text()
    found = []
    for fence in _FENCE.finditer(source):
        line = source.count("\n", 0, fence.start()) + 1
        if not fence["language"]:
            continue
        comment = _COMMENT.search(source, 0, fence.start())
        assert comment, (
            f"{document.name}:{line}: a block that no test runs. Put <!-- test: NAME --> on the line above, "
            "or <!-- not run: REASON -->."
        )
        kind = comment["kind"] or ("commands" if comment["session"] else "not run")
        found.append(Block(comment["session"], kind, fence["text"], line))
    assert len(found) == len(re.findall(r"^```\S", source, re.MULTILINE)), f"{document.name}: an open block"
    return found


def sessions(document: Path) -> "dict[str, list[Block]]":
    """The blocks that are run, by session."""
    found: "dict[str, list[Block]]" = {}
    for block in blocks(document):
        if block.session:
            found.setdefault(block.session, []).append(block)
    return found


# What differs from run to run, and what stands for it. Everything else has to be equal.
_DIFFERENT = [
    (re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"), "<id>"),
    (re.compile(r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z"), "<time>"),
    (re.compile(r"\b\d+(?:\.\d+)?(ms|MB|U|s)\b"), r"<number>\1"),
    (re.compile(r"\b127\.0\.0\.1:\d+\b"), "<address>"),
    (re.compile(r"\bCPython \d+\.\d+\.\d+\b"), "CPython <version>"),
]


def masked(text: str) -> str:
    """The text with ids, times, measurements, addresses and the Python release made the same, and no blanks
    at the ends of lines and of the whole."""
    for pattern, replacement in _DIFFERENT:
        text = pattern.sub(replacement, text)
    return "\n".join(line.rstrip() for line in text.strip().splitlines())
