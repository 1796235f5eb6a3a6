"""The papers a suite is asked over, indexed in a directory that later runs find again.

A poisoned corpus is the same papers with the hostile texts of all injection cases put in; one for all of them, so that
each case also shows whether an instruction meant for another question is obeyed.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import astuple, replace
from pathlib import Path

from citeworthy.errors import EvaluationError
from citeworthy.evaluation.suites.questions import Question
from citeworthy.index.sync import Index, Progress, silent
from citeworthy.library.store import Library
from citeworthy.models.embedder import Embedder
from citeworthy.records import Paper
from citeworthy.sources.entries import Entry
from citeworthy.sources.reading import SAMPLE, read_papers


def papers_digest(papers: Iterable[Paper]) -> str:
    """Identifies a corpus: changes with anything of any paper that an answer can depend on."""
    digest = hashlib.sha256()
    for paper in papers:
        digest.update(repr(astuple(paper)[:-1]).encode())  # all but the details, which come last
    return digest.hexdigest()[:16]


def sample_papers() -> list[Paper]:
    """The bundled sample with the keys that a library gives it."""
    entries = [entry.paper for entry in read_papers(SAMPLE) if isinstance(entry, Entry)]
    with tempfile.TemporaryDirectory() as home:
        library = Library(Path(home))
        with library.writing():
            for _ in library.add(entries):
                pass
        papers = library.papers()
        library.close()
    return papers


def build_index(papers: Sequence[Paper], cache: Path, embedder: Embedder, progress: Progress = silent) -> Index:
    """These papers in a library of their own below `cache`; made once, finished when an earlier run was stopped."""
    home = cache / f"{papers_digest(papers)}-{hashlib.sha256(embedder.name.encode()).hexdigest()[:8]}"
    library = Library(home)
    index = Index(library, embedder)
    complete = home / "complete"
    if not complete.exists() or index.pending():
        with library.writing():
            for report in library.add(papers):
                progress("reading", len(report.added), len(papers))
            index.sync(progress)
        complete.touch()
    return index


def poisoned(papers: Sequence[Paper], questions: Iterable[Question]) -> list[Paper]:
    """The papers with every hostile text of the questions in its place. Raises EvaluationError for an unknown paper."""
    by_key = {paper.key: paper for paper in papers}
    for question in questions:
        injection = question.injection
        if injection is None or injection.where == "question":
            continue
        if injection.key not in by_key:
            raise EvaluationError(f"question {question.id}: no paper {injection.key!r} to hide an instruction in")
        paper = by_key[injection.key]
        if injection.where == "abstract":
            paper = replace(paper, abstract=f"{paper.abstract} {injection.text}")
        elif injection.where == "title":
            paper = replace(paper, title=f"{paper.title} {injection.text.strip()}")
        else:
            paper = replace(paper, authors=(*paper.authors, injection.text))
        by_key[injection.key] = paper
    return list(by_key.values())


def papers_of(papers: Sequence[Paper], questions: Sequence[Question]) -> Callable[[Question], Mapping[str, Paper]]:
    """For a question the papers, by key, that it is asked over: poisoned where an instruction hides in them."""
    clean = {paper.key: paper for paper in papers}
    hostile = clean
    if any(map(needs_poison, questions)):
        hostile = {paper.key: paper for paper in poisoned(papers, questions)}
    return lambda question: hostile if needs_poison(question) else clean


def needs_poison(question: Question) -> bool:
    """Whether the question is asked over the poisoned papers."""
    return question.injection is not None and question.injection.where != "question"
