"""Sentences quoted as differences and as what is left open."""

from __future__ import annotations

import pytest

from citeworthy.records import Paper
from citeworthy.synthesis.digest import sentences_for
from citeworthy.synthesis.outline import Part

BEGINNING = "Planning is slow. We propose TreePilot, a planner that reuses the trees of earlier plans. "


def _quoted(part: Part, ending: str) -> list[str]:
    return [sentence.text for sentence in sentences_for(Paper("a", "TreePilot", BEGINNING + ending), part)]


@pytest.mark.parametrize(
    ("part", "ending"),
    [
        (Part.OPEN, "In experiments TreePilot succeeds on mazes. The results show that it fails on moving obstacles."),
        (Part.DIFFERENCES, "Unlike earlier planners, TreePilot is trained on plans that went wrong."),
    ],
)
def test_quoted(part: Part, ending: str) -> None:
    assert _quoted(part, ending)[-1] == ending.rsplit(". ", 1)[-1]


@pytest.mark.parametrize(
    ("part", "ending"),
    [
        (Part.OPEN, "In experiments TreePilot succeeds on mazes. The results point to avenues for further research."),
        (Part.OPEN, "The results show a better trade-off between speed and length of plans."),
        (Part.DIFFERENCES, "TreePilot finds 9 of 10 plans, whereas the baseline finds 3 of 10."),
        (Part.DIFFERENCES, "The two need no map."),  # hangs in the air
    ],
)
def test_empty_phrases_and_mere_superiority_are_not(part: Part, ending: str) -> None:
    assert _quoted(part, ending) == []
