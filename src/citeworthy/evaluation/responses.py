"""What a system under test answered, read strictly: citeworthy's own JSON, or the little of it that others can give.

Accepted, from most to least: `claims` with `citations` (key, quote, start, end), or `text` with markers `[n]` whose
numbers are looked up in `citations` or `sources` (a list; `number` or the place in it, from 1). `papers` is the ranking
that the system looked at. `outcome`, where there is none, is read from the text: an empty answer without citations, or
one that says it does not know, is a refusal. Anything else raises MalformedAnswerError.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from citeworthy.errors import EvaluationError
from citeworthy.text.sentences import split_sentences

ANSWERED = ("answered", "partial")
REFUSED = ("not_reported", "no_match")
_MARK = re.compile(r"\s*[\[【]\s*(\d{1,3}(?:\s*[,;]\s*\d{1,3})*)\s*[\]】]")
_OPENING_MARK = re.compile(r"^(?:\s*[\[【]\s*\d{1,3}(?:\s*[,;]\s*\d{1,3})*\s*[\]】])+")
_REFUSAL = re.compile(
    r"^(?:i\s?d\s?k\b"
    r"|i (?:do not|don['’]t|cannot|can['’]t|could not|am unable)\b.{0,40}\b(?:know|answer|find|tell|determine)"
    r"|(?:there is )?(?:not enough|insufficient|no) (?:information|evidence|relevant)|unanswerable|unknown\.?$|n/?a\.?$"
    r"|(?:the|these|none of the) (?:\w+ ){0,3}(?:sources|abstracts|papers|documents|context|passages)\b"
    r".{0,40}\b(?:not|helpful|no information))",
    re.I,
)


class MalformedAnswerError(EvaluationError):
    """A system's answer that is not of the documented form."""


@dataclass(frozen=True, slots=True)
class Cited:
    """One citation of an answer. `key` is empty when the marker points at nothing that the system named."""

    key: str
    quote: str = ""
    start: int = -1
    end: int = -1


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence of an answer with its citations, and the system's own verdict if it gives one."""

    text: str
    citations: tuple[Cited, ...] = ()
    verdict: str = ""


@dataclass(frozen=True, slots=True)
class Response:
    """An answer, or a ranking, as far as measures need it."""

    outcome: str
    text: str = ""
    confidence: float | None = None
    statements: tuple[Statement, ...] = ()
    ranked: tuple[str, ...] = ()  # keys of the papers looked at, best first
    filters: Mapping[str, Any] | None = None
    tokens: int = 0
    cost_usd: float = 0.0

    @property
    def answered(self) -> bool:
        """Whether it answers at all."""
        return self.outcome in ANSWERED

    @property
    def said(self) -> str:
        """The statements as one text, without markers and without words of our own."""
        return " ".join(statement.text for statement in self.statements)


def parse_response(given: Any) -> Response:
    """A response from an object, or from the text of one. Raises MalformedAnswerError."""
    if isinstance(given, str):
        try:
            given = json.loads(given)
        except ValueError as error:
            raise MalformedAnswerError(f"not JSON: {given[:80]!r}") from error
    given = _writable(given)
    if not isinstance(given, dict):
        raise MalformedAnswerError(f"a JSON object is wanted, not {type(given).__name__}")
    if not any(name in given for name in ("text", "claims", "papers", "outcome")):
        raise MalformedAnswerError("none of 'text', 'claims', 'outcome' and 'papers' is given")
    text = _string(given, "text")
    sources = _list(given, "citations") or _list(given, "sources")
    if "claims" in given:
        statements = tuple(_statement(claim) for claim in _list(given, "claims"))
    else:
        statements = tuple(_marked_statements(text, _numbered(sources)))
    outcome = given.get("outcome") or _outcome_of(text, statements)
    if outcome not in (*ANSWERED, *REFUSED):
        raise MalformedAnswerError(f"outcome {outcome!r} is none of {', '.join((*ANSWERED, *REFUSED))}")
    papers = _list(given, "papers") or sources
    found = given.get("provenance")
    provenance: dict[str, Any] = found if isinstance(found, dict) else {}
    tokens = provenance.get("tokens") or given.get("tokens") or {}
    return Response(
        outcome=outcome,
        text=text or " ".join(statement.text for statement in statements),
        confidence=_confidence(given.get("confidence")),
        statements=statements if outcome in ANSWERED else (),
        ranked=tuple(dict.fromkeys(key for key in map(_key, papers) if key)),
        filters=given["filters"] if isinstance(given.get("filters"), dict) else None,
        tokens=sum(v for v in tokens.values() if isinstance(v, int)) if isinstance(tokens, dict) else 0,
        cost_usd=_cost(provenance.get("cost_usd") or 0.0),
    )


def is_refusal(text: str) -> bool:
    """Whether an answer without an outcome declines to answer.

    >>> is_refusal("idk"), is_refusal("The abstracts do not say."), is_refusal("It needs no reward model.")
    (True, True, False)
    """
    return not text.strip() or bool(_REFUSAL.match(text.strip()))


def _outcome_of(text: str, statements: Iterable[Statement]) -> str:
    cited = any(statement.citations for statement in statements)
    return "not_reported" if is_refusal(text) and not cited else "answered"


def _statement(claim: Any) -> Statement:
    if not isinstance(claim, dict) or not isinstance(claim.get("text"), str):
        raise MalformedAnswerError("a claim needs a 'text'")
    return Statement(claim["text"], tuple(map(_cited, _list(claim, "citations"))), str(claim.get("verdict") or ""))


def _cited(citation: Any) -> Cited:
    if isinstance(citation, str):
        return Cited(citation)
    if not isinstance(citation, dict):
        raise MalformedAnswerError("a citation is neither a key nor an object")
    start, end = citation.get("start", -1), citation.get("end", -1)
    if not (isinstance(start, int) and isinstance(end, int)):
        raise MalformedAnswerError("'start' and 'end' of a citation must be whole numbers")
    return Cited(_key(citation), _string(citation, "quote"), start, end)


def _numbered(sources: list[Any]) -> dict[int, Cited]:
    numbered = {}
    for place, source in enumerate(sources, 1):
        number = source.get("number", place) if isinstance(source, dict) else place
        numbered[number if isinstance(number, int) else place] = _cited(source)
    return numbered


def _marked_statements(text: str, numbered: Mapping[int, Cited]) -> Iterable[Statement]:
    """Sentences with the citations of their markers; a marker after the full stop belongs to the sentence before it."""
    texts: list[str] = []
    marks: list[list[int]] = []
    for start, end in split_sentences(text):
        sentence = text[start:end]
        if (opening := _OPENING_MARK.match(sentence)) and texts:
            marks[-1] += _numbers(opening.group())
            sentence = sentence[opening.end() :]
        if plain := _MARK.sub("", sentence).strip():
            texts.append(plain)
            marks.append(_numbers(sentence))
        elif texts:
            marks[-1] += _numbers(sentence)
    for plain, numbers in zip(texts, marks, strict=True):
        yield Statement(plain, tuple(numbered.get(number, Cited("")) for number in dict.fromkeys(numbers)))


def _numbers(text: str) -> list[int]:
    return [int(number) for mark in _MARK.finditer(text) for number in re.findall(r"\d+", mark.group(1))]


def _key(source: Any) -> str:
    if isinstance(source, str):
        return source
    return str(source.get("key") or source.get("id") or "") if isinstance(source, dict) else ""


def _string(given: Mapping[str, Any], name: str) -> str:
    value = given.get(name) or ""
    if not isinstance(value, str):
        raise MalformedAnswerError(f"{name!r} must be a string")
    return value


def _list(given: Mapping[str, Any], name: str) -> list[Any]:
    value = given.get(name) or []
    if not isinstance(value, list):
        raise MalformedAnswerError(f"{name!r} must be a list")
    return value


def _writable(value: Any) -> Any:
    """The same without half characters (lone surrogates), which JSON can hold and no file."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, list):
        return [_writable(item) for item in value]
    return {_writable(k): _writable(v) for k, v in value.items()} if isinstance(value, dict) else value


def _cost(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < math.inf:
        raise MalformedAnswerError(f"a cost must be a number of dollars, not {value!r}")
    return float(value)


def _confidence(value: Any) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise MalformedAnswerError(f"a confidence must lie between 0 and 1, not {value!r}")
    return float(value)
