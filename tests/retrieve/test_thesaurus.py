"""What everyday words mean in the terms of the field."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from citeworthy.models.choose import make_embedder
from citeworthy.models.embedder import Embedder
from citeworthy.retrieve.thesaurus import meaning_of, thesaurus
from citeworthy.settings import EmbeddingSettings

CONCEPTS = Path(__file__).parents[2] / "eval/training/thesaurus/concepts.jsonl"


@pytest.fixture(scope="module")
def encoder() -> Embedder:
    return make_embedder(EmbeddingSettings())


@pytest.mark.parametrize(
    ("topic", "nearer", "farther"),
    [
        ("which examples should people label first", "active learning", "data augmentation"),
        ("which knobs to turn before training starts", "hyperparameter optimization", "active learning"),
        ("easy exercises first, hard ones later", "curriculum learning", "hyperparameter optimization"),
    ],
)
def test_it_leads_to_the_terms(encoder: Embedder, topic: str, nearer: str, farther: str) -> None:
    asked = encoder.embed_query(topic)
    meant = meaning_of(asked, encoder.name).vector
    assert np.linalg.norm(meant) == pytest.approx(1, abs=1e-3)
    right, wrong = (encoder.embed_query(term) for term in (nearer, farther))
    assert meant @ right > asked @ right + 0.1
    assert meant @ right > meant @ wrong


def test_papers_on_a_topic_share_its_concepts(encoder: Embedder) -> None:
    meant = meaning_of(encoder.embed_query("which examples should people label first"), encoder.name)
    papers = encoder.embed(
        [
            "Pool-based active learning queries the labels of the samples that a model is least certain of.",
            "A finite element scheme for turbulent flow over airfoils.",
        ]
    )
    on_it, off_it = meant.shared(np.array([one.whole for one in papers]))
    assert off_it < 0.2 < on_it <= 1.001


def test_with_another_encoder_the_topic_stands_for_itself() -> None:
    asked = np.array([0.6, 0.8], np.float32)
    meant = meaning_of(asked, "another encoder")
    assert meant.vector is asked
    assert meant.shared(np.array([[0.6, 0.8], [0.8, -0.6]], np.float32)) == pytest.approx([1, 0], abs=1e-6)


def test_no_words_stand_for_themselves(encoder: Embedder) -> None:
    nothing = np.zeros(encoder.dimension, np.float32)
    assert meaning_of(nothing, encoder.name).vector is nothing


def test_it_is_made_for_the_bundled_encoder_from_the_concepts_as_they_are(encoder: Embedder) -> None:
    concepts = [json.loads(line) for line in CONCEPTS.read_text("utf-8").splitlines()]
    known = thesaurus()
    assert known.encoder == encoder.name
    assert len(known.terms) == len(concepts)
    wordings = [text for one in concepts for text in (one["concept"], *one["plain"])]
    assert len(known.wordings) == len(wordings)
    for place in (0, len(wordings) // 2, len(wordings) - 1):
        assert known.wordings[place] @ encoder.embed_query(wordings[place]) > 0.99
    assert len({one["concept"].lower() for one in concepts}) == len(concepts)
