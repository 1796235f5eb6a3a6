"""What breaks outside the service breaks no more than it must: clients leave, stall or send too much, disks are full,
tokens are revoked or expire and the server is stopped in the middle of an answer.
"""

from __future__ import annotations

import errno
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from tests.chroma_server import Clock
from tests.openai_server import Exchange, endless, serving
from tests.surfaces.http.conftest import fill, served, token, wait_for_job
from tests.surfaces.http.test_api import BIB, QUESTION, events

from citeworthy.records import Paper
from citeworthy.settings import ChatSettings, ServerSettings, Settings
from citeworthy.surfaces.http import bodies, idempotency, job_store
from citeworthy.surfaces.http.service_db import open_service_db
from citeworthy.surfaces.serving import tokens, uploads
from citeworthy.surfaces.serving.shared_library import SharedLibrary
from citeworthy.surfaces.serving.tokens import Tokens

ASKED = {"question": QUESTION}


def written_by(settings: Settings, url: str, **server: Any) -> Settings:
    """The same with a language model."""
    return settings.model_copy(update={
        "chat": ChatSettings(model=f"{url}#m", cache=False), "server": ServerSettings(**server),
    })  # fmt: skip


def read_until(reply: httpx.Response, name: str) -> Iterator[str]:
    """Go on to the first event of that name; the rest of the lines."""
    lines = reply.iter_lines()
    assert any(line == f"event: {name}" for line in lines)
    return lines


# -- clients -----------------------------------------------------------------------------------------------


def test_a_client_that_leaves_stops_the_model(api_settings: Settings) -> None:
    with serving(endless) as chat, served(written_by(api_settings, chat.url)) as address:
        with httpx.stream("POST", f"{address}/api/v1/ask/stream", json=ASKED, timeout=30) as reply:
            read_until(reply, "draft")
        assert chat.gone.wait(20)
        assert httpx.post(f"{address}/api/v1/search", json={"query": "sepsis"}, timeout=30).status_code == 200


def test_a_token_revoked_in_the_middle_ends_the_stream(api_settings: Settings) -> None:
    header = token(api_settings, "read")
    with serving(endless) as chat, served(written_by(api_settings, chat.url)) as address:
        with httpx.stream("POST", f"{address}/api/v1/ask/stream", json=ASKED, headers=header, timeout=30) as reply:
            lines = read_until(reply, "draft")
            (known,) = Tokens(api_settings.home).all()
            Tokens(api_settings.home).revoke(known.id)
            rest = events("\n".join(lines).partition("\n\n")[2])
        assert rest[-1][0] == "error"
        assert rest[-1][1]["status"] == 401
        assert chat.gone.wait(20)


def test_a_token_that_expires_in_the_middle_ends_the_stream(
    api_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock()
    monkeypatch.setattr(tokens, "time", SimpleNamespace(time=clock))
    header = token(api_settings, "read", days=1)
    with serving(endless) as chat, served(written_by(api_settings, chat.url)) as address:
        with httpx.stream("POST", f"{address}/api/v1/ask/stream", json=ASKED, headers=header, timeout=30) as reply:
            lines = read_until(reply, "draft")
            clock.seconds = 86_400
            name, problem = events("\n".join(lines).partition("\n\n")[2])[-1]
        assert (name, problem["status"]) == ("error", 401)
        assert chat.gone.wait(20)
        assert httpx.post(f"{address}/api/v1/ask", json=ASKED, headers=header, timeout=30).status_code == 401


def test_the_time_over_an_answer_comes_with_what_there_is(api_settings: Settings) -> None:
    with serving(endless) as chat, served(written_by(api_settings, chat.url, timeout_s=1)) as address:
        reply = httpx.post(f"{address}/api/v1/ask/stream", json=ASKED, timeout=40)
        name, done = events(reply.text)[-1]
        assert name == "done"
        assert done["outcome"] in ("answered", "partial")
        assert httpx.post(f"{address}/api/v1/ask", json=ASKED, timeout=40).status_code == 504


def begun(address: str, path: str, head: str, body: bytes = b"") -> socket.socket:
    """A request of which a part is sent."""
    port = int(address.rpartition(":")[2])
    connection = socket.create_connection(("127.0.0.1", port), timeout=30)
    connection.sendall(f"POST /api/v1{path} HTTP/1.1\r\nHost: localhost\r\n{head}\r\n\r\n".encode() + body)
    return connection


def replied(connection: socket.socket) -> tuple[int, str]:
    """Status and all that comes until the server hangs up."""
    with connection, connection.makefile("rb") as stream:
        text = stream.read().decode()
    return int(text.split()[1]), text


@pytest.mark.parametrize(
    ("path", "kind", "part"),
    [("/ask", "application/json", b"{"), ("/papers/upload", "multipart/form-data; boundary=x", b"--x\r\n")],
)
def test_a_body_that_does_not_come_is_given_up_and_keeps_nobody_out(
    api_settings: Settings, monkeypatch: pytest.MonkeyPatch, path: str, kind: str, part: bytes
) -> None:
    monkeypatch.setattr(bodies, "SILENCE_S", 1.0)
    settings = api_settings.model_copy(update={"server": ServerSettings(at_once=1, waiting=0)})
    with served(settings) as address:
        stalled = [begun(address, path, f"Content-Type: {kind}\r\nContent-Length: 100", part) for _ in range(3)]
        assert httpx.post(f"{address}/api/v1/ask", json=ASKED, timeout=30).status_code == 200
        for connection in stalled:
            status, text = replied(connection)
            assert status == 408
            assert "in time" in text


def test_too_much_is_refused_before_it_is_sent(api_settings: Settings) -> None:
    settings = api_settings.model_copy(update={"server": ServerSettings(upload_mb=6)})
    with served(settings) as address:
        for path, length, most in (("/ask", 8_000_001, "8 MB"), ("/papers/upload", 6_000_001, "6 MB")):
            with begun(address, path, f"Content-Type: application/json\r\nContent-Length: {length}") as connection:
                told = connection.recv(10_000).decode()
            assert " 413 " in told.splitlines()[0]
            assert most in told
            assert "application/problem+json" in told
        with begun(address, "/ask", "Content-Type: application/json\r\nTransfer-Encoding: chunked") as connection:
            assert " 411 " in connection.recv(10_000).decode().splitlines()[0]


def test_who_leaves_the_queue_makes_room_in_it(api_settings: Settings) -> None:
    """One is worked on, one waits and leaves: then another may wait."""
    go_on, has_begun = threading.Event(), threading.Event()

    def slow(exchange: Exchange) -> None:
        has_begun.set()
        go_on.wait(30)
        exchange.say("HybridFlow raises throughput by 1.53x to 20.57x. [1.3]")

    with serving(slow) as chat, served(written_by(api_settings, chat.url, at_once=1, waiting=1)) as address:
        results: list[int] = []
        asking = threading.Thread(
            target=lambda: results.append(httpx.post(f"{address}/api/v1/ask", json=ASKED, timeout=60).status_code)
        )
        asking.start()
        assert has_begun.wait(20)
        body = json.dumps({**ASKED, "model": "none"}).encode()
        head = f"Content-Type: application/json\r\nContent-Length: {len(body)}"
        waiting = begun(address, "/ask", head, body)
        while (refused := httpx.post(f"{address}/api/v1/ask", json=ASKED, timeout=60)).status_code != 429:
            pass  # until the one before has come to wait
        assert refused.headers["retry-after"] == "2"
        waiting.close()
        go_on.set()
        asking.join(30)
        assert results == [200]
        assert httpx.post(f"{address}/api/v1/ask", json={**ASKED, "model": "none"}, timeout=60).status_code == 200


def test_files_of_one_name_sent_together_are_both_read(api: httpx.Client) -> None:
    other = BIB.replace("new1", "new2").replace("Widgets of glass", "Gadgets of clay").replace("Ann Bee", "Cee Dee")
    reply = api.post("/papers/upload", files=[("files", ("x.bib", BIB.encode())), ("files", ("x.bib", other.encode()))])
    result: Any = wait_for_job(api, reply.json())["result"]
    assert [(one["location"], one["added"]) for one in result["imports"]] == [
        ("x.bib", ["new1"]), ("x (2).bib", ["new2"]),
    ]  # fmt: skip


def test_what_was_wrong_with_a_file_is_told_without_the_servers_paths(api: httpx.Client) -> None:
    job = wait_for_job(api, api.post("/papers/upload", files={"files": ("x.bib", b"")}).json())
    assert job["error"] == "x.bib is empty"


def test_another_import_at_the_same_time_is_told_to_come_again(
    api: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = threading.Event()
    add = SharedLibrary.add

    def slow(*arguments: Any) -> Any:
        assert go_on.wait(30)
        return add(*arguments)

    monkeypatch.setattr(SharedLibrary, "add", slow)
    first = api.post("/papers/upload", files={"files": ("x.bib", BIB.encode())})
    second = api.post("/papers/upload", files={"files": ("y.bib", BIB.encode())})
    go_on.set()
    assert (second.status_code, second.headers["retry-after"]) == (409, "5")
    assert wait_for_job(api, first.json())["state"] == "done"


# -- the disk ----------------------------------------------------------------------------------------------


def full(*_: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_without_room_for_the_audit_there_are_answers(api_settings: Settings) -> None:
    (api_settings.home / "audit.jsonl").symlink_to("/dev/full")
    with served(api_settings) as address:
        assert httpx.post(f"{address}/api/v1/ask", json=ASKED, timeout=30).status_code == 200
        assert httpx.get(f"{address}/api/v1/papers").json()["total"] == 4


def test_without_room_an_upload_is_refused_and_leaves_nothing(
    api: httpx.Client, api_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(uploads.shutil, "copyfileobj", full)
        reply = api.post("/papers/upload", files={"files": ("x.bib", BIB.encode())})
        assert (reply.status_code, reply.headers["content-type"]) == (507, "application/problem+json")
    with monkeypatch.context() as patched:
        patched.setattr("starlette.formparsers.SpooledTemporaryFile.write", full)
        assert api.post("/papers/upload", files={"files": ("x.bib", BIB.encode())}).status_code == 507
    assert [path for path in (api_settings.home / "uploads").rglob("*") if path.is_file()] == []
    done = wait_for_job(api, api.post("/papers/upload", files={"files": ("x.bib", BIB.encode())}).json())
    assert done["state"] == "done"


def test_without_room_for_a_jobs_record_it_is_not_begun(api: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def small(home: Path) -> sqlite3.Connection:
        db = open_service_db(home)
        pages = db.execute("PRAGMA page_count").fetchone()[0]
        db.execute(f"PRAGMA max_page_count = {pages}")
        return db

    long = "x" * 100_000  # so that the record needs further pages
    with monkeypatch.context() as patched:
        patched.setattr(job_store, "open_service_db", small)
        patched.setattr(job_store.secrets, "token_urlsafe", lambda _: long)
        reply = api.post("/papers/upload", files={"files": ("x.bib", BIB.encode())})
        assert reply.status_code == 507
        assert "no room left" in reply.json()["detail"]
    assert api.get("/jobs").json()["items"] == []
    while (again := api.post("/papers/upload", files={"files": ("x.bib", BIB.encode())})).status_code == 409:
        pass  # until the one that nobody can ask for has stopped
    assert wait_for_job(api, again.json())["state"] == "done"
    assert api.get("/paper", params={"key": "new1"}).status_code == 200


def test_without_room_for_its_record_a_write_is_done_and_answered(
    api: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    uses: list[Path] = []

    def full_when_it_is_done(home: Path) -> sqlite3.Connection:
        uses.append(home)
        if len(uses) > 1:
            raise sqlite3.OperationalError("database or disk is full")
        return open_service_db(home)

    monkeypatch.setattr(idempotency, "open_service_db", full_when_it_is_done)
    reply = api.post("/sessions", json={"title": "mine"}, headers={"idempotency-key": "k"})
    assert (reply.status_code, reply.json()["title"], len(uses)) == (201, "mine", 2)


def test_a_library_that_cannot_be_written_still_answers(
    api_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    with served(api_settings) as address, httpx.Client(base_url=f"{address}/api/v1", timeout=30) as api:
        monkeypatch.setattr(uploads.os, "open", refused)
        reply = api.post("/papers/upload", files={"files": ("x.bib", BIB.encode())})
        assert reply.status_code == 503
        assert "cannot be kept" in reply.json()["detail"]
        assert api.post("/ask", json=ASKED).json()["outcome"] == "answered"


# -- the server --------------------------------------------------------------------------------------------


def test_a_job_whose_process_was_killed_is_told_as_lost(api: httpx.Client, api_settings: Settings) -> None:
    job = wait_for_job(api, api.post("/papers/upload", files={"files": ("x.bib", BIB.encode())}).json())
    with closing(open_service_db(api_settings.home)) as db, db:  # what is left of one that gives no sign of life
        db.execute("UPDATE jobs SET state = 'running', result = NULL, updated = ?", (time.time() - 60,))
    told = api.get(f"/jobs/{job['id']}").json()
    assert told["state"] == "lost"
    assert "start it again" in told["error"]
    assert events(api.get(f"/jobs/{job['id']}/events").text)[-1][1]["state"] == "lost"


@contextmanager
def process(settings: Settings, model: str) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """`citeworthy serve --no-page` as a process of its own, and its address."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "citeworthy.surfaces.cli.main", "--home", str(settings.home), "serve", "--no-page",
               "--port", str(port), "--model", model]  # fmt: skip
    environment = {**os.environ, "CITEWORTHY_EMBEDDING__PROVIDER": "fake", "CITEWORTHY_CHAT__CACHE": "false"}
    running = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE)
    address = f"http://127.0.0.1:{port}/api/v1"
    try:
        while True:
            assert running.poll() is None
            try:
                httpx.get(f"{address}/ready", timeout=30).raise_for_status()
                break
            except httpx.TransportError:
                time.sleep(0.05)
        yield running, address
    finally:
        running.kill()
        running.communicate()


@pytest.mark.slow
def test_told_to_stop_it_ends_the_answer_under_way(tmp_path: Path, papers: list[Paper]) -> None:
    settings = fill(tmp_path / "home", papers)
    with serving(endless) as chat, process(settings, f"{chat.url}#m") as (running, address):
        with httpx.stream("POST", f"{address}/ask/stream", json=ASKED, timeout=60) as reply:
            lines = read_until(reply, "draft")
            running.send_signal(signal.SIGTERM)
            name, done = events("\n".join(lines).partition("\n\n")[2])[-1]
        assert name == "done"
        assert done["outcome"] in ("answered", "partial")
        assert all(citation["quote"] for claim in done["claims"] for citation in claim["citations"])
        assert chat.gone.wait(20)
        assert running.wait(30) == 0


def test_a_server_that_closes_stops_its_jobs(api_settings: Settings) -> None:
    with served(api_settings) as address:
        begun_job = httpx.post(f"{address}/api/v1/evaluations", json={"suite": "sample"}, timeout=60).json()
        assert begun_job["state"] == "running"
        (working,) = [thread for thread in threading.enumerate() if thread.name == "an evaluation"]
    working.join(60)
    assert not working.is_alive()
    with served(api_settings) as address, httpx.Client(base_url=f"{address}/api/v1") as again:
        assert wait_for_job(again, begun_job)["state"] == "cancelled"
