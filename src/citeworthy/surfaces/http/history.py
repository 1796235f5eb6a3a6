"""Earlier turns of a conversation that a client tells of by its questions alone."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence

from citeworthy.answer.conversation import Turn
from citeworthy.assistant import Assistant

_KEPT = 500  # turns


class History:
    """Answers to earlier questions: kept, or found again by quotation, which is quick and what follow-ups refer to."""

    def __init__(self) -> None:
        self._turns: OrderedDict[tuple[str, int, tuple[str, ...]], Turn] = OrderedDict()
        self._lock = threading.Lock()

    def turns(self, assistant: Assistant, questions: Sequence[str]) -> list[Turn]:
        """Each question with its answer, the first first."""
        generation = assistant.library.generation()[0]
        turns: list[Turn] = []
        for number, question in enumerate(questions, 1):
            key = (str(assistant.library.home), generation, tuple(questions[:number]))
            with self._lock:
                turn = self._turns.get(key)
            if turn is None:
                turn = Turn(question, assistant.ask(question, history=turns, model="none"))
            with self._lock:
                self._turns[key] = turn
                self._turns.move_to_end(key)
                if len(self._turns) > _KEPT:
                    self._turns.popitem(last=False)
            turns.append(turn)
        return turns
