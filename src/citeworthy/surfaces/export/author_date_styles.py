"""APA, MLA, Chicago and Harvard: references sorted by author."""

from __future__ import annotations

from citeworthy.surfaces.export.name_lists import NameList
from citeworthy.surfaces.export.references import Style
from citeworthy.surfaces.export.templates import fill

_APA_BOOK = "|<~{edition} ed.><~Vol. {volume}><~{pp_pages}>"
_APA_PART = (
    f"{{who}}. ({{when}}).< {{heading}}.>< In <{{editors}} ({{eds}}), >*{{venue}}*< ({_APA_BOOK})>.>< {{publisher}}.>"
    "< {link}>"
)
APA = Style(
    title="APA, 7th edition",
    authors=NameList(two=", & ", last=", & ", most=20, shown=19, et_al=", . . . ", ends_with_last=True),
    editors=NameList(first="{initials} {family}", rest="{initials} {family}", two=" & ", last=", & "),
    templates={
        "article": "{who}. ({when}).< {heading}.>< *{venue}*<, *{volume}*<({number})>><, {pages}>.>< {link}>",
        "inproceedings": _APA_PART,
        "chapter": _APA_PART,
        "book": "{who}. ({when}).< {heading}< (|<~{edition} ed.><~Vol. {volume}>)>.>< {publisher}.>< {link}>",
        "preprint": "{who}. ({when}).< {heading}< ({arxiv})>.> {server}.< {link}>",
        "thesis": "{who}. ({when}).< {heading}> [{degree}<, {school}>].< {link}>",
        "thesis without a link": "{who}. ({when}).< {heading}> [Unpublished {unpublished}].< {school}.>",
        "report": "{who}. ({when}).< {heading}< (Report No. {number})>.>< {institution}.>< {link}>",
        "web": "{who}. ({apa_date}).< {heading}.>< {site}.>< {link}>",
        "other": "{who}. ({when}).< {heading}< [{medium}]>.>< {institution}.>< {link}>",
    },
    italic_too=("preprint",),
    letters="-",
    locator="Article ",
    undated_first=True,
    theses=("Doctoral dissertation", "Master’s thesis"),
)

_MLA_PART = (
    "{who}.< {heading}>|<~*{venue}*><~edited by {editors}><~{edition} ed.><~vol. {volume}><~{publisher}><~{when}>"
    "<~{pp_pages}><~{link}>."
)
_FAMILY_FIRST = NameList(
    first="{family}, {given}", rest="{given} {family}", two=", and ", last=", and ", most=2, et_al=", et al."
)
_GIVEN_FIRST = NameList(first="{given} {family}", rest="{given} {family}", last=", and ")
MLA = Style(
    title="MLA, 9th edition",
    authors=_FAMILY_FIRST,
    editors=NameList(first="{given} {family}", rest="{given} {family}", most=2, et_al=" et al."),
    templates={
        "article": "{who}.< {heading}>|<~*{venue}*><~vol. {volume}><~no. {number}><~{month_year}><~{pp_pages}>"
        "<~{link}>.",
        "inproceedings": _MLA_PART,
        "chapter": _MLA_PART,
        "book": "{who}.< {heading}.>|<~{edition} ed.><~vol. {volume}><~{publisher}><~{when}><~{link}>.",
        "preprint": "{who}.< {heading}>|<~*{server}*><~{date}><~{link}>.",
        "thesis": "{who}.< {heading}.>< {when}.>|<~{school}><~{degree}><~{link}>.",
        "report": "{who}.< {heading}.>|<~{institution}><~{date}><~{link}>.",
        "web": "{who}.< {heading}>|<~*{site}*><~{date}><~{link}>.< Accessed {accessed}.>",
        "other": "{who}.< {heading}.>|<~{institution}><~{date}><~{link}>.",
    },
    part="“{title}.”",
    quoted_too=("web",),
    edited="{who}, {eds}",
    eds=("editor", "editors"),
    pages="mla",
    date="<<{day} >{month} >{year}",
    months="mla",
    no_date="",
    theses=("PhD dissertation", "master’s thesis"),
)

_CHICAGO_PART = (
    "{who}. {when}.< {heading}>< In *{venue}*<, {edition} ed.><, vol. {volume}><, edited by {editors}><, {pages}>.>"
    "< {publisher}.>< {link}.>"
)
CHICAGO = Style(
    title="Chicago author-date, 18th edition",
    authors=NameList(
        first="{family}, {given}",
        rest="{given} {family}",
        two=", and ",
        last=", and ",
        most=6,
        shown=3,
        et_al=", et al.",
    ),
    editors=_GIVEN_FIRST,
    templates={
        "article": "{who}. {when}.< {heading}>< *{venue}*< {volume}>< ({number})><: {pages}>.>< {link}.>",
        "inproceedings": _CHICAGO_PART,
        "chapter": _CHICAGO_PART,
        "book": "{who}. {when}.< {heading}.>< {edition} ed.>< Vol. {volume}.>< {publisher}.>< {link}.>",
        "preprint": "{who}. {when}.< {heading}> Preprint, {server}<, {day}>.< {link}.>",
        "thesis": "{who}. {when}.< {heading}> {degree}<, {school}>.< {link}.>",
        "report": "{who}. {when}.< {heading}.>< Report no. {number}.>< {institution}.>< {link}.>",
        "web": "{who}. {when}.< {heading}>< {site}<, {day}>.>< Accessed {accessed_undated}.>< {link}.>",
        "other": "{who}. {when}.< {heading}.>< {medium}.>< {institution}.>< {link}.>",
    },
    part="“{title}.”",
    quoted_too=("thesis", "web"),
    edited="{who}, {eds}",
    eds=("ed.", "eds."),
    pages="chicago",
    date="<{month} <{day}, >>{year}",
    letters="-",
    theses=("PhD diss.", "Master’s thesis"),
)

_AVAILABLE = "< Available at: {link}< (Accessed: {accessed})>.>"
_HARVARD_PART = (
    "{who} ({when})|<~{heading}><~in <{editors} ({eds}) >*{venue}*>.< {edition} edn.>|<~<{place}: >{publisher}>"
    f"<~{{pp_pages}}>.{_AVAILABLE}"
)
HARVARD = Style(
    title="Harvard (Cite Them Right, 12th edition)",
    authors=NameList(space="", most=3, et_al=fill(" *et al.*", {})),
    editors=NameList(
        first="{initials} {family}", rest="{initials} {family}", space="", most=3, et_al=fill(" *et al.*", {})
    ),
    templates={
        "article": "{who} ({when})|<~{heading}><~*{venue}*><~{volume}<({number})>><~{pp_pages}>." + _AVAILABLE,
        "inproceedings": _HARVARD_PART,
        "chapter": _HARVARD_PART,
        "book": "{who} ({when})< {heading}>.< {edition} edn.>< <{place}: >{publisher}.>" + _AVAILABLE,
        "preprint": "{who} ({when})|<~{heading}><~*{server}* [Preprint]>." + _AVAILABLE,
        "thesis": "{who} ({when})< {heading}>. {degree}.< {school}.>" + _AVAILABLE,
        "report": "{who} ({when})< {heading}>.< {number}.>< <{place}: >{institution}.>" + _AVAILABLE,
        "web": "{who} ({when})< {heading}>.< {site}.>" + _AVAILABLE,
        "other": "{who} ({when})< {heading}>.< {institution}.>" + _AVAILABLE,
    },
    part="‘{title}’",
    eds=("ed.", "eds"),
    edited="{who} ({eds})",
    date="<<{day} >{month} >{year}",
    no_date="no date",
    letters=" ",
)
