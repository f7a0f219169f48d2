"""Load, by wrk."""

import json
import subprocess
import tempfile
from pathlib import Path
from typing import NamedTuple

from .http_client import Target

#: wrk gives every request the same bytes as long as the script has no `request`; its latencies are corrected for what
#: a stalled connection did not send.
_SCRIPT = """
wrk.method = {method}
wrk.body = {body}
{headers}
function done(summary, latency, requests)
    local errors = summary.errors
    print(string.format(
        'RESULT {{"answers": %d, "microseconds": %d, "broken": %d, "refused": %d, "timeouts": %d, '
        .. '"p50": %.1f, "p90": %.1f, "p99": %.1f}}',
        summary.requests, summary.duration, errors.connect + errors.read + errors.write, errors.status,
        errors.timeout, latency:percentile(50), latency:percentile(90), latency:percentile(99)))
end
"""


class Load(NamedTuple):
    """What came of it. Latencies are seconds."""

    answers: int
    seconds: float
    #: Answers that were no success, broken connections, requests without an answer.
    refused: int
    broken: int
    timeouts: int
    p50: float
    p90: float
    p99: float

    @property
    def rate(self) -> float:
        """Answers per second."""
        return self.answers / self.seconds

    def must_succeed(self) -> "Load":
        if self.refused or self.broken or not self.answers:
            raise ValueError(f"{self.refused} calls failed, {self.broken} broke, {self.answers} were answered")
        return self


def load(target: Target, connections: int, seconds: int, body: bytes = b"") -> Load:
    """Sends requests over this many connections, on each the next one as soon as the last is answered."""
    headers = [*target.headers, *([("Content-Type", "application/json")] if body else [])]
    script = _SCRIPT.format(
        method=_quoted(target.method), body=_quoted(body.decode()) if body else "nil",
        headers="\n".join(f"wrk.headers[ {_quoted(name)} ] = {_quoted(value)}" for name, value in headers),
    )
    with tempfile.TemporaryDirectory(prefix="fgs-bench-wrk-") as directory:
        path = Path(directory) / "load.lua"
        path.write_text(script)
        done = subprocess.run(
            ["wrk", "--threads", "1", "--connections", str(connections), "--duration", f"{seconds}s",
             "--timeout", "10s", "--script", str(path), target.url],
            capture_output=True, text=True, timeout=seconds + 60,
        )
    (line,) = [line for line in done.stdout.splitlines() if line.startswith("RESULT ")] or [None]
    if line is None:
        raise RuntimeError(f"wrk failed\n{done.stdout}{done.stderr}")
    result = json.loads(line.removeprefix("RESULT "))
    latencies = {name: result[name] / 1e6 for name in ("p50", "p90", "p99")}
    return Load(
        result["answers"], result["microseconds"] / 1e6, result["refused"], result["broken"], result["timeouts"],
        **latencies,
    )


def _quoted(text: str) -> str:
    """A string of Lua. As an index it needs blanks around it: `[[` begins a string."""
    level = "=" * next(number for number in range(100) if f"]{'=' * number}]" not in text)
    return f"[{level}[{text}]{level}]"
