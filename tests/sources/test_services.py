"""Papers from services, as a user asks for them. A server on this machine stands in for each of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from tests import services_server as stand_in
from tests.conftest import shared
from tests.services_server import Asked, Reply, Server, serving

from citeworthy.errors import ServiceError, SourceError
from citeworthy.records import Paper
from citeworthy.settings import ServiceSettings
from citeworthy.sources.entries import Entry, Skipped
from citeworthy.sources.services.arxiv import search_query
from citeworthy.sources.services.cache import PageCache
from citeworthy.sources.services.choose import is_service, read_service, understood
from citeworthy.sources.services.http import Client


@dataclass
class World:
    """The stand-in, a client of it whose waits take no time, and what it waited."""

    server: Server
    home: Path
    settings: dict[str, Any] = field(default_factory=dict)
    waits: list[float] = field(default_factory=list)
    now: float = 1000.0

    def client(self) -> Client:
        chosen = ServiceSettings(urls=self.server.urls, **self.settings)
        return Client(chosen, PageCache(self.home / "services.db"), sleep=self._sleep, clock=lambda: self.now)

    def _sleep(self, seconds: float) -> None:
        self.waits.append(round(seconds, 2))
        self.now += seconds

    def read(self, location: str, most: int | None = None) -> list[Entry | Skipped]:
        return list(read_service(location, self.client(), most, lambda *_: None))

    def papers(self, location: str, most: int | None = None) -> list[Paper]:
        return [one.paper for one in self.read(location, most) if isinstance(one, Entry)]


def the_services(asked: Asked) -> Reply:
    service, _, path = asked.path.lstrip("/").partition("/")
    return globals()[f"_{service.replace('-', '_')}"](asked, path)


def _arxiv(asked: Asked, path: str) -> Reply:
    assert path == "query"
    return stand_in.arxiv(asked, have=250)


def _crossref(asked: Asked, path: str) -> Reply:
    if path == "works":
        start, rows = int(asked.query["offset"]), int(asked.query["rows"])
        works = [stand_in.crossref_work(f"10.1000/r{n}", f"Result {n}") for n in range(start, min(start + rows, 130))]
        return stand_in.crossref_list(works, 130)
    doi = stand_in.doi_of(asked)
    if doi.startswith("10.9999/"):
        return Reply(404, b"Resource not found.")
    more = {"abstract": "<jats:p>IL-6 was measured in 120 patients.</jats:p>"} if doi == "10.1000/full" else {}
    return Reply.of(
        {"status": "ok", "message-type": "work", "message": stand_in.crossref_work(doi, f"Of {doi}", **more)}
    )


def _openalex(asked: Asked, path: str) -> Reply:
    assert path == "works"
    if "search" in asked.query:
        page = {"*": 0, "second": 1}[asked.query["cursor"]]
        numbers = range(1000 + page * 100, 1000 + page * 100 + (100 if page == 0 else 20))
        works = [stand_in.openalex_work(n, f"Result {n}") for n in numbers]
        return stand_in.openalex_list(works, 120, "second" if page == 0 else None)
    kind, _, values = asked.query["filter"].partition(":")
    works = []
    for number, value in enumerate(values.split("|")):
        if kind == "doi" and not value.startswith("10.9999/missing"):
            works.append(stand_in.openalex_work(number, f"Of {value}", value))
        elif kind == "openalex" and value != "W404":
            works.append(stand_in.openalex_work(int(value[1:]), f"Work {value}"))
    return stand_in.openalex_list(works[::-1])


def _s2(asked: Asked, path: str) -> Reply:
    def paper(name: str) -> dict[str, Any]:
        return {"paperId": "0" * 40, "title": f"Paper {name}", "abstract": "A few words on the matter.", "year": 2021,
                "authors": [{"authorId": "1", "name": "Ada Lovelace"}], "externalIds": {"CorpusId": 1}}  # fmt: skip

    if path == "graph/v1/paper/batch":
        assert asked.method == "POST"
        return Reply.of([None if "missing" in one else paper(one) for one in asked.body["ids"]])
    assert path == "graph/v1/paper/search/bulk"
    if "token" not in asked.query:
        return Reply.of({"total": 1003, "token": "more", "data": [paper(str(n)) for n in range(1000)]})
    assert asked.query["token"] == "more"
    return Reply.of({"total": 1003, "token": None, "data": [paper(str(n)) for n in range(1000, 1003)]})


def _pubmed(asked: Asked, path: str) -> Reply:
    if path == "esearch.fcgi":
        ids = [str(number) for number in range(500, 500 + min(320, int(asked.query["retmax"])))]
        return Reply.of({"header": {}, "esearchresult": {"count": "320", "idlist": ids}})
    assert path == "efetch.fcgi"
    known = [one for one in asked.query["id"].split(",") if one != "99999999"]
    return stand_in.pubmed_set([(pmid, f"Study {pmid}") for pmid in known]) if known else Reply(400, b"no ids")


def _zotero(asked: Asked, path: str) -> Reply:
    if path != "groups/456/items/top":
        return Reply(403, b"Forbidden")
    start = int(asked.query["start"])
    items = [
        {"id": f"456/K{n}", "type": "article-journal", "title": f"Item {n}"}
        for n in range(start, min(start + 100, 150))
    ]
    return Reply.of({"items": items}, Total_Results="150")


def _zotero_local(asked: Asked, path: str) -> Reply:
    assert path == "users/0/items/top"
    item = {
        "id": "http://zotero.org/users/1/items/ABCD2345",
        "type": "article-journal",
        "title": "On my machine",
        "DOI": "10.1000/mine",
        "issued": {"date-parts": [[2020]]},
    }
    return Reply.of([item], Total_Results="1")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with serving(the_services) as server:
        yield World(server, tmp_path)


# -- what a user types --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "service", "ids"),
    [
        ("arxiv:2409.19256", "arxiv", ["2409.19256"]),
        ("arXiv:2409.19256v2, hep-th/9901001", "arxiv", ["2409.19256v2", "hep-th/9901001"]),
        ("https://arxiv.org/abs/2409.19256v1", "arxiv", ["2409.19256v1"]),
        ("https://www.arxiv.org/pdf/2409.19256.pdf", "arxiv", ["2409.19256"]),
        ("arxiv:offline RL", "arxiv", []),
        ("arxiv:2409.19256 explained", "arxiv", []),
        ("doi:10.1145/3544548.3581388", "crossref", ["10.1145/3544548.3581388"]),
        ("doi:10.1000/a,10.1000/b", "crossref", ["10.1000/a", "10.1000/b"]),
        ("doi:10.1002/(sici)1097,3.0.CO;2-2", "crossref", ["10.1002/(sici)1097,3.0.CO;2-2"]),
        ("https://doi.org/10.1000%2Fx", "crossref", ["10.1000/x"]),
        ("pmid:12345678", "pubmed", ["12345678"]),
        ("pubmed:sepsis 2020", "pubmed", []),
        ("https://pubmed.ncbi.nlm.nih.gov/33782057/", "pubmed", ["33782057"]),
        ("https://www.ncbi.nlm.nih.gov/pubmed/33782057", "pubmed", ["33782057"]),
        ("openalex:W3118615836", "openalex", ["W3118615836"]),
        ("https://openalex.org/works/W3118615836", "openalex", ["W3118615836"]),
        ('openalex:"reward model"', "openalex", []),
        ("s2:CorpusId:123 arXiv:2409.19256v2", "s2", ["CorpusId:123", "ARXIV:2409.19256"]),
        (f"https://www.semanticscholar.org/paper/A-Title/{'ab' * 20}", "s2", ["ab" * 20]),
        ("semanticscholar:world models", "s2", []),
        ("zotero:groups/456", "zotero", ["groups/456"]),
    ],
)
def test_what_is_asked(typed: str, service: str, ids: list[str]) -> None:
    assert is_service(typed)
    question = understood(typed)
    assert (question.service.name, question.ids) == (service, ids)
    assert bool(question.query) == (not ids)


@pytest.mark.parametrize(
    ("typed", "advice"),
    [
        ("doi:deep learning", "crossref:WORDS"),
        ("pmid:sepsis", "pubmed:WORDS"),
        ("zotero:mine", "zotero:local"),
        ("arxiv:", "words to search for"),
        ("https://example.org/paper.pdf", "download the file"),
        ("https://arxiv.org/list/cs.CL/recent", "one paper"),
    ],
)
def test_what_cannot_be_asked_says_what_can(typed: str, advice: str) -> None:
    with pytest.raises(SourceError, match=advice):
        understood(typed)


def test_files_are_no_services() -> None:
    assert not any(map(is_service, ("papers.bib", "C:\\papers.bib", "/tmp/doi/10.ris", "sample:", "a:b")))


# -- identifiers --------------------------------------------------------------------------------------------


def test_arxiv_by_identifier_with_a_missing_one(world: World) -> None:
    found = world.read("arxiv:2409.19256,9999.00001,2501.00001v3")
    assert [one.line for one in found] == [1, 2, 3]
    assert isinstance(found[1], Skipped)
    assert found[1].reason == "no record for arXiv:9999.00001"
    papers = [one.paper for one in found if isinstance(one, Entry)]
    assert [paper.arxiv_id for paper in papers] == ["2409.19256v2", "2501.00001v2"]
    assert {paper.source for paper in papers} == {"arxiv"}
    (asked,) = world.server.requests
    assert asked.query == {"id_list": "2409.19256,9999.00001,2501.00001v3", "max_results": "3"}


def test_doi_with_what_openalex_adds(world: World) -> None:
    found = world.read("doi:10.1000/full,10.1000/bare,10.9999/elsewhere,10.9999/missing")
    full, bare, elsewhere = (one.paper for one in found[:3] if isinstance(one, Entry))
    assert "120 patients" in full.abstract
    assert bare.abstract == "Vitamin D lowers interleukin levels."
    assert (bare.title, bare.authors, bare.venue) == ("Of 10.1000/bare", ("Lovelace, Ada",), "Journal of Sepsis")
    assert (elsewhere.doi, elsewhere.source) == ("10.9999/elsewhere", "openalex")
    assert found[3] == Skipped(4, "no record for doi:10.9999/missing", "record")
    assert world.server.requests[0].path == "/crossref/works/10.1000%2Ffull"
    assert world.server.requests[-1].query["filter"] == "doi:10.1000/bare|10.9999/elsewhere|10.9999/missing"


def test_a_doi_of_arxiv_is_asked_of_arxiv(world: World) -> None:
    (paper,) = world.papers("doi:10.48550/arXiv.2409.19256")
    assert paper.source == "arxiv"


def test_doi_stands_when_openalex_fails(world: World) -> None:
    world.settings = {"retries": 0}
    world.server.first = [the_services(Asked("GET", "/crossref/works/10.1000%2Fbare", {}, {})), Reply(500)]
    (paper,) = world.papers("doi:10.1000/bare")
    assert (paper.title, paper.abstract) == ("Of 10.1000/bare", "")


def test_pubmed_by_number(world: World) -> None:
    first, second = world.read("pmid:33782057 99999999")
    assert isinstance(first, Entry)
    assert (first.paper.pmid, first.paper.source) == ("33782057", "pubmed")
    assert second == Skipped(2, "no record for pmid:99999999", "record")
    assert world.read("pmid:99999999") == [Skipped(1, "no record for pmid:99999999", "record")]


def test_semantic_scholar_in_one_call(world: World) -> None:
    first, second = world.read("s2:10.1000/x DOI:10.1000/missing")
    assert isinstance(first, Entry)
    assert isinstance(second, Skipped)
    (asked,) = world.server.requests
    assert asked.body == {"ids": ["DOI:10.1000/x", "DOI:10.1000/missing"]}
    assert "abstract" in asked.query["fields"].split(",")


def test_openalex_fifty_at_a_time_and_in_order(world: World) -> None:
    ids = [f"W{number}" for number in range(1000, 1060)]
    papers = world.papers("openalex:" + ",".join([*ids, "W404"]))
    assert [paper.title for paper in papers] == [f"Work {one}" for one in ids]
    assert len(world.server.requests) == 2


def test_zotero_local_and_on_the_web(world: World) -> None:
    (mine,) = world.papers("zotero:local")
    assert (mine.doi, mine.key) == ("10.1000/mine", "")
    world.settings = {"zotero_api_key": "zot-secret"}
    assert len(world.papers("zotero:groups/456")) == 150
    assert len(world.papers("zotero:groups/456", most=120)) == 120
    headers = world.server.requests[-1].headers
    assert (headers["Zotero-API-Key"], headers["Zotero-API-Version"]) == ("zot-secret", "3")
    assert "Zotero-API-Key" not in world.server.requests[0].headers
    with pytest.raises(ServiceError, match="ZOTERO_API_KEY"):
        world.read("zotero:users/1")


def test_the_local_zotero_is_asked_anew(world: World) -> None:
    world.read("zotero:local")
    world.read("zotero:local")
    assert len(world.server.requests) == 2


# -- searches -----------------------------------------------------------------------------------------------


def test_arxiv_search_page_by_page(world: World) -> None:
    papers = world.papers("arxiv:offline RL", most=220)
    assert [paper.title for paper in papers] == [f"Result {number}" for number in range(220)]
    assert [asked.query["start"] for asked in world.server.requests] == ["0", "100", "200"]
    assert world.server.requests[0].query["search_query"] == "all:offline AND all:RL"
    assert world.waits == [3.0, 3.0]  # arXiv wants three seconds between two calls
    assert len(world.papers("arxiv:offline RL", most=1000)) == 250


def test_a_search_is_cut_at_a_hundred_unless_told(world: World) -> None:
    assert len(world.papers("arxiv:offline RL")) == 100
    assert len(world.papers("arxiv:offline RL", most=7)) == 7


def test_query_languages() -> None:
    assert search_query('offline "reward model"') == 'all:offline AND all:"reward model"'
    assert search_query("ti:DPO AND cat:cs.CL") == "ti:DPO AND cat:cs.CL"


@pytest.mark.parametrize(
    ("location", "have", "calls"),
    [("crossref:sepsis", 130, 2), ("openalex:sepsis", 120, 2), ("s2:sepsis", 1003, 2), ("pubmed:sepsis", 320, 3)],
)
def test_searches_go_through_all_pages(world: World, location: str, have: int, calls: int) -> None:
    papers = world.papers(location, most=5000)
    assert len(papers) == have
    assert len({paper.title for paper in papers}) == have
    assert len(world.server.requests) == calls
    assert len(world.papers(location, most=3)) == 3


def test_nothing_found_is_said(world: World) -> None:
    world.server.first = [stand_in.atom([], 0)]
    (skipped,) = world.read("arxiv:zzzz")
    assert isinstance(skipped, Skipped)
    assert skipped.reason == "arXiv finds nothing for 'zzzz'"


def test_who_asks(world: World) -> None:
    world.settings = {"contact": "ada@example.org"}
    for location in ("crossref:x", "openalex:x", "pubmed:x", "arxiv:x"):
        world.read(location, most=1)
    by_path = {asked.path: asked for asked in world.server.requests}
    assert by_path["/crossref/works"].query["mailto"] == "ada@example.org"
    assert by_path["/openalex/works"].query["mailto"] == "ada@example.org"
    search = by_path["/pubmed/esearch.fcgi"].query
    assert (search["tool"], search["email"], search["db"]) == ("citeworthy", "ada@example.org", "pubmed")
    agent = by_path["/arxiv/query"].headers["User-Agent"]
    assert agent.startswith("citeworthy/")
    assert agent.endswith("(mailto:ada@example.org)")


def test_progress_counts_to_the_total(world: World) -> None:
    seen: list[tuple[str, int, int]] = []
    list(read_service("arxiv:offline RL", world.client(), 120, lambda *step: seen.append(step)))
    assert seen[0] == ("fetching", 1, 120)
    assert seen[-1] == ("fetching", 120, 120)


# -- as the services were recorded --------------------------------------------------------------------------


def test_recorded_arxiv(world: World) -> None:
    body = shared("data/formats/json/arxiv_query.atom.xml").read_bytes()
    world.server.first = [Reply(body=body)]
    papers = world.papers("arxiv:testing", most=100)
    assert len(papers) == 100
    assert papers[0].arxiv_id == "2202.12139v1"
    assert all(paper.abstract and paper.authors and paper.year for paper in papers)


def test_recorded_crossref(world: World) -> None:
    import yaml

    recorded = yaml.safe_load(shared("data/formats/json/crossref_works_vcr.yml").read_text())
    replies = {}
    for one in recorded["http_interactions"]:
        response = one["response"]
        body = response["body"]["string"].encode()
        replies[one["request"]["uri"]] = Reply(int(response["status"]["status_code"]), body)
    world.server.first = [replies["https://api.crossref.org/works?query=NSF"]]
    papers = world.papers("crossref:NSF", most=20)
    assert len(papers) == 20
    assert all(paper.doi and paper.source == "crossref" for paper in papers)
    world.server.first = [replies["https://api.crossref.org/works/10.1038/nnano.2014.279"], stand_in.openalex_list([])]
    (paper,) = world.papers("doi:10.1038/nnano.2014.279")
    assert paper.title == "Charges ride the spin wave"
    world.server.first = [replies["https://api.crossref.org/works/blblbl"], stand_in.openalex_list([])]
    (skipped,) = world.read("doi:10.1234/blblbl")
    assert isinstance(skipped, Skipped)


def test_recorded_openalex(world: World) -> None:
    works = json.loads(shared("data/formats/json/openalex_works.json").read_text())
    world.server.first = [stand_in.openalex_list(works)]
    (paper,) = world.papers("openalex:W3118615836")
    assert (paper.doi, paper.pmid) == ("10.1136/bmj.n71", "33782057")
    assert paper.abstract
