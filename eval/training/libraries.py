"""Libraries that questions are put to, made of abstracts from the data sets."""

from __future__ import annotations

import json
import lzma
from collections.abc import Iterable, Sequence
from pathlib import Path

from pairs import unit

from citeworthy.assistant import Assistant
from citeworthy.settings import AnswerSettings, Settings

READING = Settings(answer=AnswerSettings(cross_encoder="minilm"))
BIOMEDICAL = 2000  # abstracts of the library that biomedical questions are put to


def library_of(abstracts: Iterable[tuple[str, str]], home: Path) -> tuple[Assistant, dict[str, str]]:
    """An assistant with these titles and abstracts in a new folder, and the keys of the papers by title."""
    home.mkdir()
    source = home / "abstracts.jsonl"
    lines = [json.dumps({"title": title, "abstract": text}) for title, text in abstracts]
    source.write_text("\n".join(lines), encoding="utf-8")
    assistant = Assistant(READING, home / "library")
    assistant.add([str(source)])
    return assistant, {record.title: key for key, record in assistant.library.received()}


def biomedical_library(scifact: Path, wanted: Sequence[str], home: Path) -> tuple[Assistant, dict[str, str]]:
    """An assistant with 2,000 abstracts of SciFact's corpus, those wanted among them, and the keys of these."""
    with lzma.open(scifact / "corpus.jsonl.xz", "rt", encoding="utf-8") as stream:
        found = {one["_id"]: (one["title"], " ".join(one["text"].split())) for one in map(json.loads, stream)}
    others = sorted(found.keys() - set(wanted), key=unit)[: BIOMEDICAL - len(wanted)]
    assistant, keys = library_of([found[name] for name in (*wanted, *others)], home)
    return assistant, {name: keys.get(found[name][0], "") for name in wanted}
