"""Verdicts where the judging model has read claim and quotation: it may confirm a paraphrase, not overrule a check."""

from __future__ import annotations

import pytest

from citeworthy.models.cross_encoder import FakeCrossEncoder, Reading, ReadingTask
from citeworthy.records import Citation, Claim, Paper, Verdict
from citeworthy.verify.support import check_support
from citeworthy.verify.verifier import Verifier

QUOTE = "Fine-tuning with the new loss lowers memory use by 30% on both benchmarks."
PARAPHRASE = "On both benchmarks, memory use drops by 30% once models are fine-tuned with the new loss."
SUPPORTS, CONTRADICTS, NEITHER = (
    Reading((0.0,), 0.0, support) for support in ((7.0, -4.0, -3.0), (-4.0, 7.0, -3.0), (-4.0, -3.0, 7.0))
)


def test_a_paraphrase_that_the_model_confirms_is_supported() -> None:
    assert check_support(PARAPHRASE, [QUOTE]).verdict is not Verdict.SUPPORTED  # by words alone
    found = check_support(PARAPHRASE, [QUOTE], reading=SUPPORTS)
    assert found.verdict is Verdict.SUPPORTED
    assert found.reasons


@pytest.mark.parametrize(
    "claim",
    [
        "On both benchmarks, memory use drops by 40% once models are fine-tuned with the new loss.",  # number
        "On both benchmarks, memory use drops by 30% once models are fine-tuned with FlashLoss-2.",  # name
        "On both benchmarks, memory use always drops by 30% once models are fine-tuned with the new loss.",  # scope
        "On both benchmarks, memory use drops by 30% with a larger batch of longer sequences.",  # too few of its words
    ],
)
def test_no_reading_overrules_a_check(claim: str) -> None:
    assert check_support(claim, [QUOTE], reading=SUPPORTS).verdict is not Verdict.SUPPORTED


def test_what_the_model_denies_is_not_supported() -> None:
    assert check_support(PARAPHRASE, [QUOTE], reading=CONTRADICTS).verdict is Verdict.CONTRADICTED
    assert check_support(PARAPHRASE, [QUOTE], reading=NEITHER).verdict is Verdict.NOT_SUPPORTED
    assert check_support("Cats are fond of fish.", [QUOTE], reading=NEITHER).verdict is Verdict.NOT_SUPPORTED


def test_a_quotation_needs_no_reading() -> None:
    assert check_support(QUOTE, [QUOTE], reading=CONTRADICTS).verdict is Verdict.SUPPORTED


def test_only_what_is_no_quotation_is_read() -> None:
    asked: list[ReadingTask] = []

    class Recording(FakeCrossEncoder):
        def read(self, tasks: list[ReadingTask]) -> list[Reading]:  # type: ignore[override]
            asked.extend(tasks)
            return super().read(tasks)

    paper = Paper("k", "On memory", QUOTE)
    cited = (Citation(paper, 0, len(QUOTE)),)
    verifier = Verifier(Recording())
    checked = verifier.verify_each([Claim(QUOTE, cited), Claim(PARAPHRASE, cited), Claim("Uncited.", ())])
    assert [task.text for task in asked] == [PARAPHRASE]
    assert checked[0].verdict is Verdict.SUPPORTED
    assert checked[2].verdict is Verdict.UNCITED
    assert verifier.name != Verifier().name  # provenance tells which of the two judged
