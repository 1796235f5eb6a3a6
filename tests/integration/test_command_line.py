"""The installed command in a temporary home: in processes of its own, but for what does not depend on one."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.conftest import shared
from tests.integration.conftest import Call

COMMAND = [sys.executable, "-m", "citeworthy.surfaces.cli.main"]
pytestmark = pytest.mark.integration


def run(home: Path, *arguments: str, stdin: str | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    """One command; the bundled fake embedder unless the environment says otherwise."""
    settings = {"CITEWORTHY_EMBEDDING__PROVIDER": "fake", **environment}
    return subprocess.run(
        [*COMMAND, "--home", str(home), *arguments],
        input=stdin, capture_output=True, text=True, check=False, timeout=120, env={**os.environ, **settings},
    )  # fmt: skip


def write_papers(folder: Path) -> Path:
    rows = [
        {"title": f"Method {n}: a study of topic {n}",
         "abstract": f"We study topic {n}. Method {n} gains {n}% over others.",
         "authors": [f"Ada Author{n}"], "year": 2000 + n}
        for n in range(1, 13)
    ]  # fmt: skip
    path = folder / "papers.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> None:
    """`call` with the bundled fake embedder too."""
    monkeypatch.setenv("CITEWORTHY_EMBEDDING__PROVIDER", "fake")


@pytest.fixture
def papers_file(tmp_path: Path) -> Path:
    return write_papers(tmp_path)


@pytest.fixture(scope="module")
def added(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library with the twelve papers; nobody writes in this one."""
    folder = tmp_path_factory.mktemp("twelve")
    assert run(folder / "home", "add", str(write_papers(folder))).returncode == 0
    return folder / "home"


@pytest.fixture
def home(added: Path, tmp_path: Path) -> Path:
    """A library of one's own with the twelve papers."""
    return Path(shutil.copytree(added, tmp_path / "home"))


def test_add_again_and_after_an_edit(tmp_path: Path, papers_file: Path) -> None:
    home = tmp_path / "home"
    first = run(home, "add", str(papers_file))
    assert (first.returncode, first.stderr) == (0, "")
    assert "12 added" in first.stdout
    assert "12 embedded" in first.stdout
    again = run(home, "add", str(papers_file))
    assert "12 unchanged" in again.stdout
    assert "0 embedded" in again.stdout
    papers_file.write_text(papers_file.read_text().replace("gains 3%", "gains 33%"))
    edited = run(home, "add", str(papers_file))
    assert "1 updated" in edited.stdout
    assert "1 embedded" in edited.stdout


def test_listing_of_226_papers(tmp_path: Path, call: Call, fake: None) -> None:
    listing = shared("corpus/papers-listing.txt")
    home = tmp_path / "home"
    assert "226 added" in run(home, "add", str(listing)).stdout
    again = json.loads(call(home, "add", "--json", str(listing)).stdout)
    assert (again["files"][0]["unchanged"], again["embedded"], again["total"]) == (226, 0, 226)
    assert json.loads(call(home, "index", "check", "--json").stdout)["sound"] is True


def test_ask_search_papers_and_remove(home: Path, call: Call, fake: None) -> None:
    answer = json.loads(run(home, "ask", "--json", "What does Method 7 gain over others on topic 7?").stdout)
    assert set(answer) >= {
        "question",
        "outcome",
        "confidence",
        "text",
        "claims",
        "left_out",
        "papers",
        "filters",
        "provenance",
    }
    abstracts = {p["key"]: p["abstract"] for p in json.loads(call(home, "papers", "--json").stdout)}
    for claim in answer["claims"] + answer["closest"]:
        for citation in claim["citations"]:
            assert abstracts[citation["key"]][citation["start"] : citation["end"]] == citation["quote"]
    found = json.loads(run(home, "search", "--json", "topic 7", "--from", "2007", "--to", "2007").stdout)
    assert [hit["year"] for hit in found["hits"]] == [2007]
    removed = json.loads(run(home, "remove", "--json", found["hits"][0]["key"]).stdout)
    assert removed == {"removed": [found["hits"][0]["key"]]}
    assert len(json.loads(call(home, "papers", "--json").stdout)) == 11
    assert json.loads(call(home, "restore", "--json", *removed["removed"]).stdout) == {"restored": removed["removed"]}
    assert len(json.loads(call(home, "papers", "--json").stdout)) == 12
    again = call(home, "restore", *removed["removed"])
    assert (again.returncode, again.stdout) == (1, "")
    assert "is in the library already" in again.stderr
    assert "Traceback" not in again.stderr


def test_batch_keeps_order_and_answers_turns(tmp_path: Path, home: Path) -> None:
    batch = tmp_path / "questions.jsonl"
    batch.write_text(
        '{"qid": "q1", "question": "What does Method 2 gain?"}\n'
        '{"qid": "q2", "turns": ["What is Method 5?", "what does it gain?"]}\n'
        '{"qid": "q3"}\nnot json\n'
    )
    done = run(home, "ask", "--batch", str(batch))
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["qid"] for line in lines] == ["q1", "q2", "q3", "4"]
    assert lines[1]["question"] == "what does it gain?"
    assert "Method 5" in lines[1]["standalone_question"]
    assert "error" in lines[2]
    assert "error" in lines[3]
    assert done.returncode == 1
    assert "2 of the lines" in done.stderr


def test_a_word_of_leaving_ends_a_chat(home: Path) -> None:
    done = run(home, "chat", stdin="/quit\nWhat does Method 4 gain over others on topic 4?\n")
    assert done.returncode == 0
    assert "chance that these abstracts" not in done.stdout


def test_chat_follows_up(home: Path) -> None:
    done = run(home, "chat", stdin="What does Method 4 gain over others on topic 4?\nand what is studied in it?\n\n")
    assert done.returncode == 0
    assert "gains 4%" in done.stdout
    assert "asked as:" in done.stdout


def test_empty_home_answers_from_the_sample(tmp_path: Path) -> None:
    question = "By what factor does HybridFlow raise RLHF throughput?"
    done = run(tmp_path / "new", "ask", question, CITEWORTHY_EMBEDDING__PROVIDER="bundled")
    assert done.returncode == 0
    assert "1.53x to 20.57x" in done.stdout
    assert "[1]" in done.stdout
    assert "bundled sample" in done.stderr


def test_doctor_tells_what_is_there(home: Path) -> None:
    findings = {f["subject"]: f for f in json.loads(run(home, "doctor", "--json").stdout)}
    assert findings["library"]["text"].startswith("12 papers")
    assert findings["indexes"]["level"] == "ok"
    (home / "library.db").write_bytes(b"garbage" * 1000)
    broken = run(home, "doctor")
    assert broken.returncode == 1
    assert "damaged" in broken.stdout


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"\x7fELF\x00\x01\x02\x03" * 100, "is not text"),
        (b"name,year\nx,2020\n", "not a format citeworthy knows"),
        (b"abstract,year\nx,2020\n", "no column for the title"),
        (b'{"year": 2020}\n', "neither title nor abstract"),
        (b'{"title": "NA", "abstract": "No abstract available."}\n', "neither title nor abstract"),
        (b"a" * 5_000_000, "not a format citeworthy knows"),
    ],
    ids=["empty", "binary", "unknown columns", "missing column", "no title", "placeholders", "one huge line"],
)
def test_bad_files_are_explained(tmp_path: Path, content: bytes, message: str, call: Call) -> None:
    path = tmp_path / "bad file"
    path.write_bytes(content)
    done = call(tmp_path / "home", "add", str(path))
    assert done.returncode == 1
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_one_unreadable_file_of_several_stops_before_anything_is_written(
    tmp_path: Path, papers_file: Path, call: Call, fake: None
) -> None:
    done = call(tmp_path / "home", "add", str(papers_file), str(tmp_path / "missing.bib"))
    assert done.returncode == 1
    assert "no such file" in done.stderr
    assert "12 added" in call(tmp_path / "home", "add", str(papers_file)).stdout


def test_wrong_usage_exits_with_2(tmp_path: Path, call: Call) -> None:
    assert call(tmp_path, "ask").returncode == 2
    assert call(tmp_path, "search", "x", "-k", "zero").returncode == 2
    assert run(tmp_path, "frobnicate").returncode == 2


def test_an_empty_filter_says_which(home: Path) -> None:
    answer = json.loads(run(home, "ask", "--json", "what gains since 2050?").stdout)
    assert answer["outcome"] == "no_match"
    assert "2050" in answer["message"]
    assert answer["claims"] == []


def test_killed_adds_lose_and_double_nothing(tmp_path: Path, call: Call, fake: None) -> None:
    """kill -9 at random instants (seeded), each followed by a plain re-run."""
    rows = [
        {
            "title": f"Paper number {n} about subject {n * 7}",
            "abstract": f"We examine subject {n * 7} closely. It is item {n}.",
        }
        for n in range(400)
    ]
    path = tmp_path / "papers.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    chance = random.Random(7)
    killed = 0
    for attempt in range(4):
        home = tmp_path / f"home{attempt}"
        process = subprocess.Popen(
            [*COMMAND, "--home", str(home), "add", str(path)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        while not (home / "library.db").exists() and process.poll() is None:
            time.sleep(0.01)  # a kill before there is a library tests nothing
        time.sleep(chance.uniform(0.0, 1.0))
        process.send_signal(signal.SIGKILL)
        killed += process.wait() == -signal.SIGKILL
        assert call(home, "add", str(path)).returncode == 0
        report = json.loads(call(home, "index", "check", "--json").stdout)
        assert (report["papers"], report["lexical"], report["embedded"], report["chroma"]) == (400, 400, 400, 400)
        assert report["sound"] is True
    assert killed  # at least one was at work


def test_help_does_not_load_the_heavy_libraries() -> None:
    script = (
        "import sys; from citeworthy.surfaces.cli import main; heavy = 'chromadb gradio openai onnxruntime numpy "
        "llama_index pydantic'; print([m for m in heavy.split() if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
