"""Measure how well `synthesis/drafts/scope.py` tells which part of a sentence a citation vouches for.

CORWA (Li et al., NAACL 2022) labels in paragraphs of related work which words derive from which cited paper. For every
citation that our finder finds in a sentence and that has a labelled span of its own (a paper that is merely mentioned
within another's span has none), the words of our scope are compared with the labelled words of that sentence, marks of
citations left out on both sides: token F1, mean over citations. The baseline takes the whole sentence. `carried` is
the precision of handing a citation on to the sentences that follow it.

    python eval/training/citation_scope.py --data ../shared/data/corwa --split test
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from citeworthy.synthesis.drafts.carried import MOST, goes_on, speakers
from citeworthy.synthesis.drafts.marks import Mark, Mention, joined, spoken
from citeworthy.synthesis.drafts.mentions import find_author_year
from citeworthy.synthesis.drafts.prose import assembled
from citeworthy.synthesis.drafts.scope import Anchor, scopes
from citeworthy.synthesis.drafts.tidy import Line

_WORD = re.compile(r"\w+")


@dataclass
class Sentence:
    """A sentence as a draft's reader would give it, and where its marks were in the paragraph."""

    line: Line
    marks: list[Mark]
    anchors: list[Anchor]
    number: int  # in its paragraph


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/data/corwa"))
    parser.add_argument("--split", choices=("train", "test"), default="train")
    parser.add_argument("--show", type=int, default=0, help="print that many sentences in which we are far off")
    arguments = parser.parse_args()
    rows: list[tuple[int, str, float, float]] = []
    carried: list[bool] = []
    shown = 0
    for paragraph, spans in read(arguments.data / f"CORWA_{arguments.split}.jsonl.gz"):
        told: list[Mark] = []
        going = 0
        for sentence in sentences(paragraph):
            if told and not sentence.marks and going < MOST and goes_on(sentence.line.text, told[0].name):
                going += 1
                carried.append(belongs(sentence, told[0], spans))
                continue
            going = 0
            told = [sentence.marks[number] for number in speakers(sentence.line.text, sentence.anchors)]
            found = scopes(sentence.line.text, sentence.anchors)
            for mark, scope in zip(sentence.marks, found, strict=True):
                gold = labelled(mark, spans)
                if gold is None:
                    continue
                ours, whole = score(sentence, scope, gold), score(sentence, (0, len(sentence.line.text)), gold)
                if ours is None or whole is None:
                    continue
                rows.append((len(sentence.marks), "name" if mark.name else "mark", ours, whole))
                if len(sentence.marks) > 1 and ours < 0.5 and shown < arguments.show:
                    shown += 1
                    print(f"{ours:.2f} {paragraph[mark.start : mark.end]!r}\n   {sentence.line.text}")
                    print(
                        f"   ours: {sentence.line.text[scope[0] : scope[1]]}\n   gold: {paragraph[gold[0] : gold[1]]}"
                    )
    for name, wanted in (
        ("sentences with two or more citation groups", lambda row: row[0] > 1),
        ("  of them marks in parentheses", lambda row: row[0] > 1 and row[1] == "mark"),
        ("  of them names", lambda row: row[0] > 1 and row[1] == "name"),
        ("sentences with one citation group", lambda row: row[0] == 1),
        ("  of them marks in parentheses", lambda row: row[0] == 1 and row[1] == "mark"),
        ("  of them names", lambda row: row[0] == 1 and row[1] == "name"),
    ):
        chosen = [row for row in rows if wanted(row)]
        ours, whole = (sum(row[at] for row in chosen) / max(len(chosen), 1) for at in (2, 3))
        print(f"{name:45} n={len(chosen):5}  scope {ours:.3f}  whole sentence {whole:.3f}")
    print(
        f"{'sentences that a citation is carried to':45} n={len(carried):5}  "
        f"precision {sum(carried) / len(carried):.3f}"
    )


def belongs(sentence: Sentence, told: Mark, spans: list[dict]) -> bool:
    """Whether more than half of the sentence is in the labelled span of the work it was taken to go on about."""
    gold = labelled(told, spans)
    where = sentence.line.index
    return gold is not None and gold[0] <= where[len(where) // 4] and where[3 * len(where) // 4] <= gold[1]


def read(path: Path) -> Iterator[tuple[str, list[dict]]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            yield row["paragraph"], row["span_citation_mapping"]


def sentences(paragraph: str) -> Iterator[Sentence]:
    found = [
        Mark(mark.start, mark.end, tuple(Mention(named.who, named.start) for named in mark.named), mark.name)
        for mark in find_author_year(paragraph)
    ]
    marks = spoken(paragraph, joined(paragraph, found), lambda _: "")
    for number, match in enumerate(re.finditer(r"\[BOS\] ?(.*?)(?=\[BOS\]|$)", paragraph, re.DOTALL)):
        own = [mark for mark in marks if match.start(1) <= mark.start < match.end(1)]
        yield Sentence(*assembled_in_order(paragraph, match, own), number)


def assembled_in_order(paragraph: str, match: re.Match[str], own: list[Mark]) -> tuple[Line, list[Mark], list[Anchor]]:
    line, anchors = assembled(paragraph, match.start(1), match.end(1), own)
    return line, own, anchors


def labelled(mark: Mark, spans: list[dict]) -> tuple[int, int] | None:
    """The labelled span that derives from the paper; some spans do not say from which, and their names have lost their
    accents.
    """
    for span in spans:
        if span["char_start"] < mark.end and mark.start < span["char_end"]:
            own = span["span_citation_mapping"][span["span_type"]]
            others = span["span_citation_mapping"]["Reference" if span["span_type"] == "Dominant" else "Dominant"]
            surnames = {mention.key for mention in mark.mentions}
            if any(surname in cited for surname in surnames for cited in own):
                return span["char_start"], span["char_end"]
            if (
                mark.name
                and span["span_type"] == "Dominant"
                and not any(n in cited for n in surnames for cited in others)
            ):
                return span["char_start"], span["char_end"]
            return None
    return None


def score(sentence: Sentence, scope: tuple[int, int], gold: tuple[int, int]) -> float | None:
    """Token F1; None where the labelled span has no words of this sentence apart from marks and names."""
    names = [(a.start, a.end) for a in sentence.anchors]
    words = [m for m in _WORD.finditer(sentence.line.text) if not any(a <= m.start() < b for a, b in names)]
    ours = {m.start() for m in words if scope[0] <= m.start() < scope[1]}
    theirs = {m.start() for m in words if gold[0] <= sentence.line.index[m.start()] < gold[1]}
    if not theirs:
        return None
    return 2 * len(ours & theirs) / (len(ours) + len(theirs))


if __name__ == "__main__":
    main()
