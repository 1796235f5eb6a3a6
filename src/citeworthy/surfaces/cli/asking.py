"""Commands that ask and search."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from citeworthy.errors import CiteworthyError, SourceError, UserError
from citeworthy.records import Filters
from citeworthy.surfaces.cli.common import (
    AsJson,
    Authors,
    Keys,
    Model,
    Sources,
    Venues,
    YearFrom,
    YearTo,
    make_filters,
    note,
    opened,
    print_json,
)

if TYPE_CHECKING:
    from citeworthy.assistant import Assistant, Turn

_LONGEST_QUESTION = 4_000


def search(
    query: Annotated[str, typer.Argument(help="What to look for; may state filters ('since 2023', 'by Sheng').")],
    k: Annotated[int, typer.Option("-k", min=1, max=1000, help="How many papers.")] = 10,
    year_from: YearFrom = None,
    year_to: YearTo = None,
    author: Authors = None,
    venue: Venues = None,
    key: Keys = None,
    source: Sources = None,
    as_json: AsJson = False,
) -> None:
    """Find papers; prints the best first."""
    from dataclasses import asdict

    from citeworthy.surfaces.render import paper_line

    with opened() as assistant:
        found = assistant.search(_checked(query), k, make_filters(year_from, year_to, author, venue, key, source))
    if as_json:
        hits = [{**asdict(h.paper), "score": h.score, "lexical": h.lexical, "dense": h.dense} for h in found.hits]
        print_json({"query": query, "filters": asdict(found.parsed.filters), "hits": hits})
        return
    if found.parsed.filters:
        note(f"filter: {found.parsed.filters.describe()} ({found.matching} papers match)")
    for number, hit in enumerate(found.hits, 1):
        print(f"{number:3}. {hit.score:.2f}  {paper_line(hit.paper)}")
    if not found.hits:
        print("no paper found")


def ask(
    question: Annotated[str | None, typer.Argument(help="The question; may state filters.")] = None,
    batch: Annotated[
        Path | None, typer.Option(help="JSON lines with qid and question (or turns); one JSON answer a line.")
    ] = None,
    year_from: YearFrom = None,
    year_to: YearTo = None,
    author: Authors = None,
    venue: Venues = None,
    key: Keys = None,
    source: Sources = None,
    model: Model = None,
    as_json: AsJson = False,
) -> None:
    """Answer a question from the abstracts, with the quotes it rests on."""
    from citeworthy.surfaces.render import answer_text

    filters = make_filters(year_from, year_to, author, venue, key, source)
    if (question is None) == (batch is None):
        raise typer.BadParameter("give either a QUESTION or --batch FILE")
    with opened(model=model) as assistant:
        if batch is not None:
            _ask_batch(assistant, batch, filters)
            return
        answer = assistant.ask(_checked(question or ""), filters)
    if as_json:
        print_json(answer.to_dict())
    else:
        print(answer_text(answer))


def chat(model: Model = None) -> None:
    """Ask and follow up in the terminal; an empty line or Ctrl-D ends it."""
    from citeworthy.assistant import Turn
    from citeworthy.surfaces.render import answer_text

    with opened(model=model) as assistant:
        note("Ask about your papers; an empty line ends the chat. = asks the last question again just as you wrote it.")
        history: list[Turn] = []
        while True:
            try:
                question = input("\n> ").strip()
            except EOFError:
                return
            if not question:
                return
            again = question == "=" and bool(history)
            before = history[:-1] if again else history
            question = history[-1].question if again else question
            try:
                answer = _interruptible(assistant, _checked(question), before, as_written=again)
            except CiteworthyError as error:
                note(f"citeworthy: {error}")
                continue
            print(f"\n{answer_text(answer)}")
            history = [*before, Turn(question, answer)]


def _interruptible(assistant: Assistant, question: str, history: list[Turn], *, as_written: bool) -> Any:
    """The answer; Ctrl-C stops the model and keeps what is checked."""
    import signal
    import threading

    from citeworthy.records import Answer

    stop = threading.Event()
    before = signal.signal(signal.SIGINT, lambda *_: stop.set())
    try:
        for event in assistant.stream(question, history=history, as_written=as_written, stop=stop):
            if isinstance(event, Answer):
                return event
    finally:
        signal.signal(signal.SIGINT, before)
    raise AssertionError("a stream ends with its Answer")


def _ask_batch(assistant: Assistant, path: Path, filters: Filters) -> None:
    """One line in, one line out; a line that cannot be asked gets an `error` and the rest go on."""
    try:
        lines = sys.stdin if str(path) == "-" else path.open(encoding="utf-8-sig")
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror}") from error
    failed = 0
    with lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            record: dict[str, Any] = {"qid": str(number)}
            try:
                given = json.loads(line)
                record["qid"] = given.get("qid", record["qid"]) if isinstance(given, dict) else record["qid"]
                record |= _answer_turns(assistant, given, filters).to_dict()
            except (UserError, ValueError) as error:
                failed += 1
                record["error"] = f"line {number}: {error}"
            print(json.dumps(record, ensure_ascii=False), flush=True)
    if failed:
        raise SourceError(f"{failed} of the lines in {path} could not be asked; their output has an 'error'")


def _answer_turns(assistant: Assistant, given: Any, filters: Filters) -> Any:
    if not isinstance(given, dict) or not ("question" in given or given.get("turns")):
        raise UserError("needs a 'question' (a string) or 'turns' (a list of them)")
    turns: list[str] = []
    for turn in given.get("turns") or [given["question"]]:
        question = turn.get("question") if isinstance(turn, dict) else turn
        if not isinstance(question, str):
            raise UserError("a question is not a string")
        turns.append(_checked(question))
    return assistant.converse(turns, filters)


def _checked(question: str) -> str:
    if not question.strip():
        raise UserError("the question is empty")
    if len(question) > _LONGEST_QUESTION:
        raise UserError(f"the question has {len(question):,} characters; the most is {_LONGEST_QUESTION:,}")
    return question.strip()
