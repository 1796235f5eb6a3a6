from __future__ import annotations

import pytest

from citeworthy.surfaces.llamaindex.statements import statements

MARKDOWN = """## What was found [1]

- Vitamin D lowered IL-6 by 30% [2].
- **TD3+BC** needs
  no new networks [1, 3].
1. Q* and A* were compared (Source 4). They differ, e.g. in cost [source 2].

So what? I don't know. The sources do not mention vitamins. Yes."""


def test_sentences_without_marks_at_their_places() -> None:
    found = statements(MARKDOWN)
    assert [one.text for one in found if one.is_claim] == [
        "Vitamin D lowered IL-6 by 30%.",
        "TD3+BC needs\n  no new networks.",
        "Q* and A* were compared.",
        "They differ, e.g. in cost.",
    ]
    assert [one.text for one in found if not one.is_claim] == [
        "So what?", "I don't know.", "The sources do not mention vitamins.", "Yes."
    ]  # fmt: skip
    start, end = found[0].span
    assert MARKDOWN[start:end] == "Vitamin D lowered IL-6 by 30% [2]."


@pytest.mark.parametrize("text", ["", "  \n\n ", "# Title", "[1]", "***", "- ", "..."])
def test_nothing_stated(text: str) -> None:
    assert statements(text) == []


@pytest.mark.parametrize(
    "kept", ["It holds for [0, 1].5 of them.", "The set [a, b] is open.", "In 2 of 3 [see Fig. 2]."]
)
def test_brackets_that_cite_nothing_stay(kept: str) -> None:
    assert "[" in statements(kept)[0].text or "[0, 1]" in kept
