"""Answers and conversations laid out: what they cite and quote is in every format, and hostile text stays text."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.surfaces.documents.document_samples import FLOW, HOSTILE_PAPERS, HOSTILE_TEXTS, SEPSIS
from tests.surfaces.documents.test_html_documents import OWN_TAGS, Page
from tests.surfaces.documents.test_markdown_documents import blocks, plain

from citeworthy.answer.conversation import Turn
from citeworthy.assistant import Assistant
from citeworthy.records import (
    Answer,
    Citation,
    Claim,
    Consideration,
    Filters,
    Outcome,
    Paper,
    Provenance,
    Verdict,
)
from citeworthy.surfaces.documents import html, markdown
from citeworthy.surfaces.documents.answer import conversation_document, document
from citeworthy.surfaces.documents.cited import cited_papers, cites
from citeworthy.surfaces.documents.formats import FORMATS
from citeworthy.surfaces.documents.text import write as as_text
from citeworthy.surfaces.render import status


def quoted(paper: Paper, start: int = 0, end: int | None = None) -> Claim:
    citation = Citation(paper, start, len(paper.abstract) if end is None else end)
    return Claim(citation.quote, (citation,), Verdict.SUPPORTED, 1.0, lead_in=f"{paper.byline}:")


def made(question: str, *claims: Claim, closest: tuple[Claim, ...] = (), **more: object) -> Answer:
    outcome = Outcome.ANSWERED if claims else Outcome.NOT_REPORTED
    papers = tuple(Consideration(c.paper, 0.9, used=True) for claim in (*claims, *closest) for c in claim.citations)
    written = Answer(
        question,
        question,
        outcome,
        0.74,
        "",
        claims,
        (),
        closest,
        papers,
        Filters(),
        Provenance("extractive", "e", "v"),
    )
    return replace(written, **more)  # type: ignore[arg-type]


ANSWER = made(
    "Does it pay?", quoted(FLOW, 16, 52),
    Claim("Vitamin D helps.", (Citation(SEPSIS, 34, 75),), Verdict.PARTLY_SUPPORTED, 0.6),
    standalone_question="Does HybridFlow pay?", filters=Filters(year_from=2020), message="In part.",
    notes=("Filter kept from before.",),
)  # fmt: skip
CLOSEST = made("And with vitamin C?", closest=(quoted(SEPSIS, 0, 33), quoted(FLOW, 0, 15)), message="They do not say.")
HOSTILE = [
    made(
        text, quoted(paper), Claim(text, (Citation(paper, 0, len(paper.abstract)),), Verdict.SUPPORTED, lead_in=text),
        closest=(quoted(paper),), standalone_question=f"{text}?", message=text, notes=(text,),
        filters=Filters(authors=(text,)), provenance=Provenance(text, "e", "v"),
    )
    for text, paper in zip(HOSTILE_TEXTS, HOSTILE_PAPERS, strict=True)
]  # fmt: skip


def test_an_answer_in_its_parts() -> None:
    text = as_text(document(ANSWER))
    parts = [
        "Does it pay?", "Asked as: Does HybridFlow pay?", "Filter: year 2020 or later", "In part.",
        "Sheng et al., 2024: “HybridFlow mixes two control styles.” [1]", "Vitamin D helps [2] (partly supported).",
        "chance that these abstracts answer it: 74% (likely)", "[1] HybridFlow", "[2] IL-6 and vitamin D",
        "Filter kept from before.",
    ]  # fmt: skip
    together = " ".join(text.split())
    assert [part for part in parts if part not in together] == []
    assert [together.index(part) for part in parts] == sorted(together.index(part) for part in parts)


def test_what_comes_closest_is_told_apart_from_an_answer() -> None:
    text = " ".join(as_text(document(CLOSEST)).split())
    assert text.index("They do not say.") < text.index("The closest they come:") < text.index("“We measured IL-6")
    assert "not reported in these abstracts" in text
    assert "The closest they come" not in as_text(document(ANSWER))


def test_a_conversation_numbers_its_papers_through() -> None:
    turns = [Turn(answer.question, answer) for answer in (ANSWER, CLOSEST)]
    whole = conversation_document("My session", turns)
    assert cited_papers(whole) == (FLOW, SEPSIS)
    text = " ".join(as_text(whole).split())
    for answer in (ANSWER, CLOSEST):
        assert answer.question in text
        assert status(answer) in text
    assert text.index(ANSWER.notes[0]) < text.index(CLOSEST.question)  # a note stays with its answer
    assert text.count("[1] HybridFlow") == 1
    assert conversation_document(" ", []).title == "Questions and answers"


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("answers", [[ANSWER], [ANSWER, CLOSEST], HOSTILE, []], ids=["one", "two", "hostile", "none"])
def test_every_format_writes_them(name: str, answers: list[Answer]) -> None:
    for laid_out in (*map(document, answers), conversation_document("t", [Turn(a.question, a) for a in answers])):
        for quotes in ("footnotes", "hidden"):
            assert FORMATS[name].write(laid_out, quotes=quotes)


def test_citations_and_quotations_are_those_of_the_answer(sample: Assistant) -> None:
    asked = ("By what factor does HybridFlow raise RLHF throughput?", "Which papers since 2023 combine offline data?")
    answers = [sample.ask(question) for question in asked]
    whole = conversation_document("t", [Turn(answer.question, answer) for answer in answers])
    citations = [c for answer in answers for claim in (*answer.claims, *answer.closest) for c in claim.citations]
    assert citations
    assert [c for cite in cites(whole) for c in cite.citations] == citations
    page = html.write(whole)
    for citation in citations:
        assert citation.paper.abstract[citation.start : citation.end] == citation.quote
        assert f"characters {citation.start}–{citation.end}" in page
    assert {link for link in Page(page).links if link.startswith("#")} <= {f"#{name}" for name in Page(page).ids}
    for answer in answers:
        assert cited_papers(document(answer)) == tuple(
            dict.fromkeys(c.paper for claim in (*answer.claims, *answer.closest) for c in claim.citations)
        )


def test_hostile_texts_are_read_as_text() -> None:
    whole = conversation_document(HOSTILE_TEXTS[0], [Turn(answer.question, answer) for answer in HOSTILE])
    assert set(Page(html.write(whole)).tags) <= OWN_TAGS
    read = [text for _, text in blocks(markdown.write(whole))]
    for text in HOSTILE_TEXTS:
        assert read.count(plain(text)) >= 3  # the question, the message, the note
