"""One sentence held against abstracts that were named, or found."""

from __future__ import annotations

import json

import pytest

from citeworthy.assistant import Assistant
from citeworthy.errors import UnknownPaperError, UserError
from citeworthy.records import Paper
from citeworthy.synthesis.check.claim import without_marks
from citeworthy.synthesis.check.report import CitationVerdict


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (r"It halves the cost~\cite{a}.", "It halves the cost."),
        (r"It halves the cost \citep[see][p.~3]{a,b}, twice.", "It halves the cost, twice."),
        (r"It halves \autocites{a}{b} the cost.", r"It halves the cost."),
        ("It halves the cost [see @a2020, p. 3; -@b].", "It halves the cost."),
        ("It halves the cost [3, 5–7].", "It halves the cost."),
        ("It lies in [0, 1] and [a] holds.", "It lies in [0, 1] and [a] holds."),
        ("Nothing to  take away.", "Nothing to take away."),
    ],
)
def test_marks_of_citations_are_no_words(written: str, read: str) -> None:
    assert without_marks(written) == read


def key_of(assistant: Assistant, title: str) -> str:
    return next(paper.key for paper in assistant.library.papers() if title in paper.title)


def test_the_paper_that_supports_it_comes_first(assistant: Assistant) -> None:
    other, right = key_of(assistant, "S4"), key_of(assistant, "vitamin D")
    checked = assistant.verify("Vitamin D lowered IL-6 by 30% [@x].", [other, right, right])
    assert [one.paper.key for one in checked.papers] == [right, other]
    assert checked.verdict is CitationVerdict.SUPPORTED
    assert checked.support == checked.papers[0].support > 0.5
    assert checked.papers[0].quotes[0].quote == "Vitamin D lowered IL-6 by 30%."
    assert checked.papers[1].verdict is CitationVerdict.NOT_IN_ABSTRACT
    assert json.loads(json.dumps(checked.to_dict()))["papers"][0]["key"] == right


def test_only_a_paper_that_was_named_contradicts(assistant: Assistant) -> None:
    claim = "Vitamin D lowered IL-6 by 80%."
    named = assistant.verify(claim, [key_of(assistant, "vitamin D")])
    found = assistant.verify(claim)
    assert named.verdict is CitationVerdict.CONTRADICTED
    assert found.verdict is CitationVerdict.NOT_IN_ABSTRACT
    assert found.was_searched
    assert any("80%" in reason for one in found.papers for reason in one.reasons)  # it is still said what is missing


def test_a_paper_without_an_abstract_supports_nothing(assistant: Assistant) -> None:
    with assistant.library.writing():
        for _ in assistant.library.add([Paper("bare", "Vitamin D lowered IL-6 by 30%", "")]):
            pass
    checked = assistant.verify("Vitamin D lowered IL-6 by 30%.", ["bare"])
    assert checked.verdict is CitationVerdict.NO_ABSTRACT
    assert checked.papers[0].quotes == ()


def test_an_empty_library_and_wrong_keys_and_no_words(assistant: Assistant) -> None:
    with pytest.raises(UnknownPaperError, match="nobody2099"):
        assistant.verify("It rains.", ["nobody2099"])
    with pytest.raises(UserError, match="empty"):
        assistant.verify(" \n")
    assistant.remove([paper.key for paper in assistant.library.papers()])
    nothing = assistant.verify("It rains.")
    assert (nothing.verdict, nothing.papers) == (CitationVerdict.NOT_IN_ABSTRACT, ())


def test_what_may_be_opposed_is_said_with_the_quotation(assistant: Assistant) -> None:
    checked = assistant.verify("Vitamin C did lower IL-2.", [key_of(assistant, "vitamin C")])
    (one,) = checked.papers
    assert one.verdict is not CitationVerdict.SUPPORTED
    assert "a negation stands on one side only" in one.reasons
    assert one.quotes[0].quote == "Vitamin C did not lower IL-2 at all."
