"""A floor under retrieval quality, on the smallest public collection; `make eval-retrieval` measures the rest."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from tests.conftest import shared

sys.path.insert(0, str(Path(__file__).parents[2] / "eval"))


@pytest.mark.slow
def test_medline_is_found_better_than_by_either_half() -> None:
    from retrieval import evaluate

    found = evaluate(shared("data/medline"))
    assert found["citeworthy"] >= 0.79
    assert found["citeworthy"] > max(found["BM25 alone"], found["dense alone"])
