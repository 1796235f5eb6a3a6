r"""LaTeX in titles and abstracts -> the characters a reader expects.

Two kinds occur. Real LaTeX (`$\mathcal{O}(n^2)$`, `na\"ive`, `\emph{x}`) goes through pylatexenc. *Mangled*
LaTeX comes from web pages that dropped the backslashes (`mathcal{O}`, `{sf AC}^0`, `4times70`, `kleq 10`): that
no parser reads, so it is undone by the rules below, each narrow enough to leave ordinary words alone.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Any

_FONTS = "mathcal|mathbf|mathbb|mathrm|mathsf|mathfrak|mathscr|mathit|textit|textbf|texttt|textsf|textrm|textsc|textsl"
_WRAPPERS = f"{_FONTS}|boldsymbol|operatorname|widetilde|widehat|overline|underline"
_SYMBOLS = {"leq": "≤", "geq": "≥", "neq": "≠", "rightarrow": "→", "leftarrow": "←", "infty": "∞", "varepsilon": "ε"}

_MANGLED: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(rf"(?<![A-Za-z\\])(?:{_WRAPPERS})\{{([^{{}}]*)\}}"), r"\1"),  # mathcal{O} -> O
    (re.compile(rf"(?<![A-Za-z\\])(?:{_FONTS})\s+(?=\w)"), ""),  # mathbf x_0 -> x_0
    (re.compile(r"(?<!\\)\{(?:sf|bf|it|rm|tt|em|cal|sc)\s++([^{}]*)\}"), r"\1"),  # {sf AC}^0 -> AC^0
    (re.compile(r"(?<=\d)\s?times\s?~\s?(?=\d)"), "×–"),  # 1.53times~20.57times -> 1.53×–20.57×
    (re.compile(r"(?<=\d)times(?![a-z])"), "×"),  # 4times70 -> 4×70
    (re.compile(r"(?<!left)(?:left)++(?=[(\[])|(?<=\s)right(?=[)\]])"), ""),  # Oleft( n right) -> O( n )
    (re.compile(r"(?<=\s)leq(?=\s)"), "≤"),
    (re.compile(r"(?<=\s)geq(?=\s)"), "≥"),
)
_SIGNS_OF_MANGLED = (
    *("{", "math", "textb", "texti", "textt", "texts", "textr"),
    *("times", "left(", "left[", "right)", "right]", "leq", "geq"),
)
_FONT_COMMAND = re.compile(rf"\\(?=(?:{_WRAPPERS})(?![A-Za-z]))")
_RELATION = re.compile(r"(?<![A-Za-z])([A-Za-z])(leq|geq|neq)(?![A-Za-z])\s*")  # kleq 10 -> k ≤ 10
_SCRIPT = re.compile(
    r"(?<=[\^_])(\{)?(rightarrow|leftarrow|infty|varepsilon)(?![a-z])(?(1)\})"
)  # S^{rightarrow} -> S^→
_ACCENT = re.compile(r"\{?\\([\"'`^~])\{?(?:\\(?=[ij]\}))?([A-Za-z])\}?\}?")
_COMBINING = {'"': "\u0308", "'": "\u0301", "`": "\u0300", "^": "\u0302", "~": "\u0303"}
_REAL_LATEX = re.compile(r"\\[A-Za-z]+|\\[%&#_${}]|\$[^$]+\$")
_MATH = re.compile(r"(?<!\\)\$(?!\s)([^$]{1,300}?)(?<!\s)\$(?!\d)")
_CHARACTERS = {"textasciicircum": "^", "textbraceleft": "{", "textbraceright": "}"}  # wrong or unknown to pylatexenc
_REMEMBERED = 100  # characters; parsing is slow and the same few commands come again and again
_TIE = re.compile(r"(?<=[\w.,;:)])~(?=[\w(\[])")


def plain_text(text: str) -> str:
    r"""`text` with LaTeX, real or mangled, replaced by characters; other text is returned unchanged.

    >>> plain_text(r"na\"ively costs mathcal{O}(n^2), gains 1.53times~20.57times with Q^* (n = 1024)")
    'naïvely costs O(n^2), gains 1.53×–20.57× with Q^* (n = 1024)'
    """
    if "\\" in text:
        text = _ACCENT.sub(_accent, text)
        # A font says nothing in plain text; left to the parser it would become letters like 𝒪.
        text = _FONT_COMMAND.sub("", text)
    text = _unmangled(text)
    if ("\\" in text or "$" in text) and _REAL_LATEX.search(text):
        text = _unmangled(_from_latex(text))
    if "eq" in text:
        text = _RELATION.sub(lambda m: f"{m[1]} {_SYMBOLS[m[2]]} ", text)
    if "^" in text or "_" in text:
        text = _SCRIPT.sub(lambda m: _SYMBOLS[m[2]], text)
    if "~" in text:
        text = _TIE.sub(" ", text)
    if "``" in text or "''" in text:
        text = re.sub(r"``|''", '"', text)
    return text.replace("---", "—").replace("--", "–") if "--" in text else text


def _unmangled(text: str) -> str:
    if any(sign in text for sign in _SIGNS_OF_MANGLED):  # much faster than the patterns, and mostly there is none
        for pattern, replacement in _MANGLED:
            text = pattern.sub(replacement, text)
    return text


def _accent(match: re.Match[str]) -> str:
    r"""`\"i` -> ï, when that letter exists; otherwise the backslash was an escape and the text stays."""
    composed = unicodedata.normalize("NFC", match[2] + _COMBINING[match[1]])
    return composed if len(composed) == 1 else match[0]


def _from_latex(text: str) -> str:
    r"""Only commands and `$...$` go through the parser: prose holds lone `%`, `$` and braces that it would drop."""
    text = _MATH.sub(lambda m: _latex2text(f"${m[1]}$") or m[0], text)
    pieces = []
    position = 0
    for match in re.finditer(r"\\(?:[A-Za-z]+\*?(?:\s*\{[^{}]*\})?|[%&#_${}])", text):
        pieces += [text[position : match.start()], _command(match[0])]
        position = match.end()
    return "".join([*pieces, text[position:]])


def _command(command: str) -> str:
    name = re.match(r"\\([A-Za-z]+)", command)
    if name and name[1] in ("cite", "citep", "citet", "ref", "label", "footnote"):
        return ""
    converted = _CHARACTERS.get(name[1] if name else "") or _latex2text(command)
    if converted:
        return converted
    if "{" in command:  # an unknown command: its argument is the text
        return command[command.index("{") + 1 : -1]
    return command[1:]  # an author's own macro (\method): its name is the best there is


def _latex2text(fragment: str) -> str:
    return _parsed(fragment) if len(fragment) <= _REMEMBERED else _parsed.__wrapped__(fragment)


@lru_cache(maxsize=4096)
def _parsed(fragment: str) -> str:
    from pylatexenc.latexwalker import LatexWalkerError

    try:
        return str(_converter().latex_to_text(fragment)).strip()
    except (LatexWalkerError, ValueError, LookupError, TypeError, AttributeError, RecursionError):  # e.g. \href{x}
        return ""


@lru_cache(maxsize=1)
def _converter() -> Any:
    import logging

    from pylatexenc.latex2text import LatexNodes2Text

    logging.getLogger("pylatexenc").setLevel(logging.ERROR)
    return LatexNodes2Text(math_mode="text", strict_latex_spaces=False)
