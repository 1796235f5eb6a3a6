"""The summary: what is better or worse, by how much, and what cannot be told; in sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from citeworthy.evaluation.comparison import Difference
from citeworthy.evaluation.judges.agreement import Agreement
from citeworthy.evaluation.measures import parse_measure
from citeworthy.evaluation.statistics import Interval

_HEADLINES = ("nDCG@10", "KeyFactRecall", "SelectiveAccuracy", "FalseAnswerRate", "FalseRefusalRate", "AUROC")
_BELIEVABLE = 0.6  # balanced accuracy below which a judge is called out
_EXACT = ("quote", "verifier")
_ON_QUOTES = " On text quoted word for word it cannot err."
_MEANINGS = {
    "nDCG@10": "ranks the right papers with an nDCG@10 of {}",
    "KeyFactRecall": "its answers hold {} of the key facts asked for",
    "SelectiveAccuracy": "counting only what it answers, {}",
    "FalseAnswerRate": "it answers {} of the questions that these papers cannot answer",
    "FalseRefusalRate": "and declines {} of those that they can",
    "AUROC": "its confidence tells the two apart with an AUROC of {}",
}


def number(value: float | None, unit: str = "share") -> str:
    """A figure as printed: three digits for shares, whole milliseconds; a dash where there is none.

    >>> number(0.74136), number(14.2, "ms"), number(1.0), number(None)
    ('.741', '14 ms', '1.000', '–')
    """
    if value is None:
        return "–"
    if unit == "ms":
        return f"{value:,.0f} ms" if value >= 10 else f"{value:.1f} ms"
    if unit == "number":
        return f"{value:,.1f}"
    text = f"{value:.3f}"
    return text[1:] if text.startswith("0.") else text.replace("-0.", "-.")


def interval(figure: Interval, unit: str = "share") -> str:
    """A figure with its interval: ".741 [.700, .782]"."""
    if figure.value is None or figure.low is None or figure.high is None:
        return "–"
    return f"{number(figure.value, unit)} [{number(figure.low, unit)}, {number(figure.high, unit)}]"


def summarise(
    systems: Sequence[str],
    figures: Mapping[str, Mapping[str, Interval]],
    against_peers: Mapping[str, Sequence[Difference]],
    against_baseline: Sequence[Difference],
    baseline: str,
    agreements: Sequence[Agreement],
) -> list[str]:
    """Sentences, the most important first."""
    said = []
    if systems and figures[systems[0]]:
        said.append(_headline(systems[0], figures[systems[0]]))
    if baseline:
        said.append(_compared(f"the baseline {baseline}", against_baseline))
    said += [_compared(peer, differences) for peer, differences in against_peers.items()]
    for judge in dict.fromkeys(agreement.judge for agreement in agreements):
        of_judge = [agreement for agreement in agreements if agreement.judge == judge]
        weak = [a for a in of_judge if (a.figures["BalancedAccuracy"].low or 0.0) < _BELIEVABLE]
        if weak:
            figures_ = ", ".join(f"{number(a.figures['BalancedAccuracy'].value)} on {a.pairs}" for a in weak)
            said.append(
                f"The judge “{judge}” is not to be trusted on paraphrase: its balanced accuracy against people is "
                f"{figures_} (.5 is chance).{_ON_QUOTES if judge in _EXACT else ''}"
            )
    return said


def _headline(system: str, figures: Mapping[str, Interval]) -> str:
    parts = [
        _MEANINGS[name].format(interval(figures[name]))
        for name in _HEADLINES
        if name in figures and figures[name].value is not None
    ]
    return f"{system}: {'; '.join(parts)}." if parts else f"{system} gave nothing that could be measured."


def _compared(other: str, differences: Sequence[Difference]) -> str:
    better = [d for d in differences if d.significant and d.better]
    worse = [d for d in differences if d.worse]
    rest = len(differences) - len(better) - len(worse)
    parts = [f"{word} on {_named(found)}" for word, found in (("better", better), ("worse", worse)) if found]
    if rest:
        parts.append(f"no significant difference on {rest} other figures" if parts else "no significant difference")
    return f"Against {other}: {'; '.join(parts) or 'nothing to compare'}."


def _named(differences: Sequence[Difference]) -> str:
    """The headline figures with their size, the others by name."""
    headline = [d for d in differences if d.measure in _HEADLINES] or list(differences[:3])
    others = [d.measure for d in differences if d not in headline]
    words = ", ".join(map(_by, headline))
    return f"{words}, and on {', '.join(others)}" if others else words


def _by(difference: Difference) -> str:
    unit = parse_measure(difference.measure).unit
    ours, theirs = number(difference.ours, unit), number(difference.theirs, unit)
    return f"{difference.measure} ({ours} against {theirs})"
