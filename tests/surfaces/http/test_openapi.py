"""The OpenAPI document is true: replies are as it says, to requests as it allows and others."""

from __future__ import annotations

import httpx
import pytest
from pydantic import BaseModel
from tests.fuzz.api import run

from citeworthy.surfaces.http import inputs


@pytest.mark.slow
def test_replies_are_as_documented() -> None:
    """A few of the requests of `make fuzz`."""
    done = run(cases=250, phases="examples,fuzzing,stateful")
    assert done.returncode == 0, done.stdout + done.stderr


def test_examples_are_valid(api: httpx.Client) -> None:
    schemas = api.get("/openapi.json").json()["components"]["schemas"]
    examples = {name: schema["examples"] for name, schema in schemas.items() if "examples" in schema}
    assert "Question" in examples
    for name, given in examples.items():
        model: type[BaseModel] = getattr(inputs, name.removesuffix("-Input"))
        for example in given:
            model.model_validate(example)


def test_who_may_come_in_and_how_errors_look_is_documented(api: httpx.Client) -> None:
    document = api.get("/openapi.json").json()
    assert document["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    assert document["paths"]["/health"]["get"]["security"] == []
    for operations in document["paths"].values():
        for operation in operations.values():
            assert set(operation["responses"]["404"]["content"]) == {"application/problem+json"}
            assert "security" in operation


def test_a_wrong_method_is_told_all_right_ones(api: httpx.Client) -> None:
    reply = api.request("PATCH", "/papers")
    assert reply.status_code == 405
    assert reply.headers["allow"] == "GET, POST"
