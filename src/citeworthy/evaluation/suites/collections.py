"""Public test collections, read from where the user has them: nothing of them is part of citeworthy.

A collection is a folder. What it holds decides what can be measured on it:

    corpus.jsonl, queries.jsonl, qrels.tsv [, qrels_SPLIT.tsv]     BEIR layout: retrieval (Thakur et al. 2021)
    qa.jsonl beside them                                           questions, long answers (PubMedQA, Jin et al. 2019)
    pairs.jsonl                                                    claim, evidence, label: what judges are measured with

Every file may be gzip or xz. `qrels.tsv` is the test split; `SOURCE.txt`, where there is one, states origin and
licence.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from citeworthy.errors import EvaluationError, SourceError
from citeworthy.evaluation.suites.questions import Question
from citeworthy.records import Paper
from citeworthy.sources.syntax.lines import numbered_lines, open_text
from citeworthy.text.normalise import normalise

_SUPPORTED = {"supported": True, "attributable": True, "contradicted": False, "refuted": False,
              "not_enough_info": False, "not_supported": False, "not attributable": False}  # fmt: skip


_INTEGER = re.compile(r"\s*-?\d+\s*")


@dataclass(frozen=True, slots=True)
class Pair:
    """A claim, the text it is held against, and what people said."""

    id: str
    claim: str
    evidence: str
    supported: bool


def find_file(folder: Path, name: str) -> Path | None:
    """The file of that name, plain or compressed."""
    return next((path for end in ("", ".xz", ".gz") if (path := folder / f"{name}{end}").is_file()), None)


def read_corpus(folder: Path) -> list[Paper]:
    """The documents as papers. Keys are the collection's ids; a made-up PubMed id keeps equal titles from merging."""
    papers = []
    for number, row in _rows(folder, "corpus.jsonl"):
        if not isinstance(row.get("text"), str) or "_id" not in row:
            raise SourceError(f"{folder / 'corpus.jsonl'}, line {number}: needs '_id' and 'text'")
        key = str(row["_id"])
        title, abstract = normalise(row.get("title") or ""), normalise(row["text"])  # as a library stores them
        papers.append(Paper(key=key, title=title, abstract=abstract, pmid=f"{folder.name}-{key}"))
    return papers


def read_queries(folder: Path, split: str = "test") -> list[Question]:
    """The judged queries of one split, with their relevance grades; unjudged ones are left out."""
    name = "qrels.tsv" if split == "test" else f"qrels_{split}.tsv"
    path = find_file(folder, name)
    if path is None:
        raise EvaluationError(f"{folder} has no split {split!r}: there is no {name}")
    grades: dict[str, dict[str, int]] = {}
    with open_text(path) as stream:
        for number, line in numbered_lines(stream):
            cells = (line or "").split("\t")
            if number == 1 and cells[0] == "query-id":
                continue
            if len(cells) != 3 or not _INTEGER.fullmatch(cells[2]):
                raise SourceError(f"{path}, line {number}: needs query-id, corpus-id and a whole score, tabs between")
            grades.setdefault(cells[0], {})[cells[1]] = int(cells[2])
    texts = {str(row.get("_id")): str(row.get("text")) for _, row in _rows(folder, "queries.jsonl")}
    long_answers = {str(row.get("_id")): row for _, row in _rows(folder, "qa.jsonl", needed=False)}
    questions = []
    for query, relevant in grades.items():
        if query not in texts:
            raise SourceError(f"{path}: query {query} is not in queries.jsonl")
        gold = long_answers.get(query, {})
        if gold.get("split", split) != split:
            continue
        answer, decision = str(gold.get("long_answer") or ""), str(gold.get("answer") or "")
        kind = "qa" if gold else "retrieval"
        questions.append(
            Question(query, kind, (texts[query],), split, tuple(relevant), answer, decision=decision, grades=relevant)
        )
    return questions


def read_pairs(folder: Path, split: str | None = None) -> list[Pair]:
    """Labelled pairs, of one split when given. Raises SourceError for an unknown label."""
    pairs = []
    for number, row in _rows(folder, "pairs.jsonl"):
        if split not in (None, row.get("split")):
            continue
        label = str(row.get("label")).casefold()
        if not isinstance(row.get("claim"), str) or not isinstance(row.get("evidence"), str):
            raise SourceError(f"{folder / 'pairs.jsonl'}, line {number}: needs 'claim' and 'evidence'")
        if label not in _SUPPORTED:
            raise SourceError(f"{folder / 'pairs.jsonl'}, line {number}: unknown label {row.get('label')!r}")
        pairs.append(Pair(str(row.get("id", number)), row["claim"], row["evidence"], _SUPPORTED[label]))
    return pairs


def _rows(folder: Path, name: str, *, needed: bool = True) -> Iterator[tuple[int, dict[str, Any]]]:
    path = find_file(folder, name)
    if path is None:
        if needed:
            raise EvaluationError(f"{folder} holds no {name}; see eval/README.md for the layout")
        return
    with open_text(path) as stream:
        for number, line in numbered_lines(stream):
            if not line or not line.strip():
                continue
            try:
                row = json.loads(line)
            except ValueError as error:
                raise SourceError(f"{path}, line {number}: {error}") from error
            if not isinstance(row, dict):
                raise SourceError(f"{path}, line {number}: not a JSON object")
            yield number, row
