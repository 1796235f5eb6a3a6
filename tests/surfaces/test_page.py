"""The page's HTML: escaped, and the text under the marks is the abstract itself."""

from __future__ import annotations

from dataclasses import replace
from html import unescape
from html.parser import HTMLParser

from citeworthy.answer.conversation import Turn
from citeworthy.assistant import Assistant
from citeworthy.records import Answer, Citation, DraftText, Paper
from citeworthy.surfaces.chat.page import UnderWay, conversation, marked_abstract, panel
from citeworthy.surfaces.render import answer_text

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


def hostile_turn(answer: Answer) -> Turn:
    claim = answer.claims[0]
    paper = claim.citations[0].paper
    evil = replace(paper, title=HOSTILE, authors=(HOSTILE,), venue=HOSTILE, abstract=paper.abstract + HOSTILE)
    cited = replace(claim, lead_in=HOSTILE, reasons=(HOSTILE,), citations=(Citation(evil, 0, len(evil.abstract)),))
    seen = tuple(replace(s, paper=evil, used=False, reason=HOSTILE) for s in answer.papers)
    return Turn(HOSTILE, replace(answer, question=HOSTILE, message=HOSTILE, claims=(cited,), papers=seen))


def answered(assistant: Assistant) -> Answer:
    answer = assistant.ask("What does HybridFlow mix and how much does throughput rise?")
    assert answer.claims
    return answer


def test_hostile_text_is_inert(sample: Assistant) -> None:
    turn = hostile_turn(answered(sample))
    failing = UnderWay(HOSTILE, claims=turn.answer.claims, error=HOSTILE)
    under_way = failing.after(DraftText(HOSTILE))
    for html in (conversation([turn]), conversation([], failing), panel([turn]), conversation([], under_way)):
        page = Tags(html)
        assert not {"img", "script"} & set(page.tags)
        assert "<script" not in html
        assert "onerror=alert(1)>" not in html.replace("&gt;", "")
        assert HOSTILE.split(maxsplit=1)[0] in page.text


def test_marked_text_is_the_quote_and_the_whole_is_the_abstract() -> None:
    paper = Paper("k", "t", "A < B & C. Second one. Third <b>x</b>.")
    quotes = [Citation(paper, 11, 22), Citation(paper, 0, 10)]
    html = marked_abstract(0, 1, quotes)
    assert Tags(html).text == paper.abstract
    marked = [unescape(part.split(">", 1)[1].split("</mark>")[0]) for part in html.split("<mark")[1:]]
    assert marked == [paper.abstract[0:10], paper.abstract[11:22]]
    assert html.count("data-role='") == len(marked)


def test_every_link_has_its_target(sample: Assistant) -> None:
    turn = Turn("q", answered(sample))
    chat, side = conversation([turn]), panel([turn])
    anchors = [part.split("'")[0] for part in chat.split("href='#")[1:]]
    assert anchors
    assert all(f"id='{anchor}'" in side for anchor in anchors)


def test_terminal_text_has_quotes_numbers_and_status(sample: Assistant) -> None:
    text = answer_text(answered(sample))
    assert "[1]" in text
    assert "“" in text
    assert "chance that these abstracts answer it" in text
