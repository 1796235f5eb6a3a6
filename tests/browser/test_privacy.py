"""The page is for nobody else's eyes: what one visitor asks, no other can reach by any address of the app."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from tests.browser.conftest import QUESTION, ask, downloaded, open_tab, serving, visitor
from tests.web_routes import asked_by_a_stranger, filled

from citeworthy.surfaces.serving.accounts import hash_password

ANSWER = "1.53x to 20.57x"
OTHER = "What does DR-PO reset to?"
TABS = ("Ask", "Library", "Related work", "Compare", "Check a draft", "Evaluate", "Models")
DOINGS = ("open", "export", "rename", "delete", "retry", "edit", "rate", "copy", "comment", "as-written", "refilter")
SECRET = "Nobody has read this sentence"


@dataclass(slots=True)
class Ann:
    """A visitor who has asked, and all that others would need to know to reach what she asked."""

    address: str
    page: Any
    cookies: dict[str, str]
    chat: str = ""
    session_hash: str = ""
    events: list[str] = field(default_factory=list)
    exported: str = ""
    uploaded: str = ""

    def is_in(self, text: str) -> bool:
        return any(own in text for own in (QUESTION, ANSWER, self.chat))


@pytest.fixture(scope="module")
def ann(sample_server: str, browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ann]:
    folder = tmp_path_factory.mktemp("ann")
    with visitor(browser, sample_server) as page:
        replies: list[Any] = []

        def keep(reply: Any) -> None:
            replies.append(reply)

        page.on("response", keep)
        page.on("download", keep)
        ask(page, QUESTION)
        page.locator(".cw-sessions summary").click()
        downloaded(page, page.locator(".cw-sessions").get_by_role("button", name="JSON"), folder)
        (folder / "secret.bib").write_text(f"@misc{{a, title = {{{SECRET}}}}}", "utf-8")
        open_tab(page, "Library")
        page.locator("input[type=file]").first.set_input_files(folder / "secret.bib")
        page.get_by_label("secret.bib", exact=True).wait_for()
        known = Ann(sample_server, page, {one["name"]: one["value"] for one in page.context.cookies()})
        (known.chat,) = parse_qs(urlsplit(page.url).query)["chat"]
        for reply in replies:
            where = urlsplit(reply.url)
            if where.path.endswith("/queue/join"):
                known.events.append(reply.json()["event_id"])
                known.session_hash = reply.request.post_data_json["session_hash"]
            elif where.path.endswith("/upload"):
                (known.uploaded,) = reply.json()
            elif where.path.startswith("/files/"):
                known.exported = where.path
        assert known.session_hash
        assert known.events
        assert known.uploaded
        assert known.exported
        yield known


@contextmanager
def client(address: str, *, with_cookie: bool = True) -> Iterator[httpx.Client]:
    """Another visitor, without a browser."""
    with httpx.Client(base_url=address.rstrip("/"), timeout=20) as own:
        if with_cookie:
            own.get("/")
        yield own


def answered(own: httpx.Client, dependency: int, data: list[Any], event_data: Any = None, **query: str) -> str:
    """All that the page of this visitor is told when an event of it is raised."""
    session = secrets.token_hex(6)  # a tab each: when one is closed, Gradio forgets what it was to be told
    body = {"session_hash": session, "fn_index": dependency, "data": data, "event_data": event_data}
    joined = own.post("/gradio_api/queue/join", json=body, params=query)
    if joined.status_code != 200:
        return joined.text
    told = ""
    with own.stream("GET", "/gradio_api/queue/data", params={"session_hash": session}) as stream:
        for line in stream.iter_lines():
            told += f"{line}\n"
            if '"msg":"process_completed"' in line:
                break
    return told


# -- other visitors ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def routes(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    return {path for path, *_ in asked_by_a_stranger(tmp_path_factory.mktemp("routes"))}


@pytest.mark.parametrize("with_cookie", [True, False], ids=["another visitor", "no visitor"])
def test_no_address_gives_another_visitors_words(ann: Ann, routes: set[str], with_cookie: bool) -> None:
    values = {"session_hash": ann.session_hash, "event_id": ann.events[0], "token": "x", "api_name": "predict",
              "path_or_url": ann.uploaded, "path": ann.uploaded}  # fmt: skip
    body = {"session_hash": ann.session_hash, "event_id": ann.events[0], "fn_index": 0, "data": [ann.chat]}
    query = {"session_hash": ann.session_hash, "chat": ann.chat, "event_id": ann.events[0]}
    paths = {filled(path, values) for path in routes}
    assert f"/gradio_api/heartbeat/{ann.session_hash}" in paths
    for path in sorted(paths - {"/login", "/login/", "/logout"}):
        for event in ann.events[:1] if "event" not in path else ann.events:
            with client(ann.address, with_cookie=with_cookie) as other:
                for reply in (
                    other.get(path.replace(ann.events[0], event), params=query),
                    other.post(path.replace(ann.events[0], event), params=query, json=body | {"event_id": event}),
                ):
                    assert not ann.is_in(reply.text), (reply.request.method, path)
                    assert reply.status_code != 500
                    if "session" in str(path) or "queue" in path:
                        assert reply.status_code in (403, 404)


@pytest.mark.parametrize("with_cookie", [True, False], ids=["another visitor", "no visitor"])
def test_no_event_is_raised_in_another_visitors_session(ann: Ann, with_cookie: bool) -> None:
    with client(ann.address, with_cookie=with_cookie) as other:
        dependencies = other.get("/config").json()["dependencies"]
        assert len(dependencies) > 30
        for one in dependencies:
            for path in ("queue/join", "run/predict"):
                body = {"session_hash": ann.session_hash, "fn_index": one["id"], "data": [None] * len(one["inputs"])}
                assert other.post(f"/gradio_api/{path}", json=body).status_code == 403
                mixed = other.post(f"/gradio_api/{path}", json=body, params={"session_hash": "another"})
                assert mixed.status_code == 403


def test_an_event_of_ones_own_that_names_anothers_conversation_is_told_that_there_is_none(ann: Ann) -> None:
    with client(ann.address) as ben:
        config = ben.get("/config").json()
        parts = {part["id"]: part for part in config["components"]}
        (chat,) = (key for key, part in parts.items() if part["props"].get("elem_id") == "cw-chat-id")
        values = {key: part["props"].get("value") for key, part in parts.items()}
        values |= {key: "what?" for key, part in parts.items() if part["props"].get("label") == "Your question"}
        values[chat] = ann.chat
        refused = set()
        for one in config["dependencies"]:
            if not (one["backend_fn"] and one["queue"] and chat in one["inputs"] + one["outputs"]):
                continue
            data = [values[key] for key in one["inputs"]]
            is_pressed = any(event == "click" and parts[key]["type"] == "html" for key, event in one["targets"])
            for do in DOINGS if is_pressed else ("",):
                about = {"do": do, "chat": ann.chat, "turn": "0", "format": "md", "value": "taken", "rating": "1"}
                told = answered(ben, one["id"], data, about, chat=ann.chat)
                assert not ann.is_in(told), (one["targets"], do)
                if "there is no such conversation" in told:
                    refused.add((one["id"], do))
        assert len({dependency for dependency, _ in refused}) >= 5  # asking in two ways, pressing, choosing, loading
        assert {do for _, do in refused} >= set(DOINGS)
    ann.page.reload()
    ann.page.locator(".cw-past .cw-turn").wait_for()
    assert ann.page.locator(".cw-sessions .cw-open").inner_text().startswith(QUESTION[:20])


def test_exported_files_are_the_visitors_own(ann: Ann) -> None:
    assert "20.57" in httpx.get(ann.address.rstrip("/") + ann.exported, cookies=ann.cookies).text
    for with_cookie in (True, False):
        with client(ann.address, with_cookie=with_cookie) as other:
            reply = other.get(ann.exported)
            assert (reply.status_code, ann.is_in(reply.text)) == (404, False)


def test_uploaded_files_are_fetched_by_nobody(ann: Ann) -> None:
    assert ann.uploaded.endswith("secret.bib")
    for address in ("/gradio_api/file=", "/gradio_api/file/", "/file=", "/file/", "/gradio_api//file=", "/static/../"):
        for cookies in (ann.cookies, {}):
            reply = httpx.get(f"{ann.address}{address.lstrip('/')}{ann.uploaded}", cookies=cookies)
            assert reply.status_code == 404
            assert SECRET not in reply.text


def test_no_file_of_the_server_is_read(sample_server: str, browser: Any, tmp_path: Path) -> None:
    for ending in ("bib", "tex", "txt"):
        (tmp_path / f"own.{ending}").write_text(
            f"@misc{{own, title = {{{SECRET}}}, abstract = {{{SECRET}.}}}}", "utf-8"
        )
    with visitor(browser, sample_server) as page:
        open_tab(page, "Library")
        page.get_by_label("Or what services have").fill(f"{tmp_path}/own.bib")
        page.get_by_role("button", name="Add", exact=True).click()
        assert "no identifier" in page.get_by_role("alert").inner_text()
        assert page.get_by_text(SECRET).count() == 0
        open_tab(page, "Check a draft")
        named = "".join(f"\\input{{{tmp_path}/own.{ending}}}" for ending in ("tex", "txt", "bib"))
        page.get_by_label("Paste a draft").fill(f"As shown \\cite{{own}}. {named}\\bibliography{{{tmp_path}/own}}")
        page.get_by_label("The pasted text is").click()
        page.get_by_role("option", name="LaTeX").click()
        page.get_by_role("button", name="Check", exact=True).click()
        report = page.frame_locator("iframe[title='Checked draft']").locator("body")
        assert "is not there" in report.inner_text()
        assert SECRET not in report.inner_text()


def test_two_who_ask_at_once_get_each_their_own_answer(sample_server: str, browser: Any) -> None:
    with visitor(browser, sample_server) as one, visitor(browser, sample_server) as two:
        for page, question in ((one, QUESTION), (two, OTHER)):
            page.get_by_label("Your question").fill(question)
        for page in (one, two):
            page.get_by_role("button", name="Ask", exact=True).click()
        for page, words, others in ((one, "20.57", "DR-PO"), (two, "DR-PO", "20.57")):
            page.locator(".cw-past .cw-status").wait_for()
            text = page.locator(".cw-columns:visible").inner_text()
            assert words in text
            assert others not in text
            assert page.locator(".cw-sessions li").count() == 1


# -- other sites -------------------------------------------------------------------------------------------


def test_the_server_is_reached_by_its_own_name_alone(ann: Ann) -> None:
    for host in ("evil.example", "localhost.evil.example:80"):
        reply = httpx.get(ann.address, headers={"host": host}, cookies=ann.cookies)
        assert (reply.status_code, "citeworthy</" in reply.text) == (421, False)


def test_no_tab_asks_another_host_for_anything(sample_server: str, browser: Any) -> None:
    with visitor(browser, sample_server) as page:
        for tab in TABS:
            open_tab(page, tab)
            page.wait_for_timeout(300)
        assert len(page.requested) > 20
        assert [url for url in page.requested if not url.startswith((sample_server, "data:", "blob:"))] == []


# -- login and restart -------------------------------------------------------------------------------------


def test_users_who_log_in_see_their_own_wherever_they_are(browser: Any, make_home: Callable[[], Path]) -> None:
    users = json.dumps({name: hash_password(f"{name}'s password") for name in ("ann", "ben")})
    with serving(make_home(), CITEWORTHY_USERS=users) as address:
        with client(address) as nobody:
            assert nobody.get("/config").status_code == 401
            assert '"auth_required":true' in nobody.get("/").text
            wrong = nobody.post("/login", data={"username": "ann", "password": "ben's password"})
            assert wrong.status_code == 400
            join = {"session_hash": "n", "fn_index": 0, "data": []}
            assert nobody.post("/gradio_api/queue/join", json=join).status_code == 401
            assert nobody.get("/config").status_code == 401
        shared, elsewhere = browser.new_context(), browser.new_context()
        page = logged_in(shared, address, "ann")
        ask(page, QUESTION)
        page.wait_for_url(re.compile("chat="))
        of_ann = page.url
        page.goto(f"{address}logout")
        page = logged_in(shared, address, "ben", of_ann)
        page.get_by_role("alert").filter(has_text="no such conversation").wait_for()
        assert page.locator(".cw-sessions li").count() == 0
        assert ANSWER not in page.content()
        again = logged_in(elsewhere, address, "ann", of_ann)
        again.locator(".cw-past .cw-turn").wait_for()
        assert "20.57" in again.locator(".cw-chat").inner_text()
        assert again.locator(".cw-sessions li").count() == 1
        shared.close()
        elsewhere.close()


def logged_in(context: Any, address: str, name: str, then: str = "") -> Any:
    page = context.new_page()
    page.set_default_timeout(15_000)
    page.goto(address)
    page.get_by_label("username").fill(name)
    page.get_by_label("password").fill(f"{name}'s password")
    page.get_by_role("button", name="Login").click()
    page.get_by_label("Your question").wait_for()
    if then:
        page.goto(then)
        page.get_by_label("Your question").wait_for()
    return page


def test_a_page_goes_on_after_the_server_was_restarted(browser: Any, make_home: Callable[[], Path]) -> None:
    home = make_home()
    with serving(home) as address:
        context = browser.new_context()
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.goto(address)
        page.get_by_label("Your question").wait_for()
        ask(page, QUESTION)
    with serving(home, port=int(urlsplit(address).port or 0)):
        ask(page, "does it need one controller?", turn=1)
        assert "HybridFlow" in page.locator(".cw-read").inner_text()
        page.reload()
        page.locator(".cw-past .cw-turn").nth(1).wait_for()
        assert page.locator(".cw-sessions li").count() == 1
        context.close()
