"""Commands that ask and search."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from citeworthy.errors import CiteworthyError
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
from citeworthy.surfaces.cli.documents import (
    CiteKeys,
    Force,
    FormatName,
    HideQuotes,
    Output,
    check_output,
    format_of,
    put_out,
)
from citeworthy.surfaces.cli.questions import ask_batch, checked

if TYPE_CHECKING:
    from citeworthy.assistant import Assistant, Turn

_GOODBYE = {"exit", "quit", "q", "bye"}  # typed in a chat, with / or : before them too


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
    from citeworthy.surfaces.render import paper_line
    from citeworthy.surfaces.search_results import found_dict

    with opened() as assistant:
        found = assistant.search(checked(query), k, make_filters(year_from, year_to, author, venue, key, source))
    if as_json:
        print_json(found_dict(query, found))
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
    format_name: FormatName = None,
    output: Output = None,
    force: Force = False,
    hide_quotes: HideQuotes = False,
    cite_keys: CiteKeys = False,
    as_json: AsJson = False,
) -> None:
    """Answer a question from the abstracts, with the quotes it rests on."""
    from citeworthy.surfaces.documents.answer import document
    from citeworthy.surfaces.render import answer_text

    filters = make_filters(year_from, year_to, author, venue, key, source)
    if (question is None) == (batch is None):
        raise typer.BadParameter("give either a QUESTION or --batch FILE")
    if batch is not None and (format_name or output):
        raise typer.BadParameter("--batch prints JSON lines; --format and --output are for one QUESTION")
    chosen = "json" if as_json else format_of(format_name, output)
    check_output(output, force=force)
    with opened(model=model) as assistant:
        if batch is not None:
            ask_batch(assistant, batch, filters)
            return
        answer = assistant.ask(checked(question or ""), filters)
    if as_json and output is None:
        print_json(answer.to_dict())
    elif chosen == "text" and output is None and not hide_quotes:
        print(answer_text(answer))
    else:
        laid_out = document(answer)
        put_out(laid_out, answer.to_dict, chosen, output, force=force, hide_quotes=hide_quotes, cite_keys=cite_keys)


def chat(model: Model = None) -> None:
    """Ask and follow up in the terminal; an empty line, "exit" or Ctrl-D ends it."""
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
            if not question or question.casefold().strip("/:") in _GOODBYE:
                return
            again = question == "=" and bool(history)
            before = history[:-1] if again else history
            question = history[-1].question if again else question
            try:
                answer = _interruptible(assistant, checked(question), before, as_written=again)
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
