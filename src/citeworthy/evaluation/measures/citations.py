"""Whether claims rest on what they cite, as one judge sees it; and whether citations and quotes are real at all.

CitationRecall and CitationPrecision follow ALCE (Gao, Yen, Yu, Chen 2023) strictly: see `judges/judging.py`. Statements
are averaged within an answer, answers over the run; a refusal makes no statement and is left to the abstention
measures.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from citeworthy.evaluation.judges.judging import StatementJudgement
from citeworthy.evaluation.measures.base import NOTHING, Case, Measure, Values, mean_of
from citeworthy.text.normalise import normalise


def _judged(case: Case, judge: str) -> tuple[StatementJudgement, ...] | None:
    return case.row.judgements.get(judge) if case.answered else None


def _faithfulness(judge: str) -> Measure:
    def row(case: Case) -> Values | None:
        if case.row.response is None:
            return (0.0, 1.0)
        found = _judged(case, judge)
        if found is None:
            return NOTHING
        return (float(sum(bool(j.supported) for j in found)), float(len(found)))

    source = (
        "share of the statements of all answers that the judge finds supported by what they cite; uncited ones and "
        "those it failed on are not (as Ragas faithfulness, Es et al. 2024, but with refusals and failures counted)"
    )
    return Measure(f"Faithfulness({judge})", source, row)


def _over_answers(
    name: str, source: str, value: Callable[[Sequence[StatementJudgement]], float]
) -> Callable[..., Measure]:
    """A figure of each answer's judgements, averaged over answers."""

    def make(judge: str) -> Measure:
        def row(case: Case) -> Values | None:
            if case.row.response is None:
                return mean_of(0)
            found = _judged(case, judge)
            if found is None:
                return NOTHING
            return mean_of(value(found) if found else 0)

        return Measure(f"{name}({judge})", source, row)

    return make


def _recall(found: Sequence[StatementJudgement]) -> float:
    return sum(j.recalled for j in found) / len(found)


def _precision(found: Sequence[StatementJudgement]) -> float:
    total = sum(j.citations for j in found)
    return sum(j.precise for j in found) / total if total else 0


def _judge_failures(judge: str) -> Measure:
    def row(case: Case) -> Values | None:
        found = _judged(case, judge)
        return None if found is None else (float(sum(j.supported is None for j in found)), float(len(found)))

    source = "share of the statements that the judge gave no verdict on; they count as not supported"
    return Measure(f"JudgeFailures({judge})", source, row, higher_is_better=False, gated=False)


def _relevant(found: Sequence[StatementJudgement]) -> float:
    return bool(found[0].supported)


_RELEVANCY = "share of the answers that LlamaIndex's RelevancyEvaluator passes"
JUDGED = {
    "Faithfulness": _faithfulness,
    "CitationRecall": _over_answers("CitationRecall", "ALCE citation recall, over answers", _recall),
    "CitationPrecision": _over_answers("CitationPrecision", "ALCE citation precision, over answers", _precision),
    "JudgeFailures": _judge_failures,
    "Relevancy": _over_answers("Relevancy", _RELEVANCY, _relevant),
}


def _citations(case: Case) -> list[tuple[str, str, int, int]]:
    response = case.row.response
    return [(c.key, c.quote, c.start, c.end) for s in response.statements for c in s.citations] if response else []


def _out_of_range(case: Case) -> Values | None:
    cited = _citations(case)
    return (float(sum(key not in case.papers for key, *_ in cited)), float(len(cited)))


def _exact_quotes(case: Case) -> Values | None:
    quoted = [(key, quote, start, end) for key, quote, start, end in _citations(case) if quote]
    exact = sum(is_exact(case.papers[k].abstract, q, a, b) for k, q, a, b in quoted if k in case.papers)
    return (float(exact), float(len(quoted)))


def is_exact(abstract: str, quote: str, start: int, end: int) -> bool:
    """Whether the quote is a slice of the abstract, at its offsets where it gives any.

    Abstracts are normalised (LaTeX and markup to text, single spaces), so a quote of the text as published counts too.
    """
    return abstract[start:end] == quote if start >= 0 else quote in abstract or normalise(quote) in abstract


def _gold_citations(case: Case) -> Values | None:
    if not case.question.relevant:
        return None
    cited = [key for key, *_ in _citations(case)]
    if case.row.response is None:
        return mean_of(0)
    return mean_of(sum(key in case.question.relevant for key in cited) / len(cited)) if cited else NOTHING


MEASURES = (
    Measure(
        "OutOfRange",
        "share of all citations that point at no paper of the library (within ALCE's recall; here apart)",
        _out_of_range,
        higher_is_better=False,
    ),
    Measure("ExactQuotes", "share of the quotes that are exact slices of the abstract they name", _exact_quotes),
    Measure("GoldCitations", "share of an answer's citations that are to a gold paper, over answers", _gold_citations),
)
