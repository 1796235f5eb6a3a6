"""Calling a language model: the one place for time limits, retries, cancelling, the cache, and counting what it cost.

The model runs in a thread of its own, so that a server which hangs holds nobody up: when the time is over, or the
caller sets `stop`, the call ends at once with what has come so far, and the thread is told to end.
"""

from __future__ import annotations

import hashlib
import json
import logging
import queue
import random
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Protocol

from citeworthy.errors import CiteworthyError, ModelError
from citeworthy.models.chat import ChatModel, ChatRequest, Cut, Reply, Traits, Usage
from citeworthy.tracing import Span, span

_logger = logging.getLogger(__name__)
_RETRIES = 3
_FIRST_DELAY_S = 0.5
_POLL_S = 0.05
_Arrival = str | Usage | Cut | CiteworthyError | None  # None: the end
_THINK, _END_THINK = "<think>", "</think>"


class CallCache(Protocol):
    """Remembers replies by the hash of what was asked of which model."""

    def get(self, digest: str) -> Reply | None: ...

    def put(self, digest: str, reply: Reply) -> None: ...


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars for a million tokens."""

    prompt: float
    completion: float


class Call:
    """One call under way: iterate over its text, then read `reply`.

    The text of a cached reply comes in one piece. Raises ModelError while iterating, after the pieces that did come.
    """

    def __init__(
        self, caller: Caller, request: ChatRequest, stop: threading.Event | None, parent: Span | None = None
    ) -> None:
        self._caller = caller
        self._request = request
        self._parent = parent
        self._stop = stop or threading.Event()
        self._pieces: list[str] = []
        self._begun = False  # text has come, so the call is not made again
        self._usage: Usage | None = None
        self._cached = False
        self._cut = False

    @property
    def reply(self) -> Reply:
        """What has come so far, and what it took."""
        text = "".join(self._pieces)
        if self._cached:
            return Reply(text, Usage(), True)
        usage = self._usage
        if usage is None and self._pieces:  # the server did not say, or was cut off before it could
            count = self._caller.model.count_tokens
            usage = Usage(sum(count(m.content) for m in self._request.messages), count(text), None)
        return Reply(text, self._caller.priced(usage or Usage()), cut=self._cut)

    def __iter__(self) -> Iterator[str]:
        caller, request = self._caller, self._request
        with span("model.call", self._parent, model=caller.model.name) as traced:
            traced.content("prompt", "\n".join(message.content for message in request.messages))
            digest = caller.digest(request)
            known = caller.cache.get(digest) if caller.cache else None
            if known is not None:
                self._cached = True
                self._pieces.append(known.text)
                traced.note(cached=True)
                yield known.text
                return
            for piece in _without_thoughts(self._attempts()):
                self._pieces.append(piece)
                yield piece
            reply = self.reply
            traced.note(prompt_tokens=reply.usage.prompt, completion_tokens=reply.usage.completion)
            traced.content("reply", reply.text)
            if caller.cache and reply.text and not reply.cut and not self._stop.is_set():
                caller.cache.put(digest, reply)

    def _attempts(self) -> Iterator[str]:
        deadline = time.monotonic() + self._caller.timeout_s
        for attempt in range(_RETRIES + 1):
            try:
                yield from self._attempt(deadline)
            except ModelError as error:
                _logger.info("model call failed", extra={"attempt": attempt + 1, "retryable": error.retryable})
                delay = error.retry_after_s
                if delay is None:
                    delay = _FIRST_DELAY_S * 2**attempt * random.uniform(0.5, 1)  # noqa: S311  jitter
                fits = time.monotonic() + delay < deadline
                if self._begun or not error.retryable or attempt == _RETRIES or not fits:
                    raise
                if self._stop.wait(delay):
                    return
            else:
                return

    def _attempt(self, deadline: float) -> Iterator[str]:
        """One try: pieces from the model's thread until it ends, fails, is cancelled or runs out of time."""
        arrivals: queue.Queue[_Arrival] = queue.Queue()
        ended = threading.Event()  # ends this try's thread without cancelling the whole call
        threading.Thread(target=self._produce, args=(arrivals, ended), daemon=True, name="citeworthy-model").start()
        try:
            while not self._stop.is_set():
                remaining = deadline - time.monotonic()
                if remaining <= 0:
                    limit = f"{self._caller.timeout_s:g} s"
                    raise ModelError(f"{self._caller.model.name} did not finish within {limit}")
                try:
                    arrived = arrivals.get(timeout=min(_POLL_S, remaining))
                except queue.Empty:
                    continue
                if arrived is None:
                    return
                if isinstance(arrived, CiteworthyError):
                    raise arrived
                if isinstance(arrived, Cut):
                    self._cut = True
                elif isinstance(arrived, Usage):
                    self._usage = arrived
                elif arrived:
                    self._begun = True
                    yield arrived
        finally:
            ended.set()

    def _produce(
        self, arrivals: queue.Queue[str | Usage | Cut | CiteworthyError | None], ended: threading.Event
    ) -> None:
        try:
            for piece in self._caller.model.generate(self._request, ended):
                arrivals.put(piece)
                if ended.is_set():
                    break
        except CiteworthyError as error:
            arrivals.put(error)
        except Exception as error:  # noqa: BLE001  a thread's exception would be lost and the caller would wait
            arrivals.put(ModelError(f"{self._caller.model.name} failed: {type(error).__name__}"))
        arrivals.put(None)


class Caller:
    """A model with the rules for calling it. Safe to share between threads."""

    def __init__(
        self,
        model: ChatModel,
        timeout_s: float = 120,
        cache: CallCache | None = None,
        price: Price | None = None,
        told: Mapping[str, Any] | None = None,
    ) -> None:
        self.model = model
        self.timeout_s = timeout_s
        self.cache = cache
        self._price = price
        self._told = dict(told or {})

    @property
    def traits(self) -> Traits:
        """What the model can take; what the user told us of it comes before what it says itself."""
        return replace(self.model.traits, **self._told)

    def stream(self, request: ChatRequest, stop: threading.Event | None = None, parent: Span | None = None) -> Call:
        """Begin a call; nothing is sent before the first piece is asked for."""
        return Call(self, request, stop, parent)

    def complete(self, request: ChatRequest, stop: threading.Event | None = None, parent: Span | None = None) -> Reply:
        """The whole reply. Raises ModelError."""
        call = self.stream(request, stop, parent)
        text = "".join(call)
        return replace(call.reply, text=text)

    def digest(self, request: ChatRequest) -> str:
        """Identifies the model and everything that is asked of it."""
        asked = json.dumps([self.model.name, asdict(request)], ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(asked.encode()).hexdigest()

    def priced(self, usage: Usage) -> Usage:
        """The usage with its cost, from the server, the configured price, or 0 on this machine."""
        if usage.cost_usd:
            return usage
        if self._price is not None:
            cost = (usage.prompt * self._price.prompt + usage.completion * self._price.completion) / 1e6
            return replace(usage, cost_usd=cost)
        return replace(usage, cost_usd=0.0 if self.traits.local or not usage.prompt else None)


def _without_thoughts(pieces: Iterator[str]) -> Iterator[str]:
    """Leave out what a reasoning model writes between <think> and </think> before its answer."""
    held, thought = "", False
    for piece in pieces:
        held = (held + piece).lstrip() if thought else held + piece
        begin = held.lstrip()
        if begin.startswith(_THINK) and _END_THINK in begin:
            held, thought = begin.partition(_END_THINK)[2].lstrip(), True
        if held.strip() and not held.lstrip().startswith(_THINK) and not _THINK.startswith(held.lstrip()):
            yield held
            break
    else:
        if held and not held.lstrip().startswith(_THINK):
            yield held
        return
    yield from pieces
