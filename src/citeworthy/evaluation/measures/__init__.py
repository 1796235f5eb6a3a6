"""Measures by name. `parse_measure(str(measure)) == measure` for all of them; `nDCG@10` and its kin are ir-measures'
own.
"""

from __future__ import annotations

import re
from functools import cache

from citeworthy.errors import EvaluationError
from citeworthy.evaluation.measures import abstention, answers, citations, conduct
from citeworthy.evaluation.measures.base import Case, Measure
from citeworthy.evaluation.measures.retrieval import retrieval_measure

__all__ = ["Case", "Measure", "catalogue", "parse_measure"]

_PLAIN = {m.name: m for module in (answers, citations, abstention, conduct) for m in module.MEASURES} | {
    m.name: m for m in conduct.COSTS
}
_JUDGED = re.compile(r"(\w+)\(([\w./:-]+)\)")


@cache
def parse_measure(name: str) -> Measure:
    """The measure of that name: `KeyFactRecall`, `CitationRecall(verifier)`, `nDCG@10`. Raises EvaluationError."""
    plain: Measure | None = _PLAIN.get(name)
    if plain is not None:
        return plain
    if (judged := _JUDGED.fullmatch(name)) and judged.group(1) in citations.JUDGED:
        return citations.JUDGED[judged.group(1)](judged.group(2))
    if name in citations.JUDGED:
        raise EvaluationError(f"{name} needs a judge: {name}(verifier)")
    return retrieval_measure(name)


def catalogue() -> list[tuple[str, str]]:
    """(name, definition and source) of every measure of our own; J stands for a judge."""
    judged = [(f"{name}(J)", make("J").source) for name, make in citations.JUDGED.items()]
    return [(m.name, m.source) for m in _PLAIN.values()] + judged
