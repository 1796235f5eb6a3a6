"""A sentence that a language model wrote gives way to another one of its own, checked, or to none."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from tests.synthesis.test_related_work import TOPIC, assert_sound
from tests.synthesis.test_revising import assert_counted, at

from citeworthy.assistant import Assistant
from citeworthy.errors import ModelError, UserError
from citeworthy.models.chat import FakeChat, Traits
from citeworthy.records import Claim, Verdict
from citeworthy.settings import Settings
from citeworthy.synthesis.outline import Part, RelatedWork
from citeworthy.synthesis.places import places


def framed(text: str) -> str:
    """In a model's words."""
    return f"This paper shows that {text[0].lower()}{text[1:]}"


@pytest.fixture(scope="module")
def prose(sample: Assistant) -> RelatedWork:
    """The first theme in a model's words, a sentence a paper."""
    quoted = sample.related_work(TOPIC)
    theme = quoted.themes[0]
    claims = [
        sample.verifier.verify_claim(Claim(framed(claim.text), claim.citations))
        for claim in dict(theme.parts)[Part.EACH]
    ]
    assert all(claim.verdict is Verdict.SUPPORTED for claim in claims)
    themes = (replace(theme, parts=((Part.PROSE, tuple(claims)),)), *quoted.themes[1:])
    return replace(quoted, themes=themes, is_quoted=False, provenance=replace(quoted.provenance, writer="fake"))


def by(function: Callable[[str], str], sample: Assistant, parameters: float | None = 70.0) -> Assistant:
    settings = Settings(home=sample.library.home)
    settings.chat.cache = False
    traits = Traits(parameters=parameters, context_tokens=16_000, local=True)
    return Assistant(settings, sample.library.home, chat=FakeChat(function, traits=traits))


def obedient(prompt: str) -> str:
    """Says of the first paper what has not been said before."""
    before = prompt.partition("Said before:")[2]
    for name, text in re.findall(r"^\[(\d+\.\d+)\] (.+)$", prompt, re.MULTILINE):
        if framed(text) not in before:
            return f"{framed(text).rstrip('.')} [{name}]."
    return ""


@pytest.mark.parametrize("parameters", [70.0, 1.5])
def test_what_a_model_wrote_it_writes_anew(prose: RelatedWork, sample: Assistant, parameters: float) -> None:
    model = by(obedient, sample, parameters)
    place = at(prose, Part.PROSE)
    first = model.rewrite_sentence(prose, place.number)
    second = model.rewrite_sentence(first, place.number)
    texts = [list(related.claims)[place.number].text for related in (prose, first, second)]
    assert len(set(texts)) == 3
    for related in (first, second):
        assert_sound(related, sample)
        assert list(related.claims)[place.number].citations[0].paper == place.claim.citations[0].paper
        # One that is not borne out is written once more ("rewrite").
        assert {"related_sentence"} <= related.provenance.prompts.keys() <= {"related_sentence", "rewrite"}
        assert related.provenance.writer == "fake"
    assert second.provenance.tokens["prompt"] > first.provenance.tokens["prompt"] > 0
    assert [claim.text for claim in second.set_aside] == texts[:2]


@pytest.mark.parametrize(
    "reply",
    [
        lambda prompt: "All of them won the Nobel prize in 1987 [1.1].",
        lambda prompt: f"{re.findall('^- (.+)$', prompt, re.MULTILINE)[-1]} [1.1]",
        lambda prompt: "",
    ],
    ids=["invented", "said before", "nothing"],
)
@pytest.mark.parametrize("parameters", [70.0, 1.5, 0.1])
def test_what_fails_is_not_taken(
    prose: RelatedWork, sample: Assistant, reply: Callable[[str], str], parameters: float
) -> None:
    with pytest.raises(UserError, match="there is no other sentence of this paper that fits"):
        by(reply, sample, parameters).rewrite_sentence(prose, at(prose, Part.PROSE).number)


def test_a_model_that_fails_or_is_missing_is_said(prose: RelatedWork, sample: Assistant) -> None:
    def down(_: str) -> str:
        raise ModelError("the server is down")

    n = at(prose, Part.PROSE).number
    with pytest.raises(ModelError, match="the server is down"):
        by(down, sample).rewrite_sentence(prose, n)
    with pytest.raises(UserError, match="choose a model"):
        sample.rewrite_sentence(prose, n)


def test_quotations_are_what_is_left_when_all_prose_is_dropped(prose: RelatedWork, sample: Assistant) -> None:
    related = prose
    while any(place.part is Part.PROSE for place in places(related)):
        assert not related.is_quoted
        related = sample.drop_sentence(related, at(related, Part.PROSE).number)
    assert related.is_quoted
    assert_counted(related)
