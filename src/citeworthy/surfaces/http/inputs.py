"""What clients send, as OpenAPI describes it. A field that nobody knows is an error, not silently without effect."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from citeworthy.records import Filters
from citeworthy.surfaces.pasted_draft import DraftKind
from citeworthy.surfaces.serving.tokens import Scope

LONGEST = 4_000  # characters of a question
Text = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST, pattern=r"\S")]
Name = Annotated[str, StringConstraints(min_length=1, max_length=300, pattern=r"\S")]
Year = Annotated[int, Field(ge=1000, le=9999)]
FormatName = Literal["md", "latex", "bib", "docx", "html"]


class Given(BaseModel):
    """What all have in common."""

    model_config = ConfigDict(extra="forbid")


class FilterFields(Given):
    """Conditions that every paper must meet; years are inclusive, names match as they do on the command line."""

    year_from: Year | None = None
    year_to: Year | None = None
    authors: list[Name] = Field(default=[], max_length=50)
    venues: list[Name] = Field(default=[], max_length=50)
    keys: list[Name] = Field(default=[], max_length=1_000)
    sources: list[Name] = Field(default=[], max_length=50)

    def filters(self) -> Filters:
        """As the library knows them."""
        lists = (self.authors, self.venues, self.keys, self.sources)
        return Filters(self.year_from, self.year_to, *map(tuple, lists))


class Question(Given):
    """A question, as a person would ask it."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"question": "By what factor does HybridFlow raise RLHF throughput?"}]},
    )

    question: Text
    filters: FilterFields | None = Field(None, description="Beside those that the question states in words.")
    history: list[Text] = Field(
        default=[], max_length=20, description="Earlier questions of the conversation, the first first."
    )
    session: Name | None = Field(
        None, description="A conversation of yours that this question continues, and that its answer is kept in."
    )
    model: Name | None = Field(None, description="Language model that writes the answer; “none”: quotations.")
    as_written: bool = Field(False, description="Take the question as it stands, whatever was said before.")
    only_these_filters: bool = Field(False, description="Read no filters from the words of the question.")


class Search(Given):
    """What to look for; may state filters in words."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"query": "offline RL since 2023", "k": 5}]}
    )

    query: Text
    k: int = Field(10, ge=1, le=100, description="How many papers at most.")
    filters: FilterFields | None = None


class Sentence(Given):
    """A sentence to check against abstracts."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"sentence": "HybridFlow raises RLHF throughput by up to 20.57x."}]},
    )

    sentence: Annotated[str, StringConstraints(min_length=1, max_length=2_000, pattern=r"\S")]
    keys: list[Name] = Field(default=[], max_length=20, description="Papers that it is to cite; empty: the best found.")


class RelatedWork(Given):
    """A topic, papers, or both."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"topic": "offline RL", "most": 12}]})

    topic: str = Field(
        "",
        max_length=1_000,
        description="What the section is about; may state filters in words, and at its end what it leaves out.",
    )
    keys: list[Name] = Field(default=[], max_length=200, description="These papers, and no others.")
    most: int = Field(20, ge=1, le=50, description="At most so many papers.")
    filters: FilterFields | None = None
    model: Name | None = None


class Comparison(Given):
    """Papers, or a topic whose papers are compared."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"topic": "state space models", "columns": ["method", "data", "result"]}]},
    )

    keys: list[Name] = Field(default=[], max_length=200)
    topic: str = Field("", max_length=1_000)
    columns: list[Name] | None = Field(
        None, min_length=1, max_length=20, description="In your words; null: what the abstracts report."
    )
    model: Name | None = None


class Draft(Given):
    """A manuscript as text."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"draft": "Throughput rises up to 20.57x [@sheng2024hybridflow]."}]},
    )

    draft: Annotated[str, StringConstraints(min_length=1, max_length=200_000, pattern=r"\S")]
    kind: DraftKind = Field("auto", description="How it cites; auto: found out by its content.")
    bibliography: str = Field("", max_length=1_000_000, description="Its .bib file (RIS, CSL-JSON, …), as text.")
    model: Name | None = Field(
        None, description="A language model that reads each citing sentence too; without it none is asked."
    )


class Locations(Given):
    """Papers to fetch from services."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"locations": ["arxiv:2409.19256"]}]})

    locations: list[Name] = Field(
        min_length=1, max_length=200, description="arxiv:…, doi:…, pubmed:… and the like; never a path or an address."
    )


class Keys(Given):
    """Papers by their citation keys."""

    keys: list[Name] = Field(min_length=1, max_length=1_000)


class Tags(Given):
    """Tags to give to a paper and to take from it."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"add": ["to read"], "remove": []}]})

    add: list[Name] = Field(default=[], max_length=50)
    remove: list[Name] = Field(default=[], max_length=50)


class Title(Given):
    """A title of a conversation; empty: made from its first question."""

    title: str = Field("", max_length=200)


class Rating(Given):
    """What a reader thinks of an answer: good, bad, neither."""

    rating: Literal[-1, 0, 1]
    comment: str = Field("", max_length=2_000)


class Evaluation(Given):
    """What is to be measured."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"limit": 20, "peers": False}]})

    suite: Literal["sample"] = Field("sample", description="The bundled questions over the bundled papers.")
    split: Literal["dev", "test"] = "test"
    limit: int | None = Field(None, ge=1, le=10_000, description="The first questions only.")
    peers: bool = Field(False, description="BM25, dense retrieval, rank fusion and LlamaIndex beside it.")


class NewToken(Given):
    """A token to be made."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=r"\S")]
    scope: Scope = Scope.READ
    days: float | None = Field(None, gt=0, le=36_500, description="Null: until it is revoked.")
