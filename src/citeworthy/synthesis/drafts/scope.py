"""Which part of a sentence a citation vouches for.

Input   the sentence's text without citation marks, and an Anchor for each group of citations in it
Output  one (start, end) for each Anchor, within the text

A mark in parentheses closes what it vouches for, which reaches back to the citation before or to where its clause
begins; a name ("Smith et al. show that ...") opens it, up to the clause in which the next name speaks. The rules
are measured against labelled spans by `eval/training/citation_scope.py`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

Span = tuple[int, int]

_CLAUSE = re.compile(  # where one clause ends (start of the match) and another begins (its end)
    r"\s?[;:]\s+|\s+[–—]\s+|—"
    r"|\s?,?\s+(?=(?:while|whereas|although|though|but|yet|however|because|unlike)\b)"
    r"|\s?,\s+(?=(?:which|who|where|so|and|or|nor|then|as|whose|with|by|using)\b)"
)
_GLUE = re.compile(r"[\s,;]*(?:(?:and|or|as well as)\b[\s,;]*(?:by\b|the \w+ of\b|in\b|of\b)?)?[\s,;]*")
_EXAMPLES = re.compile(r"\b(?:such as|including|e\.g\.,?|for example,?|for instance,?|namely|(?<=s )like)\s+")
_OBJECT = re.compile(  # a name after one of these is spoken of, it does not speak
    r"\b(?:by|of|from|in|to|with|on|per|via|following|than|like|see|e\.g\.|as|for|after|against|over|extends?|"
    r"extended|uses?|used|using|follows?|followed|adopts?|adapts?|adapted|including|through|at)[,\s]*$",
    re.IGNORECASE,
)
_RELATIVE = re.compile(r"\s?,\s(?:who|which|where|they)\b")
_GOES_ON = re.compile(  # what follows a mark and does not continue the clause with its verb
    r"\s*(?:[,;:.!?)\]–—]|(?:and|or|but|while|whereas|to|for|in|on|of|with|by|from|as|that|which|at|via|using|where|"
    r"over|than|into|when|because|since|through|between|under|without|among|although|though|if|so)\b|$)"
)
_SHORT = 6  # words
_MOST = 60  # groups of citations; what has more is no sentence
_REACH = 40  # characters


@dataclass(frozen=True, slots=True)
class Anchor:
    """A group of citations: a name that stands in the text, or (start == end) where a mark was taken out."""

    start: int
    end: int

    @property
    def is_name(self) -> bool:
        return self.start < self.end


def scopes(text: str, anchors: Sequence[Anchor]) -> list[Span]:
    """For each Anchor what it vouches for. Names in a row ("Smith, and Lee et al.") share theirs."""
    if len(anchors) > _MOST:
        return [(0, len(text))] * len(anchors)
    groups = rows(text, anchors)
    clauses = _clauses(text)
    found: list[Span] = []
    for number, row in enumerate(groups):
        found += [_trimmed(text, _scope(text, groups, number, clauses))] * len(row)
    return found


def rows(text: str, anchors: Sequence[Anchor]) -> list[list[Anchor]]:
    """Anchors of one kind with nothing but a comma or "and" between them, together."""
    found: list[list[Anchor]] = []
    for anchor in anchors:
        last = found[-1][-1] if found else None
        if last and last.is_name == anchor.is_name and _GLUE.fullmatch(text, last.end, anchor.start):
            found[-1].append(anchor)
        else:
            found.append([anchor])
    return found


def speaks(text: str, anchor: Anchor) -> bool:
    """Whether a name is the subject, not spoken of ("proposed by Smith")."""
    return anchor.is_name and not _OBJECT.search(text, max(0, anchor.start - _REACH), anchor.start)


def _scope(text: str, groups: list[list[Anchor]], number: int, clauses: list[Span]) -> Span:
    first = groups[number][0]
    if speaks(text, first):
        return _opened(text, groups, number, clauses)
    return _spoken_of(text, groups, number, clauses) if first.is_name else _closed(text, groups, number, clauses)


def _closed(text: str, groups: list[list[Anchor]], number: int, clauses: list[Span]) -> Span:
    """What stands before a mark."""
    first, last = groups[number][0], groups[number][-1]
    if len(groups) == 1 and not text[last.end :].strip(" .!?;:,)\"'”’"):
        return 0, len(text)
    begins, ends = next((c for c in clauses if first.start <= c[1]), clauses[-1])
    before = max((row[-1].end for row in groups[:number] if not row[0].is_name), default=0)
    start = max(begins, before)
    if before and start == before:
        glue = _GLUE.match(text, start, first.start)
        start = glue.end() if glue else start
    for example in _EXAMPLES.finditer(text, start, first.start):
        start = example.end()
    words = len(text[start : first.start].split())
    if words <= _SHORT and start == begins and not _GOES_ON.match(text, last.end):
        following = min((row[0].start for row in groups[number + 1 :]), default=len(text))
        return start, max(last.end, min(ends, following))
    return start, last.end


def _spoken_of(text: str, groups: list[list[Anchor]], number: int, clauses: list[Span]) -> Span:
    """ "A was proposed by Smith (2020) for B": what stands before, or in a sentence of its own all of it."""
    first, last = groups[number][0], groups[number][-1]
    if len(groups) == 1:
        return 0, len(text)
    if _RELATIVE.match(text, last.end):  # "the work of Koo et al., who report ..."
        return first.start, _opened(text, groups, number, clauses)[1]
    begins, ends = next((c for c in clauses if first.start <= c[1]), clauses[-1])
    before = max((row[-1].end for row in groups[:number]), default=0)
    following = min((row[0].start for row in groups[number + 1 :]), default=len(text))
    start = max(begins, before)
    return start, max(last.end, min(ends, following) if start == begins else last.end)


def _opened(text: str, groups: list[list[Anchor]], number: int, clauses: list[Span]) -> Span:
    """From the clause in which the name stands to the one in which the next name speaks."""
    first, last = groups[number][0], groups[number][-1]
    start, end = 0, len(text)
    if number:
        earlier = groups[number - 1][-1].end
        start = max([c[0] for c in clauses if earlier <= c[0] <= first.start], default=0)
    for row in groups[number + 1 :]:
        if row[0].is_name:
            comma = text.rfind(",", last.end, row[0].start)
            begun = (c[0] for c in reversed(clauses) if last.end < c[0] <= row[0].start)
            end = next(begun, comma if comma > 0 else len(text))
            break
    return start, end


def _clauses(text: str) -> list[Span]:
    spans: list[Span] = []
    start = 0
    for match in _CLAUSE.finditer(text):
        spans.append((start, match.start()))
        start = match.end()
    return [*spans, (start, len(text))]


def _trimmed(text: str, span: Span) -> Span:
    start, end = span
    while start < end and (text[start].isspace() or text[start] in ",;"):
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return (start, end) if any(c.isalnum() for c in text[start:end]) else (0, len(text))
