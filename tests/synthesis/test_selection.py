"""Choosing the papers of a topic: it stops, keeps to filters, and accounts for every paper it looked at."""

from __future__ import annotations

import json

import numpy as np
import pytest

from citeworthy.assistant import Assistant
from citeworthy.errors import UserError
from citeworthy.records import Filters
from citeworthy.shipped import shipped_folder
from citeworthy.synthesis.selection import CANDIDATES, MORE, Selection, find_candidates, select, wanted


def chosen(sample: Assistant, topic: str, most: int = 20, filters: Filters | None = None) -> Selection:
    parsed = sample.read_question(topic, filters)
    return select(find_candidates(sample.index, sample.retriever, parsed.search_text, parsed.filters), most)


def test_on_the_dev_topics_most_papers_chosen_belong_and_most_that_belong_are_chosen(sample: Assistant) -> None:
    topics = [json.loads(line) for line in (shipped_folder("questions") / "topics_dev.jsonl").open(encoding="utf-8")]
    found, empty, precision, recall = [], [], [], []
    for topic in topics:
        selection = chosen(sample, topic["topic"])
        keys = {paper.key for paper in selection.papers if not selection.is_doubtful}
        (found if topic["papers"] else empty).append(bool(keys))
        if keys and topic["papers"]:
            keys -= set(topic["borderline"])
            right = len(keys & set(topic["papers"]))
            precision.append(right / max(len(keys), 1))
            recall.append(right / len(topic["papers"]))
    assert np.mean(found) > 0.75
    assert np.mean(empty) < 0.2
    assert np.mean(precision) > 0.68
    assert np.mean(recall) > 0.54


def test_papers_near_to_what_a_topic_means_are_looked_at_too(sample: Assistant) -> None:
    parsed = sample.read_question("steering a learner with hints from a chatbot")
    found = find_candidates(sample.index, sample.retriever, parsed.search_text, parsed.filters)
    assert len(found.hits) == CANDIDATES + MORE
    first, more = found.hits[:CANDIDATES], found.hits[CANDIDATES:]
    assert min(hit.score for hit in first) >= max(hit.score for hit in more)
    others = [p for p in sample.library.papers() if p not in found.papers]
    likeness = sample.index.vectors_of(others) @ found.meant.vector
    assert likeness.max() <= (found.meaning[CANDIDATES:] @ found.meant.vector).min() + 1e-6


def test_every_candidate_is_accounted_for(sample: Assistant) -> None:
    selection = chosen(sample, "offline reinforcement learning", most=5)
    used = [seen.paper.key for seen in selection.considered if seen.used]
    assert sorted(used) == sorted(paper.key for paper in selection.papers)
    assert len(selection.papers) == 5
    assert all(seen.reason for seen in selection.considered if not seen.used)
    assert any("more than 5" in (seen.reason or "") for seen in selection.considered)


def test_what_a_topic_leaves_out_does_not_belong(sample: Assistant) -> None:
    topic = "agents that learn from a language model or as one"
    everything = {p.key for p in chosen(sample, topic).papers}
    kept = chosen(sample, f"{topic}, but not for language models")
    reasons = {seen.paper.key: seen.reason for seen in kept.considered if not seen.used}
    left_out = {key for key, reason in reasons.items() if reason == "belongs to what the topic leaves out"}
    assert kept.papers
    assert kept.left_out == "language models"
    assert everything & left_out
    assert not left_out & {p.key for p in kept.papers}


@pytest.mark.parametrize(
    ("topic", "parts"),
    [
        ("games, not for robots", ("games", "robots")),
        ("games (but not chess).", ("games", "chess")),
        ("offline RL except for language models", ("offline RL", "language models")),
        ("preferences that are not transitive", ("preferences that are not transitive", "")),
        ("alignment without a reward model", ("alignment without a reward model", "")),
        ("not only games", ("not only games", "")),
    ],
)
def test_what_is_left_out_is_said_at_the_end(topic: str, parts: tuple[str, str]) -> None:
    assert wanted(topic) == parts


def test_a_filter_is_kept(sample: Assistant) -> None:
    selection = chosen(sample, "language model agents since 2024")
    assert selection.papers
    assert all(paper.year and paper.year >= 2024 for paper in selection.papers)


@pytest.mark.parametrize("filters", [Filters(year_from=2090), Filters(authors=("Nobody Atall",))])
def test_where_no_paper_passes_the_filter_none_is_chosen(sample: Assistant, filters: Filters) -> None:
    assert chosen(sample, "offline reinforcement learning", filters=filters) == Selection((), (), 0)


def test_the_same_topic_gives_the_same_papers(sample: Assistant) -> None:
    assert chosen(sample, "state space models") == chosen(sample, "state space models")


@pytest.mark.parametrize(
    ("topic", "is_doubtful", "is_empty"),
    [("preference optimisation without a reward model", False, False),
     ("when chasing a higher score makes the model worse", True, False), ("soil moisture", True, True)],
)  # fmt: skip
def test_a_topic_that_may_be_treated_gets_its_papers_and_a_doubt(
    sample: Assistant, topic: str, is_doubtful: bool, is_empty: bool
) -> None:
    selection = chosen(sample, topic)
    related = sample.related_work(topic)
    assert bool(selection.papers) is not is_empty
    assert any("doubtful" in note for note in related.notes) is (is_doubtful and not is_empty)
    assert bool(sample.papers_on(topic)) is not is_doubtful
    assert ("The nearest: “" in related.message) is is_empty


def test_a_topic_stands_for_its_papers_in_a_table(sample: Assistant) -> None:
    topic = "preference optimisation without a reward model"
    papers = sample.papers_on(topic, most=3)
    assert [row.paper for row in sample.compare(columns=["method"], topic=topic, most=3).rows] == papers
    with pytest.raises(UserError, match="clearly belongs to 'soil moisture'"):
        sample.compare(topic="soil moisture")
    for keys, named in (((), " "), ((papers[0].key,), topic)):
        with pytest.raises(UserError, match="not both"):
            sample.compare(keys, topic=named)
