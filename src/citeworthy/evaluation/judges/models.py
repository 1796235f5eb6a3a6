"""Judges that ask the configured language model: our own prompt, and LlamaIndex's evaluators as a cross-check."""

from __future__ import annotations

import re
from typing import Any

from citeworthy.errors import ModelError
from citeworthy.evaluation.judges.judging import StatementJudgement
from citeworthy.evaluation.responses import Response
from citeworthy.models.calling import Caller
from citeworthy.models.chat import ChatRequest
from citeworthy.models.prompting import load_prompt

_VERDICT = re.compile(r"\W*(?P<verdict>supported|unsupported|not supported|not_supported)\b", re.I)
_FENCE = re.compile(r"~{3,}")
_TRIES = 2
RELEVANCY = "llamaindex-relevancy"


class ChatJudge:
    """The configured model with `prompts/judge_support.j2`. Whatever is not one of the two words is asked for once
    more, then counted as a failure; nothing is read into it.
    """

    name = "chat"

    def __init__(self, chat: Caller) -> None:
        self._chat = chat
        self._prompt = load_prompt("judge_support")

    @property
    def prompts(self) -> dict[str, str]:
        """Names and digests of the prompts used."""
        return {self._prompt.name: self._prompt.digest}

    def support(self, premise: str, claim: str) -> float | None:
        # A fence of the prompt cannot be closed from within the data.
        request = ChatRequest(
            self._prompt.render(premise=_FENCE.sub("~~", premise), claim=_FENCE.sub("~~", claim)), max_tokens=8
        )
        for _ in range(_TRIES):
            try:
                reply = self._chat.complete(request).text
            except ModelError:
                continue
            if found := _VERDICT.match(reply):
                return float(found["verdict"].lower() == "supported")
        return None


class LlamaIndexJudge:
    """LlamaIndex's FaithfulnessEvaluator on one statement: YES or NO, where whatever holds the letters "yes" is YES."""

    name = "llamaindex"

    def __init__(self, chat: Caller) -> None:
        from llama_index.core.evaluation import FaithfulnessEvaluator

        from citeworthy.models.llamaindex_chat import CiteworthyLLM

        self._evaluator = FaithfulnessEvaluator(llm=CiteworthyLLM(chat))

    def support(self, premise: str, claim: str) -> float | None:
        return _passing(self._evaluator, query=None, response=claim, contexts=[premise])


class LlamaIndexRelevancy:
    """LlamaIndex's RelevancyEvaluator on a whole answer: is it in line with the question and its context?"""

    def __init__(self, chat: Caller) -> None:
        from llama_index.core.evaluation import RelevancyEvaluator

        from citeworthy.models.llamaindex_chat import CiteworthyLLM

        self._evaluator = RelevancyEvaluator(llm=CiteworthyLLM(chat))

    def judge(self, question: str, response: Response, contexts: list[str]) -> StatementJudgement:
        """The verdict on the answer, as if on one statement."""
        if not contexts:
            return StatementJudgement(False, False, 0, 0)
        score = _passing(self._evaluator, query=question, response=response.said, contexts=contexts)
        return StatementJudgement(None if score is None else score > 0, False, 0, 0)


def _passing(evaluator: Any, **given: Any) -> float | None:
    try:
        passing = evaluator.evaluate(**given).passing
    except (ModelError, ValueError):
        return None
    return None if passing is None else float(passing)
