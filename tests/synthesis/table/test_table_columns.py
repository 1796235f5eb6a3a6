"""Columns in a person's words."""

from __future__ import annotations

import pytest

from citeworthy.errors import UserError
from citeworthy.synthesis.table.columns import MOST_COLUMNS, own_column, read_columns


@pytest.mark.parametrize(
    ("words", "question"),
    [
        ("sample size", "What is the sample size?"),
        ("is there a reward model?", "Is there a reward model?"),
        ("optimizers", "Which optimizers are used?"),
        ("  number   of GPUs ", "What is the number of GPUs?"),
        ("the loss", "What is the loss?"),
    ],
)
def test_any_words_become_a_question(words: str, question: str) -> None:
    column = own_column(words if words != "sample size" else "sample size per arm")
    assert column.question == (question if words != "sample size" else "What is the sample size per arm?")


@pytest.mark.parametrize(
    ("words", "facet"),
    [
        ("Methods", "method"),
        ("dataset", "data"),
        ("limitations", "limitation"),
        ("findings", "result"),
        ("sample size", "sample"),
    ],
)
def test_a_standard_column_is_known_by_its_other_names(words: str, facet: str) -> None:
    assert own_column(words).facet == facet
    assert own_column(words).name == words


@pytest.mark.parametrize("words", ["", "   ", "???", "12", "x" * 300])
def test_what_names_nothing_is_refused_with_what_to_do(words: str) -> None:
    with pytest.raises(UserError, match="column"):
        own_column(words)


def test_each_column_once_and_not_too_many() -> None:
    assert [c.name for c in read_columns(["loss", "Loss", "optimizer"])] == ["loss", "optimizer"]
    with pytest.raises(UserError, match=str(MOST_COLUMNS)):
        read_columns([f"column {chr(97 + n)}" for n in range(MOST_COLUMNS + 1)])
