"""What a language model is asked to do with the sources, by its size.

full     from about 6 billion parameters on, and where the size is not known: prose from up to eight papers at once
short    from about 0.8 billion: one or two sentences close to the papers' wording; where several papers are asked
         about, each paper by itself
choose   below that a model invents more than it reads: it may add one of the best sentences to the quotations

How they were told apart and what each does is measured in `eval/README.md`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from citeworthy.answer.evidence import JudgedPaper, compared_papers
from citeworthy.answer.extractive import asks_for_several
from citeworthy.answer.focus import Focus
from citeworthy.answer.sources import Sources, pack
from citeworthy.models.calling import Caller
from citeworthy.models.chat import ChatRequest, Traits
from citeworthy.models.prompting import Prompt, load_prompt
from citeworthy.records import Evidence, Paper

_FULL_FROM, _SHORT_FROM = 6.0, 0.8  # billions of parameters
_MARGIN = 96  # tokens that a chat template adds, and counts by another tokenizer may be off
_MARKERS = "End every sentence with the number of the sentence it is taken from, like [1.2] or [1.2][3.1]."
_JSON = (
    'Reply with JSON only: {"sentences": [{"text": "one sentence of the answer", "sources": ["1.2"]}]}, where sources '
    "are the numbers of the sentences it is taken from."
)


@dataclass(frozen=True, slots=True)
class Style:
    """How much a model of some size is asked."""

    name: Literal["full", "short", "choose"]
    prompt: str
    papers: int  # shown for a question about one thing
    most_papers: int  # shown where several papers are asked about
    sentences: int | None  # shown at once
    words: int
    max_tokens: int
    most_sentences: int  # of the answer, where a grammar can say so


FULL = Style("full", "answer", 6, 8, None, 120, 700, 8)
SHORT = Style("short", "answer_short", 2, 4, 24, 40, 160, 2)
CHOOSE = Style("choose", "choose", 1, 4, 6, 0, 40, 3)


def style_for(traits: Traits) -> Style:
    """The style that suits the model."""
    size = traits.parameters
    if size is None or size >= _FULL_FROM:
        return FULL
    return SHORT if size >= _SHORT_FROM else CHOOSE


@dataclass(frozen=True, slots=True)
class Task:
    """One request to a model, and what it was shown."""

    question: str
    sources: Sources
    style: Style
    prompt: Prompt
    request: ChatRequest


def set_tasks(caller: Caller, question: str, focus: Focus, judged: Sequence[JudgedPaper]) -> list[Task]:
    """The requests that answer a question, with sources that fit the model's window; none when there is nothing to
    show.
    """
    style = style_for(caller.traits)
    compared = compared_papers(focus, judged)
    several = bool(compared) or asks_for_several(question)
    order = [*compared, *(i for i in range(len(judged)) if i not in compared)]
    limit = (len(compared) or style.most_papers) if several else style.papers
    limit = max(limit, style.papers) if style is FULL else limit
    papers = [judged[i] for i in order if judged[i].evidence][:limit]
    if several and style is SHORT:
        each = replace(style, words=25, max_tokens=90, most_sentences=1)
        return [make_task(caller, question, [_shown(paper)], each, number) for number, paper in enumerate(papers, 1)]
    return [make_task(caller, question, [_shown(paper) for paper in papers], style)] if papers else []


def _shown(paper: JudgedPaper) -> tuple[Paper, Sequence[Evidence]]:
    return paper.hit.paper, paper.evidence


def make_task(
    caller: Caller,
    question: str,
    papers: Sequence[tuple[Paper, Sequence[Evidence]]],
    style: Style,
    first_number: int = 1,
) -> Task:
    """One request, with as much of these papers as the model's window takes."""
    traits = caller.traits
    prompt = load_prompt(style.prompt)
    form = _JSON if traits.constraint == "schema" and style.name == "full" else _MARKERS
    values = {"question": question, "words": str(style.words), "form": form}
    values = {name: value for name, value in values.items() if name in prompt.variables}
    empty = prompt.render(sources="", **values)
    count = caller.model.count_tokens
    room = traits.context_tokens - style.max_tokens - sum(count(m.content) for m in empty) - _MARGIN
    sources = pack(papers, max(room, 1), count, style.sentences, first_number)
    ids = list(sources.sentences)
    request = ChatRequest(
        prompt.render(sources=sources.text, **values),
        style.max_tokens,
        grammar=_grammar(ids, style) if traits.constraint == "grammar" and ids else None,
        schema=_schema(ids) if form is _JSON and ids else None,
    )
    return Task(question, sources, style, prompt, request)


def _grammar(ids: Sequence[str], style: Style) -> str:
    """GBNF: sentences that end in numbers of sentences that exist; or such numbers alone."""
    number = "id ::= " + " | ".join(f'"{name}"' for name in ids)
    marker = 'm ::= "[" id "]"'
    if style.name == "choose":
        return f'root ::= m (" " m){{0,{style.most_sentences - 1}}}\n{marker}\n{number}'
    return "\n".join(
        (
            f'root ::= s (" " s){{0,{style.most_sentences - 1}}}',
            's ::= t " " m (" " m)?',
            r't ::= [^ .?!\[\]\n*#-] c+ "."',
            r'c ::= [^.?!\[\]\n] | "." [0-9A-Za-z,)] | ("e.g" | "i.e" | "et al" | "vs" | "approx") ". "',
            marker,
            number,
        )
    )


def _schema(ids: Sequence[str]) -> dict[str, Any]:
    """JSON schema of the same."""
    sentence = {
        "type": "object",
        "properties": {
            "text": {"type": "string"},
            "sources": {"type": "array", "items": {"type": "string", "enum": list(ids)}},
        },
        "required": ["text", "sources"],
        "additionalProperties": False,
    }
    return {
        "type": "object",
        "properties": {"sentences": {"type": "array", "items": sentence}},
        "required": ["sentences"],
        "additionalProperties": False,
    }
