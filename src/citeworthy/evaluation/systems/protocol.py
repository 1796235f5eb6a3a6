"""Anyone's system under test: a request in, an answer JSON out.

    request   {"id": "s101", "turns": ["...", "..."], "question": last turn}; for rankings "task": "search", "k": 100
    answer    see `responses.py`: citeworthy's JSON, or {"text": "... [1]", "sources": [{"key": "..."}], ...}

Three ways to give one: a Python callable, a command (one JSON line in on standard input, one out), the base URL of an
OpenAI-compatible server. A system that hangs, crashes or talks nonsense gets a failure for that question; after
five in a row that it did not answer in time it is not asked again.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import shlex
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from citeworthy.errors import CiteworthyError, EvaluationError
from citeworthy.evaluation.responses import MalformedAnswerError, parse_response
from citeworthy.evaluation.runs import Row
from citeworthy.evaluation.suites.questions import Question

Respond = Callable[[Mapping[str, Any]], Any]
PATIENCE = 5  # time-outs in a row


class System(Protocol):
    """A named system; `respond` returns answer JSON, or raises."""

    @property
    def name(self) -> str: ...

    def respond(self, request: Mapping[str, Any]) -> Any: ...

    def close(self) -> None:
        """Free what it holds; called once at the end, and after each time-out."""
        ...


@dataclass(frozen=True)
class CallableSystem:
    """A Python function of the request."""

    name: str
    function: Respond

    def respond(self, request: Mapping[str, Any]) -> Any:
        return self.function(request)

    def close(self) -> None:
        """Nothing to free."""


class CommandSystem:
    """A program that reads one JSON line for each request and writes one JSON line for each answer.

    It is started once and kept, killed with its children after a time-out, and started again for the next question.
    """

    def __init__(self, command: str, name: str = "") -> None:
        self._words = shlex.split(command)
        if not self._words:
            raise EvaluationError("command: names no program")
        self.name = name or self._words[0].rsplit("/", 1)[-1]
        self._process: subprocess.Popen[str] | None = None

    def respond(self, request: Mapping[str, Any]) -> Any:
        process = self._running()
        try:
            process.stdin.write(json.dumps(request, ensure_ascii=False) + "\n")  # type: ignore[union-attr]
            process.stdin.flush()  # type: ignore[union-attr]
            line = process.stdout.readline()  # type: ignore[union-attr]
        except (OSError, ValueError) as error:
            raise EvaluationError(f"the command stopped ({error})") from error
        if not line:
            self._end(process)
            raise EvaluationError("the command ended without an answer")
        return line

    def close(self) -> None:
        self._end(self._process)

    def _end(self, process: subprocess.Popen[str] | None) -> None:
        """Kill that one: a question that has timed out learns of its program's end when the next one may be running."""
        if process is None:
            return
        if self._process is process:
            self._process = None
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def _running(self) -> subprocess.Popen[str]:
        if self._process is None or self._process.poll() is not None:
            try:
                self._process = subprocess.Popen(
                    self._words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8",
                    start_new_session=True,
                )  # fmt: skip
            except OSError as error:
                raise EvaluationError(f"cannot start {self._words[0]}: {error.strerror}") from error
        return self._process


class OpenAISystem:
    """An application behind an OpenAI-compatible chat endpoint; its text is read for markers, its `citations` or
    `sources` (of the message or the whole answer) for what they point at.
    """

    def __init__(self, url: str, model: str = "default", api_key: str | None = None, timeout_s: float = 60) -> None:
        self.name = f"{model} at {url}"
        self._model = model
        self._settings: dict[str, Any] = {"base_url": url, "api_key": api_key or "none", "timeout": timeout_s}
        self._client: Any = None

    def respond(self, request: Mapping[str, Any]) -> Any:
        from openai import OpenAIError

        client = self._connected()
        messages: list[Any] = []
        answer: dict[str, Any] = {}
        tokens = 0
        for turn in request["turns"]:
            messages.append({"role": "user", "content": turn})
            try:
                completion = client.chat.completions.create(model=self._model, messages=messages)
            except OpenAIError as error:
                raise EvaluationError(f"{type(error).__name__}: {str(error)[:200]}") from error
            whole = completion.model_dump()
            choices = whole.get("choices") or [{}]
            message = choices[0].get("message") or {}
            if not isinstance(message.get("content"), str):
                raise MalformedAnswerError("the completion has no message text")
            messages.append({"role": "assistant", "content": message["content"]})
            sources = [part[n] for part in (message, whole) for n in ("citations", "sources") if part.get(n)]
            answer = {"text": message["content"], "sources": sources[0] if sources else []}
            tokens += (whole.get("usage") or {}).get("total_tokens") or 0
        return answer | {"tokens": {"total": tokens}}

    def close(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            client.close()

    def _connected(self) -> Any:
        """A client of its own after each time-out: the old one still waits for the answer that did not come."""
        if self._client is None:
            from openai import OpenAI

            self._client = OpenAI(**self._settings, max_retries=0)
        return self._client


def make_request(question: Question, k: int | None = None) -> dict[str, Any]:
    """What a system is told: never the gold. With `k` a ranking is asked for."""
    request: dict[str, Any] = {"id": question.id, "question": question.text, "turns": list(question.turns)}
    return request if k is None else request | {"task": "search", "k": k}


def ask(system: System, request: Mapping[str, Any], timeout_s: float) -> Row:
    """One question to one system, as a row; whatever the system does, this returns."""
    answers: queue.Queue[tuple[str, Any]] = queue.Queue()

    def work() -> None:
        try:
            answers.put(("ok", system.respond(request)))
        except MalformedAnswerError as error:
            answers.put(("malformed", str(error)))
        except CiteworthyError as error:
            answers.put(("error", str(error)))
        except Exception as error:  # noqa: BLE001  anything at all may go wrong in a system under test
            answers.put(("error", f"{type(error).__name__}: {error}"))

    started = time.perf_counter()
    threading.Thread(target=work, daemon=True).start()
    try:
        status, found = answers.get(timeout=timeout_s)
    except queue.Empty:
        system.close()
        return Row(system.name, request["id"], "timeout", f"no answer within {timeout_s:g} s", None, timeout_s * 1000)
    latency = round((time.perf_counter() - started) * 1000, 2)
    if status == "ok":
        try:
            return Row(system.name, request["id"], response=parse_response(found), latency_ms=latency)
        except MalformedAnswerError as error:
            status, found = "malformed", str(error)
        except Exception as error:  # noqa: BLE001  whatever it is that they sent, it is no reason to stop the run
            status, found = "malformed", f"{type(error).__name__}: {error}"
    return Row(system.name, request["id"], status, found[:300], None, latency)
