"""citeworthy's checks as a LlamaIndex evaluator of faithfulness that asks no language model."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from llama_index.core.evaluation.base import BaseEvaluator, EvaluationResult
from llama_index.core.prompts.mixin import PromptDictType

from citeworthy.records import Claim, Paper
from citeworthy.surfaces.llamaindex.checking import CheckedResponse, check_text
from citeworthy.verify.verifier import Verifier


class CiteworthyEvaluator(BaseEvaluator):
    """Is the response supported by the contexts it was made from? For `BatchEvalRunner` and by itself.

    The score is the share of its sentences that are supported, partly supported ones counting half; it passes when no
    sentence is without support and the score is at least `threshold`. The feedback names each sentence at fault. A
    response that states nothing ("the context does not say") is an invalid result, not a passing one.
    """

    def __init__(self, verifier: Verifier | None = None, threshold: float = 0.7) -> None:
        self._verifier = verifier
        self._threshold = threshold

    def _get_prompts(self) -> PromptDictType:
        return {}

    def _update_prompts(self, prompts_dict: PromptDictType) -> None:
        """There are none."""

    async def aevaluate(
        self,
        query: str | None = None,
        response: str | None = None,
        contexts: Sequence[str] | None = None,
        sleep_time_in_seconds: int = 0,
        **_: Any,
    ) -> EvaluationResult:
        """LlamaIndex's interface; the query may supply words that name the subject."""
        await asyncio.sleep(sleep_time_in_seconds)
        result = EvaluationResult(query=query, response=response, contexts=contexts)
        if response is None or contexts is None:
            return _invalid(result, "a response and the contexts that it was made from are needed")
        sources = [Paper(f"context {number}", "", text) for number, text in enumerate(contexts, 1)]
        checked = await asyncio.to_thread(check_text, response, sources, query or "", self._verifier)
        if checked.score is None:
            return _invalid(result, "the response states nothing that could be checked")
        result.score = checked.score
        result.passing = not checked.unsupported and checked.score >= self._threshold
        result.feedback = _feedback(checked)
        return result


def _invalid(result: EvaluationResult, reason: str) -> EvaluationResult:
    result.invalid_result, result.invalid_reason = True, reason
    return result


def _feedback(checked: CheckedResponse) -> str:
    supported = len(checked.claims) - len(checked.unsupported)
    lines = [f"{supported} of {len(checked.claims)} sentences are supported, at least in part."]
    return "\n".join([*lines, *map(_fault, checked.unsupported)])


def _fault(claim: Claim) -> str:
    nearest = f"; nearest in {claim.citations[0].paper.key}: “{claim.citations[0].quote}”" if claim.citations else ""
    return f"{claim.verdict.value.replace('_', ' ')}: “{claim.text}” ({'; '.join(claim.reasons)}{nearest})"
