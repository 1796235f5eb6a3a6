"""Commands and servers under test: they may crash, hang, lie; the run goes on."""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from citeworthy.errors import EvaluationError
from citeworthy.evaluation.runner import Plan, run_suite
from citeworthy.evaluation.suites.suite import Suite
from citeworthy.evaluation.systems.contestants import Contestant
from citeworthy.evaluation.systems.protocol import CallableSystem, CommandSystem, OpenAISystem, ask, make_request

PROGRAM = """
import json, sys, time
for line in sys.stdin:
    request = json.loads(line)
    if request["id"] == "q2": sys.exit(3)
    if request["id"] == "q3": time.sleep(60)
    if request["id"] == "q4": print("not JSON", flush=True)
    else: print(json.dumps({"text": "heard " + request["question"] + " [1].", "sources": ["flow"]}), flush=True)
"""


def test_a_command_that_crashes_hangs_and_babbles(suite: Suite, tmp_path: Path) -> None:
    program = tmp_path / "system.py"
    program.write_text(PROGRAM)
    system = CommandSystem(f"{sys.executable} {program}")
    rows = [ask(system, make_request(question), 5 if question.id != "q3" else 0.5) for question in suite.questions]
    assert [row.status for row in rows] == ["ok", "error", "timeout", "malformed", "ok"]
    assert rows[0].response is not None
    assert rows[0].response.statements[0].citations[0].key == "flow"
    assert "ended without an answer" in rows[1].detail
    process = system._process
    system.close()
    assert process is not None
    assert process.poll() is not None


def test_the_end_of_a_program_that_timed_out_is_not_the_end_of_the_next(suite: Suite, tmp_path: Path) -> None:
    program = tmp_path / "system.py"
    program.write_text(PROGRAM)
    system = CommandSystem(f"{sys.executable} {program}")
    late = threading.Thread(target=lambda: ask(system, make_request(suite.questions[2]), 60))
    late.start()
    wait_until(lambda: system._process is not None)
    first = system._process
    system._process = None  # as a time-out does before it kills it
    assert ask(system, make_request(suite.questions[0]), 30).status == "ok"
    running = system._process
    assert first is not None
    assert running is not None
    first.kill()
    late.join()
    assert system._process is running
    assert ask(system, make_request(suite.questions[4]), 30).status == "ok"
    assert system._process is running
    system.close()


def wait_until(holds: Callable[[], bool]) -> None:
    until = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.01)


def test_no_such_command(suite: Suite) -> None:
    row = ask(CommandSystem("/no/such/program"), make_request(suite.questions[0]), 5)
    assert row.status == "error"
    assert "cannot start" in row.detail
    with pytest.raises(EvaluationError):
        CommandSystem("")


def test_a_system_that_always_hangs_is_not_waited_for_forever(suite: Suite, tmp_path: Path) -> None:
    from dataclasses import replace

    asked: list[str] = []
    never = threading.Event()

    def hangs(request: Any) -> Any:
        asked.append(request["id"])
        never.wait(20)

    many = replace(suite, questions=tuple(replace(suite.questions[0], id=f"n{i}") for i in range(9)))
    run = run_suite(
        Plan(many, timeout_s=0.05),
        [Contestant(CallableSystem("hangs", hangs))],
        tmp_path / "run.jsonl",
        None,
        lambda *_: None,
    )
    never.set()
    assert [row.status for row in run.rows] == ["timeout"] * 9
    assert len(asked) == 5
    assert "not asked" in run.rows[-1].detail


def test_the_gold_is_never_told(suite: Suite) -> None:
    text = json.dumps([make_request(question) for question in suite.questions])
    assert "1.53x" not in text
    assert "BANANA" not in text


class _Server(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        question = body["messages"][-1]["content"]
        if "GPUs" in question:
            self.send_error(500)
            return
        if "vitamin" in question:
            time.sleep(1)
        message = {
            "role": "assistant",
            "content": f"Turn {len(body['messages'])}: it is fast [1].",
            "citations": ["flow"],
        }
        answer = {"id": "1", "object": "chat.completion", "created": 1, "model": body["model"],
                  "choices": [{"index": 0, "finish_reason": "stop", "message": message}],
                  "usage": {"prompt_tokens": 5, "completion_tokens": 2, "total_tokens": 7}}  # fmt: skip
        data = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def url() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/v1"
    server.shutdown()
    server.server_close()


def test_an_openai_compatible_server(suite: Suite, url: str) -> None:
    from dataclasses import replace

    system = OpenAISystem(url, "small")
    row = ask(system, make_request(replace(suite.questions[0], turns=("Fast?", "And how fast?"))), 10)
    assert row.response is not None
    assert row.response.text == "Turn 3: it is fast [1]."  # the second turn knows the first and its answer
    assert [c.key for c in row.response.statements[0].citations] == ["flow"]
    assert row.response.tokens == 14
    failed = ask(system, make_request(suite.questions[2]), 10)
    assert failed.status == "error"
    assert ask(system, make_request(suite.questions[1]), 0.2).status == "timeout"
    assert ask(system, make_request(suite.questions[0]), 10).status == "ok"  # a time-out does not spoil the next
    system.close()


def test_a_python_function_in_one_call() -> None:
    from citeworthy.evaluation.scoring import score

    def parrot(request: Any) -> Any:
        return {"text": f"{request['question']} [1]", "sources": [{"key": "sheng2024hybridflow"}]}

    findings = score(parrot, split="dev")
    assert findings.systems == ("parrot",)
    assert findings.figures["parrot"]["Coverage"].value == 1.0
    assert findings.figures["parrot"]["OutOfRange"].value == 0.0
    assert "parrot" in findings.summary[0]
