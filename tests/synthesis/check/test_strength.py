"""Words by which a citing sentence claims more than the abstract it cites."""

from __future__ import annotations

import pytest

from citeworthy.records import Paper
from citeworthy.synthesis.check.strength import stronger_words

PAPER = Paper("p", "On games", "The agent may win in some games. Its convergence is proved for small boards only.")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The agent always wins every game.", ["always", "every"]),
        ("The agent guarantees a win in all games.", ["guarantees", "all"]),
        ("It provably converges on small boards.", []),  # "proved" is in the abstract
        ("The agent may win in some games.", []),
    ],
)
def test_they_count_where_the_abstract_has_none_of_the_same_stem(text: str, words: list[str]) -> None:
    assert stronger_words(text, PAPER) == words
