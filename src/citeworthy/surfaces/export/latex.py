r"""Plain text as LaTeX that typesets as that text, and as BibTeX wants it inside `field = {...}`.

BibTeX counts braces without looking at backslashes, so a value's braces must pair whatever they mean.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

_SPECIAL = {
    **{character: f"\\{character}" for character in "&%$#_{}"},
    "\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip
_UNPAIRED = {**_SPECIAL, "{": r"\textbraceleft{}", "}": r"\textbraceright{}"}
_LIGATURE = re.compile(r"(?<=-)(?=-)|(?<=')(?=')|(?<=`)(?=`)|(?<=[!?])(?=`)")  # would become –, ”, “ and ¡
_WORD = re.compile(r"[^\W_]+(?:[-–/.+][^\W_]+)*")


def clean(text: str) -> str:
    """One line without control characters."""
    return " ".join("".join(c if c.isprintable() or c.isspace() else " " for c in text).split())


def escape(text: str, ascii_only: bool = False) -> str:
    r"""LaTeX for a text; with `ascii_only` letters with accents and signs become commands, where there are any.

    >>> print(escape("50% of R&D in O(n^2)"))
    50\% of R\&D in O(n\textasciicircum{}2)
    """
    text = clean(text)
    table = _SPECIAL if _is_balanced(text) else _UNPAIRED
    return _escaped(text, table, ascii_only)


def escape_title(text: str, ascii_only: bool = False) -> str:
    """The same, with braces around words whose capitals a style must not lower: {DNA}, {HybridFlow}, vitamin {D}."""
    text = clean(text)
    table = _SPECIAL if _is_balanced(text) else _UNPAIRED
    shouted = text == text.upper()
    pieces, position = [], 0
    for word in _WORD.finditer(text):
        if not shouted and _keeps_capitals(word[0], is_first=word.start() == 0):
            before = _escaped(text[position : word.start()], table, ascii_only)
            pieces += [before, "{", _escaped(word[0], table, ascii_only), "}"]
            position = word.end()
    return "".join([*pieces, _escaped(text[position:], table, ascii_only)])


def verbatim(text: str) -> str:
    """A link, identifier or path as it stands; braces that would end the field become %7B and %7D."""
    text = clean(text)
    if re.search(r"\\[{}]", text) or not _is_balanced(text):
        text = text.replace("{", "%7B").replace("}", "%7D")
    return f"{text} " if text.endswith("\\") else text


def _escaped(text: str, table: dict[str, str], ascii_only: bool) -> str:
    marked = _LIGATURE.sub("\0", text)
    escaped = "".join(table.get(character, character) for character in marked).replace("\0", "{}")
    return str(_encoder().unicode_to_latex(escaped)) if ascii_only and not escaped.isascii() else escaped


def _keeps_capitals(word: str, *, is_first: bool) -> bool:
    if any(character.isupper() for character in word[1:]):
        return True
    return len(word) == 1 and word.isupper() and word != "A" and not is_first


def _is_balanced(text: str) -> bool:
    depth = 0
    for character in text:
        depth += (character == "{") - (character == "}")
        if depth < 0:
            return False
    return depth == 0


@lru_cache(maxsize=1)
def _encoder() -> Any:
    from pylatexenc.latexencode import UnicodeToLatexEncoder

    return UnicodeToLatexEncoder(
        non_ascii_only=True,
        replacement_latex_protection="braces-all",
        unknown_char_policy="keep",
        unknown_char_warning=False,
    )
