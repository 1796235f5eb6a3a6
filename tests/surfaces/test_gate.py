"""What stands before Gradio, by requests of ASGI: who is asking, and which addresses there are for whom."""

from __future__ import annotations

import json
import re
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

import pytest
from tests.asgi import ANN, BOB, HOST, call, finished
from tests.web_routes import asked_by_a_stranger

from citeworthy.surfaces.serving.gate import COOKIE, MOST_UPLOADED, Gate, visitor_of

JOIN, DATA, PREDICT, HEARTBEAT = (
    f"/gradio_api/{end}" for end in ("queue/join", "queue/data", "run/predict", "heartbeat")
)


async def inner(scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
    """Says back what it was sent, as far as the gate let it through."""
    body, more = b"", True
    while more:
        message = await receive()
        body, more = body + message.get("body", b""), message.get("more_body", False)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]})
    await send({"type": "http.response.body", "body": body or b"inside"})


@pytest.fixture
def gate() -> Gate:
    return Gate(inner, frozenset({"localhost", "127.0.0.1"}))


def said(**values: Any) -> str:
    return json.dumps({"data": [], **values})


# -- who is asking -----------------------------------------------------------------------------------------


def test_the_page_gives_a_cookie_once_that_no_script_can_read(gate: Gate) -> None:
    first = call(gate, "/", cookie=None)
    cookie = re.fullmatch(
        rf"{COOKIE}=([\w-]{{43}}); Path=/; Max-Age=\d+; HttpOnly; SameSite=Lax", first.headers["set-cookie"]
    )
    assert cookie is not None
    assert "set-cookie" not in call(gate, "/", cookie=cookie[1]).headers
    assert call(gate, "/", cookie=None).headers["set-cookie"] != first.headers["set-cookie"]
    assert "set-cookie" not in call(gate, "/config", cookie=None).headers
    assert "set-cookie" in call(gate, "/", cookie="made up").headers


@pytest.mark.parametrize(
    "others", ['theme={"dark":true}', "_xsrf=2|ab|c", "lonely", "a[b]=1", "path=1", "$x=2", "a=b c,d", "n=\xe9"]
)
def test_cookies_of_other_programs_of_this_machine_change_nothing(gate: Gate, others: str) -> None:
    for header in (f"{others}; {COOKIE}={ANN}", f"{COOKIE}={ANN}; {others}"):
        assert call(gate, DATA, "session_hash=one", cookie=header).status == 200
        assert "set-cookie" not in call(gate, "/", cookie=header).headers
    assert "set-cookie" in call(gate, "/", cookie=others if "=" in others else f"{others}; a=b").headers


def test_what_is_stored_of_a_cookie_does_not_give_it_away() -> None:
    owner = visitor_of({COOKIE: ANN})
    assert owner is not None
    assert ANN not in owner
    assert owner != visitor_of({COOKIE: BOB})
    assert [visitor_of(cookies) for cookies in ({}, {COOKIE: ""}, {COOKIE: "a" * 42}, {COOKIE: f"{ANN}\n"})] == [
        None
    ] * 4


# -- session hashes ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "query", "body"),
    [
        (JOIN, "", said(session_hash="one")),
        (JOIN, "__theme=dark", said(session_hash="one")),
        (f"{JOIN}/", "", said(session_hash="one")),
        (PREDICT, "", said(session_hash="one", fn_index=1)),
        (DATA, "session_hash=one", None),
        (f"{HEARTBEAT}/one", "", None),
        ("/gradio_api/cancel", "", said(session_hash="one", fn_index=1, event_id="e")),
    ],
)
def test_a_session_hash_is_of_the_visitor_who_used_it_first(
    gate: Gate, path: str, query: str, body: str | None
) -> None:
    assert call(gate, path, query, body).status == 200
    assert call(gate, path, query, body, cookie=BOB).status == 403
    assert call(gate, path, query, body, cookie=None).status == 403
    reply = call(gate, path, query, body)
    assert (reply.status, reply.body) == (200, (body or "inside").encode())


@pytest.mark.parametrize(
    ("path", "query", "body"),
    [
        (DATA, "session_hash=two&session_hash=one", None),
        (DATA, "session_hash=one&session_hash=two", None),
        (DATA, "session_hash=%6Fne", None),
        (DATA, "session_hash=two&session%5Fhash=one", None),
        (DATA, "session_hash=two", said(session_hash="one")),
        (JOIN, "session_hash=one", said(session_hash="two")),
        (JOIN, "session_hash=two", said(session_hash="one")),
        (JOIN, "", '{"data": [], "session_hash": "two", "session_hash": "one"}'),
        (JOIN, "", '{"data": [], "session\\u005fhash": "one"}'),
        (JOIN, "", json.dumps({"session_hash": "one"}).encode("utf-16")),
        (JOIN, "session_hash=two", b"\xef\xbb\xbf" + said(session_hash="one").encode()),
        (f"{HEARTBEAT}/one", "session_hash=two", None),
        (f"{HEARTBEAT}/two", "session_hash=one", None),
        (f"{HEARTBEAT}/two/../one", "", None),
        ("/gradio_api/heartbeat/%6Fne", "", None),
    ],
)
def test_no_request_reaches_another_visitors_session_beside_ones_own(
    gate: Gate, path: str, query: str, body: bytes | str | None
) -> None:
    assert call(gate, DATA, "session_hash=one").status == 200
    assert call(gate, DATA, "session_hash=two", cookie=BOB).status == 200
    assert call(gate, path, query, body, cookie=BOB).status in (403, 404)


@pytest.mark.parametrize(
    "body",
    ["", "{", "[]", '"one"', "null", "1", '["session_hash"]', '{"session_hash": 1}', '{"session_hash": null}',
     '{"session_hash": ["one"]}', "[" * 100_000, '{"a":' * 100_000, b"\xff\xfe\x00", "9" * 5_000],
    ids=lambda body: repr(body[:16]),
)  # fmt: skip
def test_a_body_that_names_no_session_is_refused(gate: Gate, body: bytes | str) -> None:
    assert call(gate, JOIN, body=body).status == 403


# -- addresses ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    ["/gradio_api/file=/etc/passwd", "/gradio_api/file/x", "/gradio_api/proxy=http://x", "/gradio_api/deep_link",
     "/monitoring", "/gradio_api/info", "/gradio_api/call/x/y", "/gradio_api/component_server", "/gradio_api/stream/x",
     "/file=/etc/passwd", "/robots.txt", "/openapi.json", "/static/a\nb", "//", "/gradio_api//queue/join",
     "/gradio_api/run/other", "/config/../gradio_api/info"],
)  # fmt: skip
def test_other_addresses_do_not_exist(gate: Gate, path: str) -> None:
    for method in ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"):
        reply = call(gate, path, "session_hash=one", method=method)
        assert (reply.status, reply.body) == (404, b"not found\n")


def test_no_address_of_gradios_gives_a_stranger_more_than_the_page(tmp_path: Path) -> None:
    """Whatever Gradio has a route for, now or after an update: without a cookie there is the page, and no more."""
    replies = asked_by_a_stranger(tmp_path)
    assert {"/", JOIN, DATA, "/gradio_api/upload", "/gradio_api/file={path_or_url:path}"} <= {
        path for path, *_ in replies
    }
    open_to_all = re.compile(
        r"/(config/?|theme\.css|favicon\.ico|manifest\.json|logout|(svelte|static|assets)/.*|login/?|files/.*|"
        r"gradio_api/(user|login_check|app_id|startup-events)/?)?"
    )
    for path, method, status, headers in replies:
        if path in ("/api/v1", "/v1", "/mcp"):  # for programs: tests/surfaces/http
            continue
        assert status in (403, 404, 405) or open_to_all.fullmatch(path), (method, path, status)
        assert headers["x-content-type-options"] == "nosniff"


# -- other sites, other names, too much --------------------------------------------------------------------


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "", "[", "[::1", "127.0.0.1.nip.io:7860", "."]
)
def test_the_server_has_no_other_names(gate: Gate, host: str) -> None:
    assert call(gate, "/", host=host).status == 421


def test_the_server_has_any_name_where_it_is_open_to_other_machines() -> None:
    assert call(Gate(inner), "/", host="papers.example").status == 200


@pytest.mark.parametrize(
    "headers",
    [{"origin": "https://evil.example"}, {"origin": "null"}, {"origin": ""}, {"origin": "http://localhost:3000"},
     {"origin": "http://["}, {"sec_fetch_site": "cross-site"}, {"sec_fetch_site": "same-site"}],
)  # fmt: skip
def test_a_page_of_another_site_makes_this_one_do_nothing(gate: Gate, headers: dict[str, str]) -> None:
    for path in (JOIN, PREDICT, "/gradio_api/upload", "/login"):
        assert call(gate, path, body=said(session_hash="one"), **headers).status == 403
    assert call(gate, "/logout", **headers).status == 403
    assert call(gate, "/", **headers).status == 200  # a link to the page may be followed
    ours = {"origin": f"http://{HOST}", "sec_fetch_site": "same-origin"}
    assert call(gate, JOIN, body=said(session_hash="one"), **ours).status == 200


def test_too_much_is_refused(gate: Gate) -> None:
    enough, too_much = said(session_hash="one", more="x" * 4_000_000), said(session_hash="one", more="x" * 6_000_000)
    assert call(gate, JOIN, body=enough).status == 200
    assert call(gate, JOIN, body=too_much).status == 413
    assert call(gate, JOIN, body=too_much, content_length="10").status == 413  # whatever it says of itself
    assert call(gate, "/login", body="", content_length="6000000").status == 413
    assert call(gate, "/gradio_api/upload", body="", content_length="6000000").status == 200
    assert call(gate, "/gradio_api/upload", body="", content_length=str(MOST_UPLOADED + 1)).status == 413
    assert call(gate, "/gradio_api/upload", body="", cookie=None).status == 403
    for none in ("\xb2", "-1", "9" * 5_000, "1e3", ""):
        assert call(gate, JOIN, body=said(session_hash="one"), content_length=none).status == 413
    assert call(gate, "/gradio_api/upload", body="", transfer_encoding="chunked").status == 411


def test_websockets_are_closed(gate: Gate) -> None:
    sent = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> dict[str, str]:
        return {"type": "websocket.connect"}

    finished(gate({"type": "websocket", "path": JOIN, "headers": []}, receive, send))
    assert [message["type"] for message in sent] == ["websocket.close"]


def test_security_headers(gate: Gate) -> None:
    headers = call(gate, "/").headers
    policy = headers["content-security-policy"]
    for part in ("default-src 'self'", "connect-src 'self'", "object-src 'none'", "frame-ancestors 'none'"):
        assert part in policy
    assert "http" not in policy
    assert (headers["x-content-type-options"], headers["referrer-policy"]) == ("nosniff", "no-referrer")
