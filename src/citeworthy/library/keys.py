"""Citation keys for papers that bring none: `sheng2024hybridflow`, as BibTeX users write them."""

from __future__ import annotations

import re
from collections.abc import Callable

from anyascii import anyascii

from citeworthy.records import Paper
from citeworthy.text.people import surname
from citeworthy.text.tokens import STOP_WORDS

_WORD = re.compile(r"[A-Za-z0-9]+")
_WORDS_ALONE = 3  # title words in a key that has no author or year
_LONGEST = 200  # characters of a user's own key
_SUFFIXES = "abcdefghijklmnopqrstuvwxyz"


def citation_key(paper: Paper, taken: Callable[[str], bool]) -> str:
    """A key not yet `taken`: the paper's own when it has one, else made from author, year and title.

    Without an author or year the title's method name or first words carry the key (`hybridflow`).
    """
    base = _own(paper.key) or _made(paper)
    if not taken(base):
        return base
    for suffix in _SUFFIXES:
        if not taken(base + suffix):
            return base + suffix
    number = 2
    while taken(f"{base}-{number}"):
        number += 1
    return f"{base}-{number}"


def _title_words(title: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(anyascii(title)) if word.lower() not in STOP_WORDS]


def _own(key: str) -> str:
    """A user's key without what BibTeX, a shell or a terminal would trip over, and none that fills a page."""
    kept = re.sub(r"[\s,{}()\"'#%\\~=]+", "", key[:_LONGEST])
    return kept if kept.isprintable() else "".join(c for c in kept if c.isprintable())


def _made(paper: Paper) -> str:
    words = _title_words(paper.title)
    author = re.sub(r"\W", "", anyascii(surname(paper.authors[0]))) if paper.authors else ""
    method = _title_words(paper.title.split(":")[0]) if ":" in paper.title else []
    alone = method if 1 <= len(method) <= _WORDS_ALONE else words[:_WORDS_ALONE]
    title_words = words[:1] if author and paper.year else alone
    return f"{author}{paper.year or ''}{''.join(title_words)}"[:60] or "untitled"
