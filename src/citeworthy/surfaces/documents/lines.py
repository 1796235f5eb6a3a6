"""Text of papers and users as one line that no format trips over."""

from __future__ import annotations

import re
import unicodedata

_JOINERS = "\u200c\u200d"  # Persian and emoji need them; the other invisible characters can make text lie
_SPACES = re.compile(r"\s+")


def one_line(text: str) -> str:
    r"""Runs of white space are one space, and so are control, private and bidirectional ones; both ends stay.

    >>> one_line("a\tb\x00\n c ")
    'a b c '
    """
    kept = "".join(character if _is_kept(character) else " " for character in text)
    return _SPACES.sub(" ", kept)


def _is_kept(character: str) -> bool:
    if character.isprintable() or character in _JOINERS:
        return unicodedata.category(character) != "Co"
    return False
