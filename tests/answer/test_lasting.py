"""Filters stay in force while the conversation stays with its subject, until it drops them."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest

from citeworthy.answer.conversation import Turn
from citeworthy.answer.lasting import dropping, lasting
from citeworthy.assistant import Assistant
from citeworthy.records import Filters

FIRST = "By what factor does HybridFlow raise RLHF throughput?"
ALL = {one.name for one in fields(Filters)}


@pytest.fixture(scope="module")
def turn(sample: Assistant) -> Turn:
    return Turn(FIRST, sample.ask(FIRST))


def filtered(turn: Turn, filters: Filters) -> Turn:
    return Turn(turn.question, replace(turn.answer, filters=filters))


YEARS = Filters(year_from=2023)
AUTHOR = Filters(authors=("Zhou",), year_from=2020)
VENUE = Filters(venues=("NeurIPS",))


@pytest.mark.parametrize(
    ("before", "question", "stated", "kept"),
    [
        (YEARS, "and on Atari?", Filters(), YEARS),
        (YEARS, "Which simulators raise throughput?", Filters(), YEARS),  # its subject is the one of before
        (YEARS, "Does HybridFlow use a simulator?", Filters(), YEARS),
        (YEARS, "thanks", Filters(), YEARS),
        (VENUE, "What throughput is reached?", Filters(), VENUE),
        (VENUE, "and at any venue?", Filters(), Filters()),
        (AUTHOR, "and whoever wrote it, never mind the year?", Filters(), Filters(authors=("Zhou",))),
        (AUTHOR, "and by anyone?", Filters(), Filters(year_from=2020)),
        (AUTHOR, "and without the Zhou filter?", Filters(), Filters(year_from=2020)),
        (YEARS, "and before 2020?", Filters(year_to=2019), Filters()),
        (YEARS, "and by Zhou?", Filters(authors=("Zhou",)), YEARS),
        (YEARS, "and in any year?", Filters(), Filters()),
        (YEARS, "the same without the filter", Filters(), Filters()),
        (YEARS, "what do all papers say?", Filters(), Filters()),
        (AUTHOR, "what else does it find?", Filters(), AUTHOR),
        (AUTHOR, "How do simulators raise throughput?", Filters(), Filters(year_from=2020)),
        (Filters(), "and then?", Filters(), Filters()),
    ],
)
def test_filters_stay_until_changed(turn: Turn, before: Filters, question: str, stated: Filters, kept: Filters) -> None:
    assert lasting(question, stated, [filtered(turn, before)]).kept == kept


def test_of_another_subject_nothing_is_kept_and_that_is_said(turn: Turn) -> None:
    found = lasting("How do transformers plan with Q-learning?", Filters(), [filtered(turn, AUTHOR)])
    assert (found.kept, found.lapsed) == (Filters(), AUTHOR)
    stated = Filters(year_from=2021)
    assert lasting("How do transformers plan since 2021?", stated, [filtered(turn, YEARS)]).lapsed == Filters()


BOTH = frozenset({"year_from", "year_to"})


@pytest.mark.parametrize(
    ("said", "dropped"),
    [
        ("drop the date filter", BOTH),
        ("never mind the year", BOTH),
        ("Forget the year filter, thanks.", BOTH),
        ("please ignore the dates", BOTH),
        ("remove the 2020 restriction", BOTH),
        ("no year limit please", BOTH),
        ("can you forget the year filter?", BOTH),
        ("and in any year?", BOTH),
        ("get rid of the filter on year", BOTH),
        ("drop the Zhou filter", {"authors"}),
        ("and by anyone?", {"authors"}),
        ("drop the venue", {"venues"}),
        ("drop that filter", ALL),
        ("clear all filters", ALL),
        ("the same without the filter", ALL),
        ("the same question again, whole library", ALL),
    ],
)
def test_an_order_to_drop_filters_asks_the_question_before_again(turn: Turn, said: str, dropped: set[str]) -> None:
    before = filtered(turn, AUTHOR)
    history = [before, Turn("thanks", replace(turn.answer, filters=AUTHOR))]
    found = dropping(said, history)
    assert found is not None
    assert (found.fields, found.question, found.before) == (dropped, FIRST, before)
    assert dropping(said, []) is None


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("never mind the year. How does HybridFlow work?", "How does HybridFlow work?"),
        ("and with preferences, but never mind the year?", "and with preferences?"),
        ("and with preferences, in any year?", "and with preferences, in any year?"),
        ("what do all papers say?", "what do all papers say?"),
    ],
)
def test_what_is_asked_beside_the_order_is_asked(turn: Turn, said: str, left: str) -> None:
    found = dropping(said, [filtered(turn, YEARS)])
    assert found is not None
    assert (found.question, found.before) == (left, None)


@pytest.mark.parametrize(
    "said", ["Which methods drop the filter?", "does it ignore the year effects?", "what limits it?", "forget gates"]
)
def test_words_of_dropping_may_belong_to_a_question(turn: Turn, said: str) -> None:
    assert dropping(said, [filtered(turn, YEARS)]) is None


def test_the_question_is_asked_again_without_the_filter_and_that_is_said(sample: Assistant) -> None:
    first = "Which papers since 2024 combine offline data with online RL?"
    history = [Turn(first, sample.ask(first))]
    again = sample.ask("never mind the year", history=history)
    assert (again.question, again.standalone_question) == ("never mind the year", first)
    assert again.notes == ("Asked again without the filter year 2024 or later.",)
    assert not again.filters
    assert any((seen.paper.year or 0) < 2024 for seen in again.papers)
    history.append(Turn(again.question, again))
    assert not sample.ask("and with preferences?", history=history).filters
    assert sample.ask("drop the author", history=history).notes == ("There was no such filter to drop.",)
    given = sample.ask("never mind the year", Filters(year_from=2023), history=history)
    assert given.filters == Filters(year_from=2023)  # a form has its own way to be emptied


def test_kept_filters_are_said_and_apply(sample: Assistant) -> None:
    first = "Which papers since 2023 combine offline data with online RL?"
    history = [Turn(first, sample.ask(first))]
    answer = sample.ask("and with preferences?", history=history)
    assert answer.filters.year_from == 2023
    assert "kept from before" in answer.notes[0]
    assert all((seen.paper.year or 0) >= 2023 for seen in answer.papers)
    assert not sample.ask("and with preferences?", history=history, as_written=True).filters
    assert not sample.ask("and with preferences, in any year?", history=history).filters


@pytest.mark.parametrize("given", [Filters(), Filters(year_from=2020), Filters(year_to=2022)])
def test_only_these_filters_apply(sample: Assistant, given: Filters) -> None:
    stated = "Which papers since 2023 combine offline data with online RL?"
    answer = sample.ask(stated, given, only_these_filters=True)
    assert answer.filters == given
    assert all((given.year_from or 0) <= (seen.paper.year or 0) <= (given.year_to or 9999) for seen in answer.papers)
    assert any((seen.paper.year or 0) < 2023 for seen in answer.papers)

    history = [Turn(stated, sample.ask(stated))]
    follows = "How is offline data used in planning?"
    assert sample.ask(follows, history=history).filters == Filters(year_from=2023)
    later = sample.ask(follows, given, history, only_these_filters=True)
    assert later.filters == given
    assert not later.notes
    assert [seen.paper for seen in later.papers] == [seen.paper for seen in sample.ask(follows, given).papers]
