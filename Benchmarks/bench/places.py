"""Where things are."""

import os
import sys
from pathlib import Path

BENCHMARKS = Path(__file__).resolve().parents[1]
REPOSITORY = BENCHMARKS.parent
FUNCTIONS = BENCHMARKS / "functions"
ADAPTERS = BENCHMARKS / "adapters"
BUILD = REPOSITORY / ".build"

# The Python that the emulator's worker embeds, so that every contender runs functions on the same one.
PYTHON = "/usr/bin/python3" if os.access("/usr/bin/python3", os.X_OK) else sys.executable


def emulator_binary() -> Path:
    """$FGS_EMULATOR_BINARY, else the release build."""
    path = Path(os.environ.get("FGS_EMULATOR_BINARY") or BUILD / "release/fgs-emulator")
    if not path.exists():
        raise FileNotFoundError(f"{path} is missing: run `swift build -c release` or set FGS_EMULATOR_BINARY")
    return path.resolve()
