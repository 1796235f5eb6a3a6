"""A paragraph with its citation marks -> sentences that read naturally, each with what it cites.

What the readers of formats hand over is a Paragraph: characters, where each of them stands, and the Marks among them.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from citeworthy.synthesis.drafts.carried import MOST, goes_on, speakers
from citeworthy.synthesis.drafts.draft import DraftCitation, DraftSentence
from citeworthy.synthesis.drafts.marks import Mark, Mention, joined, spoken
from citeworthy.synthesis.drafts.places import Sources
from citeworthy.synthesis.drafts.scope import Anchor, scopes
from citeworthy.synthesis.drafts.tidy import SPOT, Line, tidied
from citeworthy.text.sentences import split_sentences

_LONGEST = 4_000  # characters split into sentences at once; nobody writes a longer paragraph
_SENTENCE_END = re.compile(r"[.!?]['\"”’)\]]*\s+(?=[A-Z])")
_PLACEHOLDER = "Xx"


@dataclass(slots=True)
class Paragraph:
    """Running text. `offsets[i]` says where `text[i]` stands; of a stretch that was converted the first and last
    characters do."""

    text: str
    offsets: Sequence[int]
    marks: list[Mark] = field(default_factory=list)
    section: str = ""


def sentences(paragraph: Paragraph, sources: Sources, bylines: Callable[[Mention], str]) -> Iterator[DraftSentence]:
    """The sentences of a paragraph in order. `bylines` gives the authors of a paper, "" where they are not known."""
    marks = spoken(paragraph.text, joined(paragraph.text, paragraph.marks), bylines)
    taken = 0
    told: list[tuple[DraftCitation, str]] = []  # by whom, where a sentence may go on about them
    going = 0
    for start, end, reach in _spans(paragraph.text, marks):
        first = taken
        while taken < len(marks) and marks[taken].start < reach:
            taken += 1
        line, anchors = assembled(paragraph.text, start, end, marks[first:taken])
        if not any(c.isalnum() for c in line.text):
            continue
        own = marks[first:taken]
        cited = _cited(own, scopes(line.text, anchors), sources)
        if not own and going < MOST and told and goes_on(line.text, told[0][1]):
            going += 1
            scope = (0, len(line.text))
            citations = [replace(citation, scope=scope, carried=True) for citation, _ in told]
        else:
            going = 0
            citations = [citation for citation, _ in cited]
            spoke = set(speakers(line.text, anchors))
            told = [(citation, own[number].name) for citation, number in cited if number in spoke]
        yield DraftSentence(
            line.text,
            sources.place(paragraph.offsets[line.index[0]]),
            sources.behind(paragraph.offsets[_last(line, own)]),
            tuple(citations),
            paragraph.section,
        )


def assembled(text: str, start: int, end: int, marks: Sequence[Mark]) -> tuple[Line, list[Anchor]]:
    """The sentence `text[start:end]` as it reads without its marks, and an Anchor for each mark."""
    pieces: list[str] = []
    index: list[int] = []
    position = start
    for mark in marks:
        begins = min(max(mark.start, start), end)
        plain = text[position:begins]
        put = mark.name or SPOT
        if put.endswith(".") and text[mark.end : mark.end + 2].lstrip().startswith("."):
            put = put[:-1]  # "as shown by Smith et al."
        pieces += [plain, put]
        index += [*range(position, position + len(plain)), *[begins] * len(put)]
        position = max(position, min(mark.end, end))
    pieces.append(text[position:end])
    index += range(position, max(end, position))
    line, spots = tidied("".join(pieces), index)
    anchors = []
    for mark in marks:
        if mark.name:
            begins = bisect_left(line.index, min(max(mark.start, start), end))
            anchors.append(Anchor(begins, bisect_right(line.index, min(max(mark.start, start), end))))
        else:
            spot = next(spots)
            anchors.append(Anchor(spot, spot))
    return line, anchors


def _spans(text: str, marks: Sequence[Mark]) -> Iterator[tuple[int, int, int]]:
    """(start, end, where the next begins): marks behind a full stop belong to the sentence before it."""
    shadow = list(re.sub(r"\s", " ", text))
    for mark in marks:
        width = mark.end - mark.start
        shadow[mark.start : mark.end] = (_PLACEHOLDER + "x" * width)[:width] if mark.name else " " * width
    spans: list[tuple[int, int]] = []
    plain = "".join(shadow)
    position = 0
    while position < len(plain):
        end = _piece_end(plain, position)
        spans += [(position + a, position + b) for a, b in split_sentences(plain[position:end])]
        position = end
    for number, (start, end) in enumerate(spans):
        yield start, end, spans[number + 1][0] if number + 1 < len(spans) else len(text) + 1


def _piece_end(text: str, start: int) -> int:
    """Where to cut a paragraph that is too long to be one."""
    limit = start + _LONGEST
    if limit >= len(text):
        return len(text)
    ends = [match.end() for match in _SENTENCE_END.finditer(text, start, limit)]
    space = text.rfind(" ", start, limit)
    return ends[-1] if ends else space + 1 if space > start else limit


def _last(line: Line, marks: Sequence[Mark]) -> int:
    """The last character of the sentence in its paragraph, which may be that of a name."""
    last = line.index[-1]
    return next((mark.end - 1 for mark in marks if mark.name and mark.start == last), last)


def _cited(
    marks: Sequence[Mark], places: Sequence[tuple[int, int]], sources: Sources
) -> list[tuple[DraftCitation, int]]:
    """Each paper once a mark, with the mark's number; a name or a year alone counts with the other half beside it."""
    printed = {(m.key, m.part) for mark in marks for m in mark.mentions}
    found: list[tuple[DraftCitation, int]] = []
    for number, (mark, scope) in enumerate(zip(marks, places, strict=True)):
        for mention in _each_once(mark.mentions):
            other = {"author": "year", "year": "author"}.get(mention.part)
            alone = other and ((mention.key, other) not in printed or (mention.key, "") in printed)
            if not alone and mention.part != "year":
                found.append((DraftCitation(mention.key, sources.place(mention.offset), scope), number))
    return found


def _each_once(mentions: Sequence[Mention]) -> list[Mention]:
    first: dict[str, Mention] = {}
    for mention in mentions:
        if mention.key not in first or not mention.part:
            first[mention.key] = mention
    return list(first.values())
