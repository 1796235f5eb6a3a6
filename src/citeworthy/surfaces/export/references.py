"""One paper as a reference of a citation style."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from citeworthy.records import Paper
from citeworthy.surfaces.export.name_lists import NameList
from citeworthy.surfaces.export.names import Name, parse_name, parse_names
from citeworthy.surfaces.export.templates import fill, plain
from citeworthy.surfaces.export.wording import MonthForm, edition, is_range, month, page_range
from citeworthy.surfaces.export.works import entry_type, genre, issued, kind, parse_date, preprint_server

_QUOTED = ("article", "inproceedings", "chapter", "preprint")  # part of something, or not formally published
_ARTICLE_NUMBER = re.compile(r"[A-Za-z]+\.?\d[\w.]*")
_MEDIA = {"dataset": "Data set", "software": "Computer software"}


@dataclass(frozen=True, slots=True)
class Style:
    """A citation style: how it writes names, dates and titles, and a template for each kind of work."""

    title: str  # its name, with the edition of the guide it follows
    templates: Mapping[str, str]
    authors: NameList
    editors: NameList
    number: str = ""  # "[{number}] " where references are numbered; else they are sorted by author
    part: str = "{title}"  # title of an article, a chapter, a preprint
    whole: str = "*{title}*"  # title of a book, a report, a page
    locator: str = ""  # before an article number that stands in place of pages: "Art. no. "
    repeats_author: bool = False  # names a publisher that is the author itself
    quoted_too: tuple[str, ...] = ()  # further kinds whose title is written as that of a part
    italic_too: tuple[str, ...] = ()  # and of these as that of a whole
    edited: str = "{who} ({eds})"
    eds: tuple[str, str] = ("Ed.", "Eds.")
    pages: Literal["full", "mla", "chicago", "nlm"] = "full"
    dash: str = "–"
    date: str = "{year}< {month}< {day}>>"
    months: MonthForm = "long"
    no_date: str = "n.d."
    letters: str = ""  # what stands before the letter of "n.d.-a"; "" where years get no letters
    undated_first: bool = False
    theses: tuple[str, str] = ("PhD thesis", "Master’s thesis")


def reference(paper: Paper, style: Style, letter: str = "") -> str:
    """The reference, with marks for italic and bold."""
    fields = {**_numbers(paper, style), **_imprint(paper, style), **_dates(paper, style, letter)}
    fields |= _people(paper, style)
    what = kind(paper)
    if what == "thesis" and not fields["link"]:
        special = "thesis without a link"
    else:
        special = "edited book" if what == "book" and not paper.authors else what
    templates = style.templates
    return fill(templates.get(special) or templates.get(what) or templates["other"], fields).strip()


def names_of(paper: Paper) -> tuple[Name, ...]:
    """The authors; of a book that has none, the editors."""
    names = tuple(parse_name(plain(author)) for author in paper.authors if plain(author))
    return names or (_editors(paper) if kind(paper) == "book" else ())


def _people(paper: Paper, style: Style) -> dict[str, str]:
    """Who made it; the title comes first where nobody is named and the style sorts by what comes first."""
    title = plain(paper.title)
    as_part = kind(paper) in (*_QUOTED, *style.quoted_too) and kind(paper) not in style.italic_too
    heading = fill(style.part if as_part else style.whole, {"title": title})
    editors = _editors(paper)
    found = {"editors": style.editors.write(editors), "eds": style.eds[len(editors) > 1]}
    who = style.authors.write(names_of(paper))
    if who and not paper.authors:
        who = fill(style.edited, {"who": who, "eds": found["eds"]})
    if not who and not style.number:
        who, heading = heading, ""
    return {**found, "who": who, "heading": heading, "title": title}


def _numbers(paper: Paper, style: Style) -> dict[str, str]:
    pages, article_number = plain(paper.detail("pages")), plain(paper.detail("eid"))
    if _ARTICLE_NUMBER.fullmatch(pages):
        pages, article_number = "", pages
    written = page_range(pages, style.pages, style.dash)
    if article_number and not pages:
        written = f"{style.locator}{article_number}"
    return {
        "volume": plain(paper.detail("volume")),
        "number": plain(paper.detail("number")),
        "pages": written,
        "pp_pages": f"{'pp.' if is_range(pages) else 'p.'} {written}" if pages else written,
        "edition": edition(plain(paper.detail("edition"))),
        "doi": plain(paper.doi or ""),
        "pmid": plain(paper.pmid or "") if not paper.doi else "",
        "identifier": f"arXiv:{plain(paper.arxiv_id)}" if paper.arxiv_id else preprint_server(paper),
        "arxiv": f"arXiv:{plain(paper.arxiv_id)}" if paper.arxiv_id else "",
    }


def _imprint(paper: Paper, style: Style) -> dict[str, str]:
    """Where it appeared. A publisher or site that is the author itself is not named again."""
    authors = set() if style.repeats_author else {plain(author).casefold() for author in paper.authors}
    detail = {name: plain(value) for name, value in paper.details if plain(value).casefold() not in authors}
    venue = plain(paper.venue or "")
    site = venue if venue.casefold() not in authors else ""
    publisher = detail.get("publisher", "")
    institution = detail.get("institution") or detail.get("organization") or publisher or site
    link = plain((paper.link if paper.doi or paper.arxiv_id else paper.url) or "")
    is_master = "master" in genre(paper).casefold()
    return {
        "venue": venue,
        "journal": detail.get("abbreviation") or venue,
        "publisher": publisher,
        "place": detail.get("address", "") or detail.get("location", ""),
        "institution": institution,
        "site": site or detail.get("organization", "") or publisher,
        "server": preprint_server(paper),
        "school": detail.get("school") or institution,
        "degree": style.theses[is_master],
        "unpublished": style.theses[is_master][:1].lower() + style.theses[is_master][1:],
        "medium": _MEDIA.get(entry_type(paper), ""),
        "link": link,
        "other_link": "" if paper.doi else link,
        "link_without_volume": "" if paper.detail("volume") else link,
    }


def _dates(paper: Paper, style: Style, letter: str) -> dict[str, str]:
    date = issued(paper)
    accessed = _written(parse_date(paper.detail("urldate")), style)
    undated = f"{style.no_date}{style.letters if letter else ''}{letter}"
    return {
        "when": f"{date[0]}{letter}" if date else undated,
        "date": _written(date, style) or style.no_date,
        "month_year": _written(date[:2], style) or style.no_date,
        "day": fill("{month}< {day}>", _parts(date, style)),
        "apa_date": fill("{when}<, {month}< {day}>>", {**_parts(date, style), "when": f"{date[0]}{letter}"})
        if date
        else undated,
        "accessed": accessed,
        "accessed_undated": "" if date else accessed,
    }


def _written(date: tuple[int, ...], style: Style) -> str:
    return fill(style.date, _parts(date, style)) if date else ""


def _parts(date: tuple[int, ...], style: Style) -> dict[str, str]:
    parts = dict(zip(("year", "month", "day"), map(str, date), strict=False))
    return parts | ({"month": month(date[1], style.months)} if len(date) > 1 else {})


def _editors(paper: Paper) -> tuple[Name, ...]:
    return tuple(name for name in parse_names(plain(paper.detail("editor"))) if re.search(r"\w", name.family))
