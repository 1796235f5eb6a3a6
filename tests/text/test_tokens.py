import pytest

from citeworthy.text.numbers import quantities
from citeworthy.text.tokens import search_tokens


@pytest.mark.parametrize(
    ("a", "b"),
    [("IL-6", "IL-2"), ("Q*", "Q"), ("S4", "S5"), ("TD3+BC", "TD3"), ("vitamin D", "vitamin C"), ("L*", "A*")],
)
def test_names_stay_apart(a: str, b: str) -> None:
    assert set(search_tokens(a)) != set(search_tokens(b))


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("multi-agent", "multi agent"),
        ("ε-greedy", "epsilon-greedy"),
        ("naïve models", "naive model"),
        ("10,000", "10000"),
    ],
)
def test_spellings_meet(a: str, b: str) -> None:
    assert search_tokens(a) == search_tokens(b)


def test_quantities_carry_units_and_scales() -> None:
    found = [(q.value, q.unit) for q in quantities("1.53× at 40 % of 10,000 and 7B, twice as fast", words=True)]
    assert found == [(1.53, "x"), (40.0, "%"), (10000.0, ""), (7e9, ""), (2.0, "")]


def test_names_are_not_quantities() -> None:
    assert quantities("IL-6, GPT-4, x_0, AC^0, 3D and the 2nd") == []


@pytest.mark.parametrize(
    "spellings",
    [
        "optimisation optimization", "behaviours behaviors", "modelling modeling", "labelled labeled", "centre center",
        "analysed analyzed", "leukaemia leukemia", "haemoglobin hemoglobin", "oedema edema", "foetal fetal",
        "fibres fibers", "paediatric pediatric", "tumour tumor", "catalogue catalog", "defence defense",
        "sulphate sulfate", "generalising generalizing", "programme program", "grey gray",
        "supervised supervision", "precise precision",
    ],
)  # fmt: skip
def test_british_and_american_spellings_meet(spellings: str) -> None:
    assert len(set(search_tokens(spellings))) == 1


def test_other_words_keep_their_spelling() -> None:
    assert search_tokens("four hours precise supervise perimeter does") == [
        "four",
        "hour",
        "precis",
        "supervis",
        "perimet",
    ]
