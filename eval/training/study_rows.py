"""Questions and citing sentences over biological and clinical abstracts (`abstracts/README.md`, *Studies*).

The abstracts are those of the rhetorical-role sets of the training data, which have no titles.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
from pairs import LABELS, MOST_CHARACTERS, Pair, told_by_style
from sklearn.feature_extraction.text import TfidfVectorizer

SETS = ("rct", "pubmed", "claim")
KINDS = {"S": "supported", "C": "contradicted", "N": "not_enough_info", "O": "not_enough_info"}


def texts_of(wanted: set[str], folder: Path) -> dict[str, tuple[str, ...]]:
    """The sentences of abstracts by "SET:LINE", lines counted from 0."""
    return {name: sentences for name, sentences in _all_texts(folder) if name in wanted}


def _all_texts(folder: Path) -> Iterator[tuple[str, tuple[str, ...]]]:
    for name in SETS:
        with gzip.open(folder / f"roles_{name}.jsonl.gz", "rt", encoding="utf-8") as stream:
            for number, line in enumerate(stream):
                yield f"{name}:{number}", tuple(" ".join(s.split()) for s in json.loads(line)["sentences"])


def studies_of(folder: Path, path: Path) -> list[Pair]:
    """The rows of a file: questions that are answered and near misses, citing sentences over whole abstracts, a true
    one and the wrong one behind it as twins; and the first question, which names what it is about, over the abstract of
    the study that is nearest in words, which seldom answers.
    """
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    texts = texts_of({row["id"] for row in rows}, folder)
    pairs = [pair for row in rows for pair in _pairs(row, texts[row["id"]])]
    firsts = {row["ask"][0][0] for row in rows}
    return [*told_by_style(pairs), *_over_near_studies([p for p in pairs if p.text in firsts], folder)]


def _pairs(row: dict, whole: tuple[str, ...]) -> Iterator[Pair]:
    group, nothing = f"study:{row['id']}", (0,) * len(whole)
    for question, where in row["ask"]:
        relevant = tuple(int(n in where) for n in range(1, len(whole) + 1))
        yield Pair("question", "study", group, question, "", whole, relevant, 1)
    for question, _ in row["miss"]:
        yield Pair("question", "study", group, question, "", whole, nothing, 0)
    seen = {"S": 0, "C": 0}
    for text, kind in row["sentences"]:
        twin = f"{group}:{seen[kind]}" if kind in seen else ""  # the first true one and the first wrong one, and so on
        seen[kind] = seen.get(kind, 0) + 1
        label = LABELS[KINDS[kind]]
        yield Pair("claim", f"study_{kind}", group, text, "", whole, label=label, binary=kind == "O", twin=twin)


def _over_near_studies(asked: list[Pair], folder: Path) -> Iterator[Pair]:
    wholes = [sentences for _, sentences in _all_texts(folder) if sum(map(len, sentences)) < MOST_CHARACTERS]
    words = TfidfVectorizer(stop_words="english", sublinear_tf=True, min_df=2)
    matrix = words.fit_transform([" ".join(whole) for whole in wholes])
    scores = (words.transform([p.text for p in asked]) @ matrix.T).toarray()
    for pair, row in zip(asked, scores, strict=True):
        other = wholes[int(np.where([whole == pair.sentences for whole in wholes], -1, row).argmax())]
        yield replace(pair, dataset="study_other", sentences=other, relevant=(0,) * len(other), answerable=0)
