import pytest

from citeworthy.text.normalise import normalise, title_fingerprint


@pytest.mark.parametrize(
    ("received", "stored"),
    [
        ("1.53times~20.57times", "1.53×–20.57×"),
        ("up to 4times70 billion", "up to 4×70 billion"),
        ("3.5 times faster at all times", "3.5 times faster at all times"),
        ("complexity mathcal{O}(n^2)", "complexity O(n^2)"),
        ('na\\"ively and na\\"ive', "naïvely and naïve"),
        ("outside {sf AC}^0, i.e.", "outside AC^0, i.e."),
        ("prompts of kleq 10 tokens", "prompts of k ≤ 10 tokens"),
        ("state mathbf x_0 and S_L^{rightarrow}", "state x_0 and S_L^→"),
        ("(n = 1024) and Q^* survive", "(n = 1024) and Q^* survive"),
        ("10\\% of $n$ runs cost $5 and $6", "10% of n runs cost $5 and $6"),
        ("the bound $\\mathcal{O}(\\sqrt{n})$ for \\emph{all} \\alpha", "the bound O(√(n)) for all α"),
        ("named \\method, that", "named method, that"),
        ("system~(MLSys), e.g.~iLQR, about ~5%", "system (MLSys), e.g. iLQR, about ~5%"),
        ("``one-size'' -- or not", '"one-size" – or not'),
        ("A <i>fast</i>&nbsp;method: p &lt; 0.05", "A fast method: p < 0.05"),
        ("a < b and c > d", "a < b and c > d"),
        ("<jats:p>Text</jats:p><script>x</script>", "Text <script>x</script>"),
        ("bidi \u202eevil\u202c \x00 nul", "bidi evil nul"),
        ("epsilon-greedy, 100% sure, 5 {braces}", "epsilon-greedy, 100% sure, 5 {braces}"),
    ],
)
def test_what_a_reader_expects(received: str, stored: str) -> None:
    assert normalise(received) == stored


def test_title_fingerprint_ignores_case_accents_and_punctuation() -> None:
    assert title_fingerprint("Naïve  Bayes: Revisited!") == title_fingerprint("naive bayes - revisited")


@pytest.mark.parametrize(
    "text",
    ["\\" * 300 + "x", "&" + "amp;" * 300 + "lt;b>", "left" * 300 + "(", "mathcal{" * 300 + "x" + "}" * 300,
     "\\emph{" * 300 + "x" + "}" * 300, "&" + "#38;" * 300, "{sf " * 300 + "a" + "}" * 300, "<b" * 300 + ">" * 300],
)  # fmt: skip
def test_what_is_nested_deeper_than_anybody_means_is_stable_too(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once


@pytest.mark.parametrize("unit", ["{sf", "left", "\\a ", "\\%", "&amp;", "$a$ ", "\\emph{a}"])
def test_runs_are_read_once(unit: str) -> None:
    """Each of these once took minutes or more for a text of the longest length that is read."""
    assert normalise(unit + " " * 100_000) == normalise(unit)
    assert len(normalise(unit * (100_000 // len(unit)))) <= 100_000
