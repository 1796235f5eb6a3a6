"""Plots as SVG text, drawn by hand so that a report is one file. Colours are CSS classes s0, s1 ..."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape

import numpy as np

from citeworthy.evaluation.measures import Case
from citeworthy.evaluation.measures.abstention import calibration_bins, calibration_row, risk_coverage, trade_off_row
from citeworthy.evaluation.report.words import interval, number
from citeworthy.evaluation.statistics import Interval

_WIDTH, _ROW, _LABEL, _VALUES = 640, 22, 150, 150
_SIDE, _MARGIN = 300, 44


def bars(figures: Mapping[str, Interval], unit: str = "share") -> str:
    """One bar with its interval for each system, of one measure."""
    top = max((f.high or 0.0 for f in figures.values()), default=1.0) or 1.0
    scale = (_WIDTH - _LABEL - _VALUES) / (1.0 if unit == "share" and top <= 1 else top)
    parts = []
    for place, (system, figure) in enumerate(figures.items()):
        y = place * _ROW + 3
        middle = y + (_ROW - 6) / 2
        parts.append(f'<text x="{_LABEL - 8}" y="{middle + 4:.1f}" text-anchor="end">{escape(system[:22])}</text>')
        if figure.value is None or figure.low is None or figure.high is None:
            parts.append(f'<text class="dim" x="{_LABEL}" y="{middle + 4:.1f}">nothing to measure</text>')
            continue
        width, low, high = (_LABEL + scale * v for v in (figure.value, figure.low, figure.high))
        parts += [
            f'<rect class="s{place}" x="{_LABEL}" y="{y}" width="{max(0.5, width - _LABEL):.1f}" height="16" rx="2"/>',
            f'<path class="whisker" d="M{low:.1f} {middle}H{high:.1f}"/>',
            f'<path class="whisker" d="M{low:.1f} {middle - 4}v8M{high:.1f} {middle - 4}v8"/>',
            f'<text class="value" x="{_WIDTH - _VALUES + 16}" y="{middle + 4:.1f}">{interval(figure, unit)}</text>',
        ]
    height = len(figures) * _ROW + 4
    return (
        f'<svg viewBox="0 0 {_WIDTH} {height}" role="img" aria-label="bars with 95% intervals">{"".join(parts)}</svg>'
    )


def risk_coverage_curve(cases: Mapping[str, Sequence[Case]]) -> str:
    """Mean loss of the answered questions against the share answered; the dot is where the system itself stops."""
    parts = []
    for place, mine in enumerate(cases.values()):
        kept = [case for case in mine if case.row.status != "skipped"]
        rows = [row for row in map(trade_off_row, kept) if row is not None]
        if not rows:
            continue
        coverages, risks = risk_coverage(np.array(rows, np.float64))
        points = " ".join(f"{_x(c):.1f},{_y(r):.1f}" for c, r in zip(coverages, risks, strict=True))
        parts.append(f'<polyline class="line s{place}" points="{points}"/>')
        answered = sum(case.answered for case in kept if trade_off_row(case) is not None)
        if answered:
            at = answered - 1
            parts.append(f'<circle class="s{place}" cx="{_x(coverages[at]):.1f}" cy="{_y(risks[at]):.1f}" r="5"/>')
    return _square(parts, "share of the questions answered", "risk: mean loss of those")


def reliability(cases: Sequence[Case]) -> str:
    """Share answerable against stated confidence, in bins of equal size; the diagonal is perfect calibration."""
    rows = [row for row in map(calibration_row, cases) if row is not None]
    if not rows:
        return '<p class="dim">This system states no confidence.</p>'
    bins = calibration_bins(np.array(rows, np.float64))
    parts = [f'<path class="ideal" d="M{_x(0)} {_y(0)}L{_x(1)} {_y(1)}"/>']
    points = " ".join(f"{_x(mean):.1f},{_y(share):.1f}" for mean, share, _ in bins)
    parts.append(f'<polyline class="line s0" points="{points}"/>')
    parts += [
        f'<circle class="s0" cx="{_x(mean):.1f}" cy="{_y(share):.1f}" r="4">'
        f"<title>{n} questions: stated {number(mean)}, answerable {number(share)}</title></circle>"
        for mean, share, n in bins
    ]
    return _square(parts, "stated confidence", "share answerable")


def latencies(cases: Mapping[str, Sequence[Case]]) -> str:
    """Every question's time as a tick, on a logarithmic scale; median and 95th percentile as numbers."""
    times = {s: sorted(c.row.latency_ms for c in mine if c.row.latency_ms is not None) for s, mine in cases.items()}
    every = [max(t, 0.1) for found in times.values() for t in found]
    if not every:
        return ""
    low, high = math.floor(math.log10(min(every))), math.ceil(math.log10(max(every)) + 1e-9)
    span = max(1, high - low)
    scale = (_WIDTH - _LABEL - _VALUES) / span
    parts = []
    for place, (system, found) in enumerate(times.items()):
        y = place * _ROW
        parts.append(f'<text x="{_LABEL - 8}" y="{y + 15}" text-anchor="end">{escape(system[:22])}</text>')
        if not found:
            continue
        at = (_LABEL + scale * (math.log10(max(t, 0.1)) - low) for t in found)
        parts.append(f'<path class="tick s{place}" d="{"".join(f"M{x:.1f} {y + 4}v14" for x in at)}"/>')
        p50, p95 = np.percentile(found, (50, 95))
        words = f"{number(float(p50), 'ms')}, 95%: {number(float(p95), 'ms')}"
        parts.append(f'<text class="value" x="{_WIDTH - _VALUES + 8}" y="{y + 15}">{words}</text>')
    bottom = len(times) * _ROW + 14
    marks = [(_LABEL + scale * i, f"{10.0 ** (low + i):g} ms") for i in range(span + 1)]
    parts += [f'<text class="dim" x="{x:.1f}" y="{bottom}" text-anchor="middle">{mark}</text>' for x, mark in marks]
    return _svg(f"0 0 {_WIDTH} {bottom + 6}", "latency of each question", parts)


def _x(value: float) -> float:
    return round(_MARGIN + value * _SIDE, 1)


def _y(value: float) -> float:
    return round(10 + (1 - value) * _SIDE, 1)


def _square(parts: Sequence[str], across: str, up: str) -> str:
    grid = "".join(
        f'<path class="grid" d="M{_x(t)} {_y(0)}V{_y(1)}M{_x(0)} {_y(t)}H{_x(1)}"/>'
        f'<text class="dim" x="{_x(t)}" y="{_y(0) + 16}" text-anchor="middle">{number(t)[:2] if t < 1 else "1"}</text>'
        f'<text class="dim" x="{_x(0) - 6}" y="{_y(t) + 4}" text-anchor="end">{number(t)[:2] if t < 1 else "1"}</text>'
        for t in (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
    ).replace(">.0<", ">0<")
    names = (
        f'<text x="{_x(0.5)}" y="{_y(0) + 34}" text-anchor="middle">{across}</text>'
        f'<text transform="translate(12 {_y(0.5)}) rotate(-90)" text-anchor="middle">{up}</text>'
    )
    size = f"0 0 {_SIDE + _MARGIN + 12} {_SIDE + 50}"
    return _svg(size, f"{up} by {across}", [grid, names, *parts], "square")


def _svg(box: str, label: str, parts: Sequence[str], name: str = "wide") -> str:
    return f'<svg class="{name}" viewBox="{box}" role="img" aria-label="{label}">{"".join(parts)}</svg>'
