"""Short exact slices of a sentence that lose no negation, hedge or restriction of the clause they are cut from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from citeworthy.synthesis.table.clauses import Break, Clauses
from citeworthy.synthesis.table.frames import after_frame
from citeworthy.synthesis.table.grammar import (
    calls_for_object,
    first_verb,
    is_finite,
    is_verb,
    may_begin,
    may_end,
    plain,
)
from citeworthy.synthesis.table.guards import is_conditional, is_conditioned, limits, loses_before, loses_behind
from citeworthy.synthesis.table.starts import Opening, Start, starts_of

MOST_WORDS = 12
MOST_CHARACTERS = 130
CUT = "…"
_OPENERS = frozenset("that which who where whether because when whose".split())
_BEGIN_A_CLAUSE = frozenset("and but so yet while whereas although because since".split())
_OFTEN_NOUNS = frozenset(
    "search study review survey approach fit map need help guide work support scale cost cut run use address attack "
    "target mix match rank search segment forecast present lead set sets split".split()
)
_FEWEST_OF_HEAD = 6  # words
_Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Slice:
    """Parts of a sentence, by offsets, with what tells how well they read."""

    parts: tuple[_Span, ...]
    text: str
    words: int
    end: Break
    opening: Opening
    clause: _Span = (0, 0)  # from the beginning of its clause to its own end; what is cut off behind was looked at
    finite: bool = False
    follows: tuple[str, ...] = ()  # the words of the sentence behind it
    colon: bool = False  # it announces something and ends
    behind: str = ""  # the word before it

    @property
    def shown(self) -> str:
        """As it stands in the cell."""
        return f"{self.text} {CUT}" if self.end is Break.PHRASE else self.text


def slices(sentence: str, facet: str = "", *, strict: bool = True) -> list[Slice]:
    """Every slice of at most MOST_WORDS words. Not `strict`: also those behind whose end ("…") something is left out
    that restricts what they say.
    """
    clauses = Clauses(sentence)
    found: dict[str, Slice] = {}
    if clauses.words:
        for start in starts_of(clauses, facet):
            for slice_ in _from(clauses, start, strict):
                found.setdefault(slice_.shown, slice_)
    return list(found.values())


def _from(clauses: Clauses, start: Start, strict: bool) -> Iterator[Slice]:
    words, breaks, first = clauses.words, clauses.breaks, start.first
    if not may_begin(words[first]):
        return
    for last in range(first, min(first + 3 * MOST_WORDS, len(words))):
        if breaks[last] is Break.NONE:
            continue
        if start.opening is Opening.MEANS and (
            Break.CLAUSE in breaks[first:last] or any(word.endswith(",") for word in words[first:last])
        ):
            break
        for left_out in _left_out(clauses, first, last):
            kept = [i for i in range(first, last + 1) if not any(a <= i <= b for a, b in left_out)]
            if start.subject:
                kept = [*range(start.subject[0], start.subject[1] + 1), *kept]
            if not kept or len(kept) > MOST_WORDS or _is_lossy(clauses, start, last, left_out, strict):
                continue
            made = _make(clauses, kept, breaks[last], start)
            if made is not None:
                yield made


def _left_out(clauses: Clauses, first: int, last: int) -> Iterator[list[_Span]]:
    """What is left out from within: nothing, parentheses, an aside, or both."""
    yield []
    within = [span for span in clauses.parentheses if first < span[0] and span[1] < last]
    if within:
        yield within
    for aside in clauses.asides:
        if first < aside[0] and aside[1] < last:
            yield [aside]
            outside = [span for span in within if span[1] < aside[0] or span[0] > aside[1]]
            if outside:
                yield sorted([*outside, aside])


def _is_lossy(clauses: Clauses, start: Start, last: int, left_out: list[_Span], strict: bool) -> bool:
    """Whether what is cut off would change what the rest says."""
    first = start.first
    begin, end = clauses.clause_around(first, last)
    before = clauses.piece(begin, first - 1)
    if start.opening is Opening.INTRODUCED and limits(before):
        return True
    if start.opening in (Opening.MEANS, Opening.RELATIVE, Opening.IS, Opening.REPORTED) and loses_before(before):
        return True
    if any(loses_before(clauses.piece(a, b)) for a, b in left_out):
        return True
    if clauses.breaks[last] is Break.STOP:
        return False
    if is_conditional(clauses.text[clauses.spans[last][1] :]):
        return True
    if is_conditioned(clauses.text[clauses.spans[last][1] :]):
        return strict or clauses.breaks[last] is not Break.PHRASE
    return strict and loses_behind(clauses.piece(last + 1, end))


def _make(clauses: Clauses, kept: list[int], end: Break, start: Start) -> Slice | None:
    parts: list[_Span] = []
    for before, index in zip([None, *kept], kept, strict=False):
        a, b = clauses.spans[index]
        if before is not None and index == before + 1:
            parts[-1] = (parts[-1][0], b)
        else:
            parts.append((a, b))
    pieces = [re.sub(r"\s+", " ", clauses.text[a:b]) for a, b in parts]
    pieces = [*(piece.rstrip(",") for piece in pieces[:-1]), pieces[-1].rstrip(".,;: ")]
    text = f" {CUT} ".join(pieces)
    if not re.search(r"\w", text) or len(text) > MOST_CHARACTERS or text.count("(") != text.count(")"):
        return None
    words = [clauses.words[index] for index in kept]
    if end is Break.PHRASE and calls_for_object(words[-1]) and plain(words[-1]) not in _OFTEN_NOUNS:
        return None
    if _leaves_open(words) or _half_a_clause(clauses, kept):
        return None
    around = clauses.clause_around(start.first, kept[-1])
    begin = start.subject[0] if start.subject else around[0]
    return Slice(
        tuple(parts), text, len(kept), end, start.opening,
        clause=(clauses.spans[begin][0], parts[-1][1]),
        finite=is_finite(words), follows=tuple(plain(word) for word in clauses.words[kept[-1] + 1 :]),
        colon=clauses.words[kept[-1]].endswith(":"),
        behind=plain(clauses.words[start.first - 1]) if start.first else "",
    )  # fmt: skip


def _leaves_open(words: list[str]) -> bool:
    """Whether a subordinate clause begins that has no verb yet: "such that the model"."""
    last = max((i for i, word in enumerate(words) if plain(word) in _OPENERS), default=-1)
    rest = words[last + 1 :]
    if last <= 0 or (len(rest) > 1 and plain(rest[0]).endswith("s")):  # "a method that blends ..."
        return False
    return first_verb(rest) is None and first_verb(["we", *rest]) is None


def _half_a_clause(clauses: Clauses, kept: list[int]) -> bool:
    """Whether a last clause has begun that has no verb yet: "..., and combining this with V-trace"."""
    begun = [i for i in kept if clauses.breaks[i] is Break.CLAUSE and i + 2 in kept]
    opener = plain(clauses.words[begun[-1] + 1]) if begun else ""
    return opener in _BEGIN_A_CLAUSE and not is_finite(["it", *clauses.words[begun[-1] + 2 : kept[-1] + 1]])


def head(sentence: str) -> Slice | None:
    """The first words of a sentence, or of what stands behind its "but", where nothing better can be cut from it. None
    where what is left out takes them back.
    """
    clauses = Clauses(sentence)
    if not clauses.words:
        return None
    begin = after_frame(clauses, presents=False)
    turns = [i + 1 for i, word in enumerate(clauses.words[:-1]) if i > begin and plain(word) in ("but", "yet")]
    turns = [i for i in turns if clauses.breaks[i - 2] >= Break.CLAUSE]
    return _head_from(clauses, turns[-1] if turns else begin)


def _head_from(clauses: Clauses, first: int) -> Slice | None:
    """The longest such beginning that ends where a phrase does."""
    words = clauses.words
    for last in range(min(first + MOST_WORDS, len(words)) - 1, first + _FEWEST_OF_HEAD - 2, -1):
        end = clauses.clause_around(last, last)[1]
        ends = clauses.breaks[last] or (last + 1 < len(words) and is_verb(words[last + 1]))
        whole = clauses.parentheses == [] or not clauses.inside[last] or words[last].endswith((")", "),", ");"))
        if not (ends and whole and may_end(words[last])) or calls_for_object(words[last]):
            continue
        if loses_behind(clauses.piece(last + 1, end)):
            continue
        made = _make(clauses, list(range(first, last + 1)), Break.PHRASE, Start(first, Opening.SENTENCE))
        if made is not None:
            return made
    return None
