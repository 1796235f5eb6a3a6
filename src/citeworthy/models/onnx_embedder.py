"""The bundled sentence encoder: MiniLM trained further, int8, run by onnxruntime (see minilm/MODEL_CARD.md).

Texts beyond the model's window are read in several windows that break between sentences.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from citeworthy.models.embedder import TextVectors, Vector, unit
from citeworthy.models.onnx_session import BundledBert
from citeworthy.text.sentences import Span

_FOLDER = Path(__file__).parent / "minilm"
_WINDOW = 512  # tokens; SciFact train nDCG@10 .7451 against .7425 with 256, where long abstracts lose their end


class MiniLMEmbedder(BundledBert):
    """MiniLM (384 dimensions) from the package's own files; loaded at first use."""

    dimension = 384

    def __init__(self, folder: Path = _FOLDER, workers: int | None = None) -> None:
        super().__init__(folder, workers)

    @cached_property
    def name(self) -> str:
        exported = json.loads((self._folder / "export.json").read_text("utf-8"))
        return f"citeworthy-minilm-int8@{exported['model_sha256'][:12]}"

    def embed(self, texts: Sequence[str], spans: Sequence[Sequence[Span]] | None = None) -> list[TextVectors]:
        wanted = spans if spans is not None else [()] * len(texts)
        if len(texts) == 1 or self._workers == 1:
            return [self._embed_one(text, parts) for text, parts in zip(texts, wanted, strict=True)]
        return list(self._pool.map(self._embed_one, texts, wanted))

    def embed_query(self, question: str) -> Vector:
        return self._embed_one(question, ()).whole

    def _embed_one(self, text: str, spans: Sequence[Span]) -> TextVectors:
        encoding = self._tokenizer.encode(text, add_special_tokens=False)
        ids, offsets = np.array(encoding.ids, np.int64), np.array(encoding.offsets, np.int64).reshape(-1, 2)
        total = np.zeros(self.dimension, np.float32)
        parts = np.zeros((len(spans), self.dimension), np.float32)
        count = 0
        for start, end in self._windows(offsets, spans):
            states = self._run(ids[start:end])
            total += states.sum(axis=0)
            count += len(states)
            for index, (first, last) in enumerate(spans):
                inside = (offsets[start:end, 0] >= first) & (offsets[start:end, 1] <= last)
                if inside.any():
                    parts[index] += states[1:-1][inside].sum(axis=0)
        return TextVectors(unit(total / max(count, 1)), unit(parts))

    def _windows(self, offsets: Any, spans: Sequence[Span]) -> list[tuple[int, int]]:
        """Token ranges of at most the window, ending where a span ends when one does."""
        room, length = _WINDOW - 2, len(offsets)
        ends = {int(np.searchsorted(offsets[:, 0], last)) for _, last in spans}
        windows, start = [], 0
        while length - start > room:
            inside = [end for end in ends if start + room // 2 < end <= start + room]
            end = max(inside, default=start + room)
            windows.append((start, end))
            start = end
        return [*windows, (start, length)]

    def _run(self, ids: Any) -> Vector:
        framed = np.concatenate([[self._cls], ids, [self._sep]]).astype(np.int64)[None]
        feeds = {"input_ids": framed, "attention_mask": np.ones(framed.shape, np.int32)}
        return np.asarray(self._session.run(None, feeds)[0][0], np.float32)
