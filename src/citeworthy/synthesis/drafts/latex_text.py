r"""Pieces of LaTeX as a reader sees them: formulas in a line, accents, single commands."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from citeworthy.synthesis.drafts.latex_macros import Macro
from citeworthy.text.latex import plain_text

_LONGEST_FORMULA = 290  # characters; what is longer is no part of a sentence that anyone would check
_COMMAND = re.compile(r"\\([A-Za-z]+)")
_TEXT_IN_FORMULA = re.compile(r"\\(?:text|textrm|textit|textbf|mathrm|mathit|operatorname\*?|mbox|ensuremath)\s*(?=\{)")
_LEFT_OVER = re.compile(r"[${}]|\\[A-Za-z]+\*?|\\.")
_SPACING = re.compile(r"\\[,;:!> ]|~|\\q?quad(?![A-Za-z])")


def formula(body: str, macros: Mapping[str, Macro]) -> str:
    r"""`n=5` of `$n=5$`, `α` of `$\alpha$`; "" of what is too long to be read in a line."""
    if len(body) > _LONGEST_FORMULA:
        return ""
    for _ in range(2):
        body = _COMMAND.sub(lambda m: macros[m[1]].body if m[1] in macros and not macros[m[1]].count else m[0], body)
    return _formula(body.strip()) if len(body) <= _LONGEST_FORMULA else ""


@lru_cache(maxsize=4096)
def _formula(body: str) -> str:
    body = _SPACING.sub(" ", _TEXT_IN_FORMULA.sub("", body))
    if not body or body.isdigit():
        return body
    return " ".join(_LEFT_OVER.sub("", plain_text(f"${body.strip()}$")).split())


@lru_cache(maxsize=4096)
def command_text(fragment: str) -> str:
    r"""`ï` of `\"i`, `…` of `\ldots`, `method` of an unknown `\method`."""
    return plain_text(fragment).replace("\\", "").replace("{", "").replace("}", "")
