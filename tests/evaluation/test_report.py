"""The report: one file, nothing from outside, hostile answers inert, filterable."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.evaluation.conftest import claim, perfect

from citeworthy.errors import EvaluationError
from citeworthy.evaluation.measures import parse_measure
from citeworthy.evaluation.report import Findings, as_html, as_json, as_markdown, write_report
from citeworthy.evaluation.report.findings import is_failure

Evaluate = Callable[..., Findings]
HOSTILE = "</script><script>document.title='owned'</script><img src=x onerror=alert(1)>"


def hostile(_: Any) -> Any:
    return {"claims": [claim(HOSTILE, HOSTILE, quote=HOSTILE)], "outcome": "answered", "confidence": 0.5}


hostile.__name__ = "<b>hostile</b>"


def test_one_file_that_needs_nothing(evaluate: Evaluate) -> None:
    page = as_html(evaluate(perfect, hostile))
    assert not re.search(
        r"""(?:src|href)\s*=|@import|url\(""", page.replace("<img src=x", "").replace("\\u003cimg src=x", "")
    )
    assert page.count("<script") == 2
    assert "<b>hostile" not in page
    assert "<img" not in page


def test_forms_agree(evaluate: Evaluate, tmp_path: Path) -> None:
    findings = evaluate(perfect, hostile)
    read = json.loads(as_json(findings))
    assert read["figures"]["perfect"]["KeyFactRecall"]["value"] == 1.0
    assert "NaN" not in as_json(findings)
    table = as_markdown(findings)
    page = as_html(findings)
    for name in findings.measures:
        assert f"| {name} |" in table
        assert name in page
        assert parse_measure(name).source.split("(")[0].split("'")[0][:30] in page
    for ending in (".html", ".md", ".json"):
        write_report(tmp_path / "deep" / f"report{ending}", findings)
    with pytest.raises(EvaluationError, match="a report ends in"):
        write_report(tmp_path / "report.pdf", findings)


def test_which_questions_are_failures(evaluate: Evaluate) -> None:
    def faulty(request: Any) -> Any:
        if request["id"] == "q2":
            return {"claims": [claim("Vitamin D lowered IL-6.", "il6")]}  # one fact missing
        if request["id"] == "q3":
            return {"claims": [claim("Eight.", "flow")]}  # invented
        return perfect(request)

    found = evaluate(faulty)
    assert [case.question.id for case in found.cases["faulty"] if is_failure(case)] == ["q2", "q3"]
