"""Labelled pairs for the judge: (question, abstract) and (claim, evidence), read from the public sets and our own.

A question comes with the sentences of one passage: which of them answer it, and whether any does. A claim comes with
the sentences that were cited for it: supported, contradicted, or neither. `public_sets.py` says how many rows of
which public set are taken. Test splits are never read.
The sets' licences, overlaps and caveats are listed beside them; nothing of their text is written into the project.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import lzma
import math
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from sklearn.pipeline import make_pipeline

from citeworthy.text.sentences import split_sentences
from citeworthy.text.tokens import STOP_WORDS

LABELS = {"supported": 0, "contradicted": 1, "not_enough_info": 2}
UNKNOWN = -1

ASKED_KINDS = ("entity", "detail", "relation", "aspect")  # what is changed in the twin of a question
EDITED_SETS = {"own_S", "nli_scifact"}  # supported claims that `edited` changes
STYLED = {"own", "own_S", "own_C", "own_N", "own_P", "study", "study_S", "study_C", "study_N", "study_O"}
OWN = Path(__file__).parent / "abstracts"
OTHERS = 0.4  # of the bulk abstracts, looked through for abstracts near a question
MOST_CHARACTERS = 1800  # of a passage; longer ones cost a step as much as several others


@dataclass(frozen=True, slots=True)
class Pair:
    """One row of training or testing."""

    task: str  # "question" or "claim"
    dataset: str
    group: str  # rows of one group stay on one side of a split
    text: str  # the question or the claim
    title: str
    sentences: tuple[str, ...]  # of the passage, or the evidence as one piece
    relevant: tuple[int, ...] = ()  # questions, by sentence: 1, 0 or UNKNOWN
    answerable: int = UNKNOWN  # questions: 1 or 0
    label: int = UNKNOWN  # claims: an index of LABELS
    binary: bool = False  # claims: the source tells only supported from not supported
    weight: float = 1.0
    twin: str = ""  # rows with the same one differ in little, and stand in one batch


def unit(text: str) -> float:
    """A number in [0, 1) that depends on the text alone."""
    return int(hashlib.sha256(text.encode()).hexdigest()[:8], 16) / 0x1_0000_0000


def claims(folder: Path, name: str, splits: set[str]) -> Iterator[Pair]:
    """All rows of one claim set."""
    for row in _rows(folder, name):
        if row["split"] not in splits or not row["evidence"].strip() or len(row["evidence"]) > MOST_CHARACTERS:
            continue
        yield Pair(
            "claim", name, f"{name}:{row.get('group', row['claim'])}", row["claim"], str(row.get("title") or ""),
            (row["evidence"],), label=LABELS[row["label"]], binary=bool(row.get("binary")),
        )  # fmt: skip


def questions(folder: Path, name: str, splits: set[str]) -> Iterator[Pair]:
    """All rows of one question set; a sentence is relevant when an annotated answer starts in it."""
    for row in _rows(folder, name):
        text = row["passage"]
        if row["split"] not in splits or not text.strip() or len(text) > MOST_CHARACTERS:
            continue
        spans = split_sentences(text)
        starts = [answer["start"] for answer in row["answers"] if answer["start"] >= 0]
        if row["answers"] and not starts:  # answered, but nobody knows where
            relevant = tuple(UNKNOWN for _ in spans)
        else:
            relevant = tuple(int(any(a <= s < b for s in starts)) for a, b in spans)
        title = "" if str(row.get("title", "")).isdigit() else str(row.get("title") or "")
        yield Pair(
            "question", name, f"{name}:{row.get('group') or row.get('title') or row['question']}", row["question"],
            title, tuple(text[a:b] for a, b in spans), relevant, int(bool(row["answers"])),
        )  # fmt: skip


def summaries(folder: Path) -> Iterator[Pair]:
    """One-sentence summaries of papers: claims that their abstract supports."""
    for row in _rows(folder, "tldr_scitldr"):
        evidence = " ".join(row["abstract_sentences"])
        if row["split"] == "train" and len(evidence) <= MOST_CHARACTERS:
            for summary in row["summaries"][:1]:
                yield Pair("claim", "tldr_scitldr", f"tldr:{row['title']}", summary, row["title"], (evidence,), label=0)


def edited(pairs: list[Pair]) -> Iterator[Pair]:
    """Supported claims with one content word changed for one of the same ending, of another claim of the same set.

    What a careless writer or a hostile one changes is often a single word, and a claim that shares all other words with
    its evidence looks supported to any measure of overlap. Not supported, or contradicted: the row says no more.
    """
    by_ending: dict[tuple[str, str], list[str]] = defaultdict(list)
    supported = [p for p in pairs if p.label == 0 and p.dataset in EDITED_SETS]
    for pair in supported:
        for word in set(re.findall(r"\b[a-z]{4,}\b", pair.text)) - STOP_WORDS:
            by_ending[pair.dataset, word[-2:]].append(word)
    for pair in supported:
        evidence = " ".join(pair.sentences).lower()
        words = sorted(w for w in set(re.findall(r"\b[a-z]{4,}\b", pair.text)) - STOP_WORDS if w in evidence)
        if not words:
            continue
        old = words[int(unit("old" + pair.text) * len(words))]
        choices = by_ending[pair.dataset, old[-2:]]
        new = choices[int(unit("new" + pair.text) * len(choices))]
        if new[:4] != old[:4] and new not in evidence:
            changed = re.sub(rf"\b{old}\b", new, pair.text)
            yield replace(pair, dataset="edited", text=changed, label=2, binary=True)


def own(bulk: Path, *parts: str) -> list[Pair]:
    """Our own questions, near misses and claims over arXiv abstracts (`abstracts/README.md`)."""
    texts = _abstracts(bulk)
    pairs = []
    for part in parts:
        for line in (OWN / f"{part}.jsonl").read_text("utf-8").splitlines():
            row = json.loads(line)
            title, text = texts[row["id"]]
            pairs += _own_row(row, title, [text[a:b] for a, b in split_sentences(text)])
    return pairs


def own_claims(bulk: Path, part: str) -> list[Pair]:
    """Our claims of one part, each over its whole abstract."""
    texts = _abstracts(bulk)
    pairs = []
    for line in (OWN / f"{part}.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        title, text = texts[row["id"]]
        whole = tuple(text[a:b] for a, b in split_sentences(text))
        for claim, kind, _ in row["claims"]:
            label = {"S": 0, "C": 1}.get(kind, 2)
            pairs.append(Pair("claim", f"own_{kind}", f"own:{row['id']}", claim, title, whole, label=label))
    return pairs


def abstracts_of(bulk: Path, path: Path) -> list[Pair]:
    """Citing sentences of a file (`abstracts/README.md`), each over the whole abstract it cites."""
    pairs = []
    for row, title, whole in _with_abstracts(bulk, path):
        for place, (sentence, kind) in enumerate(row["sentences"]):
            label = {"S": 0, "C": 1}.get(kind, 2)
            loose = kind in "OM"  # not supported; whether it is contradicted is a matter of taste
            group = f"citing:{row['id']}"
            pairs.append(
                Pair(
                    "claim", f"citing_{kind}", group, sentence, title, whole, label=label, binary=loose,
                    twin=f"{group}:{place // 2}",
                )
            )  # fmt: skip
    return pairs


def as_often(pairs: list[Pair], times: float) -> Iterator[Pair]:
    """The rows as often as that; where a part of a turn is left, those of a part of the groups."""
    for turn in range(math.ceil(times)):
        for pair in pairs:
            if unit("turn" + pair.group) < times - turn:
                yield replace(pair, twin=pair.twin and f"{turn} {pair.twin}")


def file_and_times(chosen: str) -> tuple[Path, float]:
    """FILE:TIMES as the command line has it; .3 is a part of the file, 2 all of it twice."""
    path, _, times = chosen.rpartition(":")
    return Path(path), float(times)


def asked_of(bulk: Path, path: Path) -> list[Pair]:
    """Questions of a file and their twins that the abstract does not answer (`abstracts/README.md`); and every second
    question over the abstract without the sentences that answer it.
    """
    pairs = []
    for row, title, whole in _with_abstracts(bulk, path):
        group = f"asked:{row['id']}"
        for place, (question, where, missed, kind) in enumerate(row["pairs"]):
            relevant = tuple(int(n in where) for n in range(1, len(whole) + 1))
            answered = Pair(
                "question", f"asked_{kind}", group, question, title, whole, relevant, 1, twin=f"{group}:{place}"
            )
            pairs += [answered, replace(answered, text=missed, relevant=(0,) * len(whole), answerable=0)]
            rest = tuple(s for s, there in zip(whole, relevant, strict=True) if not there)
            if rest and unit("ablated" + question) < 0.5:
                nothing = (0,) * len(rest)
                pairs.append(
                    replace(answered, dataset="asked_ablated", sentences=rest, relevant=nothing, answerable=0, twin="")
                )
    return pairs


def topics_of(bulk: Path, path: Path) -> list[Pair]:
    """Topics of a file (`topics/README.md`) with each paper that was judged; doubtful ones are left out."""
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    wanted = {name for row in rows for name in (*row["yes"], *row["no"])}
    texts = {name: (title, text) for name, title, text in read_bulk(bulk) if name in wanted}
    pairs = []
    for row in rows:
        for name in (*row["yes"], *row["no"]):
            title, text = texts[name]
            whole = tuple(text[a:b] for a, b in split_sentences(text))
            belongs = int(name in row["yes"])
            pairs.append(Pair("question", "topic", row["packet"], row["topic"], title, whole, answerable=belongs))
    return pairs


def over_other_abstracts(bulk: Path, pairs: list[Pair]) -> Iterator[Pair]:
    """Answered questions of ours, each over another abstract that shares its rarest words: what a search brings up, and
    does not answer. Of the 110,000 abstracts a part is looked through; that one of them answers after all is rare.
    """
    titles = {pair.title for pair in pairs}
    others = [
        (title, text)
        for _, title, text in read_bulk(bulk)
        if title not in titles and unit("other" + title) < OTHERS and len(text) <= MOST_CHARACTERS
    ]
    asked = [p for p in pairs if p.dataset == "own" and p.answerable and unit("asked" + p.text) < 0.5]
    words = TfidfVectorizer(stop_words="english", sublinear_tf=True, min_df=2)
    texts = words.fit_transform([f"{title} {text}" for title, text in others])
    for start in range(0, len(asked), 500):
        part = asked[start : start + 500]
        nearest = (words.transform([p.text for p in part]) @ texts.T).toarray().argmax(axis=1)
        for pair, index in zip(part, nearest, strict=True):
            title, text = others[index]
            sentences = tuple(text[a:b] for a, b in split_sentences(text))
            nothing = (0,) * len(sentences)
            yield replace(
                pair, dataset="own_other", title=title, sentences=sentences, relevant=nothing, answerable=0, weight=1.0
            )


def told_by_style(pairs: list[Pair]) -> list[Pair]:
    """The same pairs, weighted so that the wording of a question or claim tells less of its label.

    Whoever writes near misses asks "how many" more often than whoever asks what an abstract answers: a bag of words
    of the questions alone told the two apart with an AUROC of .89. A model would learn that and refuse to count. Each
    row's weight is the inverse of the probability that its words alone give its label (cross-fitted, at most 4), so
    that in the weighted data they tell little. `own_ablated` rows have both labels for one wording and keep weight 1.
    """
    weighted = list(pairs)
    for wanted in ("question", "claim"):
        chosen = [i for i, p in enumerate(pairs) if p.task == wanted and p.dataset in STYLED]
        if not chosen:
            continue
        texts = [pairs[i].text for i in chosen]
        labels = np.array([pairs[i].answerable if wanted == "question" else pairs[i].label for i in chosen])
        words = make_pipeline(TfidfVectorizer(ngram_range=(1, 3), min_df=3), LogisticRegression(C=1, max_iter=3000))
        folds = GroupKFold(5).split(texts, groups=[pairs[i].group for i in chosen])
        for known, held_out in folds:
            words.fit([texts[i] for i in known], labels[known])
            told = words.predict_proba([texts[i] for i in held_out])
            for row, i in zip(told, held_out, strict=True):
                chance = 1 / len(row)
                weight = min(4.0, chance / float(row[labels[i]]))
                weighted[chosen[i]] = replace(pairs[chosen[i]], weight=weight)
    return weighted


def _own_row(row: dict, title: str, sentences: list[str]) -> Iterator[Pair]:
    group, whole = f"own:{row['id']}", tuple(sentences)
    for question, where in row["ask"]:
        relevant = tuple(int(n in where) for n in range(1, len(sentences) + 1))
        yield Pair("question", "own", group, question, title, whole, relevant, 1)
        rest = tuple(s for s, there in zip(sentences, relevant, strict=True) if not there)
        if rest:  # the same question, and an abstract that no longer answers it
            yield Pair("question", "own_ablated", group, question, title, rest, (0,) * len(rest), 0)
    for question, _ in row["miss"]:
        yield Pair("question", "own", group, question, title, whole, (0,) * len(sentences), 0)
    for claim, kind, where in row.get("claims", ()):
        label = {"S": 0, "C": 1}.get(kind, 2)  # partly supported is not supported
        quote = " ".join(sentences[n - 1] for n in where)
        yield Pair("claim", f"own_{kind}", group, claim, title, (quote,), label=label)
        others = [s for n, s in enumerate(sentences, 1) if n not in where]
        if kind == "S" and others:  # cited to the wrong sentence of the right abstract
            other = others[int(unit(claim) * len(others))]
            yield Pair("claim", "own_misplaced", group, claim, title, (other,), label=2)
        if kind in "SCN" and unit("whole" + claim) < 0.3:
            yield Pair("claim", "own_whole", group, claim, title, (" ".join(sentences),), label=label)


@cache
def _abstracts(bulk: Path) -> dict[str, tuple[str, str]]:
    wanted = {json.loads(line)["id"] for path in OWN.glob("*.jsonl") for line in path.read_text("utf-8").splitlines()}
    return {name: (title, text) for name, title, text in read_bulk(bulk) if name in wanted}


def _with_abstracts(bulk: Path, path: Path) -> Iterator[tuple[dict, str, tuple[str, ...]]]:
    """Each row of a file with the title and the sentences of its abstract."""
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    wanted = {row["id"] for row in rows}
    texts = {name: (title, text) for name, title, text in read_bulk(bulk) if name in wanted}
    for row in rows:
        title, text = texts[row["id"]]
        yield row, title, tuple(text[a:b] for a, b in split_sentences(text))


def read_bulk(bulk: Path) -> Iterator[tuple[str, str, str]]:
    """arXiv id, title and abstract."""
    with lzma.open(bulk, "rt", encoding="utf-8") as stream:
        for row in map(json.loads, stream):
            yield row["_id"], " ".join(row["title"].split()), " ".join(row["text"].split())


def _rows(folder: Path, name: str) -> Iterator[dict]:
    with gzip.open(folder / f"{name}.jsonl.gz", "rt", encoding="utf-8") as stream:
        yield from map(json.loads, stream)


def counts(pairs: list[Pair]) -> dict[str, int]:
    """Rows by data set."""
    found: dict[str, int] = defaultdict(int)
    for pair in pairs:
        found[pair.dataset] += 1
    return dict(sorted(found.items()))


def digest(pairs: list[Pair]) -> str:
    """SHA-256 of the rows, whatever their order."""
    rows = sorted(
        json.dumps([p.task, p.dataset, p.text, p.title, p.sentences, p.relevant, p.answerable, p.label]) for p in pairs
    )
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()
