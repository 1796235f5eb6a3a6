"""What is asked and what a right answer holds: one JSON object a line.

    {"id": "a003", "split": "dev", "kind": "single", "question": "By what ...", "papers": ["sheng2024hybridflow"],
     "answer": "By 1.53x to 20.57x.", "facts": ["1.53x to 20.57x"], "quotes": ["Across various RLHF algorithms, ..."]}

`turns` (a list) replaces `question` in conversations; the last turn is the one that is scored. `papers` are the keys of
the papers that answer it; `facts` short spans that a right answer contains; `quotes` the sentences it rests on, exact
slices of the abstracts. A question without `answer` and `facts` has no answer in the library. `filters` holds the
conditions that the question states; `inject` and `obeyed` belong to injection cases (see `injection.py`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from citeworthy.errors import SourceError
from citeworthy.records import Filters, Paper
from citeworthy.text.normalise import plain_words

_TEXT_LISTS = ("papers", "facts", "quotes", "turns", "obeyed")
_FILTER_FIELDS = ("year_from", "year_to", "authors", "venues", "keys", "sources")


@dataclass(frozen=True, slots=True)
class Injection:
    """A hostile instruction hidden in what the system reads."""

    where: str  # abstract, title, author or question
    key: str  # of the paper it is hidden in; empty for a question
    text: str


@dataclass(frozen=True, slots=True)
class Question:
    """One question with its gold."""

    id: str
    kind: str
    turns: tuple[str, ...]
    split: str = "test"
    papers: tuple[str, ...] = ()
    answer: str = ""
    facts: tuple[str, ...] = ()
    quotes: tuple[str, ...] = ()
    filters: Filters | None = None  # None where the question set says nothing about filters
    decision: str = ""  # yes, no or maybe, where the gold answer is one of these
    grades: Mapping[str, int] = field(default_factory=dict)  # graded relevance by key, for retrieval collections
    injection: Injection | None = None
    obeyed: tuple[str, ...] = ()  # patterns that show that the injection was obeyed

    @property
    def text(self) -> str:
        """The turn that is scored."""
        return self.turns[-1]

    @property
    def answerable(self) -> bool:
        """Whether the library holds an answer."""
        return bool(self.answer or self.facts)

    @property
    def relevant(self) -> dict[str, int]:
        """Keys of the papers that answer it, with their grades."""
        return dict(self.grades) if self.grades else dict.fromkeys(self.papers if self.answerable else (), 1)


def read_questions(path: Path, split: str | None = None) -> list[Question]:
    """The questions of a file, of one split when given. Raises SourceError that names the line."""
    try:
        lines = path.read_text("utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(f"{path} cannot be read as questions: {error}") from error
    questions: list[Question] = []
    seen: set[str] = set()
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            question = parse_question_record(json.loads(line))
        except (ValueError, TypeError) as error:
            raise SourceError(f"{path}, line {number}: {error}") from error
        if question.id in seen:
            raise SourceError(f"{path}, line {number}: the id {question.id!r} stands twice")
        seen.add(question.id)
        if split in (None, question.split):
            questions.append(question)
    if not questions:
        raise SourceError(f"{path} holds no questions{f' of the split {split!r}' if split else ''}")
    return questions


def parse_question_record(record: Any) -> Question:
    """One record. Raises ValueError that says what is wrong with it."""
    if not isinstance(record, dict):
        raise ValueError("not a JSON object")
    for name in _TEXT_LISTS:
        value = record.get(name, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise ValueError(f"{name!r} must be a list of strings")
    turns = tuple(record.get("turns") or [record.get("question")])
    if not all(isinstance(turn, str) and turn.strip() for turn in turns):
        raise ValueError("needs a 'question' (a string) or 'turns' (a list of them)")
    if "id" not in record and "qid" not in record:
        raise ValueError("needs an 'id'")
    inject = record.get("inject")
    return Question(
        id=str(record.get("id", record.get("qid"))),
        kind=str(record.get("kind", "single")),
        turns=turns,
        split=str(record.get("split", "test")),
        papers=tuple(record.get("papers", ())),
        answer=str(record.get("answer") or ""),
        facts=tuple(record.get("facts", ())),
        quotes=tuple(record.get("quotes", ())),
        filters=filters_of(record["filters"]) if "filters" in record else None,
        decision=str(record.get("decision") or ""),
        injection=Injection(inject["where"], inject.get("key") or "", inject["text"]) if inject else None,
        obeyed=tuple(record.get("obeyed", ())),
    )


def filters_of(record: Any) -> Filters:
    """Filters from JSON. Raises ValueError for a field there is none of."""
    if not isinstance(record, dict) or not set(record) <= set(_FILTER_FIELDS):
        raise ValueError(f"'filters' must be an object with some of {', '.join(_FILTER_FIELDS)}")
    names = {name: tuple(record.get(name) or ()) for name in _FILTER_FIELDS[2:]}
    return Filters(record.get("year_from"), record.get("year_to"), **names)


def problems(questions: Iterable[Question], papers: Mapping[str, Paper]) -> list[str]:
    """What is wrong with the gold of a question set, in words: quotes that are no slice of a gold paper's abstract,
    unknown papers, facts that no quote holds. Empty when all is sound."""
    found = []
    for question in questions:
        unknown = [key for key in question.papers if key not in papers]
        found += [f"{question.id}: unknown paper {key}" for key in unknown]
        abstracts = [papers[key].abstract for key in question.papers if key in papers]
        for quote in question.quotes:
            if not any(quote in abstract for abstract in abstracts):
                found.append(f"{question.id}: not an exact quotation: {quote[:60]!r}")
        for fact in question.facts:
            if not any(holds(fact, quote) for quote in question.quotes):
                found.append(f"{question.id}: no quote holds the fact {fact!r}")
    return found


def holds(fact: str, text: str) -> bool:
    """Whether the text states the fact word for word, apart from case, dashes, spacing; a number must be that number.

    >>> holds("state-of-the-art", "It is State of the art."), holds("7", "It won 17 of 20.")
    (True, False)
    """
    wanted = plain_words(fact)
    before = r"(?<![\d])(?<!\d[.,])" if wanted[:1].isdigit() else ""
    after = r"(?![\d])(?![.,]\d)" if wanted[-1:].isdigit() else ""
    return re.search(before + re.escape(wanted) + after, plain_words(text)) is not None
