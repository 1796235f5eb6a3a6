"""A stand-in on this machine for arXiv, Crossref, OpenAlex, Semantic Scholar, PubMed and Zotero.

It answers as they do, from a few papers of its own, and can be told to fail first.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape


@dataclass
class Asked:
    """One request."""

    method: str
    path: str  # as it was sent, still quoted
    query: dict[str, str]
    headers: dict[str, str]
    body: Any = None


@dataclass
class Reply:
    """What is sent back."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    delay_s: float = 0.0

    @classmethod
    def of(cls, value: Any, **headers: str) -> Reply:
        return cls(200, json.dumps(value).encode(), {name.replace("_", "-"): text for name, text in headers.items()})


Behaviour = Callable[[Asked], Reply]


class Server:
    """The running stand-in; `requests` is what it was asked, `first` what it replies before it behaves."""

    def __init__(self, behaviour: Behaviour) -> None:
        self.requests: list[Asked] = []
        self.first: list[Reply] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                size = int(self.headers.get("Content-Length") or 0)
                parts = urlsplit(self.path)
                query = {name: values[0] for name, values in parse_qs(parts.query).items()}
                body = json.loads(self.rfile.read(size)) if size else None
                asked = Asked(self.command, parts.path, query, dict(self.headers), body)
                outer.requests.append(asked)
                reply = outer.first.pop(0) if outer.first else behaviour(asked)
                time.sleep(reply.delay_s)
                try:
                    self.send_response(reply.status)
                    for name, value in {"Content-Length": str(len(reply.body)), **reply.headers}.items():
                        self.send_header(name, value)
                    self.end_headers()
                    self.wfile.write(reply.body)
                except OSError:
                    pass  # the client would not wait

            def do_POST(self) -> None:
                self.do_GET()

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        names = ("arxiv", "crossref", "openalex", "s2", "pubmed", "zotero", "zotero-local")
        self.urls = {name: f"{self.url}/{name}" for name in names}
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def paths(self) -> list[str]:
        return [asked.path for asked in self.requests]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def serving(behaviour: Behaviour) -> Iterator[Server]:
    server = Server(behaviour)
    try:
        yield server
    finally:
        server.close()


# -- what the services say --------------------------------------------------------------------------------


def atom(papers: list[tuple[str, str]], total: int, start: int = 0) -> Reply:
    """arXiv's feed of (identifier, title)."""
    entries = "".join(
        f"<entry><id>http://arxiv.org/abs/{identifier}</id><title>{escape(title)}</title>"
        f"<summary>We study {escape(title)} at some length.</summary><published>2024-09-28T06:20:03Z</published>"
        "<author><name>Guangming Sheng</name></author></entry>"
        for identifier, title in papers
    )
    return Reply(
        body=f"""<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">
<id>http://arxiv.org/api/x</id><title>ArXiv Query</title>
<opensearch:totalResults>{total}</opensearch:totalResults><opensearch:startIndex>{start}</opensearch:startIndex>
{entries}</feed>""".encode()
    )


def arxiv(asked: Asked, have: int) -> Reply:
    """`have` papers for any search; any identifier but those that begin with 9999."""
    if "id_list" in asked.query:
        known = [one for one in asked.query["id_list"].split(",") if not one.startswith("9999")]
        return atom([(f"{one.split('v')[0]}v2", f"Paper {one}") for one in known], len(known))
    start, size = int(asked.query["start"]), int(asked.query["max_results"])
    ids = [(f"2401.{number:05}v1", f"Result {number}") for number in range(start, min(start + size, have))]
    return atom(ids, have, start)


def crossref_work(doi: str, title: str, /, **more: Any) -> dict[str, Any]:
    return {
        "DOI": doi, "title": [title], "type": "journal-article", "container-title": ["Journal of Sepsis"],
        "author": [{"given": "Ada", "family": "Lovelace", "sequence": "first"}], "volume": "7", "page": "1-9",
        "issued": {"date-parts": [[2020, 3]]}, "publisher": "Example Press", **more,
    }  # fmt: skip


def crossref_list(works: list[dict[str, Any]], total: int | None = None) -> Reply:
    message = {"total-results": len(works) if total is None else total, "items": works}
    return Reply.of({"status": "ok", "message-type": "work-list", "message": message})


def openalex_work(number: int, title: str, doi: str | None = None, **more: Any) -> dict[str, Any]:
    return {
        "id": f"https://openalex.org/W{number}", "doi": doi and f"https://doi.org/{doi}", "title": title,
        "publication_year": 2020, "type": "article", "is_retracted": False,
        "authorships": [{"author": {"display_name": "Ada Lovelace"}}],
        "abstract_inverted_index": {"Vitamin": [0], "D": [1], "lowers": [2], "interleukin": [3], "levels.": [4]},
        **more,
    }  # fmt: skip


def openalex_list(works: list[dict[str, Any]], total: int | None = None, cursor: str | None = None) -> Reply:
    return Reply.of(
        {"meta": {"count": len(works) if total is None else total, "next_cursor": cursor}, "results": works}
    )


def pubmed_set(papers: list[tuple[str, str]]) -> Reply:
    articles = "".join(
        f"<PubmedArticle><MedlineCitation><PMID>{pmid}</PMID><Article><ArticleTitle>{escape(title)}</ArticleTitle>"
        "<Abstract><AbstractText>Interleukin fell by half in all patients.</AbstractText></Abstract>"
        "<AuthorList><Author><LastName>Lovelace</LastName><ForeName>Ada</ForeName></Author></AuthorList>"
        "</Article></MedlineCitation></PubmedArticle>"
        for pmid, title in papers
    )
    return Reply(body=f'<?xml version="1.0"?><PubmedArticleSet>{articles}</PubmedArticleSet>'.encode())


def doi_of(asked: Asked) -> str:
    """The DOI in the path of a call to Crossref."""
    return unquote(asked.path.removeprefix("/crossref/works/"))
