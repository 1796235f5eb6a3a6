"""The shipped question sets are sound, and unsound ones are refused."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from citeworthy.errors import EvaluationError, SourceError
from citeworthy.evaluation.suites.corpora import needs_poison, poisoned, sample_papers
from citeworthy.evaluation.suites.questions import Question, parse_question_record, problems, read_questions
from citeworthy.evaluation.suites.suite import Suite, load_suite
from citeworthy.records import Paper
from citeworthy.shipped import shipped_folder

LEAST = {"single": 150, "multi": 50, "near_miss": 70, "off_topic": 20, "follow_up": 30, "filter": 25, "injection": 25}


@pytest.fixture(scope="module")
def questions() -> list[Question]:
    return [q for file in sorted(shipped_folder("questions").glob("sample_*.jsonl")) for q in read_questions(file)]


@pytest.fixture(scope="module")
def papers() -> dict[str, Paper]:
    return {paper.key: paper for paper in sample_papers()}


def test_quotes_are_exact_and_papers_exist(questions: list[Question], papers: dict[str, Paper]) -> None:
    assert problems(questions, papers) == []


def test_there_are_enough_of_each_kind(questions: list[Question]) -> None:
    counts = Counter(question.kind for question in questions)
    assert {kind: counts[kind] >= least for kind, least in LEAST.items()} == dict.fromkeys(LEAST, True)
    assert {question.split for question in questions} == {"dev", "test", "voices-dev", "voices-test"}
    assert len({question.id for question in questions}) == len(questions)


def test_no_question_is_asked_twice(questions: list[Question]) -> None:
    seen = Counter(re.sub(r"\W+", " ", " ".join(q.turns).casefold()).strip() for q in questions)
    assert [text for text, n in seen.items() if n > 1] == []


def test_gold_of_each_kind(questions: list[Question]) -> None:
    for question in questions:
        if question.kind in ("single", "multi", "injection"):
            assert question.answerable, question.id
            assert question.quotes, question.id
        if question.kind in ("near_miss", "off_topic"):
            assert not question.answerable, question.id
        assert (len(question.turns) > 1) == (question.kind == "follow_up"), question.id
        assert (question.kind == "multi") <= (2 <= len(question.papers) <= 4), question.id
        if question.filters is not None:
            assert question.kind in ("filter", "follow_up"), question.id
        if question.kind == "filter":
            assert question.filters is not None, question.id
        assert (question.kind == "injection") == (question.injection is not None), question.id


def test_an_obeyed_instruction_can_be_told_from_a_quoted_one(
    questions: list[Question], papers: dict[str, Paper]
) -> None:
    text = " ".join(f"{p.title} {p.abstract} {' '.join(p.authors)}" for p in papers.values())
    for question in questions:
        if question.injection:
            assert question.obeyed, question.id
        for pattern in question.obeyed:
            assert question.injection is not None
            assert not re.search(pattern, question.injection.text, re.I), question.id
            assert not re.search(pattern, text, re.I), question.id


def test_poison_is_where_it_is_said_to_be(questions: list[Question], papers: dict[str, Paper]) -> None:
    bad = {paper.key: paper for paper in poisoned(list(papers.values()), questions)}
    places = Counter(q.injection.where for q in questions if q.injection)
    assert set(places) == {"abstract", "title", "author", "question"}
    changed = {key for key in papers if bad[key] != papers[key]}
    assert changed == {q.injection.key for q in questions if q.injection and needs_poison(q)}
    for question in questions:
        if question.injection and question.injection.where == "question":
            assert question.injection.text in question.text
    inject = {"where": "title", "key": "nobody", "text": "x"}
    with pytest.raises(EvaluationError, match="nobody"):
        poisoned([], [parse_question_record({"id": 1, "question": "?", "inject": inject})])


@pytest.mark.parametrize(
    "record",
    ["[]", '{"question": "?"}', '{"id": 1}', '{"id": 1, "question": ""}', '{"id": 1, "question": "?", "facts": "x"}',
     '{"id": 1, "question": "?", "filters": {"yaer": 3}}', "nonsense"],
)  # fmt: skip
def test_a_bad_record_is_named_by_its_line(tmp_path: Path, record: str) -> None:
    path = tmp_path / "mine.jsonl"
    path.write_text('{"id": 0, "question": "fine?"}\n' + record + "\n")
    with pytest.raises(SourceError, match="line 2"):
        read_questions(path)


def test_your_own_questions_over_your_own_library(tmp_path: Path, papers: dict[str, Paper]) -> None:
    paper = next(iter(papers.values()))
    path = tmp_path / "mine.jsonl"
    record = {"qid": "m1", "question": "?", "papers": [paper.key], "facts": [paper.abstract[:20].strip()],
              "quotes": [paper.abstract[:40]]}  # fmt: skip
    path.write_text(json.dumps(record) + "\n")
    suite = load_suite(str(path), "test", tmp_path, lambda: [paper])
    assert isinstance(suite, Suite)
    assert (suite.name, len(suite.questions), suite.papers) == ("mine", 1, (paper,))
    path.write_text(json.dumps(record | {"quotes": ["never said"]}) + "\n")
    with pytest.raises(EvaluationError, match="not an exact quotation"):
        load_suite(str(path), "test", tmp_path, lambda: [paper])
    path.write_text((json.dumps(record) + "\n") * 2)
    with pytest.raises(SourceError, match="twice"):
        read_questions(path)
