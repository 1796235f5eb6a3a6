"""A checked draft as one page: its sentences in order, coloured by verdict, each opening the words of the abstract."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from citeworthy.records import Citation, Paper
from citeworthy.surfaces.documents.lines import one_line
from citeworthy.surfaces.documents.links import web_link
from citeworthy.synthesis.check.report import (
    SAYS,
    Better,
    CheckedCitation,
    CheckedSentence,
    CheckReport,
    CitationVerdict,
)

_LABELS = {
    "supported": "supported", "partly_supported": "partly supported", "not_in_abstract": "not in the abstract",
    "contradicted": "contradicted", "no_abstract": "abstract not known", "unknown_key": "unknown key",
    "retracted": "retracted", "uncited": "facts without citation",
}  # fmt: skip
_SIGNS = {
    CitationVerdict.SUPPORTED: "✓", CitationVerdict.PARTLY_SUPPORTED: "◐", CitationVerdict.NOT_IN_ABSTRACT: "?",
    CitationVerdict.CONTRADICTED: "✗", CitationVerdict.NO_ABSTRACT: "–", CitationVerdict.UNKNOWN_KEY: "∅",
}  # fmt: skip
_STYLE = """
:root { color-scheme: light dark; --good: #1a7f4b; --part: #8a6100; --ask: #4b5bb5; --bad: #c02626; --line: #8884; }
@media (prefers-color-scheme: dark) { :root { --good: #5cc98d; --part: #e0b050; --ask: #9aa8ff; --bad: #ff8a80; } }
body { font: 17px/1.55 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin-top: 2.2rem; }
.counts { display: flex; flex-wrap: wrap; gap: .4rem 1.1rem; padding: 0; list-style: none; }
.counts b { font-size: 1.2rem; }
details { border-left: 4px solid var(--line); margin: .7rem 0; padding: .1rem .8rem; }
summary { cursor: pointer; } summary::marker { color: #8888; }
.place { font-size: .8rem; opacity: .7; }
.verdict { font-weight: 600; font-size: .92rem; }
.supported { color: var(--good); } .partly_supported { color: var(--part); } .not_in_abstract { color: var(--ask); }
.contradicted, .unknown_key, .retracted { color: var(--bad); } .no_abstract, .uncited { color: var(--part); }
blockquote { margin: .4rem 0; padding-left: .8rem; border-left: 3px solid var(--line); }
footer { margin-top: 3rem; font-size: .85rem; opacity: .8; border-top: 1px solid var(--line); }
"""


def write(report: CheckReport) -> str:
    """The page; without scripts, everything from draft and abstracts escaped."""
    title = escape(one_line(report.draft))
    counts = "".join(
        f'<li><b class="{name}">{number}</b> {_LABELS[name]}</li>' for name, number in report.counts.items() if number
    )
    parts = [f"<h1>Citations of {title}</h1>", f'<ul class="counts">{counts}</ul>' if counts else _nothing(report)]
    section = None
    for checked in report.sentences:
        if checked.sentence.section != section:
            section = checked.sentence.section
            parts.append(f"<h2>{escape(one_line(section))}</h2>" if section else "")
        parts.append(_sentence(checked))
    notes = [*report.problems, *report.notes, _scope(report)]
    parts.append("<footer>" + "".join(f"<p>{escape(one_line(note))}</p>" for note in notes) + "</footer>")
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Citations of {title}</title><style>{_STYLE}</style></head>\n<body>\n"
        + "\n".join(part for part in parts if part)
        + "\n</body>\n</html>\n"
    )


def _nothing(report: CheckReport) -> str:
    return f"<p>No citation was found in {report.read} sentences.</p>"


def _scope(report: CheckReport) -> str:
    writer = report.provenance.writer
    also = f" and {writer}" if writer != "none" else ""
    return (
        f"{report.read} sentences read. Each was held against the abstract of the paper it cites, and nothing else: "
        f"what is not in an abstract may be in the paper. Checked by {report.provenance.verifier}{also}."
    )


def _sentence(checked: CheckedSentence) -> str:
    place = checked.sentence.place
    where = f"{escape(one_line(place.file))}:{place.line}:{place.column}"
    signs = " ".join(
        f'<span class="{_class(one)}" title="{escape(SAYS[one.verdict])}">{_SIGNS[one.verdict]}</span>'
        for one in checked.citations
    )
    if checked.wants_citation:
        signs = '<span class="uncited" title="states a fact and cites nothing">+</span>'
    opened = " open" if any(one.is_problem for one in checked.citations) else ""
    body = "".join(_citation(one) for one in checked.citations)
    if checked.wants_citation:
        body += f'<p class="verdict uncited">{escape(checked.wants_citation)}</p>'
        body += "".join(_could(better) for better in checked.could_cite)
    text = escape(one_line(checked.sentence.text))
    summary = f'<summary>{text} {signs} <span class="place">{where}</span></summary>'
    return f"<details{opened}>{summary}{body}</details>"


def _class(one: CheckedCitation) -> str:
    return "retracted" if one.retraction else one.verdict.value


def _citation(one: CheckedCitation) -> str:
    return "".join(_lines(one))


def _lines(one: CheckedCitation) -> Iterator[str]:
    name = f"<code>{escape(one_line(one.citation.key))}</code>"
    yield f'<p><span class="verdict {_class(one)}">{_SIGNS[one.verdict]} {escape(SAYS[one.verdict])}</span> · {name}'
    if one.paper is not None:
        yield f" · {_title(one.paper)}"
    yield "</p>"
    if one.retraction:
        yield f'<p class="verdict retracted">This paper is retracted: {escape(one_line(one.retraction))}</p>'
    if one.text != "" and one.citation.carried:
        yield "<p>Cited in a sentence before, about which this one goes on.</p>"
    if one.borne_out_by:
        yield f"<p>Cited along with <code>{escape(one.borne_out_by)}</code>, which supports it.</p>"
    if one.reasons:
        yield f"<p>{escape('; '.join(one.reasons))}</p>"
    for quote in one.quotes:
        yield _quote(quote)
    for better in one.better:
        yield _could(better)


def _could(better: Better) -> str:
    paper = better.citation.paper
    return (
        f"<p>In your library, <code>{escape(paper.key)}</code> supports it ({better.support:.0%}): {_title(paper)}</p>"
        f"{_quote(better.citation)}"
    )


def _quote(citation: Citation) -> str:
    where = f"characters {citation.start}–{citation.end} of its {'digest' if citation.paper.is_digest else 'abstract'}"
    return f'<blockquote>“{escape(one_line(citation.quote))}” <span class="place">{where}</span></blockquote>'


def _title(paper: Paper) -> str:
    title = escape(one_line(paper.title))
    byline = f" ({escape(one_line(paper.byline))})" if paper.byline else ""
    link = web_link(paper)
    shown = f'<a href="{escape(link)}" rel="noopener noreferrer">{title}</a>' if link else title
    return f"{shown}{byline}"
