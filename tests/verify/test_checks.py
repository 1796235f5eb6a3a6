"""Each check on a pair that it should find, and on one that it should let pass."""

import pytest

from citeworthy.verify.checks import Check, findings

QUOTE = "Vitamin D lowered IL-6 by 30% in 120 patients, while zinc lowered it by 5%, compared with placebo."


@pytest.mark.parametrize(
    ("claim", "quote", "check"),
    [
        ("Vitamin D lowered IL-6 by 40%.", QUOTE, Check.NUMBER),
        ("Vitamin D lowered IL-6 30 times in patients.", QUOTE, Check.UNIT),
        ("Vitamin D lowered TNF-2 by 30%.", QUOTE, Check.NAME),
        ("Vitamin D raised IL-6 by 30% in patients.", QUOTE, Check.DIRECTION),
        ("Vitamin D did not lower IL-6.", QUOTE, Check.POLARITY),
        ("In all patients vitamin D lowered IL-6.", QUOTE, Check.SCOPE),
        ("PPO outperforms DPO in robotics.", "DPO outperforms PPO in robotics.", Check.SIDES),
        (
            "Zinc lowered IL-6 by 30% in patients.",
            "Zinc lowered IL-6 by 5%; sleep deprivation by 30%.",
            Check.MISPLACED,
        ),
    ],
)
def test_what_is_wrong_is_found_and_named(claim: str, quote: str, check: Check) -> None:
    found = findings(claim, [quote])
    assert check in [f.check for f in found]
    assert all(f.reason for f in found)


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("IL-6 fell by 30% with vitamin D in 120 patients.", QUOTE),
        ("RL helps.", "Reinforcement learning helps."),
        ("The model works on images.", "The model works not only on text but also on images."),
        ("All tasks gain.", "Every task gains."),
        ("HybridFlow's throughput is higher.", "Throughput of Hybrid Flow is higher."),
    ],
)
def test_what_is_right_passes(claim: str, quote: str) -> None:
    assert findings(claim, [quote]) == []


def test_titles_supply_names_but_no_numbers() -> None:
    assert findings("GPT-4 scores 30%.", ["It scores 30%."], "GPT-4: a report") == []
    assert [f.check for f in findings("It scores 31%.", ["It scores."], "31% of tasks")] == [Check.NUMBER]
