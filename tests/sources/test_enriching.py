"""Filling what papers lack from services: which records are taken, what is changed, and what never is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from tests import services_server as stand_in
from tests.services_server import Asked, Reply, Server, serving
from typer.testing import CliRunner

from citeworthy.assistant import Assistant, Enriched
from citeworthy.errors import LibraryLockedError, ServiceError, SourceError, UnknownPaperError
from citeworthy.library.store import Library
from citeworthy.records import Paper
from citeworthy.settings import EmbeddingSettings, ServiceSettings, Settings
from citeworthy.sources.services.http import Client
from citeworthy.sources.services.matching import (
    best_match,
    changed_fields,
    gaps,
    is_plausible,
    same_work,
    with_gaps_filled,
)
from citeworthy.surfaces.cli.main import app

HYBRID = Paper("k", "HybridFlow: A Flexible RLHF Framework", "", authors=("Guangming Sheng",), year=2024)

# -- which record is of the paper ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "found",
    [
        replace(HYBRID, title="Hybridflow — a flexible RLHF framework."),
        replace(HYBRID, authors=("Sheng, Guangming", "Zhang, Chi"), year=2025),
        replace(HYBRID, authors=()),
        replace(HYBRID, year=None),
        replace(HYBRID, title="HybridFlow: A Flexible RLHF Framwork"),  # a slip of the pen
        replace(HYBRID, title="HybridFlow: A Flexible RLHF Framework. Extended Version"),
    ],
)
def test_the_same_work(found: Paper) -> None:
    assert same_work(HYBRID, found)


@pytest.mark.parametrize(
    "found",
    [
        replace(HYBRID, title="A Flexible Framework for Hybrid Flows"),
        replace(HYBRID, authors=("Eve Other",)),
        replace(HYBRID, year=2010),
        replace(
            HYBRID, title="HybridFlow: A Flexible RLHF Framwork", year=None
        ),  # near, and nothing else speaks for it
        replace(HYBRID, title="HybridFlow: A Flexible RLHF Framwork", authors=()),
        replace(HYBRID, title="HybridFlow: A Flexible RLHF Framework 2"),
        replace(HYBRID, title="[HybridFlow: A Flexible RLHF Framework …]"),
    ],
)
def test_another_work(found: Paper) -> None:
    assert not same_work(HYBRID, found)


def test_numbers_in_titles_count() -> None:
    first = Paper("k", "A study of vitamin D in sepsis, part 1", "", authors=("A Lee",), year=2020)
    assert not same_work(first, replace(first, title="A study of vitamin D in sepsis, part 2"))


def test_a_short_title_alone_is_not_enough() -> None:
    bare = Paper("k", "Introduction", "")
    assert not same_work(bare, replace(bare, authors=("A Lee",), year=2020))
    known = replace(bare, authors=("Lee, Ann",), year=2020)
    assert same_work(known, replace(known, authors=("A. Lee",)))


def test_several_that_nothing_tells_apart() -> None:
    bare = Paper("k", "A survey of reinforcement learning", "")
    one, other = replace(bare, authors=("Ann Lee",)), replace(bare, authors=("Bo Chen",))
    assert best_match(bare, [one, other]) is None
    assert best_match(bare, [one, replace(one, venue="Again")]) == one
    assert best_match(replace(bare, authors=("B. Chen",)), [one, other]) == other
    assert best_match(bare, []) is None


def test_an_identifier_may_be_mistyped() -> None:
    assert is_plausible(HYBRID, replace(HYBRID, title="HybridFlow"))
    assert is_plausible(replace(HYBRID, title="[We show that …]"), replace(HYBRID, title="Another"))
    assert not is_plausible(HYBRID, replace(HYBRID, title="Growth of tomatoes in greenhouses of the north"))


def test_gaps_are_filled_and_nothing_else() -> None:
    mine = Paper("k", "My title", "", authors=("Me",), year=None, details=(("volume", "1"),))
    other = Paper(
        "", "Its title", "Its abstract", ("It",), 2020, "Venue", "10.1/x", details=(("volume", "2"), ("number", "3"))
    )
    filled = with_gaps_filled(mine, other)
    assert (filled.key, filled.title, filled.authors) == ("k", "My title", ("Me",))
    assert (filled.abstract, filled.year, filled.venue, filled.doi) == ("Its abstract", 2020, "Venue", "10.1/x")
    assert filled.details == (("volume", "1"), ("number", "3"))
    assert changed_fields(mine, filled) == ("abstract", "year", "venue", "doi", "number")
    assert gaps(mine) == ("abstract", "year", "venue", "identifier", "details")


# -- with the services --------------------------------------------------------------------------------------


def behave(asked: Asked) -> Reply:
    """Crossref and OpenAlex know 10.1000/j.1 (retracted, says OpenAlex) and a paper on quokkas."""
    work = stand_in.crossref_work(
        "10.1000/j.1", "IL-6 and vitamin D in sepsis", title=["IL-6 and <i>vitamin D</i> in sepsis"]
    )
    quokkas = stand_in.crossref_work(
        "10.1000/q", "Quokkas smile at cameras", abstract="<p>Quokkas &amp; wallabies smile often.</p>"
    )
    if asked.path.startswith("/crossref/works/"):
        known = {
            "10.1000/j.1": work,
            "10.1000/wrong": stand_in.crossref_work("10.1000/wrong", "Growth of tomatoes up north"),
        }
        found = known.get(stand_in.doi_of(asked))
        return Reply.of({"status": "ok", "message": found}) if found else Reply(404)
    if asked.path == "/crossref/works":
        return stand_in.crossref_list([quokkas] if "uokka" in asked.query["query.bibliographic"] else [work])
    if asked.path == "/openalex/works":
        if "10.1000/j.1" in asked.query.get("filter", ""):
            return stand_in.openalex_list(
                [stand_in.openalex_work(7, "IL-6 and vitamin D in sepsis", "10.1000/J.1", is_retracted=True)]
            )
        return stand_in.openalex_list([])
    if asked.path.endswith("/paper/batch"):
        return Reply.of([None for _ in asked.body["ids"]])
    if asked.path.startswith("/s2"):
        return Reply(404, b'{"error": "Title match not found"}')
    return stand_in.arxiv(asked, have=3)


@pytest.fixture
def server() -> Iterator[Server]:
    with serving(behave) as running:
        yield running


def open_library(server: Server, home: Path, papers: list[Paper], **services: object) -> Assistant:
    settings = Settings(
        home=home,
        embedding=EmbeddingSettings(provider="fake"),
        services=ServiceSettings.model_validate({"urls": server.urls, "contact": "a@example.org", **services}),
    )
    assistant = Assistant(settings, home)
    with assistant.library.writing():
        list(assistant.library.add(papers))
        assistant.index.sync()
    return assistant


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("citeworthy.sources.services.choose.Client", partial(Client, sleep=lambda _: None))


SEPSIS = Paper(
    "sepsis", "IL-6 and vitamin D in sepsis", "", doi="10.1000/J.1", venue="My own name for it", source="mine.bib"
)
QUOKKAS = Paper("quokkas", "Quokkas Smile at Cameras", "", source="mine.bib")


def by_key(done: list[Enriched]) -> dict[str, Enriched]:
    return {one.key: one for one in done}


def test_enrich_by_identifier_and_by_title(server: Server, tmp_path: Path) -> None:
    unknown = Paper("unknown", "Nobody has heard of this work", "", source="mine.bib")
    assistant = open_library(server, tmp_path, [SEPSIS, QUOKKAS, unknown])
    result = assistant.enrich()
    done = by_key(result.papers)
    sepsis, quokkas = assistant.library.get("sepsis"), assistant.library.get("quokkas")
    assert result.problems == ()
    assert sepsis.abstract == "Vitamin D lowers interleukin levels."
    assert (sepsis.title, sepsis.venue, sepsis.doi) == (SEPSIS.title, "My own name for it", "10.1000/j.1")
    assert (sepsis.authors, sepsis.year, sepsis.source) == (("Lovelace, Ada",), 2020, "mine.bib")
    assert (sepsis.detail("volume"), sepsis.detail("type")) == ("7", "article")
    assert "retracted" in sepsis.detail("retraction")
    assert done["sepsis"].retraction == sepsis.detail("retraction")
    assert {"abstract", "authors", "year", "volume", "retraction"} <= set(done["sepsis"].changed)
    assert not {"title", "venue", "doi"} & set(done["sepsis"].changed)
    assert (quokkas.title, quokkas.doi) == ("Quokkas Smile at Cameras", "10.1000/q")
    assert quokkas.abstract == "Quokkas & wallabies smile often."
    assert done["unknown"] == Enriched("unknown", (), "", ("no record found",))
    assert assistant.library.get("unknown") == replace(unknown, source="mine.bib")
    assert assistant.index.pending() == 0
    assert [hit.paper.key for hit in assistant.search("wallabies").hits][:1] == ["quokkas"]
    assistant.library.close()


def test_enrich_again_asks_and_changes_nothing(server: Server, tmp_path: Path) -> None:
    assistant = open_library(server, tmp_path, [SEPSIS, QUOKKAS])
    assistant.enrich()
    before, asked = assistant.library.papers(), len(server.requests)
    again = assistant.enrich()
    assert [one.changed for one in again.papers] == [(), ()]
    assert assistant.library.papers() == before
    assert len(server.requests) <= asked + 1  # OpenAlex, for the paper that got its DOI just now
    assistant.library.close()


def test_dry_run_stores_nothing(server: Server, tmp_path: Path) -> None:
    assistant = open_library(server, tmp_path, [SEPSIS, QUOKKAS])
    before = assistant.library.papers()
    planned = assistant.enrich(["quokkas"], dry_run=True)
    assert assistant.library.papers() == before
    assert planned.papers == assistant.enrich(["quokkas"]).papers
    assert "abstract" in planned.papers[0].changed
    assistant.library.close()


def test_what_the_user_has_stays(server: Server, tmp_path: Path) -> None:
    mine = replace(SEPSIS, abstract="My own words on IL-6 in sepsis.", authors=("Me, Myself",), year=1999, pmid=None)
    assistant = open_library(server, tmp_path, [mine])
    assistant.enrich()
    paper = assistant.library.get("sepsis")
    assert (paper.abstract, paper.authors, paper.year) == (mine.abstract, mine.authors, 1999)
    assert "retracted" in paper.detail("retraction")
    assistant.library.close()


def test_the_text_as_received_is_kept(server: Server, tmp_path: Path) -> None:
    assistant = open_library(server, tmp_path, [replace(QUOKKAS, title="Quokkas <i>Smile</i> at Cameras")])
    assistant.enrich()
    received = [record for _, record in assistant.library.received()]
    assert received[0].title == "Quokkas <i>Smile</i> at Cameras"
    assert "<p>" in received[1].abstract
    assistant.library.close()


def test_the_record_of_a_mistyped_identifier_is_refused(server: Server, tmp_path: Path) -> None:
    assistant = open_library(
        server, tmp_path, [replace(QUOKKAS, title="A paper on something else entirely", doi="10.1000/wrong")]
    )
    (one,) = assistant.enrich().papers
    assert one.changed == ()
    assert "10.1000/wrong is of another paper at Crossref: 'Growth of tomatoes up north'" in one.notes
    assistant.library.close()


def test_an_identifier_of_another_paper_is_not_given_twice(server: Server, tmp_path: Path) -> None:
    taken = Paper("taken", "The journal version under another name", "A few words on quokkas.", doi="10.1000/q")
    assistant = open_library(server, tmp_path, [taken, QUOKKAS])
    assistant.enrich(["quokkas"])
    assert assistant.library.get("quokkas").doi is None
    assert assistant.library.get("quokkas").abstract
    assistant.library.close()


def test_a_service_that_fails_is_said_and_the_others_are_used(server: Server, tmp_path: Path) -> None:
    def broken(asked: Asked) -> Reply:
        return Reply(500) if asked.path.startswith("/openalex") else behave(asked)

    with serving(broken) as half:
        assistant = open_library(half, tmp_path, [SEPSIS, QUOKKAS], retries=0)
        result = assistant.enrich()
        assert len([path for path in half.paths() if path.startswith("/openalex")]) == 1
    assert [problem.split(" ")[0] for problem in result.problems] == ["OpenAlex"]
    assert assistant.library.get("sepsis").authors == ("Lovelace, Ada",)
    assert assistant.library.get("quokkas").abstract
    assistant.library.close()


def test_unknown_keys_and_locked_libraries(server: Server, tmp_path: Path) -> None:
    assistant = open_library(server, tmp_path, [QUOKKAS])
    with pytest.raises(UnknownPaperError):
        assistant.enrich(["nobody"])
    other = Library(tmp_path)
    with other.writing(), pytest.raises(LibraryLockedError):
        assistant.enrich()
    assert server.requests == []
    other.close()
    assistant.library.close()


# -- adding, and the command line ---------------------------------------------------------------------------


def test_add_from_a_service(server: Server, tmp_path: Path) -> None:
    assistant = open_library(server, tmp_path, [])
    (one, other) = assistant.add(["arxiv:2409.19256,9999.00001", "arxiv:anything"], most=2)
    assert (one.read, [skipped.reason for skipped in one.skipped]) == (1, ["no record for arXiv:9999.00001"])
    assert other.read == 2
    assert {paper.source for paper in assistant.library.papers()} == {"arxiv"}
    with pytest.raises(SourceError):
        assistant.add(["arxiv:2401.00001", "doi:no doi"])
    assert len(assistant.library) == 3
    assistant.library.close()


def test_what_came_before_a_failure_is_stored(server: Server, tmp_path: Path) -> None:
    pages = [stand_in.arxiv(Asked("GET", "", {"start": "0", "max_results": "100"}, {}), 150), Reply(500)]
    server.first = pages
    assistant = open_library(server, tmp_path, [], retries=0)
    with pytest.raises(ServiceError, match="same command again"):
        assistant.add(["arxiv:x", "arxiv:2409.19256"], most=150)
    assert len(assistant.library) == 100
    assert assistant.index.pending() == 0
    assistant.library.close()


def test_command_line(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    open_library(server, tmp_path, [SEPSIS, QUOKKAS]).library.close()
    monkeypatch.setenv("CITEWORTHY_EMBEDDING__PROVIDER", "fake")
    monkeypatch.setenv("CITEWORTHY_SERVICES__URLS", json.dumps(server.urls))
    monkeypatch.setenv("CITEWORTHY_SERVICES__RETRIES", "0")
    home, run = ["--home", str(tmp_path)], CliRunner().invoke
    planned = run(app, [*home, "enrich", "--dry-run"])
    assert "2 of 2 papers would be completed" in planned.output
    done = run(app, [*home, "enrich"])
    assert "quokkas: abstract, authors, year" in done.output
    assert "sepsis: RETRACTED" in done.output
    added = run(app, [*home, "add", "--max", "2", "--json", "arxiv:anything"])
    assert len(json.loads(added.output)["files"][0]["added"]) == 2
    shown = json.loads(run(app, [*home, "enrich", "sepsis", "--json"]).output)
    assert shown["papers"][0]["key"] == "sepsis"
    server.first = [Reply(500)] * 20
    failed = run(app, [*home, "enrich", "quokkas"])
    assert failed.exit_code == 1
    assert isinstance(failed.exception, ServiceError)
