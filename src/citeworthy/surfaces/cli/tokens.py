"""`citeworthy token`: who may call the API of `citeworthy serve`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from citeworthy.surfaces.cli.common import AsJson, note, print_json, settings

if TYPE_CHECKING:
    from citeworthy.surfaces.serving.tokens import Token

app = typer.Typer(help="Make, list and revoke the tokens by which programs call `citeworthy serve`.")


@app.command()
def create(
    name: Annotated[str, typer.Argument(help="Whose it is, by which it is told from others.")],
    scope: Annotated[
        Literal["read", "write", "admin"],
        typer.Option(help="read: ask and search; write: also change the library; admin: also make tokens."),
    ] = "read",
    days: Annotated[float | None, typer.Option(help="How long it is good; without it until it is revoked.")] = None,
) -> None:
    """Make a token and print it, this once: only a hash of it is kept. Once there is one, every program needs one."""
    from citeworthy.surfaces.serving.tokens import Scope, Tokens

    token, secret = Tokens(settings().home).create(name, Scope(scope), days)
    print(secret)
    note(f"{token.name} ({token.id}) may {token.scope.value}; send it as: Authorization: Bearer {secret[:5]}…")


@app.command("list")
def list_tokens(as_json: AsJson = False) -> None:
    """Show which tokens there are; their secrets are nowhere."""
    from citeworthy.surfaces.serving.tokens import Tokens, without_digest

    known = Tokens(settings().home).all()
    if as_json:
        print_json([without_digest(token) for token in known])
        return
    for token in known:
        print(f"{token.id}  {token.scope.value:5}  {_until(token):24}  {token.name}")
    if not known:
        note("there are none: on this machine every program may call, and from elsewhere none")


@app.command()
def revoke(token: Annotated[str, typer.Argument(help="Its id, as `citeworthy token list` shows it.")]) -> None:
    """Forget a token: whoever uses it is turned away from now on."""
    from citeworthy.surfaces.serving.tokens import Tokens

    gone = Tokens(settings().home).revoke(token)
    note(f"{gone.name} ({gone.id}) is revoked")


def _until(token: Token) -> str:
    if token.expires is None:
        return "until it is revoked"
    day = datetime.fromtimestamp(token.expires, UTC).date().isoformat()
    return f"expired {day}" if token.has_expired else f"until {day}"
