r"""`\begin{thebibliography}`: what each \bibitem says of its paper."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from citeworthy.records import Paper
from citeworthy.sources.values import find_year, split_authors
from citeworthy.synthesis.drafts.entries import as_paper
from citeworthy.synthesis.drafts.latex_tape import Tape

_ITEM = re.compile(r"\\bibitem(?![A-Za-z])")
_BLOCK = re.compile(r"\\newblock(?![A-Za-z])\s*")
_BIBLIOGRAPHY_END = re.compile(r"\\end\s*\{thebibliography\}")
_WITH_YEAR = re.compile(r"[\s,.(]*(?:1[89]|20)\d\d[a-z]?[).\s]*$")


def items(tape: Tape, start: int, end: int, plain: Callable[[int, int], str]) -> Iterator[tuple[str, Paper]]:
    """(key, paper) of every \\bibitem in that stretch; `plain` gives the text of a part of it."""
    found = list(_ITEM.finditer(tape.text, start, end))
    for item, following in zip(found, [*found[1:], None], strict=True):
        until = following.start() if following else end
        at = item.end()
        if label := tape.bracketed(at):
            at = label[1] + 1
        if key := tape.group(at):
            name = tape.text[slice(*key)].strip()
            yield name, _paper(tape, key[1] + 1, until, plain, name)


def _paper(tape: Tape, start: int, end: int, plain: Callable[[int, int], str], key: str) -> Paper:
    if closed := _BIBLIOGRAPHY_END.search(tape.text, start, end):
        end = closed.start()
    blocks: list[str] = []
    for match in _BLOCK.finditer(tape.text, start, end):
        blocks.append(plain(start, match.start()))
        start = match.end()
    blocks.append(plain(start, end))
    whole = " ".join(blocks)
    if len(blocks) < 3:
        return as_paper(whole, key)
    told = as_paper(whole, key)  # identifiers and year; which part is which the blocks say better
    authors = _WITH_YEAR.sub("", blocks[0]).rstrip(". ")
    title = _WITH_YEAR.sub("", blocks[1]).strip(" .,") or told.title
    return Paper(
        key,
        title,
        "",
        split_authors(authors),
        told.year or find_year(whole),
        None,
        told.doi,
        told.arxiv_id,
        url=told.url,
    )
