"""The chat seam: what is asked of a language model and what comes back, whoever runs the model.

A ChatModel only generates. Time limits, retries, cancelling, the cache and the counting of tokens are the same for all
of them and live in `calling.py`; which model a name means is decided in `choose.py`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Literal, Protocol


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a request."""

    role: Literal["system", "user"]
    content: str


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """What a model is asked. A constraint that the model's traits do not name is ignored by it."""

    messages: tuple[Message, ...]
    max_tokens: int = 512
    grammar: str | None = None  # GBNF
    schema: Mapping[str, Any] | None = None  # JSON schema

    @classmethod
    def of(cls, prompt: str, max_tokens: int = 512) -> ChatRequest:
        """A request of one user message."""
        return cls((Message("user", prompt),), max_tokens)


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens read and written, and what they cost in US dollars; None where the price is not known."""

    prompt: int = 0
    completion: int = 0
    cost_usd: float | None = 0.0

    def __add__(self, other: Usage) -> Usage:
        known = self.cost_usd is not None and other.cost_usd is not None
        cost = (self.cost_usd or 0.0) + (other.cost_usd or 0.0) if known else None
        return Usage(self.prompt + other.prompt, self.completion + other.completion, cost)


class Cut(Enum):
    """Says that the text ended because the tokens allowed were used up."""

    CUT = "cut"


CUT = Cut.CUT


@dataclass(frozen=True, slots=True)
class Reply:
    """A text that a model wrote."""

    text: str
    usage: Usage = Usage()
    cached: bool = False
    cut: bool = False  # the tokens allowed were used up before the model was done


@dataclass(frozen=True, slots=True)
class Traits:
    """What a model can take."""

    context_tokens: int = 8_192  # prompt and answer together
    parameters: float | None = None  # billions; None where it is not known
    constraint: Literal["grammar", "schema", "none"] = "none"  # how its output can be held to a form
    local: bool = False  # runs on this machine, costs nothing


class ChatModel(Protocol):
    """A language model."""

    @property
    def name(self) -> str:
        """As recorded with answers; together with a request it identifies a reply in the cache."""
        ...

    @property
    def traits(self) -> Traits:
        """May ask the server, for a few seconds at most; never raises."""
        ...

    def generate(self, request: ChatRequest, stop: threading.Event) -> Iterator[str | Usage | Cut]:
        """The text piece by piece at temperature 0, its Usage where that is known, and CUT where it is not the end.
        Ends soon after `stop` is set.

        Raises ModelError, or UserError where a key or a file is missing.
        """
        ...

    def count_tokens(self, text: str) -> int:
        """Tokens of a text, by the model's own tokenizer where that can be had; never raises."""
        ...


@dataclass(frozen=True)
class FakeChat:
    """A function in place of a model, for tests; it may return the text or yield pieces of it."""

    function: Callable[[str], str | Iterator[str]]
    name: str = "fake"
    traits: Traits = Traits(local=True)

    def generate(self, request: ChatRequest, stop: threading.Event) -> Iterator[str | Usage | Cut]:
        text = self.function("\n".join(message.content for message in request.messages))
        for piece in [text] if isinstance(text, str) else text:
            if stop.is_set():
                return
            yield piece

    def count_tokens(self, text: str) -> int:
        return len(text) // 4 + 1
