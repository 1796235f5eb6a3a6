"""JSON lines: every field of a paper as stored, the further details in an object. citeworthy reads all of it back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict

from citeworthy.records import Paper


def write(papers: Iterable[Paper]) -> Iterator[str]:
    """One object a line."""
    for paper in papers:
        yield json.dumps(asdict(paper) | {"details": dict(paper.details)}, ensure_ascii=False) + "\n"
