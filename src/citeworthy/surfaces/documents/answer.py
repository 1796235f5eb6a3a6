"""An answer, or a whole conversation, as a document."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from citeworthy.answer.conversation import Turn
from citeworthy.records import Answer
from citeworthy.surfaces.documents.claims import listed, sentences
from citeworthy.surfaces.documents.model import Block, Document, Heading, Paragraph, Text
from citeworthy.surfaces.render import status


def document(answer: Answer) -> Document:
    """The question, what the abstracts say to it, and how sure that is."""
    return Document(answer.question, tuple(_blocks(answer)), answer.notes)


def conversation_document(title: str, turns: Sequence[Turn]) -> Document:
    """Every question with its answer, in the order they were asked."""
    blocks: list[Block] = []
    for turn in turns:
        blocks += [Heading(turn.question), *_blocks(turn.answer)]
        blocks += [_note(text) for text in turn.answer.notes]
    return Document(title.strip() or "Questions and answers", tuple(blocks))


def _blocks(answer: Answer) -> Iterator[Block]:
    if answer.standalone_question != answer.question:
        yield _note(f"Asked as: {answer.standalone_question}")
    if answer.filters:
        yield _note(f"Filter: {answer.filters.describe()}")
    if answer.message:
        yield Paragraph((Text(answer.message),))
    if answer.claims:
        yield from sentences(answer.claims)
    if answer.closest:
        yield Paragraph((Text("The closest they come:"),))
        yield listed(answer.closest)
    yield _note(status(answer))


def _note(text: str) -> Paragraph:
    return Paragraph((Text(text),), is_note=True)
