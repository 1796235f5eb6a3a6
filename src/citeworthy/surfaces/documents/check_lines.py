"""A checked draft for editors and for code review: `file:line:column: level: message` lines, and SARIF 2.1.0."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from citeworthy.surfaces.documents.lines import one_line
from citeworthy.synthesis.check.report import SAYS, CheckedCitation, CheckReport, CitationVerdict
from citeworthy.synthesis.drafts.draft import Place

_LEVELS = {
    CitationVerdict.CONTRADICTED: "error", CitationVerdict.UNKNOWN_KEY: "error",
    CitationVerdict.NOT_IN_ABSTRACT: "warning", CitationVerdict.PARTLY_SUPPORTED: "note",
    CitationVerdict.NO_ABSTRACT: "note", CitationVerdict.SUPPORTED: "none",
}  # fmt: skip
_UNCITED, _RETRACTED = "uncited_fact", "retracted"
_RULES = {
    **{verdict.value: SAYS[verdict] for verdict in CitationVerdict},
    _UNCITED: "states a fact and cites nothing",
    _RETRACTED: "the cited paper is retracted",
}
_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


@dataclass(frozen=True, slots=True)
class Message:
    """One finding at one place."""

    place: Place
    level: str  # error, warning, note; none where all is well
    rule: str
    text: str
    about: CheckedCitation | None = None  # None for a sentence that cites nothing


def messages(report: CheckReport, *, every: bool = False) -> Iterator[Message]:
    """Findings in the order of the draft; with `every` supported citations too."""
    for checked in report.sentences:
        for one in checked.citations:
            if one.retraction:
                text = f"{one.citation.key}: retracted ({one_line(one.retraction)})"
                yield Message(one.citation.place, "error", _RETRACTED, text, one)
            level = "note" if one.borne_out_by else _LEVELS[one.verdict]
            if every or level != "none":
                yield Message(one.citation.place, level, one.verdict.value, _said(one), one)
        if checked.wants_citation:
            text = checked.wants_citation
            if checked.could_cite:
                text += f"; {checked.could_cite[0].citation.paper.key} in your library supports it"
            yield Message(checked.sentence.place, "warning", _UNCITED, text)


def lines(report: CheckReport, *, every: bool = False) -> Iterator[str]:
    """As compilers write them, so that editors can go there."""
    for message in messages(report, every=every):
        place = message.place
        level = "info" if message.level == "none" else message.level
        yield f"{place.file}:{place.line}:{place.column}: {level}: {message.text} [{message.rule}]"


def sarif(report: CheckReport) -> dict[str, Any]:
    """A SARIF log of one run."""
    found = list(messages(report))
    used = sorted({message.rule for message in found})
    return {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "citeworthy",
                        "version": version("citeworthy"),
                        "rules": [{"id": rule, "shortDescription": {"text": _RULES[rule]}} for rule in used],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": [_result(message) for message in found],
            }
        ],
    }


def sarif_text(report: CheckReport) -> str:
    """The same as JSON."""
    return json.dumps(sarif(report), ensure_ascii=False, indent=2) + "\n"


def _result(message: Message) -> dict[str, Any]:
    place = message.place
    return {
        "ruleId": message.rule,
        "level": message.level,
        "message": {"text": message.text},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": place.file.replace("\\", "/")},
                    "region": {"startLine": place.line, "startColumn": place.column},
                }
            }
        ],
    }


def _said(one: CheckedCitation) -> str:
    text = f"{one.citation.key}: {SAYS[one.verdict]}"
    if one.borne_out_by:
        text += f", but {one.borne_out_by}, cited along with it, supports it"
    elif one.reasons and one.verdict is not CitationVerdict.SUPPORTED:
        text += f" ({'; '.join(one.reasons)})"
    if one.verdict is CitationVerdict.CONTRADICTED and one.quotes:
        text += f": “{one_line(one.quotes[0].quote)}”"
    if one.better:
        text += f"; {one.better[0].citation.paper.key} in your library supports it"
    return one_line(text)
