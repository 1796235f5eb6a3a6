"""Phrases that papers have in common name a subject, stand where they say, and are whole terms."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from citeworthy.records import Paper
from citeworthy.synthesis.phrases import _WORD, common_phrases
from citeworthy.text.abbreviations import singular
from citeworthy.text.tokens import search_tokens

PAPERS = [
    Paper("a", "Reward models for robots", "We propose a reward model. The reward model helps robots, in general."),
    Paper("b", "Robots at work", "Reward models are costly. We propose to use offline goal-conditioned RL."),
    Paper("c", "Other things", "This is the first offline goal-conditioned policy. We propose something."),
]


def test_terms_of_two_papers_are_found_in_either_number_and_words_of_any_science_are_not() -> None:
    found = {phrase.tokens: phrase for phrase in common_phrases(PAPERS)}
    assert found["reward", "model"].holders == {0, 1}
    assert not any("propos" in tokens for tokens in found)
    assert ("offlin", "goal", "condit") not in found  # a noun always follows it


def test_of_several_forms_a_phrase_is_called_by_its_noun() -> None:
    papers = [
        Paper("a", "Insulin", "Half were type 1 diabetic, all others type 1 diabetic."),
        Paper("b", "Cells", "Cells of type 1 diabetes."),
    ]
    assert [p.name for p in common_phrases(papers) if p.tokens[:2] == ("type", "1")] == ["type 1 diabetes"]


@example([("", "BA"), ("", "BAs")])
@example([("", "A.A"), ("", "A.As")])
@given(st.lists(st.tuples(st.text(max_size=40), st.text(max_size=200)), max_size=6))
def test_every_span_holds_the_phrase(texts: list[tuple[str, str]]) -> None:
    papers = [Paper(str(n), title, abstract) for n, (title, abstract) in enumerate(texts)]
    for phrase in common_phrases(papers):
        assert len(phrase.holders) > 1
        for place, (start, end) in phrase.in_abstract.items():
            span = papers[place].abstract[start:end]
            in_singular = _WORD.sub(lambda word: singular(word[0]), span)  # "BAs" are several BA
            assert phrase.tokens in (tuple(search_tokens(span)), tuple(search_tokens(in_singular)))
