"""LlamaIndex's global Settings stay as they were: whoever reads the model from there needs a key."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from llama_index.core import Settings


@pytest.fixture(autouse=True)
def untouched_settings(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(Settings, "_llm", None)
    monkeypatch.setattr(Settings, "_embed_model", None)
    monkeypatch.setattr(Settings, "_node_parser", None)
    yield
    assert Settings._llm is None
    assert Settings._embed_model is None
    assert Settings._node_parser is None
