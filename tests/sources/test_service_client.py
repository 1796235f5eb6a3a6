"""How services are asked: the pace, failures, what is kept, what is refused, and where keys go."""

from __future__ import annotations

import gzip
import logging
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from tests import services_server as stand_in
from tests.services_server import Asked, Reply, Server, serving

from citeworthy.errors import ServiceError, UserError
from citeworthy.records import Paper
from citeworthy.settings import ServiceSettings
from citeworthy.sources.entries import Entry, Skipped
from citeworthy.sources.services.cache import Page, PageCache
from citeworthy.sources.services.calls import retry_after
from citeworthy.sources.services.choose import read_service
from citeworthy.sources.services.http import Client


def behave(asked: Asked) -> Reply:
    if asked.path.startswith("/openalex"):
        return stand_in.openalex_list([stand_in.openalex_work(2000, "A work", "10.1000/x")])
    if asked.path.startswith("/s2"):
        return Reply.of([{"paperId": "0" * 40, "title": "A paper"} for _ in asked.body["ids"]])
    if asked.path.startswith("/pubmed"):
        return stand_in.pubmed_set([("1234", "A study")])
    return stand_in.arxiv(asked, have=250)


@pytest.fixture
def server() -> Iterator[Server]:
    with serving(behave) as running:
        yield running


def make_client(server: Server, home: Path, waits: list[float] | None = None, **settings: Any) -> Client:
    chosen = ServiceSettings(**{"urls": server.urls, **settings})
    cache = PageCache(home / "services.db")
    return Client(chosen, cache, sleep=[].append if waits is None else waits.append, clock=lambda: 0.0)


def read(client: Client, location: str = "arxiv:2409.19256", most: int | None = None) -> list[Paper]:
    found = read_service(location, client, most, lambda *_: None)
    return [one.paper for one in found if isinstance(one, Entry)]


# -- failures -----------------------------------------------------------------------------------------------


def test_waits_as_long_as_the_service_asks(server: Server, tmp_path: Path) -> None:
    waits: list[float] = []
    server.first = [Reply(429, headers={"Retry-After": "17"})]
    assert len(read(make_client(server, tmp_path, waits))) == 1
    assert waits == [17.0, 3.0]  # as asked, then arXiv's own pace


def test_the_wait_grows(server: Server, tmp_path: Path) -> None:
    waits: list[float] = []
    server.first = [Reply(500), Reply(503), Reply(502)]
    assert len(read(make_client(server, tmp_path, waits))) == 1
    delays = waits[::2]
    assert [0.5 * 2**n <= delay <= 2**n for n, delay in enumerate(delays)] == [True] * 3


def test_gives_up_and_says_what_to_do(server: Server, tmp_path: Path) -> None:
    server.first = [Reply(503)] * 3
    with pytest.raises(
        ServiceError, match=r"arXiv has a problem of its own \(HTTP 503\).*same command again"
    ) as caught:
        read(make_client(server, tmp_path, retries=2))
    assert (caught.value.retryable, caught.value.status, len(server.requests)) == (True, 503, 3)


def test_does_not_wait_for_ever(server: Server, tmp_path: Path) -> None:
    waits: list[float] = []
    server.first = [Reply(429, headers={"Retry-After": "3600"})]
    with pytest.raises(ServiceError, match="arXiv asks to wait 60 minutes"):
        read(make_client(server, tmp_path, waits))
    assert waits == []


def test_a_retry_date() -> None:
    soon = retry_after(format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True))
    assert soon is not None
    assert 80 < soon <= 90
    assert retry_after("Wed, 21 Oct 2015 07:28:00 GMT") == 0
    assert retry_after("soon") is None
    assert retry_after("120") == 120


def test_a_wrong_request_is_not_repeated(server: Server, tmp_path: Path) -> None:
    server.first = [Reply(400)]
    with pytest.raises(ServiceError, match="check how it is written") as caught:
        read(make_client(server, tmp_path), "openalex:W1")
    assert (caught.value.retryable, len(server.requests)) == (False, 1)


def test_a_refused_key_names_the_setting(server: Server, tmp_path: Path) -> None:
    server.first = [Reply(403, b"bad key s3cret")]
    with pytest.raises(ServiceError, match="CITEWORTHY_SERVICES__S2_API_KEY") as caught:
        read(make_client(server, tmp_path, s2_api_key="s3cret"), "s2:10.1000/x")
    assert "s3cret" not in str(caught.value)


def test_time_out(server: Server, tmp_path: Path) -> None:
    server.first = [Reply(delay_s=2)]
    with pytest.raises(ServiceError, match="arXiv did not answer in time") as caught:
        read(make_client(server, tmp_path, timeout_s=0.1, retries=0))
    assert caught.value.retryable


def test_nobody_there(server: Server, tmp_path: Path) -> None:
    client = make_client(server, tmp_path, urls=dict.fromkeys(server.urls, "http://127.0.0.1:9"), retries=1)
    with pytest.raises(ServiceError, match=r"arXiv cannot be reached \(.*refused\)\. Check the connection and run"):
        read(client)
    with pytest.raises(ServiceError, match="Start Zotero"):
        read(client, "zotero:local")


def test_a_page_that_is_not_what_it_should_be_is_asked_for_again_and_not_kept(server: Server, tmp_path: Path) -> None:
    sorry = Reply(body=b"<html><body>Down for maintenance</body></html>")
    server.first = [sorry] * 3
    with pytest.raises(ServiceError, match="arXiv answered with something unexpected"):
        read(make_client(server, tmp_path, retries=2))
    assert len(server.requests) == 3
    assert len(read(make_client(server, tmp_path))) == 1


@pytest.mark.parametrize(
    "body", [b"", b"not json", b"[]", b'{"results": 5}', b"[" * 100_000, b'{"meta": {"count": "x"}}']
)
def test_json_that_is_not_what_it_should_be(server: Server, tmp_path: Path, body: bytes) -> None:
    server.first = [Reply(body=body)]
    with pytest.raises(ServiceError, match="OpenAlex answered with something unexpected"):
        read(make_client(server, tmp_path, retries=0), "openalex:W1")


def test_half_a_character_is_no_trouble(server: Server, tmp_path: Path) -> None:
    work = stand_in.openalex_work(2000, "A work on \ud800 halves")
    server.first = [stand_in.openalex_list([work, "no work"])]  # type: ignore[list-item]
    (paper,) = read(make_client(server, tmp_path), "openalex:W2000")
    assert paper.title.encode()


@pytest.mark.parametrize("status", [200, 400])
def test_one_malformed_identifier_spoils_no_other(server: Server, tmp_path: Path, status: int) -> None:
    feed = stand_in.atom([("x", "Error")], 1).body.replace(b"arxiv.org/abs/x", b"arxiv.org/api/errors#incorrect_id")
    ids = ["2401.00001", "2413.00002", "2401.00003"]

    def reply(asked: Asked) -> Reply:
        return Reply(status, feed) if ids[1] in asked.query["id_list"] else behave(asked)

    with serving(reply) as strict:
        found = list(read_service("arxiv:" + ",".join(ids), make_client(strict, tmp_path), None, lambda *_: None))
    assert [isinstance(one, Entry) for one in found] == [True, False, True]
    assert found[1] == Skipped(2, "no record for arXiv:2413.00002", "record")


def test_a_search_that_arxiv_does_not_understand(server: Server, tmp_path: Path) -> None:
    server.first = [Reply(400)]
    with pytest.raises(ServiceError, match="check how it is written"):
        read(make_client(server, tmp_path), "arxiv:ti:(")


def test_an_empty_page_among_full_ones_is_asked_for_again(server: Server, tmp_path: Path) -> None:
    client = make_client(server, tmp_path)
    server.first = [
        behave(Asked("GET", "/arxiv/query", {"start": "0", "max_results": "100"}, {})),
        stand_in.atom([], 250, 100),
    ]
    assert len(read(client, "arxiv:x", 200)) == 200
    assert [asked.query["start"] for asked in server.requests] == ["0", "100", "100"]


# -- bounds -------------------------------------------------------------------------------------------------


def test_a_response_too_large_is_not_read(server: Server, tmp_path: Path) -> None:
    server.first = [Reply(body=b"x" * 300_000)]
    with pytest.raises(ServiceError, match=r"more than 0\.1 MB"):
        read(make_client(server, tmp_path, max_mb=0.1))
    assert len(server.requests) == 1


def test_a_small_response_that_unpacks_to_a_large_one_is_not_read(server: Server, tmp_path: Path) -> None:
    server.first = [Reply(body=gzip.compress(b" " * 5_000_000), headers={"Content-Encoding": "gzip"})]
    with pytest.raises(ServiceError, match="more than 1 MB"):
        read(make_client(server, tmp_path, max_mb=1))


def test_a_redirect_within_the_service_is_followed(server: Server, tmp_path: Path) -> None:
    server.first = [Reply(301, headers={"Location": "/arxiv/query?id_list=2409.19256&max_results=1"})]
    assert len(read(make_client(server, tmp_path))) == 1


@pytest.mark.parametrize(
    "target",
    ["http://169.254.169.254/latest/meta-data", "https://evil.example/x", "http://localhost:1/", "file:///etc/passwd"],
)
def test_a_redirect_elsewhere_is_refused(server: Server, tmp_path: Path, no_network: list[object], target: str) -> None:
    server.first = [Reply(302, headers={"Location": target})]
    with pytest.raises(ServiceError, match="redirects to another place"):
        read(make_client(server, tmp_path, openalex_api_key="s3cret"), "openalex:W1")
    assert (len(server.requests), no_network) == (1, [])


def test_a_redirect_to_another_port_is_refused(server: Server, tmp_path: Path) -> None:
    with serving(behave) as other:
        server.first = [Reply(302, headers={"Location": f"{other.url}/openalex/works"})]
        with pytest.raises(ServiceError, match="redirects to another place"):
            read(make_client(server, tmp_path), "openalex:W1")
        assert other.requests == []


def test_redirects_in_a_circle(server: Server, tmp_path: Path) -> None:
    server.first = [Reply(302, headers={"Location": "/arxiv/query"})] * 10
    with pytest.raises(ServiceError, match="in a circle"):
        read(make_client(server, tmp_path))


def test_a_base_that_is_no_address(server: Server, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"services\.urls"):
        read(make_client(server, tmp_path, urls={"arxiv": "ftp://x"}))


# -- what is kept -------------------------------------------------------------------------------------------


def test_an_interrupted_search_goes_on_where_it_stopped(server: Server, tmp_path: Path) -> None:
    server.first = [behave(Asked("GET", "/arxiv/query", {"start": "0", "max_results": "100"}, {})), Reply(503)]
    with pytest.raises(ServiceError):
        read(make_client(server, tmp_path, retries=0), "arxiv:offline RL", 250)
    assert len(read(make_client(server, tmp_path), "arxiv:offline RL", 250)) == 250
    assert [asked.query["start"] for asked in server.requests] == ["0", "100", "100", "200"]
    assert len(read(make_client(server, tmp_path), "arxiv:offline RL", 250)) == 250
    assert len(server.requests) == 4


def test_old_pages_are_asked_for_again(tmp_path: Path) -> None:
    now = [0.0]
    cache = PageCache(tmp_path / "services.db", lambda: now[0])
    cache.put("u", Page(b"body", 3))
    assert cache.get("u", 100) == Page(b"body", 3)
    assert cache.get("u", 0) is None
    now[0] = 101.0
    assert cache.get("u", 100) is None
    now[0] = 200 * 86_400.0
    PageCache(tmp_path / "services.db", lambda: now[0]).put("v", Page(b""))
    with closing(sqlite3.connect(tmp_path / "services.db")) as db:
        assert db.execute("SELECT url FROM pages").fetchall() == [("v",)]


def test_no_cache_is_no_trouble(server: Server, tmp_path: Path) -> None:
    (tmp_path / "services.db").write_bytes(b"this is no database, whatever its name says" * 100)
    assert len(read(make_client(server, tmp_path))) == 1


def test_the_same_question_with_another_key_or_contact_is_the_same_page(server: Server, tmp_path: Path) -> None:
    read(make_client(server, tmp_path, openalex_api_key="one"), "openalex:W2000")
    read(make_client(server, tmp_path, openalex_api_key="two", contact="a@b.c"), "openalex:W2000")
    assert len(server.requests) == 1
    read(make_client(server, tmp_path), "s2:10.1000/a")
    read(make_client(server, tmp_path), "s2:10.1000/b")  # the same address, another body
    assert len(server.requests) == 3


# -- keys ---------------------------------------------------------------------------------------------------


def test_keys_are_sent_and_neither_stored_nor_logged(
    server: Server, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    keys = {name: f"s3cret-{name}" for name in ("s2_api_key", "ncbi_api_key", "openalex_api_key")}
    client = make_client(server, tmp_path, **keys)
    with caplog.at_level(logging.DEBUG):
        for location in ("s2:10.1000/x", "pmid:1234", "openalex:W2000"):
            assert len(read(client, location)) == 1
    sent = [{**asked.headers, **asked.query} for asked in server.requests]
    assert [one.get("x-api-key") or one.get("api_key") for one in sent] == list(keys.values())
    assert "HTTP Request" in caplog.text
    assert "s3cret" not in caplog.text
    assert "s3cret" not in repr(client.settings)
    with closing(sqlite3.connect(tmp_path / "services.db")) as db:
        rows = db.execute("SELECT url, body FROM pages").fetchall()
    assert len(rows) == 3
    assert not any("s3cret" in url or b"s3cret" in zlib.decompress(body) for url, body in rows)


def test_a_key_makes_pubmed_faster(server: Server, tmp_path: Path) -> None:
    for settings, pace in (({}, 0.34), ({"ncbi_api_key": "k"}, 0.1)):
        waits: list[float] = []
        client = make_client(server, tmp_path, waits, **settings)
        for pmid in ("1", "2") if settings else ("3", "4"):
            read(client, f"pmid:{pmid}")
        assert waits == [pace]
