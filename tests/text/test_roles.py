import pytest

from citeworthy.text.roles import ROLES, role_at, roles_of


def test_no_sentences_no_roles() -> None:
    assert roles_of([]) == []


@pytest.mark.parametrize("sentences", [["x"], [""], ["∑ 3%"] * 40, ["We propose a method."] * 3])
def test_one_role_for_each_sentence_of_any_text(sentences: list[str]) -> None:
    found = roles_of(sentences)
    assert len(found) == len(sentences)
    assert set(found) <= set(ROLES)


def test_an_ordinary_abstract() -> None:
    found = roles_of(
        [
            "Large language models are costly to serve.",
            "We introduce a cache that stores keys in 2 bits, and train it with distillation.",
            "Experiments show that memory falls by 71% and accuracy drops by only 0.3 points.",
        ]
    )
    assert found == ["background", "method", "result"]


def test_the_role_of_the_sentence_that_holds_a_character() -> None:
    abstract = "Data are scarce. We propose a parser. It improves accuracy by 5%."
    assert role_at(abstract, abstract.index("We")) == role_at(abstract, abstract.index("parser")) == "method"
    assert role_at(abstract, abstract.index("5%")) == "result"
    assert role_at(abstract, len(abstract)) == role_at("", 0) == ""
