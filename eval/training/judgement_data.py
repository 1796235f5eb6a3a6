"""Labelled (question, passage) pairs for the two judgements, read from question-answering data sets.

A sentence is relevant when an annotated answer lies in it; a passage answers when it has an answer at all.
Only train splits (and SQuAD 2.0 dev, which is no evaluation set here) are read; see the data's own README for
licences and overlaps. Nothing of the data is written into the package, only the weights.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import pickle
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from citeworthy.library.store import Library
from citeworthy.models.onnx_embedder import MiniLMEmbedder
from citeworthy.sources.entries import Entry
from citeworthy.sources.reading import read_papers
from citeworthy.text.sentences import split_sentences

# name -> (share of rows kept, splits)
SETS = {
    "qa_bioasq": (1.0, {"train"}),
    "qa_qasper": (1.0, {"train"}),
    "qa_covidqa": (1.0, {"train"}),
    "qa_squad2_dev": (0.5, {"dev"}),
}
SAMPLE_SET = "sample_dev"


@dataclass(frozen=True, slots=True)
class Example:
    """One question over one passage."""

    dataset: str
    group: str  # questions of one group stay on one side of a split
    question: str
    title: str
    sentences: tuple[str, ...]
    relevant: tuple[bool, ...]  # by sentence; all False when unanswerable or the place is unknown
    answerable: bool


def examples(folder: Path) -> Iterator[Example]:
    """All examples, in a fixed order."""
    for name, (share, splits) in SETS.items():
        with gzip.open(folder / f"{name}.jsonl.gz", "rt", encoding="utf-8") as stream:
            for line in stream:
                row = json.loads(line)
                if row["split"] not in splits or not row["passage"].strip():
                    continue
                if _unit(row["question"] + row["passage"][:40]) > share:
                    continue
                yield _example(name, row)


def sample_examples(questions: Path, sample: Path) -> list[Example]:
    """The dev questions over the sample library: each question with each of its papers, quotes as labels."""
    papers = {row["title"]: row for row in map(json.loads, sample.read_text("utf-8").splitlines())}
    by_key = {row["key"]: row["title"] for row in _sample_keys()}
    chosen = []
    for question in map(json.loads, questions.read_text("utf-8").splitlines()):
        if question["kind"] in {"follow_up", "injection"}:  # not questions by themselves
            continue
        for key in question["papers"] if question["quotes"] else []:
            row = papers[by_key[key]]
            text = row["abstract"]
            sentences = tuple(text[a:b] for a, b in split_sentences(text))
            relevant = tuple(any(q in s or s in q for q in question["quotes"]) for s in sentences)
            if any(relevant):
                group = f"{SAMPLE_SET}:{question['id']}"
                chosen.append(Example(SAMPLE_SET, group, question["question"], row["title"], sentences, relevant, True))
    return chosen


def _sample_keys() -> Iterator[dict[str, str]]:
    """Titles as in the sample file, with the citation keys that the library gives them."""
    with tempfile.TemporaryDirectory() as home:
        library = Library(Path(home))
        for _ in library.add(entry.paper for entry in read_papers("sample:") if isinstance(entry, Entry)):
            pass
        yield from ({"key": key, "title": record.title} for key, record in library.received())


def _example(name: str, row: dict) -> Example:
    text = row["passage"]
    spans = split_sentences(text)
    starts = [answer["start"] for answer in row["answers"] if answer["start"] >= 0]
    relevant = tuple(any(a <= s < b for s in starts) for a, b in spans)
    group = str(row.get("group") or row.get("title") or row["question"])
    title = "" if str(row.get("title", "")).isdigit() else str(row.get("title") or "")
    sentences = tuple(text[a:b] for a, b in spans)
    return Example(name, f"{name}:{group}", row["question"], title, sentences, relevant, bool(row["answers"]))


def _unit(text: str) -> float:
    return int(hashlib.sha256(text.encode()).hexdigest()[:8], 16) / 0xFFFFFFFF


class Vectors:
    """Embeddings of questions and passages, kept on disk between runs."""

    def __init__(self, cache: Path) -> None:
        self._embedder = MiniLMEmbedder()
        self._path = cache.with_stem(f"{cache.stem}-{self._embedder.name.rpartition('@')[2]}")
        self._known: dict[str, tuple[NDArray[np.float16], NDArray[np.float16]]] = {}
        if self._path.exists():
            self._known = pickle.loads(self._path.read_bytes())

    def prepare(self, chosen: list[Example]) -> None:
        """Embed what is not known yet."""
        wanted: dict[str, tuple[str, list]] = {}
        for example in chosen:
            text, spans = self._passage(example)
            wanted.setdefault(text, (text, spans))
            wanted.setdefault(example.question, (example.question, []))
        missing = [(t, s) for t, s in wanted.values() if t not in self._known or len(self._known[t][1]) != len(s)]
        for start in range(0, len(missing), 512):
            batch = missing[start : start + 512]
            found = self._embedder.embed([t for t, _ in batch], [s for _, s in batch])
            for (text, _), vectors in zip(batch, found, strict=True):
                self._known[text] = vectors.whole.astype(np.float16), vectors.parts.astype(np.float16)
            print(f"\rembedding {start + len(batch)} of {len(missing)}", end="", flush=True)
        if missing:
            print()
            self._path.write_bytes(pickle.dumps(self._known))

    def cosines(self, example: Example) -> tuple[list[float], float]:
        """Question against each sentence, and against the whole."""
        question = self._known[example.question][0].astype(np.float32)
        whole, parts = self._known[self._passage(example)[0]]
        return (parts.astype(np.float32) @ question).tolist(), float(whole.astype(np.float32) @ question)

    @staticmethod
    def _passage(example: Example) -> tuple[str, list]:
        """As `citeworthy.index.passages.passage`, over sentences that are already known."""
        text, spans = f"{example.title}. " if example.title else "", []
        for sentence in example.sentences:
            spans.append((len(text), len(text) + len(sentence)))
            text += sentence + " "
        return text.rstrip(), spans
