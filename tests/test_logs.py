"""Logs say what was done and never what was asked."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from citeworthy.logs import bound, configure
from citeworthy.settings import Settings
from tests.openai_server import Exchange, serving

# Several commands, in one process because loading packages takes seconds.
COMMANDS = """
import json, sys
from citeworthy.surfaces.cli.main import app
for arguments in json.loads(sys.argv[1]):
    try:
        app(arguments)
    except SystemExit:
        continue
"""
KEY = "sk-Kxq71-of-the-endpoint"
ASKED = "zebrafish"  # stands in the question
STORED = "Quokkas"  # stands in an abstract


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    out, err = capsys.readouterr()
    assert out == ""
    return [json.loads(line) for line in err.splitlines()]


def test_an_event_with_what_it_is_about(capsys: pytest.CaptureFixture[str]) -> None:
    configure("json", "info")
    before = datetime.now(UTC)
    with bound(request_id="r1"):
        logging.getLogger("citeworthy.requests").info("request", extra={"status": 200, "ms": 12.5, "caller": None})
    logging.getLogger("citeworthy.requests").info("%d requests", 2)
    first, second = lines(capsys)
    time = datetime.fromisoformat(first.pop("time"))
    assert before.timestamp() - 0.001 <= time.timestamp() <= datetime.now(UTC).timestamp()
    assert first == {
        "level": "info", "logger": "citeworthy.requests", "event": "request",
        "request_id": "r1", "status": 200, "ms": 12.5, "caller": None,
    }  # fmt: skip
    assert second["event"] == "2 requests"
    assert "request_id" not in second


def test_as_text(capsys: pytest.CaptureFixture[str]) -> None:
    configure("text", "info")
    fields = {"status": 200, "route": "/a b", "said": 'x"\n\x1b[2J', "empty": ""}
    logging.getLogger("citeworthy.requests").info("request ended", extra=fields)
    err = capsys.readouterr().err
    assert err.endswith(
        'Z INFO citeworthy.requests: request ended status=200 route="/a b" said="x\\"\\n\\u001b[2J" empty=""\n'
    )
    assert err.count("\n") == 1


def test_fields_belong_to_their_thread(capsys: pytest.CaptureFixture[str]) -> None:
    configure("json", "info")
    logger = logging.getLogger("citeworthy")
    with bound(request_id="outer"):
        other = threading.Thread(target=logger.info, args=("elsewhere",))
        other.start()
        other.join()
        with bound(request_id="inner", user="anna"):
            logger.info("within")
        logger.info("after")
    found = {line["event"]: (line.get("request_id"), line.get("user")) for line in lines(capsys)}
    assert found == {"elsewhere": (None, None), "within": ("inner", "anna"), "after": ("outer", None)}


def fail() -> None:
    try:
        raise KeyError(ASKED)
    except KeyError as error:
        raise ValueError(f"cannot read {ASKED}") from error


@pytest.mark.parametrize("format_name", ["json", "text"])
def test_an_exception_is_one_line_without_its_words(format_name: Any, capsys: pytest.CaptureFixture[str]) -> None:
    configure(format_name)
    for name in ("citeworthy.web", "uvicorn.error", "asyncio"):
        try:
            fail()
        except ValueError:
            logging.getLogger(name).exception("request failed")
    err = capsys.readouterr().err
    assert ASKED not in err
    assert err.count("\n") == 3
    if format_name == "json":
        for line in map(json.loads, err.splitlines()):
            assert (line["error"], line["caused_by"]) == ("ValueError", ["KeyError"])
            assert line["trace"][-1].startswith("test_logs.py:")
            assert line["trace"][-1].endswith(" fail")
    else:
        assert 'error=ValueError caused_by="[' in err or "error=ValueError caused_by=[" in err


def test_of_other_packages_warnings_alone_and_no_words_that_may_quote(capsys: pytest.CaptureFixture[str]) -> None:
    configure("json", "debug")
    for name in ("httpx", "openai._base_client", "mcp.server", "uvicorn.access", "chromadb"):
        logger = logging.getLogger(name)
        logger.setLevel(logging.DEBUG)
        logger.debug("sent %s", ASKED)
        logger.info("got %s", ASKED)
        logger.setLevel(logging.NOTSET)
    assert lines(capsys) == []
    logging.getLogger("mcp.server").warning(f"dropped {ASKED}")
    logging.getLogger("openai").error("failed: %s", ASKED)
    logging.getLogger("uvicorn.error").warning("Invalid HTTP request received.")
    quoted, failed, spoken = lines(capsys)
    assert ASKED not in json.dumps([quoted, failed])
    assert quoted["logger"] == "mcp.server"
    assert quoted["place"].startswith("test_logs.py:")
    assert failed["level"] == "error"
    assert spoken["event"] == "Invalid HTTP request received."


def test_levels_and_off(capsys: pytest.CaptureFixture[str]) -> None:
    ours, theirs = logging.getLogger("citeworthy.x"), logging.getLogger("chromadb")
    for level, heard in (("error", 0), ("warning", 2), ("info", 3), ("debug", 4)):
        configure("json", level)  # type: ignore[arg-type]
        ours.debug("a")
        ours.info("b")
        ours.warning("c")
        theirs.warning("d")
        assert len(lines(capsys)) == heard, level
    configure("off", "debug")
    ours.error("a")
    theirs.error("b")
    assert lines(capsys) == []


def test_what_cannot_be_said_or_written_stops_nothing(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logging.getLogger(), "handlers", [])  # pytest's own raise
    configure("json", "info")
    logger = logging.getLogger("citeworthy")
    logger.info("%d papers", "no number")
    logger.info("odd", extra={"value": float("nan"), "path": Path("/a"), "long": "x" * 10_000})
    wrong, odd = lines(capsys)
    assert "not logged" in wrong["event"]
    assert (odd["value"], odd["path"], len(odd["long"])) == ("nan", "/a", 500)
    for stream in (None, open(os.devnull)):  # noqa: SIM115, PTH123
        monkeypatch.setattr(sys, "stderr", stream)
        logger.info("said to nobody")


def test_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (Settings().log, Settings().log_level) == ("text", None)
    monkeypatch.setenv("CITEWORTHY_LOG", "json")
    monkeypatch.setenv("CITEWORTHY_LOG_LEVEL", "debug")
    assert (Settings().log, Settings().log_level) == ("json", "debug")


def test_as_a_library_it_leaves_logging_alone(tmp_path: Path) -> None:
    program = """
import logging, sys
from pathlib import Path
import citeworthy
from citeworthy.library.store import Library
Library(Path(sys.argv[1])).close()
logging.getLogger("citeworthy.x").warning("nobody asked")
root = logging.getLogger()
print(root.handlers, root.level == logging.WARNING, logging.getLogger("citeworthy").level)
"""
    done = subprocess.run([sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("[] True 0\n", "")


def failing_first(exchange: Exchange) -> None:
    """Overloaded at first, with all that was asked in its complaint; then it writes."""
    if exchange.number == 1:
        exchange.fail(503, f"overloaded: {exchange.prompt} {KEY}")
    else:
        exchange.say("Quokkas lowered it by 30% [1.1].")


def test_nothing_asked_stored_or_secret_is_logged_at_any_level(tmp_path: Path) -> None:
    """Also not when other packages are told to log all that they send and receive."""
    papers = tmp_path / "papers.jsonl"
    abstract = f"{STORED} lowered the dose of {ASKED} by 30%. Nothing else changed."
    papers.write_text(json.dumps({"title": f"A study of {STORED}", "abstract": abstract, "year": 2020}) + "\n")
    draft = tmp_path / "draft.md"
    draft.write_text(f"# {STORED}\n\n{STORED} lowered the dose of {ASKED} by 90% [@nobody2020study].\n")
    with serving(failing_first) as server:
        environment = {
            "CITEWORTHY_LOG": "json", "CITEWORTHY_LOG_LEVEL": "debug", "OPENAI_LOG": "debug",
            "CITEWORTHY_EMBEDDING__PROVIDER": "fake", "CITEWORTHY_ANSWER__CROSS_ENCODER": "fake",
            "CITEWORTHY_CHAT__MODEL": f"{server.url}#m", "CITEWORTHY_CHAT__API_KEY": KEY,
            "CITEWORTHY_HOME": str(tmp_path / "home"),
        }  # fmt: skip
        commands = (
            ["add", str(papers)],
            ["ask", f"By how much did {STORED} lower the dose of {ASKED}?"],
            ["check", str(draft)],
        )
        done = subprocess.run(
            [sys.executable, "-c", COMMANDS, json.dumps(commands)],
            capture_output=True, text=True, check=False, env={**os.environ, **environment},
        )  # fmt: skip
        logged = done.stderr
        assert "1 added" in done.stdout
        assert len(server.requests) >= 2
        assert server.headers[0]["Authorization"] == f"Bearer {KEY}"
        assert ASKED in server.requests[0]["messages"][-1]["content"]
    found = [json.loads(line) for line in logged.splitlines() if line.startswith("{")]
    assert [line["event"] for line in found].count("model call failed") == 1
    assert {"event": "indexed", "embedded": 1}.items() <= next(
        line for line in found if line["event"] == "indexed"
    ).items()
    for secret in (KEY, ASKED, STORED, STORED.lower()):
        assert not [line for line in logged.splitlines() if secret in line]
