"""How well an encoder finds papers on the dev questions and topics over the sample library, by itself and with BM25."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from sklearn.metrics import average_precision_score

from citeworthy.assistant import Assistant
from citeworthy.index.passages import passage
from citeworthy.settings import Settings

QUESTIONS = Path(__file__).parents[1] / "questions"
TOPICS = "topics_dev"
SETS = ("sample_dev", "sample_voices_dev", TOPICS)
KINDS = {"single", "multi"}
MANY = 300  # more than there are papers
DEPTH = 10
Encode = Callable[[Sequence[str], Sequence[Sequence[tuple[int, int]]]], list[torch.Tensor]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A question or topic with the papers that are right for it."""

    text: str
    right: list[int]
    doubtful: list[int]
    words: np.ndarray  # [papers]: BM25 over the total rarity of its words, as retrieval counts it


class Questions:
    """Read once; `figures` then takes any encoder."""

    def __init__(self) -> None:
        with tempfile.TemporaryDirectory() as home:
            assistant = Assistant.open(home, Settings(home=Path(home)))
            self._passages = [passage(paper) for paper in assistant.library.papers()]
            place = {paper.key: i for i, paper in enumerate(assistant.library.papers())}
            self._sets: dict[str, list[Wanted]] = {}
            for name in SETS:
                rows = [json.loads(line) for line in (QUESTIONS / f"{name}.jsonl").read_text("utf-8").splitlines()]
                self._sets[name] = some = []
                for row in rows:
                    text = row.get("topic") or row.get("question")
                    if not text or not row["papers"] or row.get("kind", "single") not in KINDS:
                        continue
                    words = np.zeros(len(place))
                    for hit in assistant.retriever.search(text, MANY).hits:
                        words[place[hit.paper.key]] = hit.lexical
                    doubtful = [place[key] for key in row.get("borderline", ())]
                    some.append(Wanted(text, [place[key] for key in row["papers"]], doubtful, words))

    def figures(self, encode: Encode) -> dict[str, dict[str, float]]:
        """By set: nDCG@10 of questions, average precision of topics, and how often a right paper is first."""
        papers = encode([text for text, _ in self._passages], [spans for _, spans in self._passages])
        whole = torch.stack([vectors[0] for vectors in papers])
        found: dict[str, dict[str, float]] = {}
        for name, some in self._sets.items():
            measure = precision if name == TOPICS else gain
            asked = torch.stack([vectors[0] for vectors in encode([one.text for one in some], [()] * len(some))])
            best = torch.stack([(asked @ v[1:].T).max(dim=1).values for v in papers], dim=1)
            meaning = (asked @ whole.T + best).numpy()
            found[name] = {}
            for way, share in (("cosines", 0.0), ("with BM25", 1.0)):
                scores = [row + share * one.words for row, one in zip(meaning, some, strict=True)]
                told = [measure(s, one) for s, one in zip(scores, some, strict=True)]
                first = [int(np.argmax(s)) in one.right for s, one in zip(scores, some, strict=True)]
                found[name] |= {
                    f"{measure.__name__}, {way}": round(float(np.mean(told)), 3),
                    f"first, {way}": round(float(np.mean(first)), 3),
                }
        return found


def gain(scores: np.ndarray, wanted: Wanted) -> float:
    """nDCG@10."""
    discounts = 1 / np.log2(np.arange(2, 2 + DEPTH))
    gained = np.isin(np.argsort(-scores)[:DEPTH], wanted.right) @ discounts
    return float(gained / discounts[: len(wanted.right)].sum())


def precision(scores: np.ndarray, wanted: Wanted) -> float:
    """Average precision over all papers; doubtful ones count neither way."""
    kept = np.setdiff1d(np.arange(len(scores)), wanted.doubtful)
    return float(average_precision_score(np.isin(kept, wanted.right), scores[kept]))
