"""Questions as commands are given them: one, or a file of them."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from citeworthy.errors import SourceError, UserError
from citeworthy.records import Filters

if TYPE_CHECKING:
    from citeworthy.assistant import Assistant

_LONGEST_QUESTION = 4_000


def ask_batch(assistant: Assistant, path: Path, filters: Filters) -> None:
    """One line in, one line out; a line that cannot be asked gets an `error` and the rest go on. Raises SourceError."""
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
        turns.append(checked(question))
    return assistant.converse(turns, filters)


def checked(question: str) -> str:
    """The question without space around it. Raises UserError for one that is empty or too long."""
    if not question.strip():
        raise UserError("the question is empty")
    if len(question) > _LONGEST_QUESTION:
        raise UserError(f"the question has {len(question):,} characters; the most is {_LONGEST_QUESTION:,}")
    return question.strip()
