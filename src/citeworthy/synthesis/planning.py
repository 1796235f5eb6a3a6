"""A language model groups papers into themes; each paper ends up in one, and names are of content."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from citeworthy.errors import ModelError
from citeworthy.models.calling import Caller
from citeworthy.models.chat import ChatRequest, Usage
from citeworthy.models.prompting import defused, load_prompt
from citeworthy.records import Paper, Sentence
from citeworthy.synthesis.naming import distinct_names
from citeworthy.synthesis.phrases import common_phrases
from citeworthy.synthesis.theme_names import ranked_names
from citeworthy.synthesis.themes import Theme, nameless_last
from citeworthy.text.general_words import is_general
from citeworthy.text.tokens import search_tokens

_MOST = 7  # themes
_TOKENS = 600
_LONGEST_NAME = 8  # words
_LEAST_FROM_PAPERS = 0.5  # of a name's words must be words of its papers
_FROM = 6.0  # billions of parameters: smaller models group worse than their terms do


@dataclass(frozen=True, slots=True)
class Grouping:
    """Themes as the model has grouped them."""

    themes: list[Theme]
    usage: Usage
    prompts: dict[str, str]


def plan_by_model(
    topic: str,
    papers: Sequence[Paper],
    lines: Mapping[str, Sentence],
    themes: list[Theme],
    caller: Caller,
    stop: threading.Event,
) -> Grouping:
    """The model's themes; a paper it forgot stays with those that it was grouped with in `themes`, and a name with
    words that its papers do not have gives way to one of theirs, or to none. Small models are not asked.

    Raises ModelError.
    """
    size = caller.traits.parameters
    if size is not None and size < _FROM:
        return Grouping(themes, Usage(), {})
    prompt = load_prompt("related_plan")
    told = [
        f"[{n}] {defused(paper.title)}: {defused(lines[paper.key].text) if paper.key in lines else ''}"
        for n, paper in enumerate(papers, 1)
    ]
    most = min(_MOST, max(2, len(papers) // 2))
    messages = prompt.render(topic=topic, papers="\n".join(told), most=str(most))
    schema = _schema(len(papers)) if caller.traits.constraint == "schema" else None
    reply = caller.complete(ChatRequest(messages, _TOKENS, schema=schema), stop)
    named = _read(reply.text, len(papers))
    if len(named) < 2:
        raise ModelError("its reply held no themes")
    known = frozenset(search_tokens(topic))
    return Grouping(_complete(named, papers, themes, known), reply.usage, {prompt.name: prompt.digest})


def _read(text: str, count: int) -> list[tuple[str, list[int]]]:
    """(name, places) of each theme; a paper counts where it is named first, numbers that do not exist are dropped."""
    start, end = text.find("{"), text.rfind("}")
    try:
        whole: Any = json.loads(text[start : end + 1])
    except ValueError:
        return []
    found, seen = [], set[int]()
    listed = whole.get("themes") if isinstance(whole, dict) else None
    for theme in listed if isinstance(listed, list) else []:
        if not isinstance(theme, dict) or not isinstance(theme.get("papers"), list):
            continue
        places = [n - 1 for n in theme["papers"] if isinstance(n, int) and 1 <= n <= count and n - 1 not in seen]
        places = list(dict.fromkeys(places))
        seen.update(places)
        if places:
            found.append((" ".join(str(theme.get("name", "")).split()[:_LONGEST_NAME]).strip(" .:"), places))
    return found


def _complete(
    named: list[tuple[str, list[int]]], papers: Sequence[Paper], before: list[Theme], known: frozenset[str]
) -> list[Theme]:
    groups = [places for _, places in named]
    for old in before:
        for place in old.papers:
            if not any(place in group for group in groups):
                max(groups, key=lambda group: len(set(group) & set(old.papers))).append(place)
    phrases = [phrase for phrase in common_phrases(papers) if not known.issuperset(phrase.tokens)]
    ranked = ranked_names(groups, papers, phrases, known)
    themes = []
    for (name, _), places, scored, term in zip(named, groups, ranked, distinct_names(ranked), strict=True):
        fits = _is_of_content(name, [papers[i] for i in places])
        shown = name if fits else (term.name if term else "")
        themes.append(Theme(shown, tuple(places), tuple(phrase for _, phrase in scored)))
    return nameless_last(themes)


def _is_of_content(name: str, papers: Sequence[Paper]) -> bool:
    words = [token for token in search_tokens(name) if not is_general(token)]
    known = {token for paper in papers for token in search_tokens(f"{paper.title} {paper.abstract}")}
    return bool(name) and sum(word in known for word in words) >= _LEAST_FROM_PAPERS * len(words)


def _schema(count: int) -> dict[str, Any]:
    numbers = {"type": "array", "items": {"type": "integer", "minimum": 1, "maximum": count}}
    theme = {
        "type": "object",
        "properties": {"name": {"type": "string"}, "papers": numbers},
        "required": ["name", "papers"],
        "additionalProperties": False,
    }
    return {
        "type": "object",
        "properties": {"themes": {"type": "array", "items": theme}},
        "required": ["themes"],
        "additionalProperties": False,
    }
