"""`citeworthy serve`: beyond this machine it starts only with users who log in, or when that is said to be meant."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from citeworthy.errors import UserError
from citeworthy.surfaces.cli.main import app


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5"])
def test_nobody_serves_everyone_by_mistake(host: str, tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["--home", str(tmp_path / "home"), "serve", "--host", host])
    assert result.exit_code != 0
    assert isinstance(result.exception, UserError)
    for word in (host, "CITEWORTHY_USERS", "citeworthy password", "--open"):
        assert word in str(result.exception)
