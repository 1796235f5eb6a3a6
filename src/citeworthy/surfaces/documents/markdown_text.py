"""Plain text as Markdown that CommonMark, GitHub and pandoc all read as that text.

Only what one of them would take for markup is escaped, so that the file stays pleasant to edit.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

_MARKUP = re.compile(
    r"[\\`*\[\]|~^${]"
    r"|(?<![^\W_])_|_(?![^\W_])"  # inside a word it is itself
    r"|<(?=[A-Za-z/!?]|$)"  # a tag or a comment; "p < 0.05" is neither
    r"|&(?=#?\w*(?:;|$))"  # an entity
    r"|@(?=[\w{]|$)"  # pandoc's citation, GitHub's mention
    r"|:(?=[\w+-]+:)"  # an emoji's name
    r"|-(?=-)|\.(?=\.\.)"  # pandoc's dashes and ellipsis
    r"|!$"  # an image, if a bracket follows
)
_START = re.compile(
    r"[#>+=:%-]"
    r"|(?P<number>\(?(?:\d+|[A-Za-z]|[ivxlcdmIVXLCDM]+))(?=[.)](?:\s|$))"
    r"|(?P<caption>[Tt]able)(?=:)"
)
Mark = Literal["*", "**"]
_TAGS: dict[Mark, str] = {"*": "em", "**": "strong"}


def escape(text: str) -> str:
    r"""Text within a line.

    >>> print(escape("a_b *c* [d] <e> & 5 < 6"))
    a_b \*c\* \[d\] \<e> & 5 < 6
    """
    return _MARKUP.sub(lambda match: f"\\{match[0]}", text)


def guard(line: str) -> str:
    r"""A line of Markdown, so that its first characters begin no list, heading or quote.

    >>> print(guard("2. It holds."))
    2\. It holds.
    """
    line = line.lstrip()
    if match := _START.match(line):
        kept = match["number"] or match["caption"] or ""
        return f"{kept}\\{line[len(kept) :]}"
    return line


def emphasised(text: str, mark: Mark, before: str, after: str = "") -> str:
    """Escaped text between marks; between tags where Markdown would not see that the marks belong together.

    `before` ends and `after` begins with the character next to the text. The rule: https://spec.commonmark.org/0.31.2/#left-flanking-delimiter-run.
    """
    inner = text.strip()
    if not inner:
        return text
    start, end = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    last, following = f"{before}{start}"[-1:], f"{end}{after}"[:1]
    opens = last != "*" and (inner[0].isalnum() or _sets_apart(last))
    if opens and (inner[-1].isalnum() or _sets_apart(following)):
        return f"{start}{mark}{escape(inner)}{mark}{end}"
    tag = _TAGS[mark]
    return f"{start}<{tag}>{escape(inner)}</{tag}>{end}"


def _sets_apart(character: str) -> bool:
    return not character or character.isspace() or unicodedata.category(character).startswith("P")
