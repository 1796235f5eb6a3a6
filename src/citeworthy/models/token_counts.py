"""Token counts for models whose own tokenizer cannot be asked."""

from __future__ import annotations

import os
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any


def estimated_tokens(text: str) -> int:
    """By OpenAI's cl100k table, which LlamaIndex carries; without it by length. Other vocabularies come within a
    fifth of it on English.
    """
    table = _table()
    return len(table.encode(text, disallowed_special=())) if table else len(text) // 3 + 1


@lru_cache(maxsize=1)
def _table() -> Any:
    """tiktoken would download the table; LlamaIndex's copy is found through the variable that tiktoken reads."""
    try:
        import tiktoken

        spec = find_spec("llama_index.core")
        folder = Path((spec.origin if spec else None) or ".").parent / "_static" / "tiktoken_cache"
        if "TIKTOKEN_CACHE_DIR" not in os.environ and folder.is_dir():
            os.environ["TIKTOKEN_CACHE_DIR"] = str(folder)
        return tiktoken.get_encoding("cl100k_base")
    except Exception:  # noqa: BLE001  a count is never worth failing for
        return None
