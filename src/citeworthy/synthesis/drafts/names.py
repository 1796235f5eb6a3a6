"""What a paper is called in a sentence: "Sheng et al."."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from citeworthy.errors import CiteworthyError
from citeworthy.records import Paper
from citeworthy.sources.entries import Entry
from citeworthy.sources.reading import read_papers
from citeworthy.synthesis.drafts.marks import Mention
from citeworthy.synthesis.drafts.prose import Paragraph

_YEAR = re.compile(r",?\s*\d{4}$")


def names_of(
    references: Mapping[str, Paper], bibliographies: Sequence[Path], paragraphs: Sequence[Paragraph]
) -> Callable[[Mention], str]:
    """The authors of a mentioned paper, from the draft's own references or else its bibliographies; "" for others.

    The bibliographies are only read where a mention has to be spoken and the draft does not say who it is.
    """
    wanted = {m.key for p in paragraphs for mark in p.marks if not mark.name for m in mark.mentions} - set(references)
    names = {key: _name(paper) for key, paper in references.items()}
    pending = list(bibliographies)

    def name(mention: Mention) -> str:
        while mention.key not in names and mention.key in wanted and pending:
            names.update(_of_bibliography(pending.pop(0), wanted))
        return names.get(mention.key, "")

    return name


def _of_bibliography(path: Path, wanted: set[str]) -> dict[str, str]:
    try:
        return {
            found.paper.key: _name(found.paper)
            for found in read_papers(str(path))
            if isinstance(found, Entry) and found.paper.key in wanted
        }
    except CiteworthyError:  # whoever reads it for its papers will be told
        return {}


def _name(paper: Paper) -> str:
    return _YEAR.sub("", paper.byline)
