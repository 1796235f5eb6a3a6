"""Ranking of papers, computed by ir-measures (MacAvaney, Macdonald, Ounis 2022), which calls trec_eval.

nDCG uses the ideal ranking of all relevant papers, retrieved or not. A question that a system failed on scores 0.
Ranks are handed over as strictly falling scores, since trec_eval orders equal scores by document id.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from citeworthy.errors import EvaluationError, MissingExtraError
from citeworthy.evaluation.measures.base import Case, Measure, Values, mean_of

DEFAULT = ("nDCG@10", "R@5", "RR@10")


def retrieval_measure(name: str) -> Measure:
    """Any measure that ir-measures knows, by its name there (`nDCG@10`, `R@100`, `RR`, `P@5`, `AP`)."""
    _parsed(name)

    def row(case: Case) -> Values | None:
        return mean_of(_value(name, case)) if case.question.relevant else None

    return Measure(name, "trec_eval through ir-measures, over papers", row)


def _value(name: str, case: Case) -> float:
    ranked = case.row.response.ranked if case.row.response else ()
    if not ranked:
        return 0.0
    evaluator, measure = _evaluator(name, tuple(sorted(case.question.relevant.items())))
    found = evaluator.calc_aggregate({"q": {key: float(len(ranked) - i) for i, key in enumerate(ranked)}})
    return float(found[measure])


@cache
def _parsed(name: str) -> Any:
    try:
        import ir_measures
    except ImportError as error:
        raise MissingExtraError("evaluation", "eval") from error
    try:
        return ir_measures.parse_measure(name)
    except (NameError, ValueError, SyntaxError) as error:
        raise EvaluationError(f"no measure is called {name!r}") from error


@cache
def _evaluator(name: str, relevant: tuple[tuple[str, int], ...]) -> Any:
    import ir_measures

    measure = _parsed(name)
    return ir_measures.evaluator([measure], {"q": dict(relevant)}), measure
