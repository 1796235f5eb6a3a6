"""What a language model is shown: numbered papers with numbered sentences, as many as its window takes.

Sentence 2.4 is the fourth sentence of the abstract of paper 2. A number stays the same when sentences are left out,
and a sentence is shown whole or not at all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from citeworthy.records import Evidence, Paper

# Nothing in a paper can close the fence around it or look like a number of ours.
_FENCE = re.compile(r"<(?=/?(?:paper|source|question|task)\b)", re.IGNORECASE)
_LOOKS_LIKE_NUMBER = re.compile(r"\[(\d{1,2}(?:\.\d{1,2})?)\]")


@dataclass(frozen=True, slots=True)
class ShownPaper:
    """One numbered paper with the sentences that are shown of it, in the abstract's order."""

    number: int
    paper: Paper
    evidence: tuple[Evidence, ...]

    @property
    def text(self) -> str:
        """As the model sees it."""
        lines = [f'<paper number="{self.number}">', _defused(self.paper.title)]
        lines += [f"[{self._id(e)}] {_defused(e.sentence.text)}" for e in self.evidence]
        return "\n".join([*lines, "</paper>"])

    @property
    def sentences(self) -> dict[str, Evidence]:
        """By id."""
        return {self._id(evidence): evidence for evidence in self.evidence}

    def _id(self, evidence: Evidence) -> str:
        return f"{self.number}.{evidence.sentence.position + 1}"


@dataclass(frozen=True, slots=True)
class Sources:
    """All that is shown."""

    papers: tuple[ShownPaper, ...]

    @property
    def text(self) -> str:
        """As the model sees it."""
        return "\n".join(paper.text for paper in self.papers)

    @property
    def sentences(self) -> dict[str, Evidence]:
        """By id, in the order shown."""
        return {name: evidence for paper in self.papers for name, evidence in paper.sentences.items()}

    @property
    def evidence(self) -> list[Evidence]:
        """Best first."""
        return sorted(self.sentences.values(), key=lambda e: -e.score)


def pack(
    papers: Sequence[tuple[Paper, Sequence[Evidence]]],
    room: int,
    count_tokens: Callable[[str], int],
    most_sentences: int | None = None,
    first_number: int = 1,
) -> Sources:
    """The papers with their sentences, in the order given, whole where `room` tokens suffice; otherwise the least
    relevant sentences go first. Sentences that score 0 are hidden instructions and never shown.

    Each paper keeps its best sentence as long as any can be kept; papers at the end go when even those do not fit.
    """
    kept: list[set[int]] = [{i for i, e in enumerate(evidence) if e.score > 0} for _, evidence in papers]
    costs = [[count_tokens(e.sentence.text) + 8 for e in evidence] for _, evidence in papers]
    heads = [count_tokens(paper.title) + 16 for paper, _ in papers]
    best = [max(range(len(found)), key=lambda i: found[i].score, default=-1) for _, found in papers]
    by_worth = sorted(
        ((found[i].score, -n, -i) for n, (_, found) in enumerate(papers) for i in kept[n] if i != best[n])
    )
    total = sum(heads) + sum(costs[n][i] for n, k in enumerate(kept) for i in k)
    count = sum(len(k) for k in kept)
    for _, n, i in by_worth:
        if total <= room and (most_sentences is None or count <= most_sentences):
            break
        kept[-n].discard(-i)
        total -= costs[-n][-i]
        count -= 1
    last = len(papers)
    while last > 1 and total > room:
        last -= 1
        total -= heads[last] + sum(costs[last][i] for i in kept[last])
    shown = [p for p in range(last) if kept[p]]
    return Sources(
        tuple(
            ShownPaper(number, papers[p][0], tuple(papers[p][1][i] for i in sorted(kept[p])))
            for number, p in enumerate(shown, first_number)
        )
    )


def _defused(text: str) -> str:
    return _LOOKS_LIKE_NUMBER.sub(r"(\1)", _FENCE.sub("‹", text))
