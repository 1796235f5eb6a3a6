"""What the page keeps for its visitors beside the library: answers under way, their last texts, files to fetch."""

from __future__ import annotations

from dataclasses import dataclass, field

import gradio as gr

from citeworthy.errors import UserError
from citeworthy.surfaces.serving.gate import visitor_of
from citeworthy.surfaces.serving.shared_library import SharedLibrary
from citeworthy.surfaces.web.answering import Answerings
from citeworthy.surfaces.web.desk import Desk
from citeworthy.surfaces.web.downloads import Downloads
from citeworthy.synthesis.outline import RelatedWork
from citeworthy.synthesis.table.values import ComparisonTable


@dataclass(slots=True)
class Workspace(SharedLibrary):
    """The shared library, with what belongs to one visitor."""

    downloads: Downloads = field(default_factory=Downloads)
    answerings: Answerings = field(default_factory=Answerings)
    sections: Desk[RelatedWork] = field(default_factory=lambda: Desk("related work"))
    tables: Desk[ComparisonTable] = field(default_factory=lambda: Desk("a table"))

    def hand_out(self, request: gr.Request, name: str, content: str | bytes) -> str:
        """The address at which this browser, and no other, can fetch a file."""
        return self.downloads.put(visitor_of(dict(request.cookies)) or "", name, content)


def owner_of(request: gr.Request) -> str:
    """Whose conversations and files are meant: the user who is logged in, else the browser's visitor."""
    if request.username:
        return f"user:{request.username}"
    owner = visitor_of(dict(request.cookies))
    if owner is None:
        raise UserError("this page needs its cookie to keep your conversations apart; allow cookies and load it again")
    return owner
