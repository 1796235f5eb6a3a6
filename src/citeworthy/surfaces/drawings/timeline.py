"""Papers by year and theme as SVG: a row for each theme, a mark for each paper, in columns of years.

A year or two without papers stay as empty columns; a longer gap becomes one narrow column with dots.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from citeworthy.records import Paper
from citeworthy.surfaces.drawings.svg import LIGHT, framed, mark, paper_mark, text_of, text_width, wrapped
from citeworthy.synthesis.timeline import Timeline

_LEAST = 240
_MARGIN = 18
_SIZE, _LINE = 14, 18  # of names
_FILLED = 2  # years without papers that are drawn
_BREAK = 0.6  # width of a longer gap, of a column
_WIDEST = 180  # pixels of a column
_LABEL = 38  # pixels that a year needs
_PITCHES = (13.0, 10.0, 7.5)  # pixels between marks, the largest that fits
_TALLEST = 8  # marks upon each other, before their number stands for them


@dataclass(frozen=True, slots=True)
class _Column:
    year: int | None  # None for a gap
    place: int  # in the timeline's years; -1 where there is none
    x: float  # its middle
    width: float


@dataclass(frozen=True, slots=True)
class _Lane:
    name: str
    theme: int
    columns: Sequence[_Column]
    cells: Sequence[Sequence[Paper]]  # of each column

    @property
    def filled(self) -> list[tuple[Sequence[Paper], _Column]]:
        return [(cell, column) for cell, column in zip(self.cells, self.columns, strict=True) if cell]


@dataclass(frozen=True, slots=True)
class _Scale:
    pitch: float | None  # between marks of papers; None where numbers stand for them
    most: int  # papers of one theme and year
    biggest: float  # radius of the area of so many


def timeline_svg(timeline: Timeline, width: int = 900) -> str:
    """The whole drawing, so many pixels wide."""
    width = max(width, _LEAST)
    columns = _columns(timeline.years, width)
    whole = [_Column(None, 0, width / 2, width - 2 * _MARGIN)]  # of the papers without a year
    lanes = [
        _Lane(f"{row.name or 'Other papers'} ({row.size})", row.theme, columns, _cells(row.papers, columns))
        for row in timeline.rows
    ]
    if timeline.undated:
        lanes.append(_Lane(f"Year not known ({len(timeline.undated)})", len(lanes), whole, [timeline.undated]))
    scale = _scale(lanes)
    parts: list[str] = []
    y = _MARGIN + (24.0 if columns else 0.0)
    bottom = y
    for lane in lanes:
        drawn, y = _drawn(lane, scale, y, width)
        parts += drawn
        bottom = y - 8 if lane.columns is columns else bottom
    if not lanes:
        parts.append(f'<text class="quiet" x="{width / 2}" y="{y + 20}" text-anchor="middle">No papers yet</text>')
        y += 40
    if columns:
        parts = [*_years(columns, _MARGIN + 14.0, bottom), *parts]
    count = sum(row.size for row in timeline.rows)
    span = f", {timeline.years[0]} to {timeline.years[-1]}" if timeline.years else ""
    names = "; ".join(f"{row.name} ({row.size})" for row in timeline.rows)
    return framed(width, round(y + _MARGIN), "Papers by year", f"{count} papers by theme{span}: {names}.", parts)


def _cells(papers: Sequence[Sequence[Paper]], columns: Sequence[_Column]) -> list[Sequence[Paper]]:
    return [papers[column.place] if column.place >= 0 else () for column in columns]


def _columns(years: Sequence[int], width: float) -> list[_Column]:
    drawn: list[tuple[int | None, int, float]] = []  # year, place, share of a column's width
    for place, year in enumerate(years):
        missing = year - years[place - 1] - 1 if place else 0
        if missing > _FILLED:
            drawn.append((None, -1, _BREAK))
        else:
            drawn += [(year - missing + n, -1, 1.0) for n in range(missing)]
        drawn.append((year, place, 1.0))
    unit = min(_WIDEST, (width - 2 * _MARGIN) / max(sum(share for *_, share in drawn), 1))
    columns: list[_Column] = []
    x = float(_MARGIN)
    for found, place, share in drawn:
        columns.append(_Column(found, place, x + share * unit / 2, share * unit))
        x += share * unit
    return columns


def _years(columns: Sequence[_Column], y: float, bottom: float) -> Iterator[str]:
    """As many years as there is room for, the last one always, and lines down from them."""
    right = float("inf")
    for column in reversed(columns):
        if column.year is not None and column.x + _LABEL / 2 > right:
            continue
        label = "⋯" if column.year is None else str(column.year)
        yield f'<text class="quiet" font-size="12" x="{column.x:.1f}" y="{y:.1f}" text-anchor="middle">{label}</text>'
        if column.year is not None:
            right = column.x - _LABEL / 2
            yield f'<path class="guide" d="M{column.x:.1f} {y + 8:.1f}V{bottom:.1f}"/>'


def _scale(lanes: Sequence[_Lane]) -> _Scale:
    """The largest marks with which no lane is too tall; else areas with numbers."""
    filled = [(len(cell), column.width) for lane in lanes for cell, column in lane.filled]
    most = max((count for count, _ in filled), default=1)
    for pitch in _PITCHES:
        if all(-(-count // _beside(width, pitch)) <= _TALLEST for count, width in filled):
            return _Scale(pitch, most, 0.0)
    narrowest = min(width for _, width in filled)
    return _Scale(None, most, min(22.0, max(9.0, narrowest / 2)))


def _drawn(lane: _Lane, scale: _Scale, top: float, width: float) -> tuple[list[str], float]:
    """One theme: its name, below it its papers in columns upon a line; and where it ends."""
    parts = []
    y = top + 8
    for line in wrapped(lane.name, _SIZE, width - 2 * _MARGIN, bold=True):
        y += _LINE
        parts.append(f'<text class="name" font-size="{_SIZE}" x="{_MARGIN}" y="{y:.1f}">{text_of(line)}</text>')
    if scale.pitch:
        tall = max(-(-len(cell) // _beside(column.width, scale.pitch)) for cell, column in lane.filled)
        base = y + 10 + tall * scale.pitch
    else:
        base = y + 10 + 2 * scale.biggest
    end = lane.columns[-1].x + lane.columns[-1].width / 2
    parts.append(f'<path class="line" d="M{_MARGIN} {base:.1f}H{end:.1f}"/>')
    for cell, column in lane.filled:
        if scale.pitch:
            parts += _stacked(cell, column, base, scale.pitch, lane.theme)
        else:
            parts.append(_bubble(cell, column, base, scale, lane.theme))
    return parts, base + 8


def _beside(width: float, pitch: float) -> int:
    return max(1, int(width * 0.9 // pitch))


def _stacked(cell: Sequence[Paper], column: _Column, base: float, pitch: float, theme: int) -> Iterator[str]:
    across = min(_beside(column.width, pitch), len(cell))
    for place, paper in enumerate(cell):
        x = column.x + (place % across - (across - 1) / 2) * pitch
        yield paper_mark(paper, theme, x, base - (place // across + 0.6) * pitch, round(pitch * 0.4, 1))


def _bubble(cell: Sequence[Paper], column: _Column, base: float, scale: _Scale, theme: int) -> str:
    """So many papers that their number stands for them, on an area to match."""
    radius = max(3.0, scale.biggest * (len(cell) / scale.most) ** 0.5)
    title = f"<title>{len(cell)} papers, {column.year or 'year not known'}</title>"
    y = base - scale.biggest - 2
    drawn = mark(theme % len(LIGHT), column.x, y, round(radius, 1), title)
    if radius < text_width(str(len(cell)), 11) / 2 + 2:
        return drawn
    return (
        f'{drawn}<text font-size="11" x="{column.x:.1f}" y="{y + 4:.1f}" text-anchor="middle" '
        f'style="fill:var(--ground)" pointer-events="none">{len(cell)}</text>'
    )
