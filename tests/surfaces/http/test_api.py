"""/api/v1 as a program uses it: every answer quotes exactly, every error says what to do."""

from __future__ import annotations

import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.surfaces.http.conftest import wait_for_job

from citeworthy.settings import Settings

QUESTION = "What throughput gain does HybridFlow report?"
BIB = "@article{new1, title={Widgets of glass}, author={Ann Bee}, year={2023}, abstract={Glass widgets bend light.}}"


def events(text: str) -> list[tuple[str, Any]]:
    """Names and contents of server-sent events."""
    found = []
    for block in text.strip().split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(":"))
        if lines:
            found.append((lines["event"], json.loads(lines["data"])))
    return found


def check_quotes(api: httpx.Client, claims: list[dict[str, Any]]) -> None:
    citations = [citation for claim in claims for citation in claim["citations"]]
    assert citations
    for citation in citations:
        abstract = api.get("/paper", params={"key": citation["key"]}).json()["abstract"]
        assert abstract[citation["start"] : citation["end"]] == citation["quote"]


# -- asking ------------------------------------------------------------------------------------------------


def test_an_answer_quotes_exactly(api: httpx.Client) -> None:
    answer = api.post("/ask", json={"question": QUESTION}).json()
    assert answer["outcome"] == "answered"
    assert "20.57x" in answer["text"]
    check_quotes(api, answer["claims"])


def test_a_stream_tells_the_same_step_by_step(api: httpx.Client) -> None:
    reply = api.post("/ask/stream", json={"question": QUESTION})
    assert reply.headers["content-type"].startswith("text/event-stream")
    told = events(reply.text)
    names = [name for name, _ in told]
    assert names[:2] == ["question", "hits"]
    assert names[-1] == "done"
    done = told[-1][1]
    whole = api.post("/ask", json={"question": QUESTION}).json()
    assert {**done, "provenance": None} == {**whole, "provenance": None}
    claims = [content for name, content in told if name == "claim"]
    verdicts = {content["index"]: content for name, content in told if name == "verdict"}
    for index, claim in enumerate(done["claims"]):
        pieces = {**claims[index], **verdicts[index]}
        del pieces["index"]
        assert pieces == claim
        assert names.index("claim") < names.index("verdict")


def test_filters_given_and_stated_apply(api: httpx.Client) -> None:
    found = api.post("/search", json={"query": "sepsis", "filters": {"year_from": 2021}}).json()
    assert {hit["year"] for hit in found["hits"]} == {2021, 2022, 2024}
    stated = api.post("/search", json={"query": "sepsis since 2021"}).json()
    assert stated["filters"]["year_from"] == 2021
    none = api.post("/ask", json={"question": "sepsis?", "filters": {"year_from": 1990, "year_to": 1991}}).json()
    assert none["outcome"] == "no_match"


def test_earlier_questions_are_what_a_follow_up_refers_to(api: httpx.Client) -> None:
    answer = api.post("/ask", json={"question": "does it mix control styles?", "history": [QUESTION]}).json()
    assert "HybridFlow" in answer["standalone_question"]
    alone = api.post("/ask", json={"question": "does it mix control styles?", "history": [QUESTION],
                                   "as_written": True}).json()  # fmt: skip
    assert alone["standalone_question"] == "does it mix control styles?"


def test_a_sentence_is_verified(api: httpx.Client) -> None:
    checked = api.post("/verify", json={"sentence": "Vitamin D lowered IL-6 by 30%."}).json()
    assert checked["verdict"] == "supported"
    for paper in checked["papers"]:
        abstract = api.get("/paper", params={"key": paper["key"]}).json()["abstract"]
        assert all(abstract[quote["start"] : quote["end"]] == quote["quote"] for quote in paper["quotes"])


# -- papers ------------------------------------------------------------------------------------------------


def test_papers_come_in_pages_that_name_the_next(api: httpx.Client) -> None:
    seen, address = [], "/papers?limit=3&sort=year"
    while address:
        page = api.get(address.removeprefix("/api/v1")).json()
        seen += [paper["year"] for paper in page["items"]]
        address = page["next"]
    assert seen == [2020, 2021, 2022, 2024]
    assert page["total"] == 4


def test_files_are_added_by_a_job_and_again_without_effect(api: httpx.Client) -> None:
    for expected in (["new1"], []):
        reply = api.post("/papers/upload", files={"files": ("../../evil name.bib", BIB.encode())})
        assert reply.status_code == 202
        assert reply.headers["location"] == f"/api/v1/jobs/{reply.json()['id']}"
        job = wait_for_job(api, reply.json())
        assert (job["state"], job["error"]) == ("done", "")
        (done,) = job["result"]["imports"]
        assert done["added"] == expected
        assert done["location"] == "evil name.bib"
    assert api.get("/paper", params={"key": "new1"}).json()["title"] == "Widgets of glass"
    assert [one["kind"] for one in api.get("/jobs").json()["items"]] == ["import", "import"]
    followed = events(api.get(f"/jobs/{job['id']}/events").text)
    assert followed[-1][0] == "done"


def test_a_file_that_is_none_fails_in_words_and_adds_nothing(api: httpx.Client) -> None:
    reply = api.post("/papers/upload", files={"files": ("x.bib", b"\x00\x01\x02" * 100)})
    job = wait_for_job(api, reply.json())
    assert job["state"] in ("failed", "done")
    assert api.get("/papers").json()["total"] == 4
    if job["state"] == "failed":
        assert "x.bib" in str(job["error"])


def test_paths_of_the_server_are_no_locations(api: httpx.Client, tmp_path: Path) -> None:
    (tmp_path / "own.bib").write_text(BIB, "utf-8")
    for location in (str(tmp_path / "own.bib"), "file:///etc/passwd", "sample:", "../x.bib"):
        reply = api.post("/papers", json={"locations": [location]})
        assert reply.status_code == 400
        assert "identifier" in reply.json()["detail"]
    assert api.get("/papers").json()["total"] == 4


def test_a_removal_is_undone_with_its_tags(api: httpx.Client) -> None:
    key = api.get("/papers?limit=1").json()["items"][0]["key"]
    tagged = api.put("/paper/tags", params={"key": key}, json={"add": ["To read"], "remove": []})
    assert tagged.json()["tags"] == ["To read"]
    assert api.request("DELETE", "/paper", params={"key": key}).json() == {"removed": [key]}
    assert api.get("/paper", params={"key": key}).status_code == 404
    assert api.post("/papers/restore", json={"keys": [key]}).json() == {"restored": [key]}
    assert api.get("/paper", params={"key": key}).json()["tags"] == ["To read"]


@pytest.mark.parametrize("name", ["bibtex", "ris", "csl-json", "jsonl", "csv", "bibliography"])
def test_papers_are_exported(api: httpx.Client, name: str) -> None:
    whole = api.get("/export", params={"format": name})
    assert "HybridFlow" in whole.text
    assert "attachment" in whole.headers["content-disposition"]
    key = next(p["key"] for p in api.get("/papers").json()["items"] if "IL-6" in p["title"])
    one = api.get("/export", params={"format": name, "key": key}).text
    assert "IL-6" in one
    assert "HybridFlow" not in one


# -- texts -------------------------------------------------------------------------------------------------


def test_related_work_and_its_documents(api: httpx.Client) -> None:
    asked = {"topic": "vitamins in sepsis"}
    related = api.post("/related-work", json=asked).json()
    claims = [claim for theme in related["themes"] for part in theme["parts"] for claim in part["claims"]]
    check_quotes(api, claims)
    for name, holds in (("md", "sepsis"), ("latex", "\\cite"), ("bib", "@"), ("html", "</html>"), ("docx", "")):
        reply = api.post("/related-work", params={"format": name}, json=asked)
        assert reply.status_code == 200
        assert holds in reply.content.decode("utf-8", "replace")
        if name == "docx":
            assert "word/document.xml" in zipfile.ZipFile(io.BytesIO(reply.content)).namelist()


def test_a_table_quotes_or_says_not_reported(api: httpx.Client) -> None:
    keys = [paper["key"] for paper in api.get("/papers").json()["items"]]
    table = api.post("/compare", json={"keys": keys, "columns": ["result", "funding"]}).json()
    cells = [cell for row in table["rows"] for cell in row["cells"].values()]
    assert len(cells) == 8
    check_quotes(api, [cell for cell in cells if cell["reported"]])
    assert all(not row["cells"]["funding"]["reported"] for row in table["rows"])
    assert api.post("/compare", json={}).status_code == 400
    assert api.post("/compare", json={"keys": keys, "topic": "x"}).status_code == 400


def test_a_draft_is_checked_and_reads_no_file_of_the_server(api: httpx.Client, tmp_path: Path) -> None:
    (tmp_path / "secret.tex").write_text("Nobody reads this \\cite{x}.", "utf-8")
    key = next(p["key"] for p in api.get("/papers").json()["items"] if "IL-6" in p["title"])
    draft = f"Vitamin D lowered IL-6 by 30\\% \\cite{{{key}}}. \\input{{{tmp_path}/secret.tex}}"
    report = api.post("/check", json={"draft": draft, "kind": "latex"}).json()
    assert report["counts"]["supported"] == 1
    assert "Nobody reads" not in json.dumps(report)
    assert "/tmp" not in json.dumps(report).replace(str(tmp_path), "")


# -- conversations -----------------------------------------------------------------------------------------


def test_a_conversation_is_kept_continued_and_deleted(api: httpx.Client) -> None:
    made = api.post("/sessions", json={"title": ""})
    session = made.json()["id"]
    assert made.headers["location"] == f"/api/v1/sessions/{session}"
    api.post("/ask", json={"question": QUESTION, "session": session})
    second = api.post("/ask/stream", json={"question": "does it mix control styles?", "session": session})
    assert "HybridFlow" in events(second.text)[-1][1]["standalone_question"]
    whole = api.get(f"/sessions/{session}").json()
    assert [turn["question"] for turn in whole["content"]] == [QUESTION, "does it mix control styles?"]
    check_quotes(api, whole["content"][0]["answer"]["claims"])
    assert api.put(f"/sessions/{session}/turns/0/rating", json={"rating": 1}).status_code == 204
    assert api.patch(f"/sessions/{session}", json={"title": "Gains"}).json()["title"] == "Gains"
    assert [one["id"] for one in api.get("/sessions", params={"words": "throughput"}).json()["items"]] == [session]
    assert "20.57" in api.get(f"/sessions/{session}/export", params={"format": "md"}).text
    assert api.delete(f"/sessions/{session}").status_code == 204
    assert api.get(f"/sessions/{session}").status_code == 404


# -- how it fails ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "says"),
    [
        ("POST", "/ask", {"question": "  "}, 422, "question"),
        ("POST", "/ask", {"question": "x" * 5_000}, 422, "question"),
        ("POST", "/ask", {"question": "what?", "filter": {}}, 422, "filter"),
        ("POST", "/ask", {"question": "what?", "filters": {"year_from": 3000, "year_to": 1990}}, 400, "year"),
        ("POST", "/ask", {"question": "what?", "model": "http://10.0.0.1:80/v1#x"}, 400, "not offered"),
        ("POST", "/ask", {"question": "what?", "session": "nobody"}, 404, "conversation"),
        ("POST", "/ask", "{", 422, "JSON"),
        ("GET", "/paper?key=nobody", None, 404, "nobody"),
        ("GET", "/jobs/nobody", None, 404, "job"),
        ("GET", "/papers?limit=0", None, 422, "limit"),
        ("GET", "/nothing", None, 404, ""),
        ("DELETE", "/ask", None, 405, ""),
        ("POST", "/related-work", {"topic": ""}, 400, "topic"),
        ("GET", "/export?style=nobody&format=bibliography", None, 400, "nobody"),
    ],
)
def test_errors_are_problems_that_say_what_is_wrong(
    api: httpx.Client, method: str, path: str, body: Any, status: int, says: str
) -> None:
    content = body if isinstance(body, str) else json.dumps(body) if body is not None else None
    reply = api.request(method, path, content=content, headers={"content-type": "application/json"})
    assert (reply.status_code, reply.headers["content-type"]) == (status, "application/problem+json")
    told = reply.json()
    assert told["status"] == status
    assert says in told["detail"]


def test_every_reply_has_the_id_of_its_request(api: httpx.Client) -> None:
    assert api.get("/version", headers={"x-request-id": "mine.1"}).headers["x-request-id"] == "mine.1"
    made = api.get("/version", headers={"x-request-id": "<script>"}).headers["x-request-id"]
    assert re.fullmatch(r"[0-9a-f]{16}", made)


def test_how_it_is(api: httpx.Client) -> None:
    assert api.get("/health").json() == {"status": "ok"}
    assert api.get("/ready").json() == {"status": "ok"}
    assert api.get("/version").json()["name"] == "citeworthy"
    api.post("/ask", json={"question": QUESTION})
    metrics = api.get("/metrics").text
    assert "citeworthy_papers 4.0" in metrics
    assert re.search(r'citeworthy_answers_total\{outcome="answered"\} 1\.0', metrics)
    assert re.search(r'citeworthy_requests_total\{method="POST",route="[^"]*/ask",status="200"\} 1\.0', metrics)


def test_the_log_and_the_audit_hold_no_contents(api: httpx.Client, api_settings: Settings) -> None:
    api.post("/ask", json={"question": "What is the colour of the unspeakable zebra?"})
    api.get("/paper", params={"key": "unspeakable"})
    lines: list[dict[str, Any]] = []
    while len(lines) < 2:  # written when the reply is on its way
        audit = (api_settings.home / "audit.jsonl").read_text("utf-8")
        lines = [json.loads(line) for line in audit.splitlines()]
    assert [(line["method"], line["route"], line["status"]) for line in lines] == [
        ("POST", "/api/v1/ask", 200), ("GET", "/api/v1/paper", 404),
    ]  # fmt: skip
    assert "unspeakable" not in audit
