"""Checking drafts: keys become papers, sentences get verdicts, and what is said of each can be found in its file."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from citeworthy.assistant import Assistant
from citeworthy.errors import SourceError
from citeworthy.surfaces.cli.main import app
from citeworthy.surfaces.documents import check_lines, check_page
from citeworthy.synthesis.check.facts import wants_citation
from citeworthy.synthesis.check.report import CheckedCitation, CheckReport, CitationVerdict
from citeworthy.synthesis.check.resolving import authors_spelt
from citeworthy.synthesis.drafts.draft import DraftSentence, Place
from citeworthy.synthesis.outline import Part

DRAFT = r"""\documentclass{article}
\begin{document}
\section{Introduction}
Across various RLHF algorithms, throughput rises by 1.53x to 20.57x over baselines \cite{sheng2024hybridflow}.
The frogs of Borneo were counted in 1893 by hand \cite{sheng2024hybridflow}.
A third thing is said of nobody \cite{nobody2099}.
Its own abstract says that otters dive to 97 metres \citep{otters}.
Nothing is known of this one \citep{bare}.
Earlier work has shown that half of all bears sleep in winter.
We show that our bears do not.
\bibliography{refs}
\end{document}
"""
BIB = r"""@article{otters, title={How deep do otters dive}, author={Otter, Ann}, year={2001},
 abstract={We followed 40 otters. Otters dive to 97 metres. They return within four minutes.}}
@article{bare, title={A paper without an abstract}, author={Bare, Bob}, year={1999}}
@article{gone, title={A retracted study of sleep}, author={Gone, Gus}, year={2010}, retraction={retracted 2012},
 abstract={Sleep was measured in 12 bears. Bears sleep for five months.}}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("draft")
    (made / "draft.tex").write_text(DRAFT, "utf-8")
    (made / "refs.bib").write_text(BIB, "utf-8")
    return made


@pytest.fixture(scope="module")
def report(sample: Assistant, folder: Path) -> CheckReport:
    return sample.check(folder / "draft.tex")


def by_key(report: CheckReport, key: str, part: str = "") -> CheckedCitation:
    return next(one for one in report.citations if one.citation.key == key and part in one.text)


def test_authors_and_year_mean_the_one_paper_of_the_library_that_goes_by_them(
    sample: Assistant, tmp_path: Path
) -> None:
    written = "Feedback by people is surveyed (Kaufmann et al., 2023). Many learn so (Liu et al., 2024; Nobody, 2023)."
    (tmp_path / "draft.txt").write_text(written, "utf-8")
    report = sample.check(tmp_path / "draft.txt")
    meant = by_key(report, "Kaufmann et al., 2023").paper
    assert meant is not None
    assert meant.key == "kaufmann2023survey"
    for key in ("Liu et al., 2024", "Nobody, 2023"):  # several papers, and none
        assert by_key(report, key).verdict is CitationVerdict.UNKNOWN_KEY


@pytest.mark.parametrize(
    ("written", "byline"),
    [
        ("Wu & Sun", "Wu and Sun"),
        ("Ko, Dingliwal and Liang", "Ko et al."),
        ("Ko, Dingliwal, & Liang", "Ko et al."),
        ("Okoń et al.", "Okon et al."),
        ("van den Berg", "Van den Berg"),
    ],
)
def test_spellings_of_authors_that_mean_the_same(written: str, byline: str) -> None:
    assert authors_spelt(written) == authors_spelt(byline)
    assert authors_spelt(written) != authors_spelt("Else et al.")


def test_each_citation_gets_its_verdict(report: CheckReport) -> None:
    quoted = by_key(report, "sheng2024hybridflow", "throughput")
    assert quoted.verdict is CitationVerdict.SUPPORTED
    assert quoted.quotes[0].quote.startswith("Across various RLHF algorithms")
    assert by_key(report, "sheng2024hybridflow", "Borneo").verdict is CitationVerdict.NOT_IN_ABSTRACT
    assert by_key(report, "nobody2099").verdict is CitationVerdict.UNKNOWN_KEY
    assert by_key(report, "bare").verdict is CitationVerdict.NO_ABSTRACT
    otters = by_key(report, "otters")
    assert otters.paper is not None
    assert otters.paper.abstract.startswith("We followed 40 otters")  # from the .bib; the library has no such paper
    assert otters.quotes[0].quote == "Otters dive to 97 metres."


def test_quotes_are_exact_and_places_are_where_the_key_stands(report: CheckReport) -> None:
    lines = DRAFT.splitlines()
    for one in report.citations:
        place = one.citation.place
        assert lines[place.line - 1][place.column - 1 :].startswith(one.citation.key)
        for quote in one.quotes:
            assert quote.paper.abstract[quote.start : quote.end] == quote.quote


def test_a_fact_without_a_citation_is_named_and_what_the_authors_did_is_not(report: CheckReport) -> None:
    wanting = [checked.sentence.text for checked in report.sentences if checked.wants_citation]
    assert wanting == ["Earlier work has shown that half of all bears sleep in winter."]


@pytest.mark.parametrize(
    "text",
    [
        "We trained 40 models on 3 data sets.", "This paper is organised as follows.", "Is it known to be 40% better?",
        "Figure 3 shows a gain of 40% over the baseline.", "However, this is not always so.",
        "Bears are large animals.", "120 papers on bears and winter appeared from 2010 to 2020.",
        "Half of 40 bears slept in winter, as was seen by Grizzly et al., 2019, in the field.",
        "Half of 40 bears slept in winter, as Grizzly and Brown (2019) saw in the field.",
    ],
)  # fmt: skip
def test_what_wants_no_citation(text: str) -> None:
    assert wants_citation(DraftSentence(text, Place("d", 1, 1), Place("d", 1, 9))) == ""


def test_a_quotation_may_have_its_source_behind_it() -> None:
    sentence = DraftSentence("“Half of 40 bears slept in the winter of the year.”", Place("d", 1, 1), Place("d", 1, 9))
    assert wants_citation(sentence, "(Lang et al., 2024, characters 1–9).") == ""
    for other in (
        "Lang et al., 2024, saw others.",
        "(Half of them; see Lang et al., 2024.) Others did not.",
        "(Indeed.)",
    ):
        assert wants_citation(sentence, other) != ""


def test_papers_cited_together_vouch_together(sample: Assistant, tmp_path: Path) -> None:
    draft = tmp_path / "d.md"
    draft.write_text("Otters dive to 97 metres [@otters; @gone].\n\n", "utf-8")
    (tmp_path / "r.bib").write_text(BIB, "utf-8")
    report = sample.check(draft, [tmp_path / "r.bib"])
    gone = by_key(report, "gone")
    assert gone.borne_out_by == "otters"
    assert gone.is_problem  # it is retracted, whatever else it says
    assert report.counts["retracted"] == 1


def test_what_a_draft_cannot_be_is_said(sample: Assistant, tmp_path: Path) -> None:
    with pytest.raises(SourceError):
        sample.check(tmp_path / "missing.tex")
    draft = tmp_path / "d.tex"
    draft.write_text(DRAFT, "utf-8")
    report = sample.check(draft, [tmp_path / "missing.bib"])
    assert any("missing.bib" in problem for problem in report.problems)


def test_lines_lead_an_editor_to_the_place(report: CheckReport) -> None:
    lines = list(check_lines.lines(report))
    assert any(re.search(r"draft\.tex:6:\d+: error: nobody2099: .*\[unknown_key\]$", line) for line in lines)
    assert not any("\n" in line for line in lines)
    everything = list(check_lines.lines(report, every=True))
    assert len(everything) > len(lines)


def test_sarif_is_what_code_review_reads(report: CheckReport) -> None:
    log: dict[str, Any] = json.loads(check_lines.sarif_text(report))
    assert log["version"] == "2.1.0"
    run = log["runs"][0]
    rules = {rule["id"] for rule in run["tool"]["driver"]["rules"]}
    for result in run["results"]:
        assert result["ruleId"] in rules
        assert result["level"] in ("error", "warning", "note")
        assert result["locations"][0]["physicalLocation"]["region"]["startLine"] >= 1


def test_the_page_shows_every_sentence_and_nothing_of_the_draft_is_markup(sample: Assistant, tmp_path: Path) -> None:
    draft = tmp_path / "evil.md"
    draft.write_text("Otters <script>alert(1)</script> dive [@otters].\n", "utf-8")
    (tmp_path / "r.bib").write_text(BIB.replace("Otters dive to", "<b>Otters</b> dive to"), "utf-8")
    page = check_page.write(sample.check(draft, [tmp_path / "r.bib"]))
    assert "<script" not in page
    assert "<b>Otters" not in page
    assert "default-src 'none'" in page


def test_json_has_the_quotes(report: CheckReport) -> None:
    told = json.loads(json.dumps(report.to_dict()))
    assert sum(len(sentence["citations"]) for sentence in told["sentences"]) == len(list(report.citations))
    assert told["counts"] == report.counts


@pytest.mark.parametrize(("fail_on", "code"), [("contradicted", 1), ("unsupported", 1), ("never", 0)])
def test_the_exit_code_is_for_ci(folder: Path, fail_on: str, code: int, sample: Assistant) -> None:
    home = str(sample.library.home.parent)
    result = CliRunner().invoke(app, ["--home", home, "check", str(folder / "draft.tex"), "--fail-on", fail_on])
    assert result.exit_code == code, result.output


def test_a_clean_draft_exits_with_0(tmp_path: Path, sample: Assistant) -> None:
    draft = tmp_path / "d.txt"
    draft.write_text("Nothing is cited here.\n", "utf-8")
    result = CliRunner().invoke(app, ["--home", str(sample.library.home.parent), "check", str(draft)])
    assert result.exit_code == 0, result.output


def test_who_is_cited_is_no_claim_and_words_in_quotation_marks_are_a_quotation(
    sample: Assistant, tmp_path: Path
) -> None:
    paper = sample.library.get("sheng2024hybridflow")
    sentence = paper.abstract[619:703]
    draft = tmp_path / "draft.tex"
    draft.write_text(
        f"HybridFlow (Sheng et al., 2024): ``{sentence}''~\\cite{{sheng2024hybridflow}}\n\n"
        "Sheng et al. (2024) mix two styles of control \\cite{sheng2024hybridflow}.\n\n"
        "Sheng et al. (2019) mix two styles of control \\cite{sheng2024hybridflow}.\n",
        "utf-8",
    )
    quoted, retold, another_year = sample.check(draft).citations
    assert quoted.verdict is CitationVerdict.SUPPORTED
    assert [citation.quote for citation in quoted.quotes] == [sentence]
    assert not any("2024" in reason for reason in retold.reasons)
    assert any("2019" in reason for reason in another_year.reasons)


def test_of_how_many_papers_something_holds_is_no_claim_of_an_abstract(sample: Assistant, tmp_path: Path) -> None:
    draft = tmp_path / "draft.md"
    draft.write_text(
        "In common: reinforcement learning from human feedback (97 of 98 papers) [@sheng2024hybridflow].\n\n"
        "HybridFlow was tried on 97 clusters [@sheng2024hybridflow].\n",
        "utf-8",
    )
    counted, claimed = sample.check(draft).citations
    assert not any("97" in reason for reason in counted.reasons)
    assert any("97" in reason for reason in claimed.reasons)


def test_a_related_work_section_of_ours_is_not_accused_of_its_quotations(sample: Assistant, tmp_path: Path) -> None:
    related = sample.related_work("hybrid reinforcement learning", most=5)
    lines = [
        f"{claim.lead_in} “{claim.text}” [@{claim.citations[0].paper.key}]"
        for theme in related.themes
        for part, claims in theme.parts
        for claim in claims
        if part is Part.EACH
    ]
    draft = tmp_path / "draft.md"
    draft.write_text("\n\n".join(lines), "utf-8")
    verdicts = [one.verdict for one in sample.check(draft).citations]
    assert len(verdicts) >= 3
    assert set(verdicts) == {CitationVerdict.SUPPORTED}
