"""A paper listing as people paste it from a web page: a title line, then its abstract on the next line, in turn.

Around and between them may stand lines that belong to the page (menus, dates, buttons), and the page's button
words may be glued to a title ("SubscribeNeural Hybrid Automata ..."). An abstract is recognised by its length and
its sentences, the title as the line before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import IO

from citeworthy.sources.entries import Entry, Record, Skipped, make_entry
from citeworthy.sources.syntax.lines import MAX_LINE, numbered_lines

NAME = "paper listing"
_ABSTRACT_LENGTH = 250
_SHORT_ABSTRACT = 120
_LONGEST_TITLE = 400
_BUTTON = re.compile(
    r"^(?:Subscribe|Upvote|Follow|Share|Save|Download|View|Published|Submitted|Abstract|New)(?=[A-Z][\w-]*\s)"
)
# A page's source, an e-mail, a draft: prose that a title may seem to stand above, and no listing.
_SOURCE = re.compile(
    r"\s*(?:<[!?a-z]|%[!PD]|(?:From|To|Subject|Received|Return-Path|MIME-Version|Message-ID|Delivered-To):\s)", re.I
)
_LATEX = re.compile(r"^\s*\\(?:documentclass|begin|section|bibitem)\b", re.MULTILINE)
_LABEL = re.compile(  # of an export in a format of its own: whose records are no two lines
    r"^[ \t]*(?:(?:PMID|DOI|Authors?|Author information|Abstract|Publication info|Subjects|Unique Identifier)\s*:"
    r"|<\d+>\s*$|Unique Identifier\s*$|Document \d+ of \d+)",
    re.MULTILINE | re.IGNORECASE,
)
_FEW_LABELS = 2
_SENTENCE_END = re.compile(r"[.!?][\"'”’)\]]*\s*$")


def recognises(head: str) -> bool:
    """At least one short line followed by a long one that reads like an abstract, and no source of something else."""
    if _SOURCE.match(head) or _LATEX.search(head) or len(_LABEL.findall(head)) > _FEW_LABELS:
        return False
    lines = [line.strip() for line in head.splitlines() if line.strip()]
    return any(not _is_abstract(title) and _is_abstract(text) for title, text in pairwise(lines))


def read(stream: IO[str], source: str) -> Iterator[Entry | Skipped]:
    """Entries in file order; every other line is reported."""
    title: tuple[int, str] | None = None
    seen_any = False
    for number, line in numbered_lines(stream):
        if line is None:
            yield Skipped(number, f"a line of more than {MAX_LINE:,} characters is not an abstract")
            continue
        text = line.strip()
        if not text:
            continue
        if not _is_abstract(text):
            if title is not None:
                yield Skipped(title[0], _left_over(title[1], seen_any))
            title = (number, text)
            continue
        if title is None:
            yield Skipped(number, f"an abstract without a title: {text[:60]!r}")
            continue
        heading = title[1] if seen_any else _BUTTON.sub("", title[1])
        found = make_entry(Record(heading, text), title[0], source)
        seen_any = seen_any or isinstance(found, Entry)
        yield found
        title = None
    if title is not None:
        yield Skipped(title[0], _left_over(title[1], seen_any))


def _left_over(text: str, seen_any: bool) -> str:
    what = "no abstract follows this line" if seen_any else "no abstract follows this line (page header?)"
    return f"{what}: {text[:60]!r}"


def _is_abstract(text: str) -> bool:
    if len(text) > _LONGEST_TITLE:
        return True
    ends = bool(_SENTENCE_END.search(text))
    if len(text) >= _ABSTRACT_LENGTH:
        return ends
    return ends and len(text) >= _SHORT_ABSTRACT and len(re.findall(r"[.!?]\s+[A-Z]", text)) >= 1
