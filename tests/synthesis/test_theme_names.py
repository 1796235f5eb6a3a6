"""Headings of themes: true of most papers of the theme, no fragment, and none where there is none."""

from __future__ import annotations

import numpy as np

from citeworthy.records import Paper
from citeworthy.synthesis.phrases import common_phrases
from citeworthy.synthesis.theme_names import FEATURES, Words, features, parameters, ranked_names
from citeworthy.synthesis.themes import find_themes

COLD = [
    ("Cold plasma for wound healing", "Cold plasma closes wounds in mice. The response length is measured."),
    ("Cold plasma against biofilms", "Cold plasma removes biofilms. The response length is measured."),
    ("Dosing cold plasma", "How long cold plasma should be applied is studied in wounds."),
    ("Safety of cold plasma", "Cold plasma did not harm skin."),
]
LEECH = [
    ("Medicinal leeches after surgery", "Medicinal leeches drain blood after surgery."),
    ("Breeding medicinal leeches", "Medicinal leeches are bred without antibiotics."),
    ("Medicinal leeches and infection", "Medicinal leeches carry bacteria that infect wounds."),
    ("A history of medicinal leeches", "For centuries medicinal leeches were in use."),
]


def papers_of(rows: list[tuple[str, str]]) -> list[Paper]:
    return [Paper(title, title, abstract) for title, abstract in rows]


def vectors(*groups: int) -> np.ndarray:
    """Papers of one group near one another."""
    places = [group for group, size in enumerate(groups) for _ in range(size)]
    noise = np.random.default_rng(1).normal(size=(len(places), 8)) * 0.05
    found = np.eye(8)[places] + noise
    return (found / np.linalg.norm(found, axis=1, keepdims=True)).astype(np.float32)


def test_themes_are_called_by_what_they_are_about() -> None:
    papers = papers_of([*COLD, *LEECH])
    themes = find_themes(papers, vectors(4, 4), {})
    assert {theme.name: sorted(theme.papers) for theme in themes} == {
        "cold plasma": [0, 1, 2, 3],
        "medicinal leeches": [4, 5, 6, 7],
    }
    assert all(theme.phrases[0].name == theme.name for theme in themes)


def test_papers_without_a_good_name_are_one_theme_and_the_last() -> None:
    odd = [(f"Study {word}", f"{word} was observed twice.") for word in ("Alder", "Birch", "Cedar", "Dogwood")]
    papers = papers_of([*odd, *COLD])
    themes = find_themes(papers, vectors(4, 4), {})
    assert [(theme.name, sorted(theme.papers)) for theme in themes] == [
        ("cold plasma", [4, 5, 6, 7]),
        ("", [0, 1, 2, 3]),
    ]
    assert themes[-1].phrases == ()


def test_a_detail_of_half_the_papers_ranks_below_what_all_are_about() -> None:
    papers = papers_of([*COLD, *LEECH])
    (ranked, _) = ranked_names([range(4), range(4, 8)], papers, common_phrases(papers), frozenset())
    names = [phrase.name for _, phrase in ranked]
    assert names[0] == "cold plasma"
    assert all(score >= parameters()["least"] for score, _ in ranked)


def test_features_count_shares_of_the_group_and_of_the_others() -> None:
    papers = papers_of([*COLD, *LEECH])
    phrase = next(one for one in common_phrases(papers) if one.name == "cold plasma")
    found = features(phrase, range(3), Words(papers), frozenset(phrase.tokens[:1]))
    assert tuple(found) == FEATURES == tuple(parameters()["weights"])
    assert (found["have_it"], found["others_have_it"]) == (1.0, 0.2)
    assert (found["two_words"], found["of_the_topic"]) == (1.0, 0.5)
