"""Answers and conversations as text and files."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from citeworthy.answer.conversation import Turn
from citeworthy.library.sessions import SessionSummary, StoredTurn
from citeworthy.records import Answer
from citeworthy.surfaces.documents import bib, latex, markdown, text
from citeworthy.surfaces.documents.answer import conversation_document, document
from citeworthy.surfaces.documents.formats import FORMATS
from citeworthy.surfaces.documents.model import Document

FORMAT_NAMES = [
    ("Markdown", "md"), ("LaTeX", "latex"), ("its .bib file", "bib"), ("Word", "docx"), ("HTML", "html"),
    ("JSON", "json"),
]  # fmt: skip


def answer_text(answer: Answer, kind: str) -> str:
    """One answer for the clipboard: "md", "latex" or plain text."""
    whole = document(answer)
    if kind == "latex":
        return latex.write(whole, whole=False)
    return markdown.write(whole) if kind == "md" else text.write(whole)


def session_file(session: SessionSummary, turns: Sequence[StoredTurn], kind: str) -> tuple[str, str]:
    """Name and content of a whole conversation, "json" or "md"."""
    name = file_name(session.title or "conversation")
    if kind == "json":
        told = {
            "title": session.title,
            "created": _iso(session.created),
            "updated": _iso(session.updated),
            "turns": [
                {"asked": turn.question, "rating": turn.rating, "comment": turn.comment,
                 "answer": turn.answer.to_dict()}
                for turn in turns
            ],
        }  # fmt: skip
        return f"{name}.json", json.dumps(told, ensure_ascii=False, indent=2) + "\n"
    return f"{name}.md", markdown.write(
        conversation_document(session.title or "Conversation", [Turn(turn.question, turn.answer) for turn in turns])
    )


def _iso(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")


def document_file(document: Document, as_json: dict[str, Any], name: str, kind: str) -> tuple[str, str | bytes]:
    """Name and content of related work or a table in one of `FORMAT_NAMES`."""
    name = file_name(name)
    if kind == "json":
        return f"{name}.json", json.dumps(as_json, ensure_ascii=False, indent=2) + "\n"
    if kind == "bib":
        return f"{name}.bib", bib.write(document, ascii_only=True)
    if kind == "latex":
        return f"{name}.tex", latex.write(document, quotes="footnotes", bibliography=name)
    chosen = FORMATS.get(kind, FORMATS["md"])
    return f"{name}{chosen.ending}", chosen.write(document, quotes="footnotes")


def file_name(title: str) -> str:
    """Words of a title that are safe in a file's name."""
    words = re.sub(r"[^\w-]+", "-", title, flags=re.ASCII).strip("-").lower()
    return words[:60].strip("-") or "citeworthy"
