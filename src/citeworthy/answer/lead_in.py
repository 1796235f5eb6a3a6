"""A few words of ours before a paper's first quotation: which paper speaks. They state nothing else."""

from __future__ import annotations

import re

from citeworthy.records import Paper

_NAME = re.compile(r"^(?P<name>[^:–—?]{2,40})(?::|\s[–—]\s)")
_LONGEST_NAME = 4  # words
_KIND = re.compile(  # of article, which journals put before a title
    r"(?:\w+ ){0,2}(?:reports?|reviews?|articles?|communications?|commentary|letters?|notes?|editorial|erratum|"
    r"correction|corrigendum|retracted|retraction|protocol|perspective|viewpoint|comment|reply)",
    re.IGNORECASE,
)


def short_name(paper: Paper) -> str | None:
    """The name a title gives its method ("HybridFlow: A Flexible ..."), if it gives one."""
    match = _NAME.match(paper.title)
    if not match or len(match["name"].split()) > _LONGEST_NAME or _KIND.fullmatch(match["name"].strip()):
        return None
    return match["name"].strip()


def reference(paper: Paper) -> str:
    """How running text refers to the paper: "HybridFlow (Sheng et al., 2024)"."""
    name, byline = short_name(paper), paper.byline
    if name and byline:
        return f"{name} ({byline})"
    return byline if paper.authors else (name or f"“{_shortened(paper.title)}”")


def lead_in(paper: Paper) -> str:
    """The reference as it introduces a quotation."""
    return f"{reference(paper)}:"


def _shortened(title: str, longest: int = 80) -> str:
    return title if len(title) <= longest else title[:longest].rsplit(" ", 1)[0] + " …"
