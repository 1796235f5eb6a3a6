"""A language model reads citing sentences beside their abstracts, after the bundled models have.

Its verdict takes the place of theirs where it names the sentences of the abstract that it rests on. What the explicit
checks found it cannot lift: a sentence with a number or a name that the abstract does not have is at most partly
supported. Small models are not asked.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from citeworthy.answer.task import FULL, style_for
from citeworthy.errors import ModelError
from citeworthy.index.passages import quotable_sentences
from citeworthy.models.calling import Caller
from citeworthy.models.chat import ChatRequest, Usage
from citeworthy.models.prompting import defused, load_prompt
from citeworthy.records import Citation, Paper
from citeworthy.synthesis.check.report import CitationVerdict
from citeworthy.synthesis.check.verdicts import Judged

_TOKENS = 80  # of a reply
_MARGIN = 96  # tokens that a chat template adds, and counts by another tokenizer may be off
_AT_ONCE = 4  # requests, where the model runs elsewhere
_REASON = 200  # characters
_LINE = re.compile(
    r"^\W*(?P<verdict>partly(?:[ -]supported)?|(?:not|un)[ -]?supported|supported|contradicted|"
    r"not (?:stated|in the abstract))\b\W*?(?P<rest>[:\[(].*|$)",
    re.IGNORECASE | re.MULTILINE,
)
_NUMBER = re.compile(r"\[(\d{1,3})\]")
_RESTS_ON = (CitationVerdict.SUPPORTED, CitationVerdict.PARTLY_SUPPORTED, CitationVerdict.CONTRADICTED)


class SecondReader:
    """The model's part in one check; `failure` holds what stopped it, and what it judged before stays."""

    def __init__(self, caller: Caller, stop: threading.Event | None = None) -> None:
        self._caller = caller
        self._stop = stop or threading.Event()
        self._prompt = load_prompt("citation")
        self._lock = threading.Lock()
        self._is_asked = style_for(caller.traits) is FULL
        self.judged = 0
        self.unread = 0  # replies without a verdict that can stand, and abstracts longer than the window
        self.usage = Usage()
        self.failure: ModelError | None = None

    @property
    def prompts(self) -> dict[str, str]:
        """The wording that was used."""
        return {self._prompt.name: self._prompt.digest} if self.judged else {}

    @property
    def notes(self) -> tuple[str, ...]:
        """What the reader of the report should know of it."""
        name, rest = self.name, "the bundled models have judged"
        if not self._is_asked:
            return (f"{name} is too small to be asked; {rest} alone.",)
        stopped = f"{name} stopped after {self.judged} citations: {self.failure}; {rest} the others."
        unread = f"{name} gave no verdict that can stand on {self.unread} citations; {rest} those."
        return ((stopped,) if self.failure is not None else ()) + ((unread,) if self.unread else ())

    @property
    def name(self) -> str:
        """Of the model."""
        return self._caller.model.name

    def read(self, pairs: Sequence[tuple[str, Paper]], judged: Sequence[Judged]) -> list[Judged]:
        """The verdicts on each text beside its paper, the model's where it has one; a model that fails is no
        error. Raises UserError where its key or file is missing, for somebody has asked for it by name."""
        if not self._is_asked:
            return list(judged)
        with ThreadPoolExecutor(1 if self._caller.traits.local else _AT_ONCE) as pool:
            return list(pool.map(self._one, pairs, judged))

    def _one(self, pair: tuple[str, Paper], before: Judged) -> Judged:
        if before.is_quotation or self.failure is not None or self._stop.is_set():
            return before
        text, paper = pair
        sentences = quotable_sentences(paper)
        listed = "\n".join(f"[{n}] {defused(sentence.text)}" for n, sentence in enumerate(sentences, 1))
        messages = self._prompt.render(title=defused(paper.title), sentences=listed, claim=defused(text))
        count, traits = self._caller.model.count_tokens, self._caller.traits
        found = None
        if sum(count(message.content) for message in messages) + _TOKENS + _MARGIN <= traits.context_tokens:
            try:
                reply = self._caller.complete(ChatRequest(messages, _TOKENS), self._stop)
            except ModelError as error:
                self.failure = error
                return before
            with self._lock:
                self.usage += reply.usage
            found = _verdict(reply.text, before, [Citation(paper, s.start, s.end) for s in sentences])
        with self._lock:
            self.judged += found is not None
            self.unread += found is None
        return found or before


def _verdict(text: str, before: Judged, sentences: Sequence[Citation]) -> Judged | None:
    """What the reply says; None where it has no verdict, or rests on no sentence that exists."""
    match = _LINE.search(text)
    if match is None:
        return None
    said, rest = match["verdict"].lower(), match["rest"]
    verdict = CitationVerdict.NOT_IN_ABSTRACT
    if said == "supported":
        verdict = CitationVerdict.SUPPORTED
    elif said.startswith("partly"):
        verdict = CitationVerdict.PARTLY_SUPPORTED
    elif said == "contradicted":
        verdict = CitationVerdict.CONTRADICTED
    places = dict.fromkeys(int(number) for number in _NUMBER.findall(rest))
    quotes = tuple(sentences[place - 1] for place in places if 1 <= place <= len(sentences))
    if verdict in _RESTS_ON and not quotes:
        return None
    reason = " ".join(_NUMBER.sub(" ", rest).split()).strip(" :;,.-–")[:_REASON]
    reasons: tuple[str, ...] = (reason,) if reason and verdict is not CitationVerdict.SUPPORTED else ()
    if verdict is CitationVerdict.SUPPORTED and before.lacks:
        verdict, reasons = CitationVerdict.PARTLY_SUPPORTED, before.reasons
    return replace(before, verdict=verdict, quotes=quotes or before.quotes, reasons=reasons)
