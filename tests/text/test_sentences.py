import pytest

from citeworthy.text.sentences import sentence_texts, split_sentences


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("IL-6 rose (Fig. 2). We used, e.g., TD3+BC.", ["IL-6 rose (Fig. 2).", "We used, e.g., TD3+BC."]),
        ("Smith et al. showed it. J. Smith agreed.", ["Smith et al. showed it.", "J. Smith agreed."]),
        (
            "It rose by 0.5 mg. No. 3 is best. We say no. Then",
            ["It rose by 0.5 mg.", "No. 3 is best.", "We say no.", "Then"],
        ),
        (
            "We gave vitamin D. The trial ended.1 However, it did.",
            ["We gave vitamin D.", "The trial ended.1", "However, it did."],
        ),
        (
            "The gain (approx. 3 times. Indeed) held. p53 is good.",
            ["The gain (approx. 3 times. Indeed) held.", "p53 is good."],
        ),
        ("Samples are i.i.d. Gaussian. Was it? Yes! Done", ["Samples are i.i.d. Gaussian.", "Was it?", "Yes!", "Done"]),
        ("METHODS: We did.\n\nRESULTS: it worked", ["METHODS: We did.", "RESULTS: it worked"]),
        (
            "all lower case . as in old collections . it splits .",
            ["all lower case .", "as in old collections .", "it splits ."],
        ),
        ("Three points. 1. RLHF is RL. 2. It is not.", ["Three points.", "1. RLHF is RL.", "2. It is not."]),
        ("", []),
        (" \n ", []),
        ("...", ["..."]),
    ],
)
def test_hard_cases(text: str, expected: list[str]) -> None:
    assert [text[a:b] for a, b in split_sentences(text)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("METHODS: We did.\n\nRESULTS: it worked", ["We did.", "it worked"]),
        (
            "DESIGN, SETTING, AND PARTICIPANTS Trial of 12. RESULTS 5 of 9 did. Main results - None. Conclusion: Go.",
            ["Trial of 12.", "5 of 9 did.", "None.", "Go."],
        ),
        ("METHODS In this study DNA rose. RESULTS DNA rose.", ["In this study DNA rose.", "DNA rose."]),
        (
            "Results were good. Methods We tried. PATIENTS WITH HIV came. Data: ten. RESULTS",
            ["Results were good.", "Methods We tried.", "PATIENTS WITH HIV came.", "Data: ten.", "RESULTS"],
        ),
        ("RESULTS WERE GOOD.", ["RESULTS WERE GOOD."]),
        ("Methods We tried. Results It worked.", ["Methods We tried.", "Results It worked."]),
        (
            "Design, Setting, and Patients Trial of 12. Results In 5. Conclusions and Relevance It may. Results vary.",
            ["Trial of 12.", "In 5.", "It may.", "Results vary."],
        ),
    ],
)
def test_headings_are_no_part_of_the_sentences_of_an_abstract(text: str, expected: list[str]) -> None:
    assert sentence_texts(text) == expected
    assert len(split_sentences(text)) == len(expected)


def test_offsets_slice_the_text() -> None:
    text = "  First one.  Second (Eq. 3) one.\nThird. "
    assert [text[a:b] for a, b in split_sentences(text)] == ["First one.", "Second (Eq. 3) one.", "Third."]
