"""What the page keeps for its visitors beside the library: answers under way and files to fetch."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from weakref import WeakValueDictionary

import gradio as gr

from citeworthy.errors import UserError
from citeworthy.surfaces.serving.gate import visitor_of
from citeworthy.surfaces.serving.shared_library import SharedLibrary
from citeworthy.surfaces.web.answering import Answerings
from citeworthy.surfaces.web.downloads import Downloads


@dataclass(slots=True)
class Workspace(SharedLibrary):
    """The shared library, with what belongs to one browser or tab."""

    downloads: Downloads = field(default_factory=Downloads)
    answerings: Answerings = field(default_factory=Answerings)
    # Of what is being written, by browser tab; gone with it.
    stops: WeakValueDictionary[str, threading.Event] = field(default_factory=WeakValueDictionary)

    def hand_out(self, request: gr.Request, name: str, content: str | bytes) -> str:
        """The address at which this browser, and no other, can fetch a file."""
        return self.downloads.put(visitor_of(dict(request.cookies)) or "", name, content)

    def stop_of(self, request: gr.Request) -> threading.Event:
        """A new event that `halt` sets, for what this browser tab asks for now."""
        stop = self.stops[request.session_hash or ""] = threading.Event()
        return stop

    def halt(self, request: gr.Request) -> None:
        """Stop what this browser tab has asked for."""
        if stop := self.stops.get(request.session_hash or ""):
            stop.set()


def owner_of(request: gr.Request) -> str:
    """Whose conversations and files are meant: the user who is logged in, else the browser's visitor."""
    if request.username:
        return f"user:{request.username}"
    owner = visitor_of(dict(request.cookies))
    if owner is None:
        raise UserError("this page needs its cookie to keep your conversations apart; allow cookies and load it again")
    return owner
