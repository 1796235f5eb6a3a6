"""A sentence that leans on one before it cannot be understood alone."""

import pytest

from citeworthy.text.leaning import leans


@pytest.mark.parametrize(
    "sentence",
    [
        "This paper compares them rigorously through dataset coverage.",
        "These are learned by imitation.",
        "The two are on a par in regression.",
        "The proposed method addresses both.",
    ],
)
def test_it_hangs_in_the_air(sentence: str) -> None:
    assert leans(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "HyPO regularises with online data and contrasts offline data.",
        "Both Mamba and attention are compared on recall.",
        "It alternates between two phases.",
        "Weighted Supervision (WSL) sits between the two and learns from plans.",
        "It introduces Nesa, a framework for sharding models.",
    ],
)
def test_it_stands_by_itself(sentence: str) -> None:
    assert not leans(sentence)
