"""What Zotero has no field for and keeps as lines of a note (its field "Extra"): "PMID: 123"."""

from __future__ import annotations

import re

_LINE = re.compile(
    r"^[ \t]*(?:(DOI|PMID|PMCID|arXiv|Citation Key)\s*:\s*(\S+)|(ISBN|ISSN|Issue|Publisher)\s*:[ \t]*(\S.*))",
    re.IGNORECASE | re.MULTILINE,
)


def in_extra(note: str) -> dict[str, str]:
    """The values by their names in lower case; of several of one name the first.

    >>> in_extra("Citation Key: lee2020\\nPublisher: MIT Press\\nread twice")
    {'citation key': 'lee2020', 'publisher': 'MIT Press'}
    """
    found: dict[str, str] = {}
    for match in _LINE.finditer(note):
        found.setdefault((match[1] or match[3]).casefold(), (match[2] or match[4]).strip())
    return found
