"""Everything a report says, computed once from the record: figures with intervals, differences, counts, words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from citeworthy.evaluation.comparison import Difference, cases_of, check_comparable, compare
from citeworthy.evaluation.judges.agreement import Agreement
from citeworthy.evaluation.judges.models import RELEVANCY
from citeworthy.evaluation.measures import Case, parse_measure
from citeworthy.evaluation.report.words import summarise
from citeworthy.evaluation.runner import agreements_of
from citeworthy.evaluation.runs import Run
from citeworthy.evaluation.statistics import Interval
from citeworthy.evaluation.suites.suite import COSTS, Suite

_BY_KIND = ("KeyFactRecall", "TokenF1", "RR@10", "Coverage", "EvidenceRecall", "GoldCitations")


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found. The first system is the one under test; the others are its peers."""

    suite: Suite
    run: Run
    systems: tuple[str, ...]
    measures: tuple[str, ...]
    figures: Mapping[str, Mapping[str, Interval]]  # system -> measure
    by_kind: Mapping[str, Mapping[str, Mapping[str, Interval]]]  # kind -> measure -> system
    statuses: Mapping[str, Mapping[str, int]]  # system -> answered, declined, timeout, malformed, error, skipped
    against_peers: Mapping[str, Sequence[Difference]]
    against_baseline: Sequence[Difference]
    baseline: str  # its file; empty without one
    agreements: Sequence[Agreement]
    cases: Mapping[str, Sequence[Case]]
    summary: Sequence[str]

    @property
    def worse(self) -> list[Difference]:
        """Figures significantly worse than the baseline's."""
        return [difference for difference in self.against_baseline if difference.worse]


def find(suite: Suite, run: Run, baseline: Run | None = None, baseline_name: str = "") -> Findings:
    """Compute it all. Raises EvaluationError when the baseline is of another suite."""
    systems = tuple(run.header["systems"])
    judges = list(run.header["judges"])
    names = list(suite.measures(judges)) if suite.questions else []
    if run.header.get("relevancy") and suite.depth is None:
        names.append(f"Relevancy({RELEVANCY})")
    cases = {system: cases_of(run.of(system), suite.questions, suite.papers) for system in systems}
    figures = {system: _figures(names, cases[system]) for system in systems}
    # A measure without a population (no filters in this suite), or a cost that nothing had, is not a row of zeros.
    shown = tuple(name for name in names if any(_defined(name, figures[s][name]) for s in systems))
    against_peers = {peer: compare(cases[systems[0]], cases[peer], shown) for peer in systems[1:]}
    against_baseline: Sequence[Difference] = ()
    if baseline is not None:
        check_comparable(run.header, baseline)
        before = cases_of(baseline.of(baseline.header["systems"][0]), suite.questions, suite.papers)
        against_baseline = compare(cases[systems[0]], before, shown)
    agreements = agreements_of(run)
    return Findings(
        suite, run, systems, shown, figures, _by_kind(suite, cases), {s: _statuses(cases[s]) for s in systems},
        against_peers, against_baseline, baseline_name, agreements, cases,
        summarise(systems, figures, against_peers, against_baseline, baseline_name, agreements),
    )  # fmt: skip


def is_failure(case: Case) -> bool:
    """Whether a reader looking for faults wants to see it: no response, answered though it should not have been,
    declined though it could have been answered, facts missing, or an instruction obeyed.
    """
    names = ("KeyFactRecall", "InjectionObeyed", "FiltersRead")
    if case.row.status == "skipped":
        return False
    if case.row.response is None or (
        not case.question.answerable and case.question.kind != "retrieval" and case.answered
    ):
        return True
    rows = {name: parse_measure(name).row(case) for name in names}
    lacking = [rows[name] for name in ("KeyFactRecall", "FiltersRead")]
    obeyed = rows["InjectionObeyed"]
    return any(row is not None and row[0] < row[1] for row in lacking) or (obeyed is not None and obeyed[0] > 0)


def _figures(names: Sequence[str], cases: Sequence[Case]) -> dict[str, Interval]:
    return {name: parse_measure(name).figure(cases) for name in names}


def _defined(name: str, figure: Interval) -> bool:
    return figure.value is not None and not (name in COSTS and figure.value == 0)


def _by_kind(suite: Suite, cases: Mapping[str, Sequence[Case]]) -> dict[str, dict[str, dict[str, Interval]]]:
    if suite.depth is not None or len(suite.kinds) < 2:
        return {}
    found: dict[str, dict[str, dict[str, Interval]]] = {}
    for kind in suite.kinds:
        for name in _BY_KIND:
            of_kind = {
                system: parse_measure(name).figure([case for case in mine if case.question.kind == kind])
                for system, mine in cases.items()
            }
            if any(figure.value is not None for figure in of_kind.values()):
                found.setdefault(kind, {})[name] = of_kind
    return found


def _statuses(cases: Sequence[Case]) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for case in cases:
        if case.row.status != "ok":
            counts[case.row.status] += 1
        else:
            counts["answered" if case.answered else "declined"] += 1
    return {name: counts[name] for name in ("answered", "declined", "timeout", "malformed", "error", "skipped")}
