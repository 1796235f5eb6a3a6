"""`citeworthy mcp`: the library for language models that speak the Model Context Protocol."""

from __future__ import annotations

from typing import Annotated

import typer

from citeworthy.surfaces.cli.common import Model, chosen_home, note, settings


def mcp(
    config: Annotated[
        bool, typer.Option("--config", help="Print the entry for a client's configuration, and do nothing else.")
    ] = False,
    model: Model = None,
) -> None:
    """Serve your library to an AI client (MCP) over standard input and output.

    The client starts this itself. Most clients keep a JSON file with an object "mcpServers": `citeworthy mcp --config`
    prints the entry for it. What you set in your environment (CITEWORTHY_..., OPENAI_API_KEY) belongs there too, under
    "env", next to "args".

    Tools: ask, search, get_paper, verify_claim, related_work, check_draft. Papers are resources. Logs go to standard
    error.
    """
    from citeworthy.surfaces.mcp.stdio import client_configuration, serve

    if config:
        print(client_configuration(chosen_home(), model))
        return
    serve(settings(model), note)
