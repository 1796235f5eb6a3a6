"""What is said of two things in one breath is no difference between them."""

from __future__ import annotations

import pytest

from citeworthy.answer.telling_apart import meets_partners, tells_apart
from citeworthy.assistant import Assistant
from citeworthy.records import Citation, Claim, Outcome, Paper

NAMES = ("DPO", "PPO")
ASKED = "How does DPO differ from PPO?"


def claims(*sentences: str, title: str = "The Perfect Blend") -> list[Claim]:
    paper = Paper("k", title, " ".join(sentences))
    return [Claim(sentence, (Citation(paper, 0, 1),)) for sentence in sentences]


@pytest.mark.parametrize(
    ("question", "sentences", "told"),
    [
        (ASKED, ["It significantly beats PPO and DPO on coding."], False),
        (ASKED, ["It beats DPO, IPO and PPO."], False),
        (ASKED, ["It beats (iterative) DPO (rank 1) and PPO."], False),
        (
            ASKED,
            ["Both Proximal Policy Optimization (PPO) and Direct Preference Optimization (DPO) regularise."],
            False,
        ),
        (ASKED, ["Direct Preference Optimization (DPO) needs less than Proximal Policy Optimization (PPO)."], True),
        (ASKED, ["It beats PPO and DPO.", "It cures PPO's reward hacking."], False),
        (ASKED, ["It beats PPO and DPO.", "DPO needs no reward model.", "PPO needs a critic."], True),
        (ASKED, ["PPO and DPO reach 3.1 and 4.5, respectively."], True),
        (ASKED, ["DPO and PPO are both used, but PPO needs a critic."], True),
        (ASKED, ["DPO optimises preferences directly, without the reward model of PPO."], True),
        (ASKED, ["The method needs no reward model.", "It beats PPO and DPO."], True),
        ("What do DPO and PPO have in common?", ["Both DPO and PPO regularise."], True),
        ("Which methods beat DPO and PPO?", ["It beats PPO and DPO."], True),
    ],
)
def test_sentences(question: str, sentences: list[str], told: bool) -> None:
    assert tells_apart(question, NAMES, claims(*sentences)) is told


def test_a_paper_on_one_of_them_speaks_of_it_whatever_it_calls_it() -> None:
    said = ["It beats PPO and DPO.", "PPO needs a critic."]
    assert tells_apart(ASKED, NAMES, claims(*said, title="DPO: Direct Preference Optimization"))


def test_one_name_is_set_against_nothing() -> None:
    assert tells_apart("How does DPO differ?", ("DPO",), claims("DPO and PPO are used."))


@pytest.mark.parametrize(
    ("partners", "sentence", "title", "met"),
    [
        (("PPO",), "DPO is 2x faster than PPO.", "A study", True),
        (("PPO",), "It is 2x faster than PPO.", "DPO", True),
        (("PPO",), "It is 2x faster than SimPO.", "DPO", False),  # than another one
        (("PPO",), "PPO is 3x faster than baselines.", "PPO", False),  # of the partner alone
        (("PPO",), "PPO is 3x slower than DPO.", "PPO", True),
        ((), "It is fast.", "DPO", True),
    ],
)
def test_a_comparison_with_a_partner_names_it(partners: tuple[str, ...], sentence: str, title: str, met: bool) -> None:
    assert meets_partners(NAMES, partners, claims(sentence, title=title)) is met


@pytest.mark.parametrize(
    "question", ["How much better is AlphaPO than DPO?", "How much faster is ReaLHF than HybridFlow?"]
)
def test_a_gain_over_something_else_is_no_answer(sample: Assistant, question: str) -> None:
    assert sample.ask(question).outcome is Outcome.NOT_REPORTED


def test_of_two_methods_what_is_quoted_names_both_and_tells_them_apart(sample: Assistant) -> None:
    """The paper that sounds nearest says that a third one beats both, and another of its sentences has "different"."""
    answer = sample.ask(ASKED)
    assert answer.outcome is Outcome.ANSWERED
    assert tells_apart(ASKED, NAMES, answer.claims)
    for claim in answer.claims:
        assert all(name in claim.text for name in NAMES)


def test_background_that_names_both_does_not_push_out_what_tells_them_apart(sample: Assistant) -> None:
    answer = sample.ask("How do DPO and PPO differ when preference data lack diversity?")
    assert "online RL can outperform offline methods" in answer.text
