"""A language model reads the candidates of a topic and says which belong to it.

It knows what a topic means that is worded unlike the papers, which the bundled models do not. It is shown whole
abstracts, as many at a time as fit its window; small models are not asked.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from citeworthy.answer.task import FULL, style_for
from citeworthy.errors import CiteworthyError, ModelError
from citeworthy.index.passages import quotable_sentences
from citeworthy.models.calling import Caller
from citeworthy.models.chat import ChatRequest, Usage
from citeworthy.models.prompting import Prompt, defused, load_prompt
from citeworthy.records import Paper, Provenance

_AT_ONCE = 35  # papers in one request
_LOCALLY = 30  # papers in all that a model on this machine reads; it may take seconds for each
_TOKENS = 400  # of a reply
_MARGIN = 96  # tokens that a chat template adds, and counts by another tokenizer may be off


@dataclass(slots=True)
class Membership:
    """What a model made of a topic's candidates, by key; without effect where it has not read them all."""

    belong: set[str] = field(default_factory=set)
    borderline: set[str] = field(default_factory=set)  # careful readers could disagree
    read: set[str] = field(default_factory=set)
    is_whole: bool = False
    usage: Usage = field(default_factory=Usage)
    prompts: dict[str, str] = field(default_factory=dict)
    failure: CiteworthyError | None = None

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader should know of it."""
        if self.failure is None:
            return ()
        told = f"The language model could not choose the papers: {self.failure}."
        return (f"{told} They were chosen by likeness to the topic.",)

    def counted_in(self, provenance: Provenance) -> Provenance:
        """How a text came about, with what its choice of papers took."""
        tokens = {"prompt": self.usage.prompt, "completion": self.usage.completion}
        costs = (provenance.cost_usd, self.usage.cost_usd)
        return replace(
            provenance,
            prompts=self.prompts | provenance.prompts,
            tokens={name: count + provenance.tokens.get(name, 0) for name, count in tokens.items()},
            cost_usd=None if None in costs else sum(cost or 0.0 for cost in costs),
        )


def read_candidates(
    topic: str,
    papers: Sequence[Paper],
    caller: Caller,
    stop: threading.Event,
    progress: Callable[[int, int], None] = lambda *_: None,
) -> Membership:
    """Which of the papers (the likeliest first) belong to the topic. Never raises for a model that fails."""
    found = Membership()
    if style_for(caller.traits) is not FULL or not papers:
        return found
    prompt = load_prompt("topic_papers")
    found.prompts = {prompt.name: prompt.digest}
    shown = papers[:_LOCALLY] if caller.traits.local else papers
    try:
        while len(found.read) < len(shown) and not stop.is_set():
            _read_batch(found, prompt, topic, shown[len(found.read) :], caller, stop)
            progress(len(found.read), len(shown))
    except CiteworthyError as error:
        found.failure = error
    found.is_whole = len(found.read) == len(shown)
    return found


def _read_batch(
    found: Membership, prompt: Prompt, topic: str, papers: Sequence[Paper], caller: Caller, stop: threading.Event
) -> None:
    batch, texts = _batch(prompt, topic, papers, caller)
    if not batch:
        raise ModelError("an abstract is longer than its window")
    schema = _schema(len(batch)) if caller.traits.constraint == "schema" else None
    messages = prompt.render(topic=defused(topic), papers="\n\n".join(texts))
    reply = caller.complete(ChatRequest(messages, _TOKENS, schema=schema), stop)
    found.usage += reply.usage
    if stop.is_set():
        return
    belong, borderline = _keys(reply.text, batch)
    found.belong |= belong
    found.borderline |= borderline - belong
    found.read |= {paper.key for paper in batch}


def _batch(prompt: Prompt, topic: str, papers: Sequence[Paper], caller: Caller) -> tuple[list[Paper], list[str]]:
    """As many of the first papers as fit one request, and how they are shown."""
    count = caller.model.count_tokens
    frame = sum(count(message.content) for message in prompt.render(topic=defused(topic), papers=""))
    room = caller.traits.context_tokens - _TOKENS - _MARGIN - frame
    batch: list[Paper] = []
    texts: list[str] = []
    for number, paper in enumerate(papers[:_AT_ONCE], 1):
        abstract = " ".join(sentence.text for sentence in quotable_sentences(paper))
        text = f"[{number}] {defused(paper.title)}\n{defused(abstract)}"
        room -= count(text) + 2
        if room < 0:
            break
        batch.append(paper)
        texts.append(text)
    return batch, texts


def _keys(text: str, papers: Sequence[Paper]) -> tuple[set[str], set[str]]:
    """Keys of those that belong and of the borderline ones; numbers that do not exist are dropped."""
    start, end = text.find("{"), text.rfind("}")
    try:
        whole: Any = json.loads(text[start : end + 1])
    except ValueError:
        whole = None
    if not isinstance(whole, dict) or not isinstance(whole.get("belong"), list):
        raise ModelError("its reply held no choice of papers")
    listed = (whole["belong"], whole.get("borderline"))
    belong, borderline = (
        {papers[n - 1].key for n in some if isinstance(n, int) and 1 <= n <= len(papers)}
        if isinstance(some, list)
        else set[str]()
        for some in listed
    )
    return belong, borderline


def _schema(count: int) -> dict[str, Any]:
    numbers = {"type": "array", "items": {"type": "integer", "minimum": 1, "maximum": count}}
    return {
        "type": "object",
        "properties": {"belong": numbers, "borderline": numbers},
        "required": ["belong", "borderline"],
        "additionalProperties": False,
    }
