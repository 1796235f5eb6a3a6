"""From a system's name to the system: citeworthy, a peer, a command, a URL.

Those that we run ourselves also come over the poisoned papers of a suite.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from citeworthy.errors import EvaluationError
from citeworthy.evaluation.suites.corpora import build_index, needs_poison, poisoned
from citeworthy.evaluation.suites.suite import Suite
from citeworthy.evaluation.systems.peers import PEERS, PlainSystem
from citeworthy.evaluation.systems.protocol import CommandSystem, OpenAISystem, System
from citeworthy.index.sync import Index, Progress, silent
from citeworthy.models.calling import Caller
from citeworthy.models.embedder import Embedder

OURS = "citeworthy"
LLAMAINDEX = "llamaindex"
NAMES = (OURS, LLAMAINDEX, *reversed(PEERS))


@dataclass(frozen=True)
class Contestant:
    """A system, and the same system over the poisoned papers where there can be one."""

    system: System
    poisoned: System | None = None


@dataclass(frozen=True)
class Arena:
    """The papers of a suite, indexed, for systems to be asked over."""

    suite: Suite
    embedder: Embedder
    cache: Path
    own: Callable[[Path], System]  # citeworthy over the library in a directory
    chat: Caller | None = None  # the peers' writer; without one they quote
    api_key: str | None = None
    progress: Progress = silent

    def enter(self, system: str, *, with_peers: bool) -> list[Contestant]:
        """The system under test, then its peers. Raises EvaluationError for a name there is none of."""
        outside = _outside(system, self.api_key)
        if outside is None and system not in NAMES:
            raise EvaluationError(
                f"no system {system!r}; there are {', '.join(NAMES)}, command:PROGRAM and url:ADDRESS#MODEL"
            )
        names = [system] if outside is None else []
        names += [name for name in NAMES if with_peers and name != system]
        first = [Contestant(outside)] if outside is not None else []
        if not names:
            return first
        clean = build_index(self.suite.papers, self.cache, self.embedder, self.progress)
        hostile = None
        if any(map(needs_poison, self.suite.questions)):
            papers = poisoned(self.suite.papers, self.suite.questions)
            hostile = build_index(papers, self.cache, self.embedder, self.progress)
        return first + [
            Contestant(self._make(name, clean), self._make(name, hostile) if hostile else None) for name in names
        ]

    def _make(self, name: str, index: Index) -> System:
        if name == OURS:
            return self.own(index.library.home)
        if name == LLAMAINDEX:
            from citeworthy.evaluation.systems.llamaindex import LlamaIndexSystem

            return LlamaIndexSystem(index, self.chat)
        return PlainSystem(name, index)


def _outside(system: str, api_key: str | None) -> System | None:
    if system.startswith("command:"):
        return CommandSystem(system.removeprefix("command:"))
    if system.startswith("url:"):
        url, _, model = system.removeprefix("url:").partition("#")
        return OpenAISystem(url, model or "default", api_key)
    return None
