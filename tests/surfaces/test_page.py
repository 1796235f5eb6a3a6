"""The page's HTML: escaped, and the text under the marks is the abstract itself."""

from __future__ import annotations

from dataclasses import replace
from html import unescape
from html.parser import HTMLParser

from citeworthy.assistant import Assistant
from citeworthy.library.listing import Listing
from citeworthy.library.sessions import SessionSummary, StoredTurn
from citeworthy.records import Answer, Citation, DraftText, Filters, Paper
from citeworthy.surfaces.render import answer_text
from citeworthy.surfaces.web.views.conversation import (
    UnderWay,
    conversation,
    evidence,
    filter_parts,
    under_way,
    without_part,
)
from citeworthy.surfaces.web.views.evidence import marked_abstract
from citeworthy.surfaces.web.views.papers import View, problem, table, whole_paper
from citeworthy.surfaces.web.views.sessions import sessions_list

HOSTILE = "<img src=x onerror=alert(1)> </mark><script>alert(2)</script> \"'>"


class Tags(HTMLParser):
    """Collects the tags and the text of a piece of HTML."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def hostile_turn(answer: Answer) -> StoredTurn:
    claim = answer.claims[0]
    paper = claim.citations[0].paper
    evil = replace(paper, title=HOSTILE, authors=(HOSTILE,), venue=HOSTILE, abstract=paper.abstract + HOSTILE)
    cited = replace(claim, lead_in=HOSTILE, reasons=(HOSTILE,), citations=(Citation(evil, 0, len(evil.abstract)),))
    seen = tuple(replace(s, paper=evil, used=False, reason=HOSTILE) for s in answer.papers)
    kept = replace(answer, question=HOSTILE, message=HOSTILE, claims=(cited,), papers=seen, notes=(HOSTILE,))
    return StoredTurn(0, HOSTILE, kept, -1, HOSTILE)


def answered(assistant: Assistant) -> Answer:
    answer = assistant.ask("What does HybridFlow mix and how much does throughput rise?")
    assert answer.claims
    return answer


def test_hostile_text_is_inert(sample: Assistant) -> None:
    turn = hostile_turn(answered(sample))
    failing = UnderWay(HOSTILE, claims=turn.answer.claims, error=HOSTILE)
    writing = replace(failing, error="").after(DraftText(HOSTILE))
    paper = turn.answer.claims[0].citations[0].paper
    view = View(removed=(HOSTILE,), selected=frozenset({HOSTILE}))
    for html in (
        conversation([turn]), under_way(failing), evidence([turn]), under_way(writing),
        sessions_list([SessionSummary(HOSTILE, HOSTILE, 0, 0, 1)], ""),
        table(Listing((replace(paper, key=HOSTILE),), 1), {HOSTILE: (HOSTILE,)}, view),
        whole_paper(paper, (HOSTILE,), may_change=True), problem(HOSTILE),
    ):  # fmt: skip
        page = Tags(html)
        assert not {"img", "script"} & set(page.tags)
        assert "<script" not in html
        assert "onerror=alert(1)>" not in html.replace("&gt;", "")
        assert HOSTILE.split(maxsplit=1)[0] in page.text


def test_marked_text_is_the_quote_and_the_whole_is_the_abstract() -> None:
    paper = Paper("k", "t", "A < B & C. Second one. Third <b>x</b>.")
    quotes = [Citation(paper, 11, 22), Citation(paper, 0, 10)]
    html = marked_abstract("t0", 1, paper, quotes)
    assert Tags(html).text == paper.abstract
    marked = [unescape(part.split(">", 1)[1].split("</mark>")[0]) for part in html.split("<mark")[1:]]
    assert marked == [paper.abstract[0:10], paper.abstract[11:22]]
    assert html.count("data-role='") == len(marked)


def test_every_link_has_its_target(sample: Assistant) -> None:
    turn = StoredTurn(0, "q", answered(sample), 0, "")
    chat, side = conversation([turn]), evidence([turn])
    anchors = [part.split("'")[0] for part in chat.split("href='#")[1:]]
    assert anchors
    assert all(f"id='{anchor}'" in side for anchor in anchors)


def test_each_condition_is_a_chip_and_can_be_lifted() -> None:
    filters = Filters(2020, 2022, authors=("Zhou", "Song"), venues=("ICML",))
    parts = list(filter_parts(filters))
    assert [words for *_, words in parts] == ["years 2020 to 2022", "author Zhou", "author Song", "venue ICML"]
    for field, value, words in parts:
        left = without_part(filters, field, value)
        assert words not in [said for *_, said in filter_parts(left)]
        assert len(list(filter_parts(left))) == len(parts) - 1
    assert without_part(filters, "__class__", "x") == filters


def test_many_chosen_papers_are_one_chip() -> None:
    filters = Filters(keys=tuple("abcdef"))
    assert [words for *_, words in filter_parts(filters)] == ["6 chosen papers"]
    assert not without_part(filters, "keys", "")


def test_terminal_text_has_quotes_numbers_and_status(sample: Assistant) -> None:
    text = answer_text(answered(sample))
    assert "[1]" in text
    assert "“" in text
    assert "chance that these abstracts answer it" in text
