"""The library as a table, one paper in full, and the report of an import, as HTML."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from citeworthy.assistant import Imported
from citeworthy.library.identity import is_preprint
from citeworthy.library.listing import Listing
from citeworthy.records import Paper
from citeworthy.surfaces.web.views.evidence import byline, flags

_COLUMNS = (("title", "Title"), ("authors", "Authors"), ("year", "Year"), ("venue", "Venue"), ("key", "Key"))
_SKIPPED_SHOWN = 20


@dataclass(frozen=True, slots=True)
class View:
    """Which part of the table one page shows, and what is selected in it."""

    words: str = ""
    tag: str = ""
    sort: str = "added"
    descending: bool = True
    offset: int = 0
    selected: frozenset[str] = frozenset()
    shown: str = ""  # key of the paper that is open
    removed: tuple[str, ...] = ()  # what `undo` brings back


PAGE = 50


def table(listing: Listing, tags: Mapping[str, Sequence[str]], view: View) -> str:
    """One page of papers, with what sorts, turns and selects it."""
    if not listing.total:
        text = "No paper has these words." if view.words or view.tag else "No papers yet."
        return f"<p class='cw-hint' role='status'>{text}</p>"
    heads = "".join(_head(name, label, view) for name, label in _COLUMNS)
    rows = "".join(_row(paper, tags.get(paper.key, ()), view) for paper in listing.papers)
    all_here = {paper.key for paper in listing.papers} <= view.selected
    checked = " checked" if all_here else ""
    every = f"<input type='checkbox' id='all' data-do='page' aria-label='Select all papers on this page'{checked}>"
    return (
        f"{_count(listing, view)}<div class='cw-scroll' tabindex='0' role='region' aria-label='Papers'>"
        f"<table class='cw-papers'><thead><tr><th scope='col'>{every}</th>{heads}</tr></thead>"
        f"<tbody>{rows}</tbody></table></div>{_turning(listing, view)}"
    )


def _head(name: str, label: str, view: View) -> str:
    is_sorted = view.sort == name
    state = f" aria-sort='{'descending' if view.descending else 'ascending'}'" if is_sorted else ""
    sign = (" ↓" if view.descending else " ↑") if is_sorted else ""
    return (
        f"<th scope='col'{state}><button type='button' id='sort-{name}' data-do='sort' data-sort='{name}'>"
        f"{label}{sign}</button></th>"
    )


def _row(paper: Paper, tags: Sequence[str], view: View) -> str:
    key = escape(paper.key, quote=True)
    checked = " checked" if paper.key in view.selected else ""
    marks = "".join(f"<span class='cw-flag cw-{kind}'>{words}</span>" for kind, words in paper_flags(paper))
    marks += "".join(f"<span class='cw-tag'>{escape(tag)}</span>" for tag in tags)
    authors = paper.authors[0] + (" et al." if len(paper.authors) > 1 else "") if paper.authors else ""
    label = escape(f"Select {paper.title}", quote=True)
    return (
        f"<tr><td><input type='checkbox' id='c-{key}' data-do='select' data-key='{key}' aria-label='{label}'{checked}>"
        f"</td><td><button type='button' class='cw-title' id='o-{key}' data-do='open' data-key='{key}'>"
        f"{escape(paper.title) or '(no title)'}</button> {marks}</td><td>{escape(authors)}</td>"
        f"<td>{paper.year or ''}</td><td>{escape(paper.venue or '')}</td><td><code>{escape(paper.key)}</code></td></tr>"
    )


def paper_flags(paper: Paper) -> list[tuple[str, str]]:
    """(kind, in words) of what a reader should know before citing it."""
    known = [
        (bool(paper.detail("retraction")), "retracted", "retracted"),
        (is_preprint(paper), "preprint", "preprint"),
        (not paper.abstract, "bare", "no abstract"),
    ]
    return [(kind, words) for holds, kind, words in known if holds]


def _count(listing: Listing, view: View) -> str:
    first, last = view.offset + 1, view.offset + len(listing.papers)
    chosen = f" · {len(view.selected)} selected" if view.selected else ""
    clear = " <button type='button' id='none' data-do='none'>clear the selection</button>" if view.selected else ""
    return f"<p class='cw-hint' role='status'>{first:,}–{last:,} of {listing.total:,} papers{chosen}{clear}</p>"


def _turning(listing: Listing, view: View) -> str:
    if listing.total <= PAGE:
        return ""
    back = "" if view.offset else " disabled"
    on = "" if view.offset + PAGE < listing.total else " disabled"
    return (
        f"<p class='cw-turning'><button type='button' id='back' data-do='turn' data-by='-1'{back}>Back</button>"
        f"<button type='button' id='on' data-do='turn' data-by='1'{on}>Next {PAGE}</button></p>"
    )


def whole_paper(paper: Paper, tags: Sequence[str], *, may_change: bool) -> str:
    """One paper in full."""
    key = escape(paper.key, quote=True)
    ids = [("DOI", paper.doi), ("arXiv", paper.arxiv_id), ("PubMed", paper.pmid), ("key", paper.key),
           ("from", paper.source)]  # fmt: skip
    known = " · ".join(f"{name} <code>{escape(value)}</code>" for name, value in ids if value)
    marks = "".join(f"<span class='cw-flag cw-{kind}'>{words}</span>" for kind, words in paper_flags(paper))
    own = "".join(
        f"<span class='cw-tag'>{escape(tag)}"
        + (
            f" <button type='button' data-do='untag' data-key='{key}' data-tag='{escape(tag, quote=True)}' "
            f"aria-label='Take the tag {escape(tag, quote=True)} away'>✕</button>"
            if may_change
            else ""
        )
        + "</span>"
        for tag in tags
    )
    abstract = escape(paper.abstract) or "<em>There is no abstract of it in the library.</em>"
    return (
        f"<article class='cw-whole'><h3>{escape(paper.title) or '(no title)'}</h3>"
        f"<p class='cw-byline'>{byline(paper)}</p>{flags(paper)}<p>{marks}{own}</p>"
        f"<p class='cw-abstract' dir='auto'>{abstract}</p><p class='cw-why'>{known}</p></article>"
    )


def import_report(imports: Sequence[Imported], waiting: str = "") -> str:
    """What came of adding files and asking services, and what is `waiting` for a server that is away."""
    parts = []
    for one in imports:
        report = one.report
        name = Path(one.location).name if Path(one.location).is_absolute() else one.location
        counts = [
            (len(report.added), "added"), (len(report.updated), "updated"), (report.unchanged, "unchanged"),
            (len(report.merged), "merged with papers already known"), (len(one.skipped), "skipped"),
            (report.without_abstract, "without an abstract: found by title, never quoted"),
        ]  # fmt: skip
        words = ", ".join(f"{number} {word}" for number, word in counts if number or word == "added")
        lines = [f"<p><strong>{escape(name)}</strong>: {words}</p>"]
        if one.skipped:
            items = "".join(
                f"<li>{escape(s.unit)} {s.line}: {escape(s.reason)}</li>" for s in one.skipped[:_SKIPPED_SHOWN]
            )
            more = len(one.skipped) - _SKIPPED_SHOWN
            lines.append(f"<details><summary>What was skipped, and why</summary><ul>{items}</ul>")
            lines.append(f"<p>and {more} more</p></details>" if more > 0 else "</details>")
        parts.append("".join(lines))
    if waiting:
        parts.append(f"<p>{escape(waiting)}</p>")
    return f"<div class='cw-report' role='status'>{''.join(parts)}</div>"


def progress(step: str, done: int, total: int) -> str:
    """How far work has come."""
    share = f" value='{done}' max='{total}'" if total else ""
    count = f"{done:,} of {total:,}" if total else (f"{done:,}" if done else "")
    return f"<p class='cw-progress' role='status'><progress{share}></progress> {escape(step)} {count}</p>"


def problem(text: str) -> str:
    """What went wrong, and what to do."""
    return f"<p class='cw-error' role='alert'>{escape(text)}</p>"


def undo_line(keys: Collection[str]) -> str:
    """After a removal."""
    count = f"{len(keys)} paper{'' if len(keys) == 1 else 's'}"
    return f"<p role='status'>{count} removed. <button type='button' id='undo' data-do='undo'>Undo</button></p>"
