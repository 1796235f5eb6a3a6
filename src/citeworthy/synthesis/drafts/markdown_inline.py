"""What is within a paragraph of Markdown: citations of pandoc, formulas, links, emphasis."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Sequence

from citeworthy.synthesis.drafts.latex_citing import cited
from citeworthy.synthesis.drafts.latex_commands import citation_kind
from citeworthy.synthesis.drafts.latex_paragraphs import Paragraphs
from citeworthy.synthesis.drafts.latex_tape import Tape
from citeworthy.synthesis.drafts.latex_text import formula
from citeworthy.synthesis.drafts.marks import Mention

_KEY = r"(?:\{(?P<braced%d>[^{}\s]{1,200})\}|(?P<bare%d>[^\W_](?:\w|[:.#$%%&+?<>~/-](?=\w)){0,200}|_\w{1,200}))"
_CITED = re.compile(r"(?:(?<=[\s;\[(])|^)(?P<no_author>-?)@" + _KEY % (1, 1))
_LINKED = r"\[(?P<%s>(?:[^\[\]\\]|\\.|\[[^\[\]]{0,200}\]){0,900})\]"
_INLINE = re.compile(
    r"(?P<code>`+)(?P<coded>.{1,500}?)(?<!`)(?P=code)(?!`)"
    r"|\$(?!\s)(?P<formula>(?:[^$\\]|\\.){1,300}?)(?<!\s)\$(?!\d)"
    r"|\\\((?P<formula2>.{1,300}?)\\\)"
    r"|!" + _LINKED % "image" + r"(?:\([^()]{0,500}\)|\[[^\]]{0,200}\])?(?:\{[^{}]{0,200}\})?"
    r"|\[\^[^\]\s]{1,100}\](?!:)"
    r"|\^" + _LINKED % "note" +
    r"|" + _LINKED % "square" + r"(?P<target>\((?:[^()]|\([^()]{0,200}\)){0,600}\)|\[[^\]]{0,200}\]|\{[^{}]{0,200}\})?"
    r"|<(?P<link>(?:https?|mailto):[^>\s]{1,500})>|</?[A-Za-z][^<>]{0,200}>"
    r"|(?<![\w@.\\])-?@" + _KEY % (2, 2) + r"(?P<locator>\s\[[^\[\]@]{1,80}\](?!\())?"
    r"|\\ref\([^()]{1,100}\)|\\@ref\([^()]{1,100}\)"
    r"|\\(?P<command>[A-Za-z]+)\*?(?=[\[{])"
    r"|\\(?P<escaped>[^\w\s])"
    r"|(?P<entity>&(?:#\d{1,6}|[a-z]{2,8});)"
    r"|(?P<emphasis>\*{1,3}|~~|(?<!\w)_{1,3}(?=\w)|(?<=[\w.,;)])_{1,3}(?!\w))"
    r"|(?P<dash>---?(?!-))"
    r"|.",
    re.DOTALL,
)  # fmt: skip
_NOT_PAPERS = re.compile(
    r"(?:fig|tbl|eq|sec|lst|thm|lem|cor|prp|cnj|def|exm|exr|nte|tip)[-:]"
)  # Quarto's own references
_PLAIN = re.compile(r"[^`$\\!\[^<@&*~_-]+")


def read_inline(
    text: str, offsets: Sequence[int], into: Paragraphs, note: Callable[[str, Sequence[int]], None]
) -> None:
    """Put a paragraph's text into the open one; `note` is given each footnote that stands in it."""
    tape = Tape(text, offsets)
    position = 0
    while position < len(text):
        if plain := _PLAIN.match(text, position):
            into.text(tape, position, plain.end())
            position = plain.end()
            continue
        match = _INLINE.match(text, position)
        if match is None:
            return
        position = _put(tape, match, into, note)


def _put(tape: Tape, match: re.Match[str], into: Paragraphs, note: Callable[[str, Sequence[int]], None]) -> int:
    """Handle one piece of markup; returns where reading goes on."""
    start, end = match.span()
    first, last = tape.offsets[start], tape.offsets[end - 1]
    if match["square"] is not None:
        return _square(tape, match, into)
    if key := match["braced2"] or match["bare2"]:
        group = "braced2" if match["braced2"] else "bare2"
        if not _NOT_PAPERS.match(key):
            hidden = tape.text[start] == "-"
            into.cite((Mention(key, tape.offsets[match.start(group)]),), first, last, textual=not hidden)
    elif match["command"]:
        return _command(tape, match, into)
    elif match["note"]:
        note(match["note"], tape.offsets[match.start("note") : match.end("note")])
    elif (body := match["formula"] or match["formula2"]) is not None:
        into.put(formula(body, {}), first, last)
    elif match["coded"]:
        if not match["coded"].startswith("r "):
            into.text(tape, match.start("coded"), match.end("coded"))
    elif (character := _character(match)) is not None:
        into.put(character, first, last)
    elif len(match[0]) == 1 and not match["emphasis"]:
        into.text(tape, start, end)
    return end


def _character(match: re.Match[str]) -> str | None:
    """What an entity, an escaped character or a row of hyphens stands for."""
    if match["dash"]:
        return {1: "-", 2: "–", 3: "—"}[len(match["dash"])]
    return html.unescape(match["entity"]) if match["entity"] else match["escaped"]


def _square(tape: Tape, match: re.Match[str], into: Paragraphs) -> int:
    """`[see @a, p. 3; @b]` cites; of `[text](address)` the text is read on; other brackets are text."""
    mentions = [
        Mention(key, tape.offsets[found.start("braced1") if found["braced1"] else found.start("bare1")])
        for found in _CITED.finditer(tape.text, match.start("square"), match.end("square"))
        if not _NOT_PAPERS.match(key := found["braced1"] or found["bare1"])
    ]
    first, last = tape.offsets[match.start()], tape.offsets[match.end() - 1]
    if mentions and not match["target"]:
        into.cite(tuple(mentions), first, last, textual=False)
        return match.end()
    if match["target"]:
        inner = Tape(match["square"], tape.offsets[match.start("square") : match.end("square")])
        read_inline(inner.text, inner.offsets, into, lambda *_: None)
        return match.end()
    into.text(tape, match.start(), match.start() + 1)
    return match.start() + 1


def _command(tape: Tape, match: re.Match[str], into: Paragraphs) -> int:
    r"""Raw LaTeX in Markdown: `\citep{a}`; of other commands the argument is text."""
    name = match["command"]
    if citation_kind(name) and (citation := cited(tape, name, match.end())):
        textual = citation_kind(name) in ("text", "author")
        into.cite(citation[0], tape.offsets[match.start()], tape.offsets[citation[1] - 1], textual=textual)
        return citation[1]
    return match.end()
