"""A question for a reason that takes the opposite for granted is not answered by the sentence that says so."""

from __future__ import annotations

import pytest

from citeworthy.answer.premise import opposed
from citeworthy.assistant import Assistant
from citeworthy.records import Outcome


@pytest.mark.parametrize(
    ("question", "sentence", "words"),
    [
        ("Why is A slower than B?", "A is 40% faster than B.", ("slower", "faster")),
        ("How come A performs much worse?", "It performs on par with B.", ("worse", "on par")),
        ("What makes pre-training hurt accuracy?", "Pre-training improves accuracy.", ("hurt", "improves")),
        ("Why is A faster?", "A is faster, where B is slower.", None),
        ("Is A slower than B?", "A is faster than B.", None),  # answered by it
        ("Why is A slower?", "A has more layers.", None),
        ("Why does A win where B loses?", "A wins.", None),
        ("Why is A non-slower?", "A is faster.", None),
    ],
)
def test_opposites(question: str, sentence: str, words: tuple[str, str] | None) -> None:
    assert opposed(question, [sentence]) == words


def test_a_reversed_premise_is_told_with_the_sentence_that_reverses_it(sample: Assistant) -> None:
    answer = sample.ask("Why did PERL's LoRA perform much worse than full fine-tuning?")
    assert answer.outcome is Outcome.NOT_REPORTED
    assert answer.notes == ("The question takes “worse” for granted; what was found says “on par”.",)
    assert any("on par with conventional RLHF" in claim.text for claim in answer.closest)
