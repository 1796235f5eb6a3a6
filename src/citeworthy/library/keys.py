"""Citation keys for papers that bring none: `sheng2024hybridflow`, as BibTeX users write them."""

from __future__ import annotations

import re
from collections.abc import Callable

from anyascii import anyascii

from citeworthy.library.identity import surname
from citeworthy.records import Paper
from citeworthy.text.tokens import STOP_WORDS

_WORD = re.compile(r"[A-Za-z0-9]+")
_SUFFIXES = "abcdefghijklmnopqrstuvwxyz"


def citation_key(paper: Paper, taken: Callable[[str], bool]) -> str:
    """A key not yet `taken`: the paper's own when it has one, else made from author, year and title.

    Without an author or year the first title words carry the key (`neuralhybridautomata`).
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


def _own(key: str) -> str:
    """A user's key without what BibTeX or a shell would trip over."""
    return re.sub(r"[\s,{}()\"'#%\\~=]+", "", key)


def _made(paper: Paper) -> str:
    words = [w.lower() for w in _WORD.findall(anyascii(paper.title)) if w.lower() not in STOP_WORDS]
    author = re.sub(r"\W", "", anyascii(surname(paper.authors[0]))) if paper.authors else ""
    title_words = words[:1] if author and paper.year else words[:3]
    return f"{author}{paper.year or ''}{''.join(title_words)}"[:60] or "untitled"
