"""Time limits, retries, cancelling, thoughts, the cache and its size, what a call cost."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from citeworthy.errors import LibraryError, ModelError, UserError
from citeworthy.library import schema
from citeworthy.library.replies import ReplyCache
from citeworthy.library.store import Library
from citeworthy.models.calling import Caller, Price
from citeworthy.models.chat import ChatRequest, FakeChat, Reply, Traits, Usage
from citeworthy.records import Paper

ASKED = ChatRequest.of("question")


def failing(times: int, error: Exception) -> FakeChat:
    tries: list[int] = []

    def reply(_: str) -> str:
        tries.append(1)
        if len(tries) <= times:
            raise error
        return f"after {len(tries)}"

    return FakeChat(reply)


def test_a_failure_that_may_pass_is_tried_again() -> None:
    assert Caller(failing(2, ModelError("x", retryable=True, retry_after_s=0.01))).complete(ASKED).text == "after 3"


@pytest.mark.parametrize("error", [ModelError("no"), UserError("no key")])
def test_a_failure_that_will_not_pass_is_not(error: Exception) -> None:
    with pytest.raises(type(error)):
        Caller(failing(1, error)).complete(ASKED)


def test_a_bug_in_a_model_is_an_error_with_a_name() -> None:
    with pytest.raises(ModelError, match="fake failed: ZeroDivisionError"):
        Caller(failing(9, ZeroDivisionError("secret"))).complete(ASKED)


def test_nothing_is_tried_again_once_text_has_come() -> None:
    calls: list[int] = []

    def reply(_: str) -> Iterator[str]:
        calls.append(1)
        yield "begun "
        raise ModelError("broke off", retryable=True)

    call = Caller(FakeChat(reply)).stream(ASKED)
    with pytest.raises(ModelError):
        list(call)
    assert (call.reply.text, len(calls)) == ("begun ", 1)
    assert call.reply.usage.completion > 0


def test_a_model_that_hangs_is_left_at_the_limit() -> None:
    release = threading.Event()

    def reply(_: str) -> Iterator[str]:
        yield "a"
        release.wait(20)

    started = time.monotonic()
    with pytest.raises(ModelError, match=r"within 0\.3 s"):
        Caller(FakeChat(reply), timeout_s=0.3).complete(ASKED)
    assert time.monotonic() - started < 15  # it would hang for twenty
    release.set()


def test_stopping_ends_the_call_without_an_error() -> None:
    stop = threading.Event()

    def reply(_: str) -> Iterator[str]:
        while True:
            yield "more "
            time.sleep(0.01)

    pieces = []
    for piece in Caller(FakeChat(reply)).stream(ASKED, stop):
        pieces.append(piece)
        stop.set()
    assert len(pieces) < 5


@pytest.mark.parametrize(
    ("pieces", "text"),
    [
        (["<think>", "let me see", "</think>", "\n\nYes", "."], "Yes."),
        (["<thi", "nk>a</thi", "nk>Yes"], "Yes"),
        (["<", "b", "> is text"], "<b> is text"),
        (["<think>never ends"], ""),
        (["Yes <think>"], "Yes <think>"),
        (["  "], "  "),
    ],
)
def test_thoughts_are_no_answer(pieces: list[str], text: str) -> None:
    assert Caller(FakeChat(lambda _: iter(pieces))).complete(ASKED).text == text


def test_what_a_call_cost() -> None:
    hosted = FakeChat(lambda _: "x" * 40, traits=Traits())
    assert Caller(hosted).complete(ASKED).usage.cost_usd is None  # no price is known
    assert Caller(hosted, price=Price(1e6, 0)).complete(ASKED).usage.cost_usd == pytest.approx(3)
    assert Caller(FakeChat(lambda _: "x")).complete(ASKED).usage.cost_usd == 0
    assert (Usage(1, 1, None) + Usage(1, 1, 2.0)).cost_usd is None


def test_the_cache_knows_model_and_request(tmp_path: Path) -> None:
    library = Library(tmp_path)
    cache = ReplyCache(library.path, 1)
    replies = iter("abcdef")
    one = Caller(FakeChat(lambda _: next(replies), "one"), cache=cache)
    other = Caller(FakeChat(lambda _: next(replies), "other"), cache=cache)
    texts = [
        one.complete(ASKED).text,
        one.complete(ASKED).text,
        other.complete(ASKED).text,
        one.complete(ChatRequest.of("question", 9)).text,
    ]
    assert texts == ["a", "a", "b", "c"]
    again = one.complete(ASKED)
    assert (again.cached, again.usage) == (True, Usage())
    assert cache.clear() == 3
    assert one.complete(ASKED).text == "d"


def test_a_reply_that_was_cut_off_is_not_kept(tmp_path: Path) -> None:
    cache = ReplyCache(Library(tmp_path).path, 1)
    stop = threading.Event()

    def reply(_: str) -> Iterator[str]:
        yield "half"
        stop.set()
        yield "never"

    caller = Caller(FakeChat(reply), cache=cache)
    list(caller.stream(ASKED, stop))
    assert cache.get(caller.digest(ASKED)) is None


def test_the_cache_keeps_to_its_size_and_drops_the_oldest(tmp_path: Path) -> None:
    cache = ReplyCache(Library(tmp_path).path, 0.001)  # 1,000 bytes
    for name in "abc":
        cache.put(name, Reply(name * 400))
        time.sleep(0.002)
        if name == "b":
            assert cache.get("a") is not None  # used again: now "b" is the oldest
            time.sleep(0.002)
    assert [name for name in "abc" if cache.get(name)] == ["a", "c"]
    cache.put("big", Reply("x" * 2000))
    assert cache.get("big") is None


def test_a_cache_that_cannot_be_used_is_as_if_empty(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    path.write_bytes(b"not a database, and long enough to be looked at as one" * 30)
    cache = ReplyCache(path, 1)
    cache.put("a", Reply("x"))
    assert cache.get("a") is None
    with pytest.raises(LibraryError):
        cache.clear()


def test_a_library_of_the_first_version_is_brought_up_to_date(tmp_path: Path) -> None:
    old = sqlite3.connect(tmp_path / "library.db")
    old.executescript(schema._CHANGES[1])
    row = ("k", "On O(n)", "It says a thing.", "[]", 2020, "a.jsonl", 0, "onon", "hash", "On mathcal{O}(n)")
    columns = "key, title, abstract, authors, year, source, is_digest, title_fingerprint, content_hash, raw_title"
    old.execute(f"INSERT INTO papers ({columns}) VALUES ({', '.join('?' * len(row))})", row)
    old.execute("PRAGMA user_version = 1")
    old.commit()
    old.close()
    upgraded = Library(tmp_path)
    assert [(key, record.title, record.year) for key, record in upgraded.received()] == [
        ("k", "On mathcal{O}(n)", 2020)
    ]
    assert upgraded.get("k").title == "On O(n)"
    list(upgraded.add([Paper("m", "A title of some paper", "It says a thing.", details=(("volume", "3"),))]))
    assert upgraded.get("m").detail("volume") == "3"
    cache = ReplyCache(upgraded.path, 1)
    cache.put("a", Reply("x"))
    assert cache.get("a") is not None
