"""Titles and abstracts as stored: normalised once, when a paper is read, and never again.

The text as received is kept beside the normalised one in the library, so nothing is lost and every step can
be looked up. Steps, in order: Unicode NFC, control and bidirectional characters out, markup (HTML, JATS) and
entities to text, LaTeX to text, white space to single spaces.
"""

from __future__ import annotations

import html
import re
import unicodedata

from citeworthy.text.latex import plain_text

_TAGS = (
    "abstract b br div em h[1-6] i italic jats:[a-z-]+ label mml:[a-z]+ p sc scp sec span strong sub sup title tt u"
).split()
_TAG = re.compile(rf"</?(?:{'|'.join(_TAGS)})(?:\s[^<>]{{0,200}})?/?>", re.IGNORECASE)
_BLOCK_TAG = re.compile(r"</?(?:br|div|h[1-6]|p|sec|title|label|jats:(?:p|sec|title))\b[^<>]{0,200}>", re.IGNORECASE)
_BIDIRECTIONAL = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0xFEFF, 0x00AD, 0x200B])
_SPACE = re.compile(r"\s+")
_TITLE_WORDS = 12  # of an abstract that has no title
_ROUNDS = 100  # `&amp;lt;` needs two, a run of backslashes one each; ordinary text is done after one
_MARKS = re.compile(r"[\\&<$^_{}]+")  # what nests; where it does so deeper than that, nobody meant it


def normalise(text: str) -> str:
    """The stored form of a title or abstract; applying it again changes nothing.

    >>> normalise("A <i>fast</i>&nbsp;method: p &lt; 0.05 (n = 1024)")
    'A fast method: p < 0.05 (n = 1024)'
    """
    for _ in range(_ROUNDS):
        result = _once(text)
        if result == text:
            return text
        text = result
    return normalise(_MARKS.sub(" ", text)) if _MARKS.search(text) else text


def tidy(text: str) -> str:
    r"""For values that may be file names or links: only control characters, entities and white space are put right.

    >>> tidy("C:\\papers\\a_b.pdf  &amp; more")
    'C:\\papers\\a_b.pdf & more'
    """
    return _SPACE.sub(" ", html.unescape(printable(text))).strip()


def one_line(text: str) -> str:
    """For links and messages: what a terminal cannot show is out, everything else as it is."""
    return _SPACE.sub(" ", printable(text)).strip()


def printable(text: str) -> str:
    """The text without control and bidirectional characters, which may do things to a terminal; white space stays."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text).translate(_BIDIRECTIONAL)
    return text if text.isprintable() else "".join(c if c.isprintable() or c.isspace() else " " for c in text)


def _once(text: str) -> str:
    text = printable(text)
    if "&" in text:
        text = html.unescape(text)
    if "<" in text:
        text = _TAG.sub("", _BLOCK_TAG.sub(" ", text))
    return _SPACE.sub(" ", plain_text(text)).strip()


def supplied_title(abstract: str) -> str:
    """What stands for a missing title: the abstract's first words in square brackets, as cataloguers write it.

    >>> supplied_title("We show that it works.")
    '[We show that it works. …]'
    """
    return f"[{' '.join(abstract.split()[:_TITLE_WORDS])} …]"


def is_supplied(title: str) -> bool:
    """Whether a title is such a stand-in."""
    return title.startswith("[") and title.endswith(" …]")


def title_fingerprint(title: str) -> str:
    """What two spellings of one title share: letters and digits only, without accents or case."""
    decomposed = unicodedata.normalize("NFKD", title.casefold())
    return "".join(c for c in decomposed if c.isalnum())


def plain_words(text: str) -> str:
    """For comparing wordings: no case, dashes as spaces, single spaces.

    >>> plain_words("State-of-the-art  Results")
    'state of the art results'
    """
    return re.sub(r"[\s\u2010-\u2015-]+", " ", text.casefold()).strip()
