"""What each citation of a sentence vouches for, and what is carried on to the next sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from citeworthy.synthesis.drafts.reading import read_draft

BIBLIOGRAPHY = """@misc{s, title={T}, author={Smith, A. and Lee, B. and Wu, C.}}
@misc{j, title={U}, author={Jones, D. and Xu, E.}}"""


def scoped(folder: Path, text: str) -> list[tuple[str, str]]:
    (folder / "refs.bib").write_text(BIBLIOGRAPHY)
    (folder / "a.md").write_text(f"---\nbibliography: refs.bib\n---\n\n{text}\n", encoding="utf-8")
    draft = read_draft(folder / "a.md")
    return [(c.key, s.text[slice(*c.scope)]) for s in draft.sentences for c in s.citations]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("X improves A [@a].", [("a", "X improves A.")]),
        ("X improves A [@a], while Y lowers B [@b].", [("a", "X improves A"), ("b", "while Y lowers B")]),
        ("X improves A [@a; @b] and lowers B [@c].", [("a", "X improves A"), ("b", "X improves A"), ("c", "lowers B")]),
        ("X improves A [@a], but ours does not.", [("a", "X improves A")]),
        (
            "Although it is old, X improves A [@a]; Y fails [@b].",
            [("a", "Although it is old, X improves A"), ("b", "Y fails")],
        ),
        ("BERT [@a] improves the state of the art.", [("a", "BERT improves the state of the art.")]),
        ("It was used for tasks such as parsing [@a] and tagging [@b].", [("a", "parsing"), ("b", "tagging")]),
        ("@s show that X works in practice.", [("s", "Smith et al. show that X works in practice.")]),
        (
            "@s show that X works, and @j extend it to Y.",
            [("s", "Smith et al. show that X works,"), ("j", "and Jones and Xu extend it to Y.")],
        ),
        (
            "@s apply parsing [@a] to trees.",
            [("s", "Smith et al. apply parsing to trees."), ("a", "Smith et al. apply parsing")],
        ),
        (
            "@s and @j agree on it.",
            [("s", "Smith et al. and Jones and Xu agree on it."), ("j", "Smith et al. and Jones and Xu agree on it.")],
        ),
        ("It was first proposed by @s.", [("s", "It was first proposed by Smith et al.")]),
    ],
)
def test_scopes(tmp_path: Path, text: str, expected: list[tuple[str, str]]) -> None:
    assert [(key, scope.rstrip(",")) for key, scope in scoped(tmp_path, text)] == [
        (k, s.rstrip(",")) for k, s in expected
    ]


@pytest.mark.parametrize(
    ("text", "carried"),
    [
        (
            "@s propose X. They also show Y. Their model is fast. They stop.",
            ["They also show Y.", "Their model is fast."],
        ),
        ("@s propose X. We also show Y.", []),
        ("@s propose X. They differ from our work.", []),
        ("X is known [@a]. They also show Y.", []),
        ("@s and @j propose X. They show Y.", ["They show Y."] * 2),
        ("@s propose X, and @j propose Y. They show Z.", []),
        ("X was proposed by @s. They show Z.", []),
        ("@s propose X. They beat Y [@a].", []),
        ("@s propose it. Trees are green. They grow.", []),
        ("@s propose X.\n\nThey show Y.", []),
        ("@s propose X. However, they do not show Y.", ["However, they do not show Y."]),
    ],
)
def test_carried(tmp_path: Path, text: str, carried: list[str]) -> None:
    (tmp_path / "refs.bib").write_text(BIBLIOGRAPHY)
    (tmp_path / "a.md").write_text(f"---\nbibliography: refs.bib\n---\n\n{text}\n", encoding="utf-8")
    draft = read_draft(tmp_path / "a.md")
    assert [s.text for s in draft.sentences for c in s.citations if c.carried] == carried
    assert all(c.scope == (0, len(s.text)) for s in draft.sentences for c in s.citations if c.carried)
