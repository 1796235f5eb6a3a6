"""IEEE, Vancouver and Nature: references numbered in the order they come."""

from __future__ import annotations

from citeworthy.surfaces.export.name_lists import NameList
from citeworthy.surfaces.export.references import Style
from citeworthy.surfaces.export.templates import fill

_ET_AL = fill(" *et al.*", {})

_IEEE_END = "<~doi: {doi}>.< [Online]. Available: {other_link}>"
_IEEE_NAMES = NameList(first="{initials} {family}", rest="{initials} {family}", last=", and ", most=6, et_al=_ET_AL)
IEEE = Style(
    title="IEEE",
    number="[{number}] ",
    authors=_IEEE_NAMES,
    editors=_IEEE_NAMES,
    templates={
        "article": "<{who}, >“{title},”|<~*{journal}*><~vol. {volume}><~no. {number}><~{pp_pages}><~{month_year}>"
        + _IEEE_END,
        "inproceedings": "<{who}, >“{title},” in|<~*{venue}*><~{editors}, {eds}><~vol. {volume}><~{place}><~{when}>"
        "<~{pp_pages}>" + _IEEE_END,
        "chapter": "<{who}, >“{title},” in|<~*{venue}*><~{edition} ed.><~vol. {volume}><~{editors}, {eds}>."
        "|<~<{place}: >{publisher}><~{when}><~{pp_pages}>" + _IEEE_END,
        "book": "<{who}, >*{title}*<, {edition} ed.><, vol. {volume}>.|<~<{place}: >{publisher}><~{when}>" + _IEEE_END,
        "preprint": "<{who}, >“{title},”|<~{when}><~*{identifier}*>" + "<~doi: {doi}>.",
        "thesis": "<{who}, >“{title},”|<~{degree}><~{school}><~{place}><~{when}>" + _IEEE_END,
        "report": "<{who}, >“{title},”|<~{institution}><~{place}><~Rep. {number}><~{month_year}>" + _IEEE_END,
        "web": "<{who}. >“{title}.”< {site}.>< Accessed: {accessed}.>< [Online]. Available: {link}>",
        "other": "<{who}, >*{title}*.|<~{institution}><~{when}>" + _IEEE_END,
    },
    edited="{who}, {eds}",
    date="<{month} <{day}, >>{year}",
    months="ieee",
    locator="Art. no. ",
    repeats_author=True,
    theses=("Ph.D. dissertation", "M.S. thesis"),
)

_NLM_END = "< doi: {doi}.>< PMID: {pmid}.>< Available from: {other_link}>"
_NLM_PART = (
    "<{who}. >{title}. In:< {editors}, {eds}.>< {venue}.>< {edition} ed.>< Vol. {volume}.> <<{place}: >{publisher}; >"
    "{when}.< p. {pages}.>" + _NLM_END
)
_NLM_NAMES = NameList(
    first="{family} {initials}", rest="{family} {initials}", two=", ", last=", ", dot="", space="", suffix=" ",
    most=6, shown=6, et_al=", et al",
)  # fmt: skip
VANCOUVER = Style(
    title="Vancouver (NLM)",
    number="{number}. ",
    authors=_NLM_NAMES,
    editors=_NLM_NAMES,
    templates={
        "article": "<{who}. >{title}.< {journal}.> {date}<;{volume}><({number})><:{pages}>." + _NLM_END,
        "inproceedings": _NLM_PART,
        "chapter": _NLM_PART,
        "book": "<{who}. >{title}.< {edition} ed.>< Vol. {volume}.> <<{place}: >{publisher}; >{when}." + _NLM_END,
        "preprint": "<{who}. >{title}. {identifier} [Preprint]. {when}< [cited {accessed}]>.< Available from: {link}>",
        "thesis": "<{who}. >{title} [{degree}]. <<{place}: >{school}; >{when}." + _NLM_END,
        "report": "<{who}. >{title}. <<{place}: >{institution}; >{date}.< Report No.: {number}.>" + _NLM_END,
        "web": "<{who}. >{title} [Internet]. <<{place}: >{site}; >{date}< [cited {accessed}]>."
        "< Available from: {link}>",
        "other": "<{who}. >{title}. <<{place}: >{institution}; >{date}." + _NLM_END,
    },
    edited="{who}, {eds}",
    eds=("editor", "editors"),
    pages="nlm",
    dash="-",
    months="nlm",
    repeats_author=True,
    no_date="[date unknown]",
    theses=("dissertation", "master’s thesis"),
)

_NATURE_PART = "<{who}. >{title}.< in *{venue}*>< ({eds} {editors})>< vol. {volume}>< {pages}> (<{publisher}, >{when})."
_NATURE_NAMES = NameList(two=" & ", last=" & ", suffix=" ", most=5, et_al=_ET_AL)
NATURE = Style(
    title="Nature",
    number="{number}. ",
    authors=_NATURE_NAMES,
    editors=_NATURE_NAMES,
    repeats_author=True,
    templates={
        "article": "<{who}. >{title}.< *{journal}*>< **{volume}**<, {pages}>>< {link_without_volume}> ({when}).",
        "inproceedings": _NATURE_PART,
        "chapter": _NATURE_PART,
        "book": "<{who}. >*{title}*< {edition} edn>< Vol. {volume}> (<{publisher}, >{when}).",
        "edited book": "<{who} >*{title}*< {edition} edn>< Vol. {volume}> (<{publisher}, >{when}).",
        "preprint": "<{who}. >{title}. Preprint< at {link}> ({when}).",
        "thesis": "<{who}. >*{title}*. {degree}<, {school}> ({when}).",
        "report": "<{who}. >*{title}*.< Report No. {number}> (<{institution}, >{when}).",
        "web": "<{who}. >{title}.< *{site}*>< {link}> ({when}).",
        "other": "<{who}. >*{title}*.< {link}> (<{institution}, >{when}).",
    },
    eds=("ed.", "eds"),
)
