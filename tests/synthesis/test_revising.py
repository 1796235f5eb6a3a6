"""Related work revised by its author: one sentence goes or another comes, and what is said of the whole stays true."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from tests.synthesis.test_related_work import TOPIC, assert_sound

from citeworthy.assistant import Assistant
from citeworthy.errors import UserError
from citeworthy.synthesis.agreement import Agreement
from citeworthy.synthesis.outline import Part, RelatedWork
from citeworthy.synthesis.places import Place, places


@pytest.fixture(scope="module")
def quoted(sample: Assistant) -> RelatedWork:
    return sample.related_work(TOPIC)


@pytest.fixture(scope="module")
def agreeing(quoted: RelatedWork) -> RelatedWork:
    """With two findings that agree, of papers that other sentences cite too."""
    first, second = [place.claim.citations[0] for place in places(quoted) if place.part is Part.EACH][:2]
    return replace(quoted, agreements=(Agreement(first, second, 0.9),))


def at(related: RelatedWork, part: Part | None) -> Place:
    """The first sentence of such a part."""
    return next(place for place in places(related) if place.part is part)


def assert_counted(related: RelatedWork) -> None:
    """The message, the summary and the shared terms count what is there."""
    assert all(theme.parts and all(claims for _, claims in theme.parts) for theme in related.themes)
    papers = [paper for theme in related.themes for paper in theme.papers]
    if related.themes:
        assert related.message.startswith(f"{len(papers)} paper{'s' if len(papers) != 1 else ''} from")
    sizes = {theme.name: len(theme.papers) for theme in related.themes}
    for claim in related.summary:
        if said := re.match(r"(.+) \((\d+) papers?\), such as ", claim.lead_in):
            assert sizes[said[1]] == int(said[2])
    for theme in related.themes:
        for claim in dict(theme.parts).get(Part.SHARED, ()):
            assert claim.text.endswith(f"({len(claim.citations)} of {len(theme.papers)} abstracts)")


def test_places_are_those_of_the_claims(agreeing: RelatedWork) -> None:
    found = list(places(agreeing))
    assert [place.claim for place in found] == list(agreeing.claims)
    assert [place.number for place in found] == list(range(len(found)))


@pytest.mark.parametrize("from_the_end", [True, False], ids=["last first", "first first"])
def test_all_can_go_one_by_one(agreeing: RelatedWork, sample: Assistant, *, from_the_end: bool) -> None:
    related = agreeing
    while claims := list(related.claims):
        n = len(claims) - 1 if from_the_end else 0
        pair = next((one.claims for one in related.agreements if claims[n] in one.claims[-1:] and from_the_end), None)
        gone = list(pair) if pair else [claims[n]]
        after = sample.drop_sentence(related, n)
        assert_sound(after, sample)
        assert_counted(after)
        if not related.agreements or pair:
            assert len(claims) - len(list(after.claims)) == len(gone)
            assert [*related.set_aside, *gone] == list(after.set_aside)
        related = after
    assert not related.themes
    assert related.message.startswith("No theme is left")
    dropped = [seen for seen in related.papers if seen.paper.key in agreeing.numbers]
    assert {seen.reason for seen in dropped} == {"dropped by you"}
    assert all(seen in agreeing.papers for seen in related.papers if seen not in dropped)


def test_only_what_was_dropped_goes(quoted: RelatedWork, sample: Assistant) -> None:
    place = at(quoted, Part.EACH)
    after = sample.drop_sentence(quoted, place.number)
    kept = [claim for claim in quoted.claims if claim is not place.claim]
    assert [claim.citations for claim in after.claims] == [claim.citations for claim in kept]
    assert after.set_aside == (place.claim,)
    assert after.to_dict()["set_aside"][0]["text"] == place.claim.text
    assert place.claim in quoted.claims  # the one before is as it was
    assert not quoted.set_aside


def test_findings_that_agree_go_as_a_pair_and_are_not_rewritten(agreeing: RelatedWork, sample: Assistant) -> None:
    count = len(list(agreeing.claims))
    for n in (count - 2, count - 1):
        after = sample.drop_sentence(agreeing, n)
        assert after.agreements == ()
        assert after.set_aside == agreeing.agreements[0].claims
        with pytest.raises(UserError, match="agree stand together"):
            sample.rewrite_sentence(agreeing, n)


def walked(related: RelatedWork, n: int, sample: Assistant) -> Iterator[RelatedWork]:
    """With one sentence after another in that place, until there is no more."""
    while True:
        try:
            related = sample.rewrite_sentence(related, n)
        except UserError:
            with pytest.raises(UserError, match="there is no other sentence of this paper that fits"):
                sample.rewrite_sentence(related, n)
            return
        yield related


@pytest.mark.parametrize("part", [None, Part.EACH])
def test_another_and_another_until_there_is_no_more(quoted: RelatedWork, sample: Assistant, part: Part | None) -> None:
    place = at(quoted, part)
    paper = place.claim.citations[0].paper
    related = quoted
    seen = [place.claim.text]
    for after in walked(quoted, place.number, sample):
        assert_sound(after, sample)
        claim = list(after.claims)[place.number]
        assert claim.citations[0].paper == paper
        assert claim.text == claim.citations[0].quote
        assert claim.lead_in == place.claim.lead_in
        assert claim.text not in {one.text for one in related.claims}
        seen.append(claim.text)
        related = after
    assert len(seen) == len(set(seen)) > 1
    assert [claim.text for claim in related.set_aside] == seen[:-1]
    assert related.message == quoted.message
    others = [claim for n, claim in enumerate(quoted.claims) if n != place.number]
    assert [claim for n, claim in enumerate(related.claims) if n != place.number] == others


def test_a_contribution_does_not_stand_in_for_a_difference(quoted: RelatedWork, sample: Assistant) -> None:
    place = at(quoted, Part.DIFFERENCES)
    with pytest.raises(UserError, match="no other sentence of this paper that fits"):  # it has but one of the kind
        sample.rewrite_sentence(quoted, place.number)


def test_what_was_dropped_is_not_offered_in_another_place(quoted: RelatedWork, sample: Assistant) -> None:
    place = at(quoted, Part.EACH)
    another = sample.rewrite_sentence(quoted, place.number)
    first_choice = list(another.claims)[place.number]
    avoiding = replace(quoted, set_aside=(first_choice,))
    assert list(sample.rewrite_sentence(avoiding, place.number).claims)[place.number].text != first_choice.text


def test_terms_in_common_go_and_are_not_rewritten(quoted: RelatedWork, sample: Assistant) -> None:
    n = at(quoted, Part.SHARED).number
    with pytest.raises(UserError, match="counted"):
        sample.rewrite_sentence(quoted, n)
    assert_sound(sample.drop_sentence(quoted, n), sample)


@pytest.mark.parametrize("n", [-1, 10_000])
def test_a_sentence_that_is_not_there_is_an_error(quoted: RelatedWork, sample: Assistant, n: int) -> None:
    for change in (sample.drop_sentence, sample.rewrite_sentence):
        with pytest.raises(UserError, match=f"no sentence {n}; its sentences are 0 to"):
            change(quoted, n)
