"""The Python examples of README and of the guides are run, and print what the guides say they print."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path
from typing import Any

import pytest
from llama_index.core.llms import MockLLM

ROOT = Path(__file__).parents[1]
_BLOCK = re.compile(r"^```python\n(?P<code>.*?)^```\n(?:\n```text\n(?P<printed>.*?)^```\n)?", re.MULTILINE | re.DOTALL)
FILES = [
    file for file in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))) if _BLOCK.search(file.read_text())
]


def test_there_are_examples() -> None:
    assert {file.name for file in FILES} >= {"README.md", "python.md"}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_examples_run_and_print_what_is_shown(file: Path, my_library: Path) -> None:
    text = file.read_text("utf-8")
    names: dict[str, Any] = {"__name__": "example", "llm": MockLLM()}  # README's `llm` is the reader's own
    for block in _BLOCK.finditer(text):
        line = text[: block.start("code")].count("\n")
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile("\n" * line + block["code"], str(file), "exec"), names)
        if block["printed"] is not None:
            assert printed.getvalue() == block["printed"], f"{file.name}, line {line}"
