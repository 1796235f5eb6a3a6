"""A recorded run as something to read: one HTML file, Markdown, or JSON. `findings.py` computes, the others show."""

from __future__ import annotations

from pathlib import Path

from citeworthy.errors import EvaluationError
from citeworthy.evaluation.report.findings import Findings, find
from citeworthy.evaluation.report.html import as_html
from citeworthy.evaluation.report.plain import as_json, as_markdown

__all__ = ["Findings", "as_html", "as_json", "as_markdown", "find", "write_report"]

_FORMS = {".html": as_html, ".md": as_markdown, ".json": as_json}


def check_report_path(path: Path) -> None:
    """Raises EvaluationError for an ending that is not .html, .md or .json; before the run, not after."""
    if path.suffix not in _FORMS:
        raise EvaluationError(f"{path}: a report ends in {', '.join(_FORMS)}")


def write_report(path: Path, findings: Findings) -> None:
    """The report in the form that the file's ending names."""
    check_report_path(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_FORMS[path.suffix](findings), "utf-8")
    except OSError as error:
        raise EvaluationError(f"the report cannot be written to {path}: {error.strerror}") from error
