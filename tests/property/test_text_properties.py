"""What holds for every text, tried on generated ones."""

from hypothesis import given
from hypothesis import strategies as st

from citeworthy.text.normalise import normalise
from citeworthy.text.sentences import split_sentences
from citeworthy.text.tokens import search_tokens

pieces = st.sampled_from(
    ["We", "did", "it.", "e.g.", "(Fig. 2)", "IL-6", "0.5", "mathcal{O}", "$x^2$", "\\alpha", "{sf AC}^0", "3times",
     "kleq 3", "\\%", "&amp;", "<i>", "</i>", "~", "--", "``", "\"", ")", "(", "?", "!", "\n\n", " ", "é", "\u202e",
     "\\",
     "{", "}", "$", "α"]
)  # fmt: skip
texts = st.one_of(
    st.text(max_size=200), st.lists(pieces, max_size=40).map(" ".join), st.lists(pieces, max_size=40).map("".join)
)


@given(texts)
def test_sentences_cover_all_but_white_space_and_never_overlap(text: str) -> None:
    position = 0
    for start, end in split_sentences(text):
        assert start < end
        assert not text[position:start].strip()
        assert text[start:end] == text[start:end].strip()
        position = end
    assert not text[position:].strip()


@given(texts)
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once


@given(texts)
def test_normalised_text_is_printable_on_one_line(text: str) -> None:
    assert all(c.isprintable() for c in normalise(text))


@given(texts)
def test_tokens_are_lower_case_and_not_blank(text: str) -> None:
    assert all(token.strip() and token == token.lower() for token in search_tokens(text))
