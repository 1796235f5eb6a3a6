"""What the API gives beside the shapes that all surfaces share: pages, conversations, jobs, tokens, problems."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, Field

from citeworthy.records import Paper
from citeworthy.surfaces import shapes
from citeworthy.surfaces.serving.tokens import Scope


class Problem(BaseModel):
    """What went wrong (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[dict[str, Any]] | None = Field(None, description="Fields that make no sense, and why.")


class ListedPaper(shapes.Paper):
    """A paper with its address and your tags."""

    link: str | None
    tags: list[str]


class Papers(BaseModel):
    """A page of papers."""

    items: list[ListedPaper]
    total: int
    offset: int
    limit: int
    next: str | None = Field(description="Address of the next page.")


class Removed(BaseModel):
    """What was removed; for 30 days it can be restored."""

    removed: list[str]


class Restored(BaseModel):
    """What has come back."""

    restored: list[str]


class Session(BaseModel):
    """A conversation; times are seconds since 1970."""

    id: str
    title: str
    created: float
    updated: float
    turns: int


class Turn(BaseModel):
    """A question and its answer as they were."""

    position: int
    question: str
    answer: shapes.Answer
    rating: Literal[-1, 0, 1]
    comment: str
    is_readable: bool = Field(description="False: the stored answer could not be read; a message stands for it.")


class WholeSession(Session):
    """With its turns, the first first."""

    content: list[Turn]


class Sessions(BaseModel):
    """Your conversations, the newest first."""

    items: list[Session]


class Job(BaseModel):
    """Work that goes on by itself; times are seconds since 1970."""

    id: str
    kind: Literal["import", "evaluation"]
    state: Literal["running", "done", "failed", "cancelled", "lost"]
    step: str
    done: int
    total: int
    started: float
    updated: float
    result: dict[str, Any] | None
    error: str


class Jobs(BaseModel):
    """Your jobs, the newest first."""

    items: list[Job]


class Token(BaseModel):
    """What is known of a token; times are seconds since 1970."""

    id: str
    name: str
    scope: Scope
    created: float
    expires: float | None
    has_expired: bool


class NewToken(Token):
    """With the secret, which is shown this once."""

    token: str


class Tokens(BaseModel):
    """All tokens, the oldest first."""

    items: list[Token]


class Health(BaseModel):
    """That it runs, or that it can answer."""

    status: Literal["ok"]


class Version(BaseModel):
    """Which version, of what."""

    name: Literal["citeworthy"]
    version: str
    api: Literal["v1"]


def listed(paper: Paper, tags: tuple[str, ...] = ()) -> ListedPaper:
    """A paper for JSON."""
    own = {name: getattr(paper, name) for name in shapes.Paper.model_fields}
    lists = {"authors": list(paper.authors), "details": [list(pair) for pair in paper.details]}
    return ListedPaper(**{**own, **lists, "link": paper.link, "tags": list(tags)})
