"""Abbreviations of what a question spells out, as the papers found define them."""

from __future__ import annotations

import pytest

from citeworthy.assistant import Assistant
from citeworthy.records import Paper
from citeworthy.retrieve.short_forms import with_short_form

PAPERS = [
    Paper("a", "On DPO", "Direct Preference Optimization (DPO) needs no reward model. DPO is simple."),
    Paper("b", "On nets", "Neural nets (NN) learn. Tumour necrosis factor (TNF) rises."),
]


@pytest.mark.parametrize(
    ("asked", "searched"),
    [
        ("What is direct preference optimisation?", "What is direct preference optimisation (DPO)?"),
        ("What is direct preference optimization (DPO)?", "What is direct preference optimization (DPO)?"),
        ("Does DPO, direct preference optimization, work?", "Does DPO, direct preference optimization, work?"),
        ("Is a preference for direct optimization common?", "Is a preference for direct optimization common?"),
        ("tumor necrosis factor", "tumor necrosis factor (TNF)?"),
        ("What lowers tumor necrosis factor?", "What lowers tumor necrosis factor?"),
        ("What is known?", "What is known?"),
    ],
)
def test_what_is_spelled_out_gets_its_abbreviation(asked: str, searched: str) -> None:
    assert with_short_form(asked, PAPERS) == searched


def test_a_method_spelled_out_is_found_where_it_is_abbreviated(sample: Assistant) -> None:
    answer = sample.ask("What is direct preference optimisation?")
    assert "without a reward model" in answer.claims[0].text
    assert answer.standalone_question == "What is direct preference optimisation?"
