"""What was measured, for people: as Markdown, which is printed and written."""

import statistics
from datetime import date
from typing import NamedTuple

from . import targets
from .contenders import ALL as CONTENDERS
from .machine import Shares
from .measurements.measurement import Measurement
from .metric import Metric
from .results import Results
from .rounds import Rounds


class Circumstances(NamedTuple):
    """Under which it was measured."""

    machine: str
    python: str
    mode: str
    seconds: float
    #: What of the processors was for others meanwhile.
    shares: Shares
    #: Rounds under load that were measured, and those of them that count.
    measured_rounds: int
    kept_rounds: int


_MARKS = {True: "pass", False: "**miss**", None: "n/a"}


def markdown(
    results: Results, measurements: "list[Measurement]", circumstances: Circumstances, chart: "str | None"
) -> str:
    """The whole report. `chart` is the file name of a picture."""
    sections = [_head(circumstances), _targets(results)]
    if chart:
        sections.insert(1, f"![Warm calls, first calls and starts, compared]({chart})\n")
    sections += [_section(results, measurement) for measurement in measurements]
    sections.append(_contenders())
    return "\n".join(sections)


def _head(circumstances: Circumstances) -> str:
    return (
        "# Results\n\n"
        f"Written by `make bench` on {date.today().isoformat()}; a {circumstances.mode} run of "
        f"{circumstances.seconds / 60:.0f} minutes.\n\n"
        f"- Machine: {circumstances.machine}. Other processes used {circumstances.shares.others:.0%} of its processors "
        f"meanwhile, and other machines {circumstances.shares.stolen:.0%} when something here was ready to run.\n"
        f"- Rounds of several seconds in which other machines took more than {Rounds.LIMIT:.0%} (where a "
        f"99th percentile is measured, {Rounds.STRICT:.0%}) were measured again, and the least "
        f"disturbed ones count: {circumstances.kept_rounds} of {circumstances.measured_rounds}.\n"
        f"- Functions run on {circumstances.python} in every contender.\n"
        "- Contenders took turns (A B A B …). A *ratio* is that of the row in bold to the row it stands in, the "
        "median over pairs measured side by side; a ratio says more than the values beside it.\n"
    )


def _targets(results: Results) -> str:
    rows = []
    for target in targets.ALL:
        verdict = target.judge(results)
        rows.append([target.what, target.limit, verdict.measured, _MARKS[verdict.passed]])
    passed = sum(row[3] == "pass" for row in rows)
    judged = sum(row[3] != "n/a" for row in rows)
    return f"## Targets\n\n{passed} of {judged} are met.\n\n" + table(
        ["target", "limit", "measured", ""], rows, right={1, 2}
    )


def _section(results: Results, measurement: Measurement) -> str:
    tables = [_metric(results, metric) for metric in measurement.metrics]
    return f"## {measurement.title}\n\n{measurement.about}\n\n" + "\n".join(filter(None, tables))


def _metric(results: Results, metric: Metric) -> str:
    subjects = results.subjects(metric.id)
    rows = []
    for subject in subjects:
        values = results.values(metric.id, subject)
        ratio = None
        if metric.compared and subject != metric.subject:
            ratio = results.ratio((metric.id, metric.subject), (metric.id, subject))
        rows.append([
            f"**{subject}**" if subject == metric.subject else subject,
            *(metric.unit.text(value) for value in (statistics.median(values), min(values), max(values))),
            "" if ratio is None else f"{ratio:.2f}",
        ])
    rows += [[subject, "n/a", "", "", why] for subject, why in results.reasons(metric.id)]
    if not rows:
        return ""
    better = "less is better" if metric.better == "less" else "more is better"
    head = [f"{metric.title} ({better})", "median", "min", "max", "ratio"]
    return table(head, rows, right={1, 2, 3, 4})


def _contenders() -> str:
    rows = [[contender.name, contender.version(), contender.about] for contender in CONTENDERS]
    return "## Contenders\n\n" + table(["name", "version", "what it is"], rows)


def table(head: "list[str]", rows: "list[list[str]]", right: "set[int]" = frozenset()) -> str:
    """A Markdown table whose columns stand below each other in plain text too."""
    widths = [max(3, *(len(row[column]) for row in [head, *rows])) for column in range(len(head))]

    def line(cells: "list[str]") -> str:
        padded = (
            cell.rjust(width) if column in right else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(cells, widths))
        )
        return f"| {' | '.join(padded)} |\n"

    rule = [f"{'-' * (width - 1)}:" if column in right else "-" * width for column, width in enumerate(widths)]
    return line(head) + line(rule) + "".join(map(line, rows))
