"""Weights of how well a phrase names a theme: `synthesis/theme_names.json`.

    python eval/training/theme_names.py --data ../shared

Fitted to what readers made of phrases as headings of themes (`themes/names.jsonl`). Figures are cross-validated by
topic: of each theme, what its best phrase was marked.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from pairs import read_bulk
from sklearn.linear_model import Ridge
from sklearn.model_selection import GroupKFold

from citeworthy.assistant import Assistant
from citeworthy.records import Paper
from citeworthy.settings import Settings
from citeworthy.synthesis.naming import telling_phrases
from citeworthy.synthesis.phrases import Phrase, common_phrases
from citeworthy.synthesis.theme_names import FEATURES, Words, features
from citeworthy.text.tokens import search_tokens

ROOT = Path(__file__).parents[2]
THEMES = Path(__file__).parent / "themes/names.jsonl"
OUT = ROOT / "src/citeworthy/synthesis/theme_names.json"
WORTH = np.array((0.0, 0.3, 1.0))  # wrong, passable, right
PENALTY = 30.0
RATHER = 0.5  # wrong
MARKS = {0: "wrong", 1: "passable", 2: "right"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder that holds data/bulk")
    arguments = parser.parse_args()
    themes = [json.loads(line) for line in THEMES.read_text("utf-8").splitlines()]
    texts = papers_of(themes, arguments.data)
    rows, marks, of_theme, topics, telling = [], [], [], [], []
    for number, theme in enumerate(themes):
        papers = [texts[key] for key in theme["papers"]]
        group = [theme["papers"].index(key) for key in theme["theme"]]
        known, words = frozenset(search_tokens(theme["topic"])), Words(papers)
        shared = [phrase for phrase in common_phrases(papers) if not known.issuperset(phrase.tokens)]
        telling.append(told_before(group, len(papers), shared, known, theme["marks"]))
        for phrase in shared:
            if phrase.name in theme["marks"] and len(phrase.holders.intersection(group)) > 1:
                rows.append(list(features(phrase, group, words, known).values()))
                marks.append(theme["marks"][phrase.name])
                of_theme.append(number)
                topics.append(theme["topic"])
    x, mark, of = np.array(rows), np.array(marks), np.array(of_theme)
    likely = np.zeros(len(x))
    for known_rows, held_out in GroupKFold(10).split(x, groups=topics):
        weights, intercept = fit(x[known_rows], mark[known_rows])
        likely[held_out] = x[held_out] @ weights + intercept
    best = [places[np.argmax(likely[places])] for n in set(of_theme) for places in [np.flatnonzero(of == n)]]
    least = rather_wrong(likely[best], mark[best])
    shown = [place for place in best if likely[place] >= least]
    weights, intercept = fit(x, mark)
    stored = {
        "made_by": "eval/training/theme_names.py",
        "themes": len(themes), "phrases": len(x),
        "best phrase, cross-validated": counted(mark[best]), "of these shown": counted(mark[shown]),
        "by mutual information": counted(m for m in telling if m is not None),
        "least": round(least, 3), "intercept": round(intercept, 5),
        "weights": {name: round(float(w), 5) for name, w in zip(FEATURES, weights, strict=True)},
    }  # fmt: skip
    OUT.write_text(json.dumps(stored, indent=2) + "\n")
    print(json.dumps(stored, indent=2))


def papers_of(themes: list[dict], data: Path) -> dict[str, Paper]:
    """By key: of the sample library, or of arXiv by their id."""
    with tempfile.TemporaryDirectory() as home:
        found = {p.key: p for p in Assistant.open(home, Settings(home=Path(home))).library.papers()}
    wanted = {key for theme in themes for key in theme["papers"]} - found.keys()
    bulk = data / "data/bulk/arxiv_110k.jsonl.xz"
    return found | {key: Paper(key, title, text) for key, title, text in read_bulk(bulk) if key in wanted}


def told_before(
    group: list[int], total: int, phrases: list[Phrase], known: frozenset[str], marks: dict[str, int]
) -> int | None:
    """The mark of the phrase with the most information that was marked."""
    scored = telling_phrases([group], total, phrases, known)[0]
    return next((marks[phrase.name] for _, phrase in scored if phrase.name in marks), None)


def counted(marks: Iterable[int]) -> dict[str, int]:
    """How many of each."""
    return {MARKS[mark]: number for mark, number in sorted(Counter(map(int, marks)).items())}


def rather_wrong(likely: np.ndarray, mark: np.ndarray) -> float:
    """Below it more than half are wrong, at any lower one as well."""
    order = np.argsort(likely)
    share = np.cumsum(mark[order] == 0) / np.arange(1, len(order) + 1)
    return float(likely[order[np.flatnonzero(share > RATHER)[-1]]])


def fit(x: np.ndarray, mark: np.ndarray) -> tuple[np.ndarray, float]:
    """Weights and intercept on features as they are; the penalty is on scaled ones."""
    mean, scale = x.mean(axis=0), x.std(axis=0) + 1e-9
    model = Ridge(PENALTY).fit((x - mean) / scale, WORTH[mark])
    return model.coef_ / scale, float(model.intercept_)


if __name__ == "__main__":
    main()
