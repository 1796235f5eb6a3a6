"""A sentence that sets out to find something out is told from one that says what was found."""

from __future__ import annotations

import pytest

from citeworthy.text.aims import only_aims


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("To determine whether the use of statins is associated with reduced hip fracture risk.", True),
        ("The primary objective of this trial was to compare two doses.", True),
        ("We investigated whether vitamin D lowers IL-6.", True),
        ("This study was designed to assess safety.", True),
        ("To systematically review the evidence that quitting helps.", True),
        ("Information is scarce about the combined effects of genes and diet.", True),
        ("However, little is known about how cells get rid of it.", True),
        ("Data are limited because labels cost much.", False),
        ("We sought to identify genes that matter.", True),
        ("Statins build bone in animals, but whether they reduce fractures is not known.", True),
        ("We tested whether it holds and found that it does.", False),
        ("To determine the dose we used a scale, and 40% of patients improved.", False),
        ("To this end we propose TreePilot.", False),
        ("We propose TreePilot, which explores trees.", False),
        ("Statins lower the risk of hip fracture.", False),
        ("We compare ten methods.", False),
    ],
)
def test_only_aims(sentence: str, expected: bool) -> None:
    assert only_aims(sentence) is expected
