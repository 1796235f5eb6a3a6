"""The map of a library as SVG. Where there is room, clusters bear their names; else numbers, with a key below."""

from __future__ import annotations

from collections.abc import Iterator

from citeworthy.surfaces.drawings.placing import Box, place
from citeworthy.surfaces.drawings.svg import LIGHT, framed, mark, paper_mark, text_of, text_width, wrapped
from citeworthy.synthesis.landscape import Cluster, Landscape

_WIDE = 640  # pixels from which names fit on the map
_LEAST = 240
_MARGIN = 22
_SIZE, _LINE = 14, 17  # of names
_BADGE = 11  # radius of a number
_NAME = 230  # pixels of a line of a name


def map_svg(landscape: Landscape, width: int = 900) -> str:
    """The whole drawing, so many pixels wide."""
    width = max(width, _LEAST)
    wide = width >= _WIDE
    height = round(width * (0.68 if wide else 0.95))
    spots = _spots(landscape, width, height)
    radius = max(1.6, min(5.0, (0.012 if wide else 0.02) * width * (60 / max(len(spots), 1)) ** 0.35))
    points = [
        paper_mark(point.paper, point.cluster, x, y, round(radius, 2))
        for point, (x, y) in zip(landscape.points, spots, strict=True)
    ]
    if not landscape.points:
        parts = [f'<text class="quiet" x="{width / 2}" y="{height / 2}" text-anchor="middle">No papers yet</text>']
        return framed(width, height, "Map of the papers", "No papers.", parts)
    drawing = [*points, *_names(landscape, spots, width, height)] if wide else points
    key: list[str] = []
    if not wide:
        drawing += _badges(landscape, spots, width, height)
        key, height = _key(landscape, width, height)
    names = "; ".join(f"{cluster.name} ({cluster.size})" for cluster in landscape.clusters)
    groups = len(landscape.clusters)
    description = f"{len(points)} papers as points, those alike near one another, in {groups} clusters: {names}."
    return framed(width, height, "Map of the papers", description, [*drawing, *key])


def _spots(landscape: Landscape, width: float, height: float) -> list[tuple[float, float]]:
    """Pixels of each point: the drawing's room is filled, which stretches one axis a little."""
    xs, ys = [p.x for p in landscape.points], [p.y for p in landscape.points]
    across, up = width - 2 * _MARGIN, height - 2 * _MARGIN
    wide, high = (max(v) - min(v) if v else 0.0 for v in (xs, ys))
    x0, y0 = (min(v) if v else 0.0 for v in (xs, ys))
    scale = min(across / max(wide, 1e-6), up / max(high, 1e-6))
    fit_x, fit_y = (min(room / max(v, 1e-6), 1.5 * scale) for room, v in ((across, wide), (up, high)))
    left, top = (width - wide * fit_x) / 2, (height - high * fit_y) / 2
    return [(left + (p.x - x0) * fit_x, top + (y0 + high - p.y) * fit_y) for p in landscape.points]


def _centres(landscape: Landscape, spots: list[tuple[float, float]]) -> list[tuple[float, float]]:
    centres = []
    for cluster in landscape.clusters:
        xs, ys = zip(*(spots[place] for place in cluster.papers), strict=True)
        centres.append((sorted(xs)[len(xs) // 2], sorted(ys)[len(ys) // 2]))
    return centres


def _names(landscape: Landscape, spots: list[tuple[float, float]], width: float, height: float) -> Iterator[str]:
    """Every cluster's mark and name; smaller where there would be no room for all."""
    room = Box(6, 6, width - 12, height - 12)
    centres = _centres(landscape, spots)
    for size in (_SIZE, _SIZE - 1, _SIZE - 2):
        lines = [wrapped(cluster.name, size, _NAME, bold=True) for cluster in landscape.clusters]
        sizes = [(max(text_width(line, size, bold=True) for line in name), len(name) * _LINE) for name in lines]
        boxes = place(centres, sizes, spots, room)
        if all(boxes):
            break
    for number, (name, box) in enumerate(zip(lines, boxes, strict=True)):
        if box is None:
            continue
        x = box.x + box.width / 2
        for line_number, line in enumerate(name):
            y = box.y + (line_number + 0.75) * _LINE
            yield (
                f'<text class="name t{number % len(LIGHT)}" font-size="{size}" x="{x:.1f}" y="{y:.1f}" '
                f'text-anchor="middle">{text_of(line)}</text>'
            )


def _badges(landscape: Landscape, spots: list[tuple[float, float]], width: float, height: float) -> Iterator[str]:
    side = 2 * _BADGE
    boxes = place(
        _centres(landscape, spots),
        [(side, side)] * len(landscape.clusters),
        spots,
        Box(4, 4, width - 8, height - 8),
        avoiding=0.1,
    )
    for number, box in enumerate(boxes):
        if box:
            yield _badge(number, box.x + _BADGE, box.y + _BADGE)


def _badge(number: int, x: float, y: float) -> str:
    return (
        f'<circle class="ground" cx="{x:.1f}" cy="{y:.1f}" r="{_BADGE}" '
        f'style="stroke:var(--c{number % len(LIGHT)});stroke-width:2"/>'
        f'<text font-size="12" font-weight="700" x="{x:.1f}" y="{y + 4.2:.1f}" text-anchor="middle">{number + 1}</text>'
    )


def _key(landscape: Landscape, width: float, top: float) -> tuple[list[str], int]:
    """Numbers and names below the map, and where they end."""
    parts: list[str] = []
    y = top + 6.0
    for number, cluster in enumerate(landscape.clusters):
        lines = _key_lines(cluster, width - 3 * _MARGIN - 24)
        parts.append(_badge(number, _MARGIN + 2, y + _BADGE))
        parts.append(mark(number, _MARGIN + 26, y + _BADGE, 5))
        for line in lines:
            x, base = _MARGIN + 38, y + _BADGE + 5
            parts.append(f'<text font-size="{_SIZE}" x="{x}" y="{base:.1f}">{text_of(line)}</text>')
            y += _LINE + 1
        y += 10
    return parts, round(y + 8)


def _key_lines(cluster: Cluster, most: float) -> list[str]:
    return wrapped(f"{cluster.name} ({cluster.size})", _SIZE, most)
