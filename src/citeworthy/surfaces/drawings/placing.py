"""Where labels go: near what they name, on no other label, on as few points as possible, all inside."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

_TURNS, _STEPS = 9, 16  # rings of candidates about the place wanted, and candidates on each
_RING = 16.0  # pixels between rings
_POINT_COST = 5.0  # pixels that a label goes out of the way to cover one point less
_FEW = 150  # points among which it does
_GAP = 4.0  # between labels


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle by its upper left corner."""

    x: float
    y: float
    width: float
    height: float

    def meets(self, other: Box, gap: float = 0.0) -> bool:
        return (
            self.x < other.x + other.width + gap
            and other.x < self.x + self.width + gap
            and self.y < other.y + other.height + gap
            and other.y < self.y + self.height + gap
        )

    def within(self, other: Box) -> bool:
        return (
            self.x >= other.x
            and self.y >= other.y
            and self.x + self.width <= other.x + other.width
            and self.y + self.height <= other.y + other.height
        )


def place(
    wanted: Sequence[tuple[float, float]],
    sizes: Sequence[tuple[float, float]],
    points: Sequence[tuple[float, float]],
    room: Box,
    avoiding: float = 1.0,
) -> list[Box | None]:
    """A box for each label, given the centres wanted and sizes, first come first served; None where there is no room.
    The more `avoiding`, the further a label goes to leave points uncovered; among many points it cannot help it."""
    point_cost = _POINT_COST * avoiding * min(1.0, _FEW / max(len(points), 1))
    boxes: list[Box | None] = []
    for (x, y), (width, height) in zip(wanted, sizes, strict=True):
        near = [
            point
            for point in points
            if abs(point[0] - x) < width + _TURNS * _RING and abs(point[1] - y) < height + _TURNS * _RING
        ]
        best: tuple[float, Box] | None = None
        for turn in range(_TURNS + 1):
            if best and best[0] <= turn * _RING:
                break
            for step in range(_STEPS if turn else 1):
                angle = 2 * math.pi * step / _STEPS
                across, down = turn * _RING * math.cos(angle), turn * _RING * math.sin(angle)
                box = _inside(x + across, y + down, width, height, room)
                if not box.within(room) or any(other and box.meets(other, _GAP) for other in boxes):
                    continue
                far = math.hypot(box.x + width / 2 - x, box.y + height / 2 - y)
                cost = far + point_cost * sum(_holds(box, point) for point in near)
                if best is None or cost < best[0]:
                    best = cost, box
        boxes.append(best[1] if best else None)
    return boxes


def _inside(x: float, y: float, width: float, height: float, room: Box) -> Box:
    """The box about a centre, moved into the room."""
    left = min(max(x - width / 2, room.x), room.x + room.width - width)
    top = min(max(y - height / 2, room.y), room.y + room.height - height)
    return Box(left, top, width, height)


def _holds(box: Box, point: tuple[float, float]) -> bool:
    return box.x <= point[0] <= box.x + box.width and box.y <= point[1] <= box.y + box.height
