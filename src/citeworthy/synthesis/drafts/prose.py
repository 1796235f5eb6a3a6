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
from citeworthy.synthesis.drafts.places import Sources
from citeworthy.synthesis.drafts.scope import Anchor, scopes
from citeworthy.synthesis.drafts.tidy import SPOT, Line, tidied
from citeworthy.text.sentences import split_sentences

_LONGEST = 8_000  # characters split into sentences at once; nobody writes a longer paragraph
_SENTENCE_END = re.compile(r"[.!?]['\"”’)\]]*\s+(?=[A-Z])")
_GLUE = re.compile(r"\s*(?:[,;/&–-]|,?\s*\b(?:and|or)\b)?\s*")
_NOUN_BEFORE = re.compile(  # a mark after one of these stands for the work: "as in [1]"
    r"(?:^|\b(?:in|by|of|from|to|with|on|per|via|following|like|than|and|both|or|see|extends?|extending|uses?|use)\s)$",
    re.IGNORECASE,
)
_VERB_AFTER = re.compile(r"\s*(?:['’]s\b|,?\s?[a-z]\w+)")
_NO_VERB = re.compile(r"\s*,?\s?(?:and|or|but|while|whereas|for|in|on|of|with|as|that|which|to)\b")
_SPOKEN_OF = re.compile(r"(?:[A-ZÀ-ÖØ-Ž][\w'’-]+ (?:et al\.?|(?:and|&) [A-ZÀ-ÖØ-Ž][\w'’-]+))\s*$")
_REACH = 80
_PLACEHOLDER = "Xx"


@dataclass(frozen=True, slots=True)
class Mention:
    """One paper in a Mark. `part` is "author" or "year" where only that is printed, which alone is no citation."""

    key: str
    offset: int  # of the key among the Sources
    part: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """Citations that stand together: `text[start:end]` of their paragraph.

    Of a mark with a name ("Sheng et al.") the name stays in the sentence; one without is taken out, unless it has to
    stand for something ("as in [1]").
    """

    start: int
    end: int
    mentions: tuple[Mention, ...]
    name: str = ""


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
            spoke = [own[number] for number in speakers(line.text, anchors)]
            told = [(citation, mark.name) for citation, mark in cited if mark in spoke]
        yield DraftSentence(
            line.text,
            sources.place(paragraph.offsets[line.index[0]]),
            sources.behind(paragraph.offsets[_last(line, own)]),
            tuple(citations),
            paragraph.section,
        )


def joined(text: str, marks: Sequence[Mark]) -> list[Mark]:
    """Marks that have nothing but a comma or "and" between them as one."""
    groups: list[Mark] = []
    for mark in sorted(marks, key=lambda mark: mark.start):
        last = groups[-1] if groups else None
        if last and mark.start < last.end:
            continue  # the same words read twice
        if last and not last.name and not mark.name and _GLUE.fullmatch(text, last.end, mark.start):
            groups[-1] = Mark(last.start, mark.end, (*last.mentions, *mark.mentions))
        else:
            groups.append(mark)
    return groups


def spoken(text: str, marks: Sequence[Mark], bylines: Callable[[Mention], str]) -> list[Mark]:
    """The same with a name for each mark that the sentence cannot do without."""
    done: list[Mark] = []
    for mark in marks:
        name, start = mark.name, mark.start
        before = text[max(0, start - _REACH) : start]
        if not name and (written := _SPOKEN_OF.search(before)):
            start -= len(written[0])  # "Smith et al. [1] show": the name is there already
            name = written[0].rstrip()
        elif not name and _stands_for_work(before, text, mark.end):
            names = list(dict.fromkeys(filter(None, map(bylines, mark.mentions))))
            name = " and ".join(names) or ("this work" if len(mark.mentions) == 1 else "these works")
            name = name[0].upper() + name[1:] if _opens(before) else name
        done.append(Mark(max(start, done[-1].end if done else 0), mark.end, mark.mentions, name))
    return done


def assembled(text: str, start: int, end: int, marks: Sequence[Mark]) -> tuple[Line, list[Anchor]]:
    """The sentence `text[start:end]` as it reads without its marks, and an Anchor for each mark."""
    pieces: list[str] = []
    index: list[int] = []
    position = start
    for mark in marks:
        begins = min(max(mark.start, start), end)
        plain = text[position:begins].replace(SPOT, " ")
        put = mark.name.replace(SPOT, " ") or SPOT
        pieces += [plain, put]
        index += [*range(position, position + len(plain)), *[begins] * len(put)]
        position = max(position, min(mark.end, end))
    pieces.append(text[position:end].replace(SPOT, " "))
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


def _stands_for_work(before: str, text: str, end: int) -> bool:
    if _opens(before):
        return bool(_VERB_AFTER.match(text, end)) and not _NO_VERB.match(text, end)
    return _NOUN_BEFORE.search(before) is not None


def _opens(before: str) -> bool:
    return not before.strip() or before.rstrip()[-1] in ".!?" and not before.rstrip().endswith(("al.", "e.g.", "i.e."))


def _last(line: Line, marks: Sequence[Mark]) -> int:
    """The last character of the sentence in its paragraph, which may be that of a name."""
    last = line.index[-1]
    return next((mark.end - 1 for mark in marks if mark.name and mark.start == last), last)


def _cited(
    marks: Sequence[Mark], places: Sequence[tuple[int, int]], sources: Sources
) -> list[tuple[DraftCitation, Mark]]:
    """Each paper once a mark; a name or a year alone counts with the other half in the same sentence."""
    printed = {(m.key, m.part) for mark in marks for m in mark.mentions}
    found: list[tuple[DraftCitation, Mark]] = []
    for mark, scope in zip(marks, places, strict=True):
        for mention in {mention.key: mention for mention in reversed(mark.mentions)}.values():
            other = {"author": "year", "year": "author"}.get(mention.part)
            alone = other and ((mention.key, other) not in printed or (mention.key, "") in printed)
            if not alone and mention.part != "year":
                found.append((DraftCitation(mention.key, sources.place(mention.offset), scope), mark))
    return found
