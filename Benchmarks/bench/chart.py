"""A picture of the main results, as SVG."""

import statistics
from html import escape

from .measurements import first_call, start, throughput, warm_latency
from .metric import Metric
from .results import Results

_PANELS: "list[tuple[str, Metric]]" = [
    ("Warm call, 1 connection (less is better)", warm_latency.P50),
    ("Warm calls per second, 16 connections (more is better)", throughput.RATE_16),
    ("First call of a function (less is better)", first_call.PLAIN),
    ("From starting the server to the first answer (less is better)", start.ANSWER),
]
_WIDTH, _LABEL, _BAR, _ROW, _GAP = 760, 230, 400, 22, 34
#: Bars longer than so many times the emulator's are cut off.
_CUT = 8
_OWN, _OTHER, _FLOOR = "#2f6fde", "#9aa5b1", "#d5dae0"


def svg(results: Results) -> "str | None":
    """Bars of the medians; nothing where none of it was measured."""
    shapes, y = [], 10
    for title, metric in _PANELS:
        subjects = list(dict.fromkeys(results.subjects(metric.id)))
        if metric.subject not in subjects:
            continue
        medians = {subject: statistics.median(results.values(metric.id, subject)) for subject in subjects}
        longest = min(max(medians.values()), _CUT * medians[metric.subject])
        shapes.append(f'<text x="10" y="{y + 14}" class="title">{escape(title)}</text>')
        y += _GAP - 8
        for subject, median in sorted(medians.items(), key=lambda item: item[1], reverse=metric.better == "more"):
            shapes.append(_bar(y, subject, median, longest, metric))
            y += _ROW
        y += _GAP - _ROW
    if not shapes:
        return None
    style = (
        "text { font: 13px system-ui, sans-serif; fill: #1f2933 } .title { font-weight: 600 } "
        ".value { fill: #52606d }"
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {y}" width="{_WIDTH}" height="{y}">'
        f'<style>{style}</style><rect width="100%" height="100%" fill="#ffffff"/>'
        + "".join(shapes) + "</svg>\n"
    )


def _bar(y: int, subject: str, median: float, longest: float, metric: Metric) -> str:
    own, floor = subject.startswith("fgs-emulator"), subject.startswith(("floor", "nginx"))
    color = _OWN if own else _FLOOR if floor else _OTHER
    width = max(2, _BAR * min(median, longest) / longest)
    x = _LABEL + width
    # A bar that goes on beyond the picture is drawn broken.
    cut = (
        f'<path d="M{x - 14} {y - 1} l-6 18 h5 l6 -18 z" fill="#ffffff"/>' if median > longest else ""
    )
    return (
        f'<text x="{_LABEL - 8}" y="{y + 12}" text-anchor="end">{escape(subject)}</text>'
        f'<rect x="{_LABEL}" y="{y}" width="{width:.1f}" height="16" rx="2" fill="{color}"/>{cut}'
        f'<text x="{x + 6:.1f}" y="{y + 12}" class="value">{escape(metric.unit.text(median))}</text>'
    )
