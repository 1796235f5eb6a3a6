"""Sends the API whatever its OpenAPI document allows, and what it does not, and reports replies that break its word.

    python -m tests.fuzz.api [--cases 10000] [--seed 1]

Schemathesis makes the requests: the document's examples, the borders of each schema, random ones, and chains in which
one reply's ids are the next request's. No reply may be a 5xx, be of a kind or shape that is not documented, accept what
the document forbids or refuse what it allows. A small library with a deterministic encoder is served, and the services
that papers come from are not within reach. Left out is `POST /evaluations`: each runs for minutes, and one at a time.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.parse import urlencode

import httpx
import schemathesis
from tests.surfaces.http.conftest import fill, served

from citeworthy.errors import UnknownTokenError
from citeworthy.records import Paper
from citeworthy.settings import ServerSettings, ServiceSettings
from citeworthy.surfaces.serving.tokens import Scope, Token, Tokens

ROOT = Path(__file__).parents[2]
PAPERS = [
    Paper("", "IL-6 and vitamin D in sepsis", "We measured IL-6 in 120 patients. Vitamin D lowered IL-6 by 30%.",
          authors=("Ada Lovelace",), year=2020, venue="Journal of Sepsis", doi="10.1000/J.1", source="a"),
    Paper("", "S4: structured state spaces", "State space models such as S4 handle long sequences.",
          authors=("Albert Gu",), year=2022, venue="ICLR 2022", source="b"),
]  # fmt: skip
NOWHERE = "http://127.0.0.1:9"  # the port of "discard": nobody listens
SERVICES = ("arxiv", "crossref", "openalex", "s2", "pubmed", "zotero", "zotero-local")
OWN = "the fuzzer"
PHASES = "examples,coverage,fuzzing,stateful"
OPERATIONS = 33  # in the document, without the one left out
CONFIGURATION = """
[checks.positive_data_acceptance]  # 400 says what no schema can: years the wrong way round, neither keys nor topic
expected-statuses = ["2xx", "400", "401", "403", "404", "409", "429"]

[checks.negative_data_rejection]
expected-statuses = ["400", "401", "403", "404", "405", "409", "413", "422", "429"]

[[operations]]
include-operation-id = "upload_papers_upload_post"
checks.negative_data_rejection.enabled = false  # a file of digits is a file, and no number

[auth.openapi.token]
bearer = "{secret}"
"""


@contextmanager
def own_token_stays() -> Iterator[None]:
    """The requests revoke every token that they find; without their own the rest would be refused."""
    revoke = Tokens.revoke

    def spared(tokens: Tokens, token_id: str) -> Token:
        if any(token.id == token_id and token.name == OWN for token in tokens.all()):
            raise UnknownTokenError("this one is the fuzzer's own")
        return revoke(tokens, token_id)

    with patch.object(Tokens, "revoke", spared):
        yield


@schemathesis.hook
def filter_query(_: schemathesis.HookContext, query: dict[str, Any] | None) -> bool:
    """Addresses beyond 64 KiB are refused by the HTTP server before they come to the API."""
    return not isinstance(query, dict) or len(urlencode(query, doseq=True)) < 60_000


def run(cases: int, seed: int = 1, phases: str = PHASES) -> subprocess.CompletedProcess[str]:
    """About so many requests; the exit status is 0 if none of the replies broke the API's word."""
    with tempfile.TemporaryDirectory() as folder:
        settings = fill(Path(folder) / "home", PAPERS).model_copy(
            update={
                "services": ServiceSettings(urls=dict.fromkeys(SERVICES, NOWHERE), retries=0),
                "server": ServerSettings(rate_per_minute=0),
            }
        )
        _, secret = Tokens(settings.home).create(OWN, Scope.ADMIN)
        (Path(folder) / "schemathesis.toml").write_text(CONFIGURATION.format(secret=secret), "utf-8")
        with own_token_stays(), served(settings) as address:
            httpx.get(f"{address}/api/v1/ready").raise_for_status()
            command = [
                str(Path(sys.executable).parent / "schemathesis"), "run", f"{address}/api/v1/openapi.json",
                "--exclude-operation-id", "evaluate_evaluations_post", "--phases", phases,
                "--max-examples", str(max(1, cases // OPERATIONS)), "--seed", str(seed), "--continue-on-failure",
                "--suppress-health-check", "all", "--warnings", "off", "--no-color",
            ]  # fmt: skip
            paths = os.pathsep.join((str(ROOT), str(ROOT / "src")))
            environment = {**os.environ, "PYTHONPATH": paths, "SCHEMATHESIS_HOOKS": __spec__.name, "NO_PROXY": "*"}
            return subprocess.run(command, check=False, capture_output=True, text=True, cwd=folder, env=environment)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--phases", default=PHASES)
    arguments = parser.parse_args()
    done = run(arguments.cases, arguments.seed, arguments.phases)
    print(done.stdout, done.stderr)
    sys.exit(done.returncode)


if __name__ == "__main__":
    main()
