"""The examples of README.md and of the guides, run word for word, and what they say about the server.

What a test changes in a session, and nothing else:

- `127.0.0.1:8380` becomes the address of a server of the test's own;
- `make serve` is the release build, started by the test, in a directory of its own;
- `pip install` makes the suite's own packages importable instead of installing them once more;
- `fgs-emulator` and `python3` are found on the PATH: the release build, and the suite's Python.

The home directory is empty. How outputs are compared is in `documents.masked`.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import documents
from emulator import REPOSITORY, clean_environment, executable

README = REPOSITORY / "README.md"
DOCUMENTS = [README, *sorted((REPOSITORY / "docs").glob("*.md"))]
ADDRESS = "127.0.0.1:8380"
SUITES_PACKAGES = str(Path(pytest.__file__).parents[1])
END_OF_OUTPUT = "--- end of a block of the document ---"

SESSIONS = {
    f"{document.name}: {name}": found
    for document in DOCUMENTS
    for name, found in documents.sessions(document).items()
}


def script(session: "list[documents.Block]", address: str) -> "tuple[str, list[str]]":
    """A shell script that does what a session's reader does, and the outputs it should have."""
    lines, outputs = ["set -e"], []
    for block in session:
        text = block.text.replace(ADDRESS, address)
        if block.kind == "commands":
            lines.append(re.sub(r"^pip install .*$", "pip_install", text, flags=re.MULTILINE))
            lines.append(f"echo '{END_OF_OUTPUT}'")
            outputs.append(None)
        elif block.kind == "output":
            assert outputs and outputs[-1] is None, f"line {block.line}: an output of no commands"
            outputs[-1] = block.text
        elif block.kind.startswith("file: "):
            path = block.kind.partition(": ")[2]
            lines.append(f"cat > {path} <<'{END_OF_OUTPUT}'\n{text}{END_OF_OUTPUT}")
    return "\n".join(lines) + "\n", outputs


def environment(directory: Path) -> "dict[str, str]":
    """What a fresh terminal has, with the release build and the suite's Python in reach."""
    (directory / "bin").mkdir()
    (directory / "bin/fgs-emulator").symlink_to(executable())
    base = Path(sys.base_prefix) / "bin"
    return {
        "HOME": str(directory / "home"),
        "TMPDIR": str(directory / "tmp"),
        "LANG": "C.UTF-8",
        "PATH": f"{directory}/bin:{base}:{os.environ['PATH']}",
    }


PIP_INSTALL = f"""
pip_install() {{
    python3 - <<'PROGRAM'
import pathlib, site, sys
assert sys.prefix != sys.base_prefix, "the document installs packages outside of a virtual environment"
pathlib.Path(site.getsitepackages()[0], "suite.pth").write_text({SUITES_PACKAGES!r})
PROGRAM
}}
"""


@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", SESSIONS)
def test_a_session_of_the_documents_prints_what_it_says(name, fresh_server, tmp_path):
    session = SESSIONS[name]
    server = fresh_server()
    for directory in ["home", "tmp"]:
        (tmp_path / directory).mkdir()
    address = f"127.0.0.1:{server.port}"
    commands, outputs = script(session, address)
    ended = subprocess.run(
        ["bash", "-c", PIP_INSTALL + commands],
        cwd=tmp_path / "home",
        env=environment(tmp_path),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert ended.returncode == 0, f"{ended.stdout}\n{ended.stderr}"
    printed = ended.stdout.split(f"{END_OF_OUTPUT}\n")[:-1]
    assert len(printed) == len(outputs)
    for actual, expected in zip(printed, outputs):
        if expected is not None:
            assert documents.masked(actual) == documents.masked(expected)
    for block in session:
        if block.kind == "server output":
            assert documents.masked(server.output.read_text()) == documents.masked(block.text)


def test_make_has_the_targets_the_readme_names_and_serves_the_release_build():
    makefile = (REPOSITORY / "Makefile").read_text()
    assert re.search(r"^serve: build\n\t\.build/release/fgs-emulator serve ", makefile, re.MULTILINE)
    for target in set(re.findall(r"(?:^|`)make ([a-z-]+)", README.read_text(), re.MULTILINE)):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_the_table_of_options_says_what_help_says():
    check = subprocess.run(
        [REPOSITORY / "scripts/options-table", "--check"],
        env={**os.environ, "FGS_EMULATOR_BINARY": executable()},
        capture_output=True,
        text=True,
    )
    assert check.returncode == 0, check.stderr


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_to_files_of_the_repository_lead_somewhere(document):
    for target in re.findall(r"\]\((?!https?://|#)([^)#\s]+)", document.read_text()):
        assert (document.parent / target).exists(), target
