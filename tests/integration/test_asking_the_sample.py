"""The whole path in process, over the sample library with the bundled model."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.integration.conftest import Asked, Evaluated

from citeworthy.assistant import Assistant
from citeworthy.library.filters import accepts
from citeworthy.records import Answer, Claim, Outcome, Verdict
from citeworthy.retrieve.query import ParsedQuestion

pytestmark = pytest.mark.timeout(600)  # the first waits for `evaluated`
QUESTIONS = [
    json.loads(line)
    for line in (Path(__file__).parents[2] / "eval/questions/sample_dev.jsonl").read_text("utf-8").splitlines()
]


@pytest.fixture(scope="module")
def asked(evaluated: Evaluated) -> list[tuple[dict, Asked]]:
    """Every dev question with its answer, from the run that the evaluation's gate looks at."""
    return [(q, evaluated.answers[tuple(q.get("turns") or [q["question"]])]) for q in QUESTIONS]


@pytest.fixture(scope="module")
def answers(asked: list[tuple[dict, Asked]]) -> list[tuple[dict, Answer]]:
    return [(question, found.answer) for question, found in asked if "question" in question]


def test_every_citation_is_an_exact_slice(asked: list[tuple[dict, Asked]]) -> None:
    libraries = {id(found.assistant): found.assistant.library for _, found in asked}
    stored = {which: {paper.key: paper.abstract for paper in library.papers()} for which, library in libraries.items()}
    seen = 0
    for _, found in asked:
        record = json.loads(json.dumps(found.answer.to_dict()))
        for claim in record["claims"] + record["left_out"] + record["closest"]:
            for citation in claim["citations"]:
                abstract = stored[id(found.assistant)][citation["key"]]
                assert abstract[citation["start"] : citation["end"]] == citation["quote"]
                seen += 1
    assert len(asked) >= 390
    assert seen > 400


def test_shown_claims_are_checked_and_numbered_by_paper(answers: list[tuple[dict, Answer]]) -> None:
    for _, answer in answers:
        for claim in answer.claims:
            assert claim.verdict in (Verdict.SUPPORTED, Verdict.PARTLY_SUPPORTED)
            assert claim.citations
        numbers = list(answer.numbers.values())
        assert numbers == list(range(1, len(numbers) + 1))


def test_refusals_carry_no_citations(answers: list[tuple[dict, Answer]]) -> None:
    declined = [a for _, a in answers if a.outcome in (Outcome.NO_MATCH, Outcome.NOT_REPORTED)]
    assert len(declined) > 50
    assert all(not answer.claims and answer.message for answer in declined)
    assert all(not answer.closest for answer in declined if answer.outcome is Outcome.NO_MATCH)


def test_filters_read_from_questions_apply(answers: list[tuple[dict, Answer]]) -> None:
    filtered = [answer for _, answer in answers if answer.filters]
    assert len(filtered) >= 40
    for answer in filtered:
        assert all(accepts(answer.filters, seen.paper) for seen in answer.papers)


def test_off_topic_and_empty_filters_are_never_answered(answers: list[tuple[dict, Answer]]) -> None:
    for question, answer in answers:
        if question["kind"] == "off_topic" or question.get("empty"):
            assert answer.outcome in (Outcome.NO_MATCH, Outcome.NOT_REPORTED), question["question"]


def test_the_tour_du_mont_blanc(sample: Assistant) -> None:
    assert sample.ask("What is the best time of year to hike the Tour du Mont Blanc?").outcome is Outcome.NO_MATCH


def test_most_answerable_questions_get_the_right_paper(answers: list[tuple[dict, Answer]]) -> None:
    """A floor well under the measured .90, so that a broken stage is noticed and noise is not."""
    single = [(q, a) for q, a in answers if q["kind"] == "single"]
    right = [bool(a.papers) and a.papers[0].paper.key in q["papers"] for q, a in single]
    assert sum(right) / len(right) > 0.8


def test_follow_ups_find_the_right_papers_and_keep_the_filters(asked: list[tuple[dict, Asked]]) -> None:
    """The issue's floor is .90 of the second turns of the dev set; .97 was measured."""
    found = []
    for question, answer in ((q, a.answer) for q, a in asked if q["kind"] == "follow_up"):
        best = [seen.paper.key for seen in answer.papers[:5]]
        found.append(set(question["papers"]) <= set(best))
        if question.get("filters"):
            assert answer.filters, question["id"]
        assert all(accepts(answer.filters, seen.paper) for seen in answer.papers)
    assert len(found) >= 60
    assert sum(found) / len(found) >= 0.9


def test_a_second_question_embeds_itself_and_nothing_else(sample: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    sample.ask("warm up")
    runs: list[str] = []
    embedder = sample.index.embedder
    real = embedder._embed_one  # type: ignore[attr-defined]
    monkeypatch.setattr(embedder, "_embed_one", lambda text, spans: runs.append(text) or real(text, spans))
    sample.ask("What does HybridFlow do, and by what factor does throughput rise?")
    assert runs == ["What does HybridFlow do, and by what factor does throughput rise?"]


def test_nothing_is_contacted(sample: Assistant, no_network: list[object]) -> None:
    sample.ask("How does SELA search?")
    sample.search("tree search")
    assert no_network == []


def test_stream_gives_the_question_each_claim_then_the_answer(sample: Assistant) -> None:
    events = list(sample.stream("By what factor does HybridFlow raise throughput?"))
    assert isinstance(events[0], ParsedQuestion)
    assert isinstance(events[-1], Answer)
    assert tuple(e for e in events if isinstance(e, Claim)) == events[-1].claims


def test_markup_in_a_question_changes_nothing(sample: Assistant) -> None:
    answer = sample.ask("<script>alert(1)</script> By what factor does HybridFlow raise throughput? </mark>")
    assert "1.53x to 20.57x" in answer.text


def test_a_name_that_no_paper_has_is_told(sample: Assistant) -> None:
    """Another benchmark's score for the same agents would read like an answer."""
    answer = sample.ask("What success rate do GPT-4 agents have on WebArena?")
    assert answer.outcome is Outcome.NOT_REPORTED
    assert answer.notes == ("None of the papers found names “WebArena”.",)
    assert answer.closest


def test_a_score_of_another_system_is_no_answer(sample: Assistant) -> None:
    answer = sample.ask("What does LEM score on the Long Range Arena benchmark?")
    assert answer.outcome is Outcome.NOT_REPORTED
    assert "LEM" in answer.closest[0].text
    assert answer.notes == ()  # its own paper was found


def test_a_term_that_one_sentence_explains_is_found_by_its_bare_words(sample: Assistant) -> None:
    answer = sample.ask("What is the deadly triad?")
    assert answer.outcome is Outcome.ANSWERED
    assert "function approximation" in answer.text
