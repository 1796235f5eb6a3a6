"""Related work on a topic: papers chosen, grouped into themes, and each theme written from its quotations.

    topic -> papers that belong -> themes -> quotations -> paragraphs, checked

Without a language model the quotations are the text. With one, it has chosen the papers (`membership.py`), groups them
(`related_plan`) and writes each theme from numbered sentences (`related_section`), which are checked like those of an
answer; the summary comes first and is written last (`related_summary`). Small models write a sentence a paper, and the
smallest nothing.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from citeworthy.answer.lead_in import lead_in
from citeworthy.errors import CiteworthyError
from citeworthy.models.calling import Caller
from citeworthy.models.chat import Usage
from citeworthy.models.embedder import Vector
from citeworthy.records import Claim, Paper, Sentence
from citeworthy.synthesis.digest import check_shared, contribution, theme_parts
from citeworthy.synthesis.outline import OTHER, Part, ThemeSection
from citeworthy.synthesis.paragraphs import evidence_of, write_section, write_summary
from citeworthy.synthesis.planning import Grouping, plan_by_model
from citeworthy.synthesis.themes import Theme, find_themes
from citeworthy.verify.verifier import Verifier

Progress = Callable[[str, int, int], None]
_SUMMARY = 4  # themes that the quoted summary speaks of


@dataclass(slots=True)
class Written:
    """What the writing came to."""

    summary: tuple[Claim, ...] = ()
    themes: list[ThemeSection] = field(default_factory=list)
    left_out: list[Claim] = field(default_factory=list)
    usage: Usage = field(default_factory=Usage)
    prompts: dict[str, str] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    by_model: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """The papers to write about."""

    topic: str
    papers: Sequence[Paper]
    vectors: Vector  # [n, d]
    rarity: Mapping[str, float]
    known: frozenset[str]  # tokens of the topic
    lines: Mapping[str, Sentence]  # by key what each paper contributes


def write_related_work(
    group: Group,
    verifier: Verifier,
    caller: Caller | None = None,
    stop: threading.Event | None = None,
    progress: Progress = lambda *_: None,
    on_theme: Callable[[ThemeSection], None] = lambda _: None,
) -> Written:
    """Everything between the choice of papers and the document. Never raises for a model that fails: what it did not
    write is quoted, and `notes` say so."""
    stop = stop or threading.Event()
    written = Written()
    themes = find_themes(group.papers, group.vectors, group.rarity, group.known)
    if caller is not None and len(themes) > 1 and not stop.is_set():
        themes = _planned(group, themes, caller, stop, written)
    for number, theme in enumerate(themes, 1):
        written.themes.append(_section(group, theme, verifier, caller, stop, written))
        progress("themes", number, len(themes))
        on_theme(written.themes[-1])
    written.summary = _summary(group, themes, written, verifier, caller, stop)
    return written


def theme_lead_in(theme: ThemeSection, paper: Paper) -> str:
    """What stands before the quotation that speaks for a theme in the summary."""
    size = f"{len(theme.papers)} paper{'s' if len(theme.papers) > 1 else ''}"
    return f"{theme.name} ({size}), such as {lead_in(paper)}"


def _planned(group: Group, themes: list[Theme], caller: Caller, stop: threading.Event, written: Written) -> list[Theme]:
    try:
        plan: Grouping = plan_by_model(group.topic, group.papers, group.lines, themes, caller, stop)
    except CiteworthyError as error:
        written.notes.append(
            f"The language model could not group the papers: {error}. They are grouped by their terms."
        )
        return themes
    written.usage += plan.usage
    written.prompts |= plan.prompts
    return plan.themes


def _section(
    group: Group, theme: Theme, verifier: Verifier, caller: Caller | None, stop: threading.Event, written: Written
) -> ThemeSection:
    order = sorted(theme.papers, key=lambda i: (group.papers[i].year or 9999, i))
    papers = tuple(group.papers[i] for i in order)
    parts: list[tuple[Part, tuple[Claim, ...]]] = []
    phrases = [phrase for phrase in theme.phrases if phrase.name != theme.name]  # the heading says that one
    for part, claims in theme_parts(papers, phrases, order, group.lines, len(group.papers)):
        if part is Part.SHARED:
            tokens = {phrase.name: phrase.tokens for phrase in phrases}
            checked = [check_shared(claim, tokens[claim.text.rsplit(" (", 1)[0]]) for claim in claims]
            shown = tuple(claim for claim in checked if claim.support == 1)
        else:
            shown, failed = verifier.verify(claims)
            written.left_out += failed
        if shown:
            parts.append((part, shown))
    name = theme.name or (OTHER if len(papers) < len(group.papers) else group.topic)
    if caller is not None and not stop.is_set():
        quotations = [claim for part, claims in parts if part is Part.EACH for claim in claims]
        prose = write_section(
            group.topic,
            name,
            [(p, evidence_of(p, group.lines.get(p.key))) for p in papers],
            quotations,
            verifier,
            caller,
            stop,
        )
        written.usage += prose.usage
        written.prompts |= prose.prompts
        written.left_out += prose.left_out
        for count, number in prose.counts.items():
            written.counts[count] = written.counts.get(count, 0) + number
        if prose.failure:
            written.notes.append(f"{name}: the language model stopped ({prose.failure}).")
        if prose.is_written:
            written.by_model = True
            spoken = {c.paper.key for claim in prose.claims for c in claim.citations}
            rest = tuple(q for q in quotations if q.citations[0].paper.key not in spoken)
            parts = [(Part.PROSE, tuple(prose.claims)), *([(Part.EACH, rest)] if rest else [])]
    return ThemeSection(name, papers, tuple(parts))


def _summary(
    group: Group,
    themes: Sequence[Theme],
    written: Written,
    verifier: Verifier,
    caller: Caller | None,
    stop: threading.Event,
) -> tuple[Claim, ...]:
    """By the model from what it wrote, else a quotation of the most typical paper of each theme."""
    if len(written.themes) < 2:
        return ()
    if written.by_model and caller is not None and not stop.is_set():
        prose = write_summary(group.topic, written.themes, group.lines, verifier, caller, stop)
        written.usage += prose.usage
        written.prompts |= prose.prompts
        written.left_out += prose.left_out
        if prose.is_written:
            return tuple(prose.claims)
    quoted = []
    for theme, section in zip(themes[:_SUMMARY], written.themes, strict=False):
        claim = contribution(group.papers[theme.papers[0]], group.lines)
        if claim is not None and section.name != OTHER:
            quoted.append(replace(claim, lead_in=theme_lead_in(section, claim.citations[0].paper)))
    shown, failed = verifier.verify(quoted)
    written.left_out += failed
    return shown
