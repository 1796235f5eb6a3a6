"""Entries of a reference list -> Papers, as well as can be told from how they are written.

    [1] A. Vaswani, N. Shazeer, and I. Polosukhin. Attention is all you need. In NeurIPS, 2017.
    Smith, J. A., & Lee, B. (2020a). Title of the paper. Journal, 3(2), 1-9. https://doi.org/10.1000/x
    Smith JA, Lee B. Title of the paper. J Med. 2020;3:1-9.

Where no title can be told from the rest, the whole text is the title: it still finds the paper.
"""

from __future__ import annotations

import re

from citeworthy.records import Paper, is_group
from citeworthy.sources.values import find_arxiv_id, find_doi, find_year, full_name

_LINK = re.compile(r"https?://\S+|\bdoi:\s?\S+|\barXiv(?: preprint)?:?\s?(?:arXiv:)?[\w./-]*\d[\w./-]*", re.IGNORECASE)
_EARLY_YEAR = re.compile(
    r"[\s,.]*\(((?:1[89]|20)\d\d)([a-z]?)(?:,[^()]{1,30})?\)[\s.,:]*|[.,]\s((?:1[89]|20)\d\d)([a-z]?)\.\s+"
)
_QUOTED = re.compile(r"[\"“”„«]([^\"“”„«»]{8,400})[\"“”»]|``(.{8,400}?)''")
_TITLE_END = re.compile(r"[.?!](?=\s+(?:[A-Z“\"(,]|in\s|\d{4}\b)|\s*$)")
_INITIALS = r"[^\W\d_a-z]\.?(?:[ -]?[^\W\d_a-z]\.?){0,6}"
_FAMILY = (
    r"(?:(?:van|von|de|der|den|del|di|da|du|la|le|ten|ter|dos|el|al)\s+)*[^\W\d_a-z][\w'’]*(?:[-‐ ][^\W\d_a-z][\w'’]+)?"
)
_STYLES = (  # one person; which are tried in this order until they all fit
    re.compile(rf"(?P<family>{_FAMILY}),\s(?P<given>{_INITIALS})(?!\w)"),  # Smith, J. A.
    re.compile(rf"(?P<given>(?:[^\W\d_a-z]\.[ -]?){{1,5}})\s?(?P<family>{_FAMILY})(?![\w])"),  # J. A. Smith
    re.compile(rf"(?P<family>{_FAMILY})\s(?P<given>[A-Z]{{1,3}})(?!\w)"),  # Smith JA
    re.compile(
        r"(?P<given>[^\W\d_a-z][\w'’-]+(?: [A-Z]\.){0,4})\s"
        r"(?P<family>(?:(?:van|von|de|der|den)\s)*[^\W\d_a-z][\w'’-]*[^\W\d_A-Z])"
    ),
)
_SEPARATOR = re.compile(r"\s*(?:[,;]\s*(?:and|&|und)?|and|&|und)\s+|\s*[,;]?\s*(?:\.\.\.|…)\s*")
_ET_AL = re.compile(r",?\s*(?:et al\.?|and others)")
_CLOSES = re.compile(r"[.,:;]|\s*[(\"“]|\s*$|\s(?:1[89]|20)\d\d\b")
_GROUP_END = re.compile(r"[.,]?\s*(?=\()|\.\s")
_LONGEST = 2_000  # characters


def as_paper(text: str, key: str) -> Paper:
    """What an entry says; its number is not part of the text."""
    text = " ".join(text[:_LONGEST].split())
    doi, arxiv_id = find_doi(text), _arxiv_id(text)
    link = re.search(r"https?://[^\s>]+", text)
    bare = _LINK.sub("", text).strip()
    authors, end = people(bare)
    year = find_year(bare[end:]) or find_year(text)
    rest = bare[end:].lstrip(" .,:;")
    if early := _EARLY_YEAR.match(bare, end):
        year, rest = int(early[1] or early[3]), bare[early.end() :]
    elif early := re.match(r"\(?((?:1[89]|20)\d\d)[a-z]?\)?[.,:]\s+", rest):
        year, rest = int(early[1]), rest[early.end() :]
    quoted = _QUOTED.search(bare)
    title = (quoted[1] or quoted[2]).strip(" ,.") if quoted else _first_sentence(rest)
    if not authors and not quoted:
        title = ""
    url = link[0].rstrip(".,;)") if link else None
    return Paper(key, title or text, "", authors if title else (), year, None, doi or None, arxiv_id or None, url=url)


def people(text: str) -> tuple[tuple[str, ...], int]:
    """The authors with whom an entry begins, and where their list ends; (), 0 where it is no list of persons."""
    best: tuple[tuple[str, ...], int] = ((), 0)
    for style in _STYLES:
        found = _people(text, style)
        if found[1] > best[1]:
            best = found
    if not best[1] and (end := _GROUP_END.search(text)) and is_group(text[: end.start()]):
        return (text[: end.start()],), end.end()
    return best


def _people(text: str, first: re.Pattern[str]) -> tuple[tuple[str, ...], int]:
    names: list[str] = []
    position = 0
    while match := _one(text, position, first):
        names.append(full_name(match["family"], match["given"].strip()))
        position = match.end()
        separator = _SEPARATOR.match(text, position)
        if separator is None or _one(text, separator.end(), first) is None:
            break
        position = separator.end()
    if not names:
        return (), 0
    if more := _ET_AL.match(text, position):
        position = more.end()
    closes = text[position - 1] == "." or _CLOSES.match(text, position)
    return (tuple(names), position) if closes else ((), 0)


def _one(text: str, position: int, style: re.Pattern[str]) -> re.Match[str] | None:
    """A person in the style of the list; after "Smith, J." the last may be "& A. Lee"."""
    return style.match(text, position) or (_STYLES[1].match(text, position) if position else None)


def _first_sentence(text: str) -> str:
    end = next((m for m in _TITLE_END.finditer(text) if m.start() > 2), None)
    title = text[: end.start() + (end[0] in "?!")] if end else text
    return title.strip(" ,.")


def _arxiv_id(text: str) -> str:
    near = re.search(r"arxiv\S*(?: preprint)?(?: arxiv\S*)?(?: [\d.]{9,}\S*)?", text, re.IGNORECASE)
    return find_arxiv_id(near[0].rstrip(".,;)]")) if near else ""
