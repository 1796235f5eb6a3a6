"""A run as a recorded file: JSON lines, gzip when the name ends in .gz.

    {"run": {suite, settings, versions, hashes, systems ...}}      what was run, first line
    {"system": ..., "id": ..., "status": ..., "answer": {...}, "judgements": {...}, "latency_ms": ...}    one a question
    {"end": {"agreement": [...]}}                                    last line of a run that was finished

Rows are written as they are made, so that a run that was stopped goes on where it stopped. Times apart, two runs of the
same thing hold the same rows in the same order.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from citeworthy.errors import EvaluationError
from citeworthy.evaluation.judges.judging import StatementJudgement
from citeworthy.evaluation.responses import Cited, Response, Statement

_FORMAT = 1


@dataclass(frozen=True, slots=True)
class Row:
    """What one system made of one question."""

    system: str
    question: str  # its id
    status: str = "ok"  # ok, timeout, malformed, error, or skipped (the system cannot be asked this)
    detail: str = ""  # what went wrong, in words
    response: Response | None = None
    latency_ms: float | None = None
    judgements: Mapping[str, tuple[StatementJudgement, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Run:
    """A recorded run."""

    header: dict[str, Any]
    rows: tuple[Row, ...]
    end: dict[str, Any] | None = None  # None: it was stopped before its end

    def of(self, system: str) -> list[Row]:
        """The rows of one system, in order."""
        return [row for row in self.rows if row.system == system]


class RunWriter:
    """Appends to a run file; continues one whose header is the same and that was not finished."""

    def __init__(self, path: Path, header: Mapping[str, Any]) -> None:
        self._path = path
        self.done: dict[tuple[str, str], Row] = {}
        earlier = _unfinished(path, header)
        if earlier is None:
            self._write(json.dumps({"format": _FORMAT, "run": header}, ensure_ascii=False), mode="wt")
        else:
            self.done = {(row.system, row.question): row for row in earlier.rows}
            lines = [
                json.dumps({"format": _FORMAT, "run": earlier.header}, ensure_ascii=False),
                *map(_line, earlier.rows),
            ]
            self._write("\n".join(lines), mode="wt")  # without a last line that a kill cut short

    def add(self, row: Row) -> None:
        """One more row, on disk when this returns."""
        self._write(_line(row))

    def finish(self, end: Mapping[str, Any]) -> None:
        """The run is complete."""
        self._write(json.dumps({"end": end}, ensure_ascii=False))

    def _write(self, line: str, mode: str = "at") -> None:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with _open(self._path, mode) as stream:
                stream.write(line + "\n")
        except OSError as error:
            raise EvaluationError(f"the run cannot be recorded in {self._path}: {error.strerror or error}") from error


def read_run(path: Path) -> Run:
    """A recorded run; a last line that was cut short is ignored. Raises EvaluationError."""
    header: dict[str, Any] | None = None
    rows: list[Row] = []
    end = None
    try:
        with _open(path, "rt") as stream:
            lines = stream.read().removesuffix("\n").split("\n")  # not splitlines: U+2028 may stand in an answer
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise EvaluationError(f"{path} cannot be read as a recorded run: {error}") from error
    for number, line in enumerate(lines, 1):
        try:
            record = json.loads(line)
            if "run" in record:
                header = record["run"]
            elif "end" in record:
                end = record["end"]
            else:
                rows.append(_row(record))
        except (ValueError, TypeError, KeyError) as error:
            if number == len(lines):
                break
            raise EvaluationError(f"{path}, line {number}: not a line of a recorded run ({error})") from error
    if header is None:
        raise EvaluationError(f"{path} is not a recorded run: its first line has no 'run'")
    return Run(header, tuple(rows), end)


def save_run(path: Path, run: Run) -> None:
    """Write a whole run, for a baseline."""
    lines = [json.dumps({"format": _FORMAT, "run": run.header}, ensure_ascii=False), *map(_line, run.rows)]
    lines.append(json.dumps({"end": run.end or {}}, ensure_ascii=False))
    data = ("\n".join(lines) + "\n").encode()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # mtime=0: the same run gives the same bytes
        path.write_bytes(gzip.compress(data, mtime=0) if path.suffix == ".gz" else data)
    except OSError as error:
        raise EvaluationError(f"the run cannot be saved as {path}: {error.strerror}") from error


def without_times(rows: Iterable[Row]) -> tuple[Row, ...]:
    """The rows as they would be on any machine."""
    from dataclasses import replace

    return tuple(replace(row, latency_ms=None) for row in rows)


def _unfinished(path: Path, header: Mapping[str, Any]) -> Run | None:
    if not path.exists():
        return None
    try:
        earlier = read_run(path)
    except EvaluationError:
        return None
    same = {k: v for k, v in earlier.header.items() if k != "created"} == {
        k: v for k, v in header.items() if k != "created"
    }
    return earlier if same and earlier.end is None else None


def _open(path: Path, mode: str) -> Any:
    return gzip.open(path, mode, encoding="utf-8") if path.suffix == ".gz" else path.open(mode, encoding="utf-8")


def _line(row: Row) -> str:
    record: dict[str, Any] = {"system": row.system, "id": row.question, "status": row.status}
    if row.detail:
        record["detail"] = row.detail
    if row.response is not None:
        record["answer"] = asdict(row.response)
    if row.judgements:
        record["judgements"] = {
            judge: [[j.supported, j.recalled, j.precise, j.citations] for j in found]
            for judge, found in row.judgements.items()
        }
    if row.latency_ms is not None:
        record["latency_ms"] = row.latency_ms
    return json.dumps(record, ensure_ascii=False)


def _row(record: Mapping[str, Any]) -> Row:
    answer = record.get("answer")
    return Row(
        record["system"],
        record["id"],
        record["status"],
        record.get("detail", ""),
        _response(answer) if answer else None,
        record.get("latency_ms"),
        {
            judge: tuple(StatementJudgement(*judgement) for judgement in found)
            for judge, found in record.get("judgements", {}).items()
        },
    )


def _response(answer: Mapping[str, Any]) -> Response:
    statements = tuple(
        Statement(s["text"], tuple(Cited(**cited) for cited in s["citations"]), s["verdict"])
        for s in answer["statements"]
    )
    return Response(**{**answer, "statements": statements, "ranked": tuple(answer["ranked"])})
