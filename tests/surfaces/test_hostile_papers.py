"""Papers that would like to run, leave their folder or paint the terminal: through the library and out again."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from citeworthy.assistant import Assistant
from citeworthy.library.sessions import StoredTurn
from citeworthy.sources.entries import Entry
from citeworthy.sources.reading import read_papers
from citeworthy.surfaces.cli.main import app as cli
from citeworthy.surfaces.export import FORMATS, bibliography
from citeworthy.surfaces.render import answer_text
from citeworthy.surfaces.web.views.conversation import UnderWay, conversation, evidence, under_way
from citeworthy.text.normalise import normalise

GOOD = "We show that it works in practice. Quality improves by 20 % over all known methods on every benchmark."
SCRIPT = "<script>alert(1)</script> & <img src=x onerror=alert(2)> in papers"
LINK = "javascript:alert(3)"
ESCAPES = "\u202egnp.exe\u202c \x1b[2J\x1b]0;title\x07 red\x9b31m"


@pytest.fixture
def hostile(assistant: Assistant, tmp_path: Path) -> Assistant:
    """A library with papers that would like to run, leave their folder, or paint the terminal."""
    records = [
        {"key": "../../etc/passwd", "title": SCRIPT, "abstract": f"{SCRIPT}. {GOOD}", "url": LINK, "year": 2024,
         "authors": ["<b onclick=x>, Eve"], "venue": SCRIPT},
        {"key": "a\nb\r\n\x1b[31m\u202e", "title": f"Second {ESCAPES}", "abstract": f"{ESCAPES} {GOOD}",
         "url": f"https://x.org/{ESCAPES}", "doi": "10.1000/\x1b[31m", "authors": [ESCAPES], "venue": ESCAPES,
         "volume": ESCAPES, "note": ESCAPES},
        {"key": "k" * 5_000, "title": "Third =cmd|' /C calc'!A0", "abstract": f"@SUM(1+1) {GOOD}"},
        {"key": "}, @article{x", "title": "Fourth } unbalanced {{", "abstract": f"}} {GOOD}"},
    ]  # fmt: skip
    path = tmp_path / "papers.jsonl"
    path.write_text("".join(json.dumps(record) + "\n" for record in records), "utf-8")
    assistant.add([str(path)])
    return assistant


def test_keys_and_texts_are_harmless_once_stored(hostile: Assistant) -> None:
    papers = {paper.title.split()[0]: paper for paper in hostile.library.papers()}
    assert papers["Second"].key.startswith("ab")
    assert len(papers["Third"].key) <= 201
    for paper in papers.values():
        assert paper.key
        for value in (paper.key, paper.title, paper.abstract, *paper.authors, *map(str, (paper.venue, paper.link))):
            assert value.isprintable()
        assert all(value.isprintable() for _, value in paper.details)


@pytest.mark.parametrize("style", bibliography.STYLES)
def test_a_bibliography_runs_nothing(hostile: Assistant, style: str) -> None:
    papers = hostile.library.papers()
    page = "".join(bibliography.write(papers, style=style, markup="html"))
    assert not re.search(r"<(?!/?(?:!DOCTYPE|html|head|meta|title|body|p|i|b|a)\b)", page)
    assert set(re.findall(r'href="([a-z]+):', page)) <= {"https", "http"}
    assert not re.search(r"<[^>]*\son\w+=", page)
    marked = "".join(bibliography.write(papers, style=style, markup="markdown"))
    assert not re.search(r"(?<!\\)<(?!https?://)|\]\(", marked)


def test_the_chat_runs_nothing(hostile: Assistant) -> None:
    answer = hostile.ask("Does quality improve on every benchmark by 20 %?")
    turn = StoredTurn(0, SCRIPT, answer, 0, "")
    shown = conversation([turn]) + under_way(UnderWay(SCRIPT, error=SCRIPT, draft=SCRIPT)) + evidence([turn])
    assert answer.claims or answer.closest
    assert "<script" not in shown
    assert "<img" not in shown
    assert set(re.findall(r"href='([a-z]+):", shown)) <= {"https", "http"}
    text = answer_text(answer)
    assert all(c.isprintable() or c == "\n" for c in text)


@pytest.mark.parametrize("name", FORMATS)
def test_exports_are_read_back_whole(hostile: Assistant, tmp_path: Path, name: str) -> None:
    papers = hostile.library.papers()
    text = "".join(FORMATS[name].write(papers))
    assert all(c.isprintable() or c in "\n\r" for c in text)
    if name == "bibliography":
        return
    path = tmp_path / "exported"
    path.write_text(text, "utf-8")
    found = list(read_papers(str(path)))
    again = [one.paper for one in found if isinstance(one, Entry)]
    assert len(again) == len(found)
    assert [normalise(paper.title) for paper in again] == [paper.title for paper in papers]
    assert [normalise(paper.abstract) for paper in again] == [paper.abstract for paper in papers]


def test_the_terminal_is_not_painted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "input"
    path.write_text('{"title": "A"}\n{"\\u001b[31mkey": 1}\n@\x1b[2J\n', "utf-8")
    with pytest.raises(SystemExit):
        cli(["--home", str(tmp_path / "home"), "add", str(path)])
    assert "not a bibliographic record" in (shown := capsys.readouterr().out)
    assert "\x1b" not in shown
