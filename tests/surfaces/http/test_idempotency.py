"""A write that is repeated under its key is done once."""

from __future__ import annotations

import threading

import httpx
from tests.surfaces.http.conftest import fill, served

from citeworthy.records import Paper


def sessions(api: httpx.Client) -> int:
    return len(api.get("/sessions").json()["items"])


def test_the_same_request_is_done_once(api: httpx.Client) -> None:
    headers = {"idempotency-key": "k1"}
    first = api.post("/sessions", json={"title": "one"}, headers=headers)
    again = api.post("/sessions", json={"title": "one"}, headers=headers)
    assert (again.status_code, again.json()) == (first.status_code, first.json())
    assert again.headers["location"] == first.headers["location"]
    assert again.headers["idempotent-replayed"] == "true"
    assert sessions(api) == 1


def test_another_request_under_the_key_is_refused(api: httpx.Client) -> None:
    headers = {"idempotency-key": "k1"}
    api.post("/sessions", json={"title": "one"}, headers=headers)
    for reply in (
        api.post("/sessions", json={"title": "two"}, headers=headers),
        api.post("/papers/restore", json={"keys": ["x"]}, headers=headers),
    ):
        assert (reply.status_code, "another request" in reply.json()["detail"]) == (422, True)
    assert sessions(api) == 1


def test_a_repeated_upload_is_one_job(api: httpx.Client) -> None:
    file = b"@misc{a, title={Of A}}"
    jobs = {
        api.post("/papers/upload", files={"files": ("a.bib", file)}, headers={"idempotency-key": "up"}).json()["id"]
        for _ in range(2)  # each time under another boundary
    }
    assert len(jobs) == 1
    changed = api.post("/papers/upload", files={"files": ("a.bib", file + b" ")}, headers={"idempotency-key": "up"})
    assert changed.status_code == 422


def test_at_the_same_moment_one_is_done_and_the_other_waits_or_is_told(api: httpx.Client) -> None:
    statuses: list[int] = []

    def write() -> None:
        reply = api.post("/sessions", json={"title": "at once"}, headers={"idempotency-key": "race"})
        statuses.append(reply.status_code)

    threads = [threading.Thread(target=write) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(statuses) <= {201, 409}
    assert 201 in statuses
    assert sessions(api) == 1


def test_what_failed_for_the_moment_may_be_tried_again(api: httpx.Client) -> None:
    headers = {"idempotency-key": "busy"}
    wrong = api.post("/sessions", json={"title": 5}, headers=headers)
    assert wrong.status_code == 422
    assert api.post("/sessions", json={"title": 5}, headers=headers).headers["idempotent-replayed"] == "true"
    assert api.post("/sessions", json={"title": "x"}, headers={"idempotency-key": "a\tb"}).status_code == 400


def test_it_outlives_a_restart(tmp_path, papers: list[Paper]) -> None:
    settings = fill(tmp_path / "home", papers)
    made = []
    for _ in range(2):
        with served(settings) as address:
            reply = httpx.post(
                f"{address}/api/v1/sessions", json={"title": "one"}, headers={"idempotency-key": "later"}
            )
            made.append(reply.json()["id"])
    assert made[0] == made[1]
