"""One number is one number, however it is written."""

from __future__ import annotations

import pytest

from citeworthy.text.numbers import quantities


@pytest.mark.parametrize("text", ["32 billion parameters", "a 32-billion-parameter agent", "a 32B model"])
def test_scales_are_read_with_a_space_a_hyphen_or_as_a_letter(text: str) -> None:
    assert [q.value for q in quantities(text)] == [32e9]


def test_a_range_is_two_numbers() -> None:
    assert [q.value for q in quantities("5-7B models")] == [5, 7e9]
