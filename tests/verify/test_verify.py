import pytest

from citeworthy.records import Citation, Claim, Paper, Verdict
from citeworthy.verify.support import check_support
from citeworthy.verify.verifier import Verifier

QUOTE = "Vitamin D lowered IL-6 by 30% in 120 patients, compared with placebo."


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        (QUOTE, Verdict.SUPPORTED),
        ("vitamin D lowered IL-6 by 30% in 120 patients", Verdict.SUPPORTED),
        ("In 120 patients, IL-6 was lowered by vitamin D by 30%.", Verdict.SUPPORTED),
        ("Vitamin D lowered IL-6 by 40%.", Verdict.NOT_SUPPORTED),
        ("Vitamin D lowered IL-6 30 times in patients.", Verdict.NOT_SUPPORTED),
        ("Vitamin D raised IL-6 by 30% in patients.", Verdict.CONTRADICTED),
        ("Vitamin D did not lower IL-6 in patients.", Verdict.CONTRADICTED),
        ("Vitamin D lowered IL-6, which cures sepsis in patients.", Verdict.PARTLY_SUPPORTED),
        ("Transformers need quadratic memory.", Verdict.NOT_SUPPORTED),
    ],
)
def test_a_claim_against_its_quotation(claim: str, verdict: Verdict) -> None:
    assert check_support(claim, [QUOTE]).verdict is verdict


def test_reasons_name_what_is_wrong() -> None:
    assert check_support("It fell by 40%.", [QUOTE]).reasons == ("40% is not in the quotation",)


def test_no_citation_is_uncited() -> None:
    assert check_support("Anything.", []).verdict is Verdict.UNCITED


def test_unsound_offsets_are_dropped() -> None:
    paper = Paper("k", "t", QUOTE)
    claim = Claim(QUOTE, (Citation(paper, 0, 500), Citation(paper, 5, 5), Citation(paper, -3, 4)))
    assert Verifier().verify_claim(claim).verdict is Verdict.UNCITED


def test_what_fails_is_left_out_with_its_verdict() -> None:
    paper = Paper("k", "t", QUOTE)
    cited = (Citation(paper, 0, len(QUOTE)),)
    shown, left_out = Verifier().verify([Claim(QUOTE, cited), Claim("It fell by 99%.", cited), Claim("No source.")])
    assert [c.verdict for c in shown] == [Verdict.SUPPORTED]
    assert [c.verdict for c in left_out] == [Verdict.NOT_SUPPORTED, Verdict.UNCITED]
