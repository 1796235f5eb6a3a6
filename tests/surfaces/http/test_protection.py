"""Who may do what: without a token, with each scope, on every route there is; and how often."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from tests.surfaces.http.conftest import fill, served, token

from citeworthy.errors import LibraryError, UserError
from citeworthy.records import Paper
from citeworthy.settings import ServerSettings, Settings
from citeworthy.surfaces.serving import doorkeeper
from citeworthy.surfaces.serving.tokens import Scope, Tokens

OPEN, READ, WRITE, ADMIN = "open", "read", "write", "admin"
ROUTES = {
    ("GET", "/api/v1/health"): OPEN,
    ("GET", "/api/v1/ready"): OPEN,
    ("GET", "/api/v1/version"): OPEN,
    ("GET", "/api/v1/openapi.json"): OPEN,
    ("GET", "/api/v1/metrics"): READ,
    ("POST", "/api/v1/ask"): READ,
    ("POST", "/api/v1/ask/stream"): READ,
    ("POST", "/api/v1/search"): READ,
    ("POST", "/api/v1/verify"): READ,
    ("GET", "/api/v1/papers"): READ,
    ("POST", "/api/v1/papers"): WRITE,
    ("POST", "/api/v1/papers/upload"): WRITE,
    ("POST", "/api/v1/papers/restore"): WRITE,
    ("GET", "/api/v1/paper"): READ,
    ("DELETE", "/api/v1/paper"): WRITE,
    ("PUT", "/api/v1/paper/tags"): WRITE,
    ("GET", "/api/v1/export"): READ,
    ("POST", "/api/v1/related-work"): READ,
    ("POST", "/api/v1/compare"): READ,
    ("POST", "/api/v1/check"): READ,
    ("GET", "/api/v1/sessions"): READ,
    ("POST", "/api/v1/sessions"): WRITE,
    ("GET", "/api/v1/sessions/{session}"): READ,
    ("PATCH", "/api/v1/sessions/{session}"): WRITE,
    ("DELETE", "/api/v1/sessions/{session}"): WRITE,
    ("PUT", "/api/v1/sessions/{session}/turns/{position}/rating"): WRITE,
    ("GET", "/api/v1/sessions/{session}/export"): READ,
    ("POST", "/api/v1/evaluations"): WRITE,
    ("GET", "/api/v1/jobs"): READ,
    ("GET", "/api/v1/jobs/{job}"): READ,
    ("POST", "/api/v1/jobs/{job}/cancel"): WRITE,
    ("GET", "/api/v1/jobs/{job}/events"): READ,
    ("GET", "/api/v1/tokens"): ADMIN,
    ("POST", "/api/v1/tokens"): ADMIN,
    ("DELETE", "/api/v1/tokens/{token}"): ADMIN,
    ("POST", "/v1/chat/completions"): READ,
    ("POST", "/v1/embeddings"): READ,
    ("GET", "/v1/models"): READ,
    ("GET", "/v1/models/{name}"): READ,
    ("POST", "/mcp"): READ,
}


@pytest.fixture(scope="module")
def protected(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Settings]]:
    """A server whose library has a token, so that all need one."""
    settings = fill(tmp_path_factory.mktemp("protected") / "home", [Paper("", "On things", "Things fall. They break.")])
    settings.server = ServerSettings(rate_per_minute=0)
    token(settings, READ)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(doorkeeper, "_TRIES", 10_000)  # more wrong tokens than one address may send
        with served(settings) as address:
            yield address, settings


def call(address: str, method: str, path: str, headers: dict[str, str]) -> int:
    filled = path.format(session="x", position="0", job="x", token="ab", name="citeworthy")
    body = b"{}" if method in ("POST", "PUT", "PATCH") else None
    told = {"content-type": "application/json", "accept": "application/json, text/event-stream", **headers}
    return httpx.request(method, address + filled, content=body, headers=told, timeout=30).status_code


def test_no_route_is_missing_from_the_table(protected: tuple[str, Settings]) -> None:
    known = {
        (method.upper(), f"/api/v1{path}")
        for path, operations in httpx.get(f"{protected[0]}/api/v1/openapi.json").json()["paths"].items()
        for method in operations
    }
    assert known == {route for route in ROUTES if route[1].startswith("/api/v1")} - {("GET", "/api/v1/openapi.json")}


@pytest.mark.parametrize(("method", "path"), list(ROUTES))
def test_each_scope_may_do_what_it_says_and_no_more(protected: tuple[str, Settings], method: str, path: str) -> None:
    address, settings = protected
    needed = ROUTES[method, path]
    if needed == OPEN:
        assert call(address, method, path, {}) == 200
        return
    for wrong in ({}, {"authorization": "Bearer cw_nobody"}, {"authorization": "Basic eDp5"}):
        assert call(address, method, path, wrong) == 401
    order = [READ, WRITE, ADMIN]
    for scope in order:
        status = call(address, method, path, token(settings, scope))
        if order.index(scope) < order.index(needed):
            assert status == 403
        else:
            assert status not in (401, 403, 500)


def test_a_token_is_good_until_it_expires_or_is_revoked(protected: tuple[str, Settings]) -> None:
    address, settings = protected
    short = token(settings, READ, days=0.2 / 86_400)
    assert call(address, "GET", "/api/v1/papers", short) in (200, 401)
    time.sleep(0.3)
    reply = httpx.get(f"{address}/api/v1/papers", headers=short)
    assert (reply.status_code, "expired" in reply.json()["detail"]) == (401, True)
    assert reply.headers["www-authenticate"] == "Bearer"
    admin = token(settings, ADMIN)
    made = httpx.post(f"{address}/api/v1/tokens", headers=admin, json={"name": "guest"}).json()
    guest = {"authorization": f"Bearer {made['token']}"}
    assert call(address, "GET", "/api/v1/papers", guest) == 200
    assert call(address, "DELETE", f"/api/v1/tokens/{made['id']}", admin) == 204
    assert call(address, "GET", "/api/v1/papers", guest) == 401


def test_secrets_are_stored_nowhere(protected: tuple[str, Settings]) -> None:
    address, settings = protected
    admin = token(settings, ADMIN)
    headers = admin | {"idempotency-key": "once"}
    made = httpx.post(f"{address}/api/v1/tokens", headers=headers, json={"name": "guest"}).json()
    listed = httpx.get(f"{address}/api/v1/tokens", headers=admin).text
    for secret in (made["token"], admin["authorization"].removeprefix("Bearer ")):
        assert secret not in listed
        for file in settings.home.rglob("*"):
            assert not file.is_file() or secret.encode() not in file.read_bytes()
    assert (settings.home / "tokens.json").stat().st_mode & 0o777 == 0o600


def test_conversations_and_jobs_are_of_their_token(protected: tuple[str, Settings]) -> None:
    address, settings = protected
    one, two = token(settings, WRITE), token(settings, ADMIN)
    session = httpx.post(f"{address}/api/v1/sessions", headers=one, json={"title": "secret plans"}).json()["id"]
    job = httpx.post(
        f"{address}/api/v1/papers/upload", headers=one, files={"files": ("secret.bib", b"@misc{a, title={A}}")}
    ).json()["id"]
    for path in (f"/sessions/{session}", f"/sessions/{session}/export", f"/jobs/{job}", f"/jobs/{job}/events"):
        assert call(address, "GET", f"/api/v1{path}", one) == 200
        assert call(address, "GET", f"/api/v1{path}", two) == 404
    asked = {"question": "What falls?", "session": session}
    assert httpx.post(f"{address}/api/v1/ask", headers=two, json=asked).status_code == 404
    for path in ("/sessions", "/jobs"):
        assert "secret" not in httpx.get(f"{address}/api/v1{path}", headers=two).text
    reader = token(settings, READ)
    refused = httpx.post(f"{address}/api/v1/ask", headers=reader, json=asked)
    assert (refused.status_code, "write" in refused.json()["detail"]) == (403, True)


def test_a_token_that_calls_too_often_is_told_when_to_come_again(
    tmp_path: Path, papers: list[Paper], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doorkeeper, "_TRIES", 5)
    settings = fill(tmp_path / "home", papers)
    settings.server = ServerSettings(rate_per_minute=3)
    own, other = token(settings, READ), token(settings, READ)
    with served(settings) as address:
        statuses = [call(address, "GET", "/api/v1/papers", own) for _ in range(4)]
        assert statuses == [200, 200, 200, 429]
        reply = httpx.get(f"{address}/api/v1/papers", headers=own)
        assert 1 <= int(reply.headers["retry-after"]) <= 62
        assert call(address, "GET", "/api/v1/papers", other) == 200
        wrong = [call(address, "GET", "/api/v1/papers", {"authorization": "Bearer no"}) for _ in range(7)]
        assert wrong == [401] * 5 + [429] * 2
        assert call(address, "GET", "/api/v1/papers", other) == 200  # a good token is let in all the same


def test_pages_of_other_sites_reach_nothing(address: str) -> None:
    headers = {"content-type": "text/plain", "origin": "https://evil.example"}
    body = json.dumps({"question": "What falls?"})
    assert httpx.post(f"{address}/api/v1/ask", content=body, headers=headers).status_code == 403
    assert httpx.get(f"{address}/api/v1/papers", headers={"host": "evil.example"}).status_code == 421
    allowed = httpx.options(
        f"{address}/api/v1/ask", headers={"origin": "https://evil.example", "access-control-request-method": "POST"}
    )
    assert "access-control-allow-origin" not in allowed.headers


def test_beyond_this_machine_everyone_needs_a_token(tmp_path: Path, papers: list[Paper]) -> None:
    settings = fill(tmp_path / "home", papers)
    with served(settings, hosts=None) as address:
        assert call(address, "GET", "/api/v1/papers", {}) == 401
        assert call(address, "GET", "/api/v1/papers", token(settings, READ)) == 200
    users = settings.model_copy(update={"users": {"ann": "scrypt:x:y"}})
    tokens = Tokens(settings.home)
    for one in tokens.all():
        tokens.revoke(one.id)
    with served(users) as address:
        assert call(address, "GET", "/api/v1/papers", {}) == 401


# -- the tokens themselves ---------------------------------------------------------------------------------


def test_tokens_of_another_process_are_seen_at_once(tmp_path: Path) -> None:
    here, there = Tokens(tmp_path), Tokens(tmp_path)
    made, secret = here.create("ann", Scope.WRITE)
    assert there.find(secret) == made
    there.revoke(made.id)
    assert here.find(secret) is None
    assert not here.is_valid(made)


def test_what_cannot_be_a_token_is_refused(tmp_path: Path) -> None:
    tokens = Tokens(tmp_path)
    for name, days in (("", None), ("x" * 61, None), ("ann", 0), ("ann", -1), ("ann", 1e9)):
        with pytest.raises(UserError):
            tokens.create(name, Scope.READ, days)
    with pytest.raises(UserError, match="no token"):
        tokens.revoke("nobody")
    assert tokens.all() == []


def test_a_damaged_list_lets_nobody_in(tmp_path: Path) -> None:
    tokens = Tokens(tmp_path)
    _, secret = tokens.create("ann", Scope.READ)
    (tmp_path / "tokens.json").write_text("{", "utf-8")
    with pytest.raises(LibraryError, match="nobody is let in"):
        tokens.find(secret)
