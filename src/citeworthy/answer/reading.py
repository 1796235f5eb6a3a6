"""Reading what a language model writes, as it comes: sentences, and the ids of the sentences they rest on.

Two forms are understood, told apart by how they begin: JSON (`{"sentences": [{"text": ..., "sources": ["2.4"]}]}`) and
text with markers (`It holds [2.4]. So does this. [1.3][1.5]`). Text is tolerated as models write it: markdown, code
fences, lists, markers before instead of after their sentence, ranges, whole papers (`[2]`).

Every character is taken in turn, so the result does not depend on how the text was cut into pieces; and nothing that
was given out is taken back: what may turn out to be a marker or markdown is held until that is known.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from citeworthy.records import DraftText
from citeworthy.text.sentences import split_sentences

_MARKER = re.compile(
    r"[\[【]{1,2}\^?(?:[a-z]{0,9}[\s:#.]*)?(?P<ids>\d[\d.,;:&\s–-]*(?:(?:and|papers?|sources?)[\d.,;\s–-]+)*)[\]】]{1,2}",
    re.I,
)
_IDS = re.compile(
    r"(?P<paper>\d{1,2})\.(?P<first>\d{1,2})(?:\s*[-–]\s*(?:(?P=paper)\.)?(?P<last>\d{1,2})(?![.\d]))?|\d{1,2}"
)
_BRACKET_OPENS, _BRACKET_CLOSES = "[【", "]】"
_IN_MARKER = re.compile(r"[\[【]{1,2}\^?[A-Za-z]{0,9}[\s:#.]*[\d.,;:&\s–\-andpersouc]*", re.I)
_PARENTHESIS = re.compile(r"\((\d{1,2}\.\d{1,2})\)")
_IN_PARENTHESIS = re.compile(r"\((?:\d{1,2}(?:\.\d{0,2})?)?")
_LONGEST_MARKER = 60
_LINE_TOKEN = re.compile(r"[-*•>#]+|\d{1,2}[.)]|`{3}\w*|\**(?:answer|response)\**:\**", re.I)
_LONGEST_LINE_TOKEN = 14
_SENTENCE_END = re.compile(r"[.?!][\"'”’)]*$")
_SHORT_FOR_A_SENTENCE = 25  # characters
_MOST_RANGE = 12  # sentences; "2.1-2.9" means each of them


@dataclass(frozen=True, slots=True)
class Written:
    """A finished sentence of the model, with the ids it gave ("2.4", or "2" for a whole paper)."""

    text: str
    ids: tuple[str, ...] = ()


Event = DraftText | Written


class ReplyReader:
    """Feed it the pieces of one reply, then `end` it, or `cut` it when the model was cut off.

    `known` are the ids that exist: "(2.4)" is only taken for a marker when there is such a sentence.
    """

    def __init__(self, known: Collection[str] = ()) -> None:
        self._known = known
        self._begin = ""
        self._reader: _TextReader | _JsonReader | None = None

    def feed(self, piece: str) -> Iterator[Event]:
        """What this piece completes."""
        if self._reader is None:
            self._begin += piece
            form = _form(self._begin)
            if form is None:
                return
            self._reader = _JsonReader(self._known) if form == "json" else _TextReader(self._known)
            piece, self._begin = self._begin, ""
        yield from _joined(self._reader.feed(piece))

    def end(self) -> Iterator[Event]:
        """The rest, when the model is done."""
        if self._reader is None:
            self._reader = _TextReader(self._known)
            yield from _joined(self._reader.feed(self._begin))
        yield from _joined(self._reader.end(complete=True))

    def cut(self) -> Iterator[Event]:
        """The rest, when the model was cut off: a sentence that is not whole is dropped."""
        if self._reader is not None:
            yield from _joined(self._reader.end(complete=False))


def _form(begin: str) -> str | None:
    """How the reply is written; None while that cannot be told."""
    stripped = re.sub(r"^\s*(?:`{3}(?:json)?\s*)?", "", begin, flags=re.IGNORECASE)
    if stripped.startswith("{"):
        return "json"
    return "text" if stripped and not re.fullmatch(r"\s*`{0,3}(?:j|js|jso|json)?\s*", begin, re.I) else None


def _joined(events: Iterable[Event]) -> Iterator[Event]:
    """Neighbouring pieces of text as one."""
    text = ""
    for event in events:
        if isinstance(event, DraftText):
            text += event.text
            continue
        if text:
            yield DraftText(text)
            text = ""
        yield event
    if text:
        yield DraftText(text)


class _TextReader:
    """Sentences that end, or begin, in markers."""

    def __init__(self, known: Collection[str]) -> None:
        self._known = known
        self._text = ""
        self._ids: list[str] = []
        self._held = ""  # may be a marker or markdown
        self._line_begins = True
        self._marked = False  # markers came after the text; the sentence ends unless it plainly goes on
        self._leads = False  # markers stand before their sentences
        self._space = False
        self._skips = False  # the rest of a heading

    def feed(self, piece: str) -> Iterator[Event]:
        for character in piece:
            yield from self._take(character)

    def end(self, *, complete: bool) -> Iterator[Event]:
        if self._line_begins and self._held and not _LINE_TOKEN.fullmatch(self._held):
            yield from self._leave_line_begin("")
        held, self._held = self._held, ""
        if complete and not (held and (_LINE_TOKEN.fullmatch(held.strip()) or _IN_MARKER.fullmatch(held))):
            for character in held:
                yield from self._accept(character)
        whole = complete or self._marked or _SENTENCE_END.search(self._text)
        if whole:
            yield from self._finish()

    def _take(self, character: str) -> Iterator[Event]:
        if self._skips:
            self._skips = character != "\n"
        elif self._line_begins:
            yield from self._take_line_begin(character)
        elif self._held:
            yield from self._take_held(character)
        elif character in _BRACKET_OPENS or character in "(*":
            self._held = character
        elif character == "\n":
            yield from self._finish()
            self._line_begins = True
        elif character != "`":
            yield from self._accept(character)

    def _take_line_begin(self, character: str) -> Iterator[Event]:
        """Bullets, numbers of lists, headings and fences at the beginning of a line are no text."""
        if character.isspace():
            if set(self._held) == {"#"}:
                self._held, self._skips = "", character != "\n"
            elif _LINE_TOKEN.fullmatch(self._held):
                self._held = ""
            elif self._held:
                yield from self._leave_line_begin(character)
        elif character in _BRACKET_OPENS and (not self._held or _LINE_TOKEN.fullmatch(self._held)):
            self._line_begins, self._held = False, character
        else:
            self._held += character
            if len(self._held) > _LONGEST_LINE_TOKEN:
                yield from self._leave_line_begin("")

    def _leave_line_begin(self, character: str) -> Iterator[Event]:
        """What was held is text, though there may be markdown in it."""
        held, self._held, self._line_begins = self._held, "", False
        for other in held + character:
            yield from self._take(other)

    def _take_held(self, character: str) -> Iterator[Event]:
        held = self._held + character
        if held[0] == "*":
            self._held = ""
            if character == "*":
                return
            yield from self._accept("*")
            yield from self._take(character)
            return
        opened, pattern = (held[0] in _BRACKET_OPENS, _IN_MARKER) if held[0] != "(" else (False, _IN_PARENTHESIS)
        if (opened and character in _BRACKET_CLOSES) or (not opened and character == ")"):
            double = opened and len(held) > 1 and held[1] in _BRACKET_OPENS
            if double and held[-2] not in _BRACKET_CLOSES:
                self._held = held  # "[[2.4]": the second bracket is to come
                return
            ids = self._marker(held)
            if ids:
                self._held = ""
                yield from self._mark(ids)
            else:
                self._held = self._held + character
                yield from self._again("")
        elif pattern.fullmatch(held) and len(held) <= _LONGEST_MARKER:
            self._held = held
        else:
            yield from self._again(character)

    def _again(self, character: str) -> Iterator[Event]:
        """What was held is text after all; the character that showed it is looked at anew."""
        held, self._held = self._held, ""
        yield from self._accept(held[:1])
        for other in held[1:] + character:
            yield from self._take(other)

    def _marker(self, held: str) -> list[str]:
        """Ids of a marker; none when it is none."""
        if found := _PARENTHESIS.fullmatch(held):
            return [found[1]] if found[1] in self._known else []
        match = _MARKER.fullmatch(held)
        return _ids(match["ids"]) if match else []

    def _mark(self, ids: list[str]) -> Iterator[Event]:
        if not self._text and not self._ids and not self._marked:
            self._leads = True
        if self._leads and self._text:
            yield from self._finish()
        self._ids += ids
        self._marked = not self._leads

    def _accept(self, character: str) -> Iterator[Event]:
        """One character that is text."""
        if self._marked:
            if character.isspace() or character in ",;":
                self._space = True
                return
            if character in ".?!:":  # "it holds [2.4]."
                self._space = False
                if not _SENTENCE_END.search(self._text):
                    yield from self._append(character)
                return
            done = _SENTENCE_END.search(self._text) and not character.islower()
            if done or (character.isupper() and len(self._text) > _SHORT_FOR_A_SENTENCE):
                yield from self._finish()
            else:
                self._marked = False  # "Smith et al. [2.4] found that"
        elif character.isspace():
            self._space = True
            return
        elif self._space and _SENTENCE_END.search(self._text):
            spans = split_sentences(f"{self._text} {character}")
            if len(spans) > 1 and spans[-1][0] > len(self._text):
                yield from self._finish(keep_ids=self._leads)
        yield from self._append(character)

    def _append(self, character: str) -> Iterator[Event]:
        """Add to the sentence; a space is given out with what follows it."""
        added = f" {character}" if self._space and self._text else character
        self._space = False
        self._text += added
        yield DraftText(added)

    def _finish(self, *, keep_ids: bool = False) -> Iterator[Event]:
        text, ids = self._text, tuple(dict.fromkeys(self._ids))
        self._text, self._marked, self._space = "", False, False
        if not keep_ids:
            self._ids = []
        if any(c.isalpha() for c in text):
            yield Written(text, ids)


class _JsonReader:
    """`{"sentences": [{"text": ..., "sources": [...]}, ...]}`, read while it is still incomplete."""

    def __init__(self, known: Collection[str]) -> None:
        self._known = known
        self._buffer = ""
        self._sentences: list[dict[str, Any]] = []  # as far as they can be read
        self._closed = False  # the JSON is complete; a fence may follow
        self._done = 0  # sentences finished
        self._seen = ""  # of the sentence being written
        self._whole: list[Written] = []  # read, but its sources are still to come
        self._text = _TextReader(known)

    def feed(self, piece: str) -> Iterator[Event]:
        for character in piece:  # what is understood before an error must not depend on how the text was cut
            self._buffer += " " if character < " " else character  # models put line breaks into strings
            self._parse()
            for index in range(self._done, len(self._sentences)):
                yield from self._grow(self._sentences[index])
                if index < len(self._sentences) - 1:
                    yield from self._close(self._sentences[index])

    def end(self, *, complete: bool) -> Iterator[Event]:
        sentences, closed = self._sentences, self._closed
        if not sentences and not closed:  # not JSON after all
            yield from self._text.feed(self._buffer)
            yield from self._text.end(complete=complete)
        for sentence in sentences[self._done :]:
            if complete or closed or sentence.get("sources"):
                yield from self._grow(sentence)
                yield from self._close(sentence)

    def _parse(self) -> None:
        """Bring the sentences up to what has come; after an error, and after the end, they stay as they are."""
        from pydantic_core import from_json

        start = self._buffer.find("{")
        if start < 0 or self._closed:
            return
        try:
            whole = from_json(self._buffer[start:], allow_partial="trailing-strings")
        except ValueError:
            return
        found = whole.get("sentences") if isinstance(whole, dict) else None
        if isinstance(found, list):
            self._sentences = [sentence for sentence in found if isinstance(sentence, dict)]
        if self._buffer.endswith("}"):
            with suppress(ValueError):
                json.loads(self._buffer[start:])
                self._closed = True

    def _grow(self, sentence: dict[str, Any]) -> Iterator[Event]:
        text = sentence.get("text")
        if isinstance(text, str) and text.startswith(self._seen):
            yield from self._sort(self._text.feed(text[len(self._seen) :].replace("\n", " ")))
            self._seen = text

    def _close(self, sentence: dict[str, Any]) -> Iterator[Event]:
        yield from self._sort(self._text.end(complete=True))
        given = _given(sentence)
        for written in self._whole:
            yield Written(written.text, tuple(dict.fromkeys(written.ids + given)))
        self._done += 1
        self._seen, self._whole = "", []
        self._text = _TextReader(self._known)

    def _sort(self, events: Iterator[Event]) -> Iterator[Event]:
        for event in events:
            if isinstance(event, Written):
                self._whole.append(event)
            else:
                yield event


def _given(sentence: dict[str, Any]) -> tuple[str, ...]:
    sources = sentence.get("sources")
    listed = sources if isinstance(sources, list) else [sources]
    return tuple(name for source in listed if isinstance(source, str | int | float) for name in _ids(str(source)))


def _ids(text: str) -> list[str]:
    """ "2.4, 2.6-2.8 and 3" as 2.4, 2.6, 2.7, 2.8, 3."""
    found: list[str] = []
    for match in _IDS.finditer(text):
        if match["paper"] is None:
            found.append(match[0])
            continue
        first = int(match["first"])
        last = min(int(match["last"] or first), first + _MOST_RANGE)
        found += [f"{int(match['paper'])}.{n}" for n in range(first, max(last, first) + 1)]
    return list(dict.fromkeys(found))
