"""The bundled judging model: MiniLM with three heads, int8, run by onnxruntime (see judge/MODEL_CARD.md).

    [CLS] question or claim [SEP] title. sentence 1 sentence 2 ... [SEP]

A text longer than the window is read in several, and a sentence counts as in the window that makes most of it. Made by
`eval/training/train_judge.py` and `export_judge.py`; the window and the layout of the input are theirs.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from citeworthy.errors import ModelError
from citeworthy.models.cross_encoder import Reading, ReadingTask
from citeworthy.models.embedder import unit
from citeworthy.models.onnx_session import BundledBert

_FOLDER = Path(__file__).parent / "judge"
ABSTRACT_READER = Path(__file__).parent / "abstract_reader"
TEXT_TOKENS, TITLE_TOKENS, ALL_TOKENS = 72, 48, 288
MOST_WINDOWS = 6  # of a long text; about 2,000 tokens
_UNREAD = -8.0  # logit of a sentence beyond them


@dataclass(frozen=True, slots=True)
class _Window:
    """What the model reads at a time."""

    ids: list[int]
    first: int  # token behind the question or claim
    spans: list[tuple[int, int]]  # tokens of each sentence
    first_sentence: int


class MiniLMJudge(BundledBert):
    """Loaded at first use; safe to call from several threads."""

    def __init__(self, folder: Path = _FOLDER, workers: int | None = None) -> None:
        super().__init__(folder, workers)

    @cached_property
    def name(self) -> str:
        return f"minilm-{self._folder.name}-int8@{self._exported['model_sha256'][:12]}"

    @cached_property
    def _exported(self) -> dict[str, Any]:
        path = self._folder / "export.json"
        try:
            loaded: dict[str, Any] = json.loads(path.read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise ModelError(f"the bundled model {path} cannot be loaded ({error}); reinstall citeworthy") from error
        return loaded

    @cached_property
    def _most_tokens(self) -> int:
        return int(self._exported.get("window", ALL_TOKENS))

    def read(self, tasks: Sequence[ReadingTask]) -> list[Reading]:
        if len(tasks) == 1 or self._workers == 1:
            return [self._read(task) for task in tasks]
        return list(self._pool.map(self._read, tasks))

    def _read(self, task: ReadingTask) -> Reading:
        windows = self._windows(task)
        if not windows:  # no word on one of the two sides: nothing to judge
            return Reading((_UNREAD,) * len(task.sentences), _UNREAD, (_UNREAD, _UNREAD, 0.0))
        relevance = [_UNREAD] * len(task.sentences)
        answerability, supports = _UNREAD, []
        for window in windows:
            found, answers, support = self._read_window(window)
            for place, logit in enumerate(found, window.first_sentence):
                relevance[place] = max(relevance[place], logit)
            answerability = max(answerability, answers)
            supports.append(support)
        return Reading(tuple(relevance), answerability, min(supports, key=_neither))

    def _read_window(self, window: _Window) -> tuple[list[float], float, tuple[float, float, float]]:
        ids, first = window.ids, window.first
        types = np.zeros(len(ids), np.int64)
        types[first:] = 1
        feeds = {
            "input_ids": np.array([ids], np.int64),
            "attention_mask": np.ones((1, len(ids)), np.int32),
            "token_type_ids": types[None],
        }
        states = self._session.run(None, feeds)[0][0]  # [T, 384]
        asked = _scaled(states[1 : first - 1].mean(axis=0))
        relevance, answerability = self._relevance(states, asked, window.spans)
        return relevance, answerability, self._support(states, asked, first)

    def _relevance(
        self, states: NDArray[np.float32], asked: NDArray[np.float32], spans: list[tuple[int, int]]
    ) -> tuple[list[float], float]:
        if not spans:
            return [], _UNREAD
        sentences = _scaled(np.stack([states[a:b].mean(axis=0) for a, b in spans]))
        met = _gelu(self._head("meet", np.hstack([sentences, asked * sentences, abs(asked - sentences)])))
        answerability = self._head("answerability", met.max(axis=0))
        return self._head("relevance", met)[:, 0].tolist(), float(answerability[0])

    def _support(
        self, states: NDArray[np.float32], asked: NDArray[np.float32], first: int
    ) -> tuple[float, float, float]:
        cited = _scaled(states[first:-1].mean(axis=0))
        compared = np.hstack([states[0], cited, asked * cited, abs(asked - cited)])
        supported, contradicted, neither = self._head("support", _gelu(self._head("compare", compared))).tolist()
        return supported, contradicted, neither

    def _head(self, name: str, inputs: NDArray[np.float32]) -> NDArray[np.float32]:
        kernel, bias = self._heads[name]
        return np.asarray(inputs @ kernel + bias)

    def _windows(self, task: ReadingTask) -> list[_Window]:
        """What is read at a time: the text, the title and as many sentences as fit. The last window begins as far back
        as there is room, so that its sentences stand among others.
        """
        head = [self._cls, *self._ids(task.text)[:TEXT_TOKENS], self._sep]
        first = len(head)
        if task.title:
            head += self._ids(task.title + ".")[:TITLE_TOKENS]
        room = self._most_tokens - 1 - len(head)
        sentences = [self._ids(sentence)[:room] for sentence in task.sentences]
        if first < 3 or (len(head) == first and not any(sentences)):
            return []
        sentences = [tokens or [self._sep] for tokens in sentences]
        windows: list[_Window] = []
        start = end = 0
        while len(windows) < MOST_WINDOWS:
            end = _fitting(sentences, start, room)
            if end == len(sentences) and windows:
                start = len(sentences) - _fitting(sentences[::-1], 0, room)
            windows.append(self._window(head, first, sentences[start:end], start))
            if end == len(sentences):
                break
            start = end
        return windows

    def _window(self, head: list[int], first: int, sentences: list[list[int]], place: int) -> _Window:
        ids, spans = list(head), []
        for tokens in sentences:
            spans.append((len(ids), len(ids) + len(tokens)))
            ids += tokens
        return _Window([*ids, self._sep], first, spans, place)

    def _ids(self, text: str) -> list[int]:
        return list(self._tokenizer.encode(text.encode("utf-8", "replace").decode(), add_special_tokens=False).ids)

    @cached_property
    def _heads(self) -> dict[str, tuple[NDArray[np.float32], NDArray[np.float32]]]:
        path = self._folder / "heads.npz"
        try:
            with np.load(path) as stored:
                names = {name.split(".")[0] for name in stored.files}
                return {n: (stored[f"{n}.kernel"].astype(np.float32), stored[f"{n}.bias"]) for n in names}
        except (OSError, ValueError, KeyError) as error:
            raise ModelError(f"the bundled model {path} cannot be loaded ({error}); reinstall citeworthy") from error


def _fitting(sentences: Sequence[list[int]], start: int, room: int) -> int:
    """Where the run of sentences from `start` on ends that has room, one of them at least."""
    end = start
    while end < len(sentences) and (end == start or len(sentences[end]) <= room):
        room -= len(sentences[end])
        end += 1
    return end


def _neither(support: tuple[float, float, float]) -> float:
    """That the text neither supports nor contradicts: least in the window that speaks of the claim."""
    return support[2]


def _scaled(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """To the length that layer normalisation gives a token's state, as in training."""
    return unit(vectors) * np.float32(vectors.shape[-1] ** 0.5)


def _gelu(x: NDArray[np.float32]) -> NDArray[np.float32]:
    """Gaussian error linear unit (Hendrycks and Gimpel 2016); erf by Abramowitz and Stegun 7.1.26, within 2e-7."""
    z = abs(x) * np.float32(0.5**0.5)
    t = 1 / (1 + 0.3275911 * z)
    powers = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
    erf = np.sign(x) * (1 - powers * np.exp(-z * z))
    return np.asarray(0.5 * x * (1 + erf), np.float32)
