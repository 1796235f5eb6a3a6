"""A setting of the environment that makes no sense is told in one line, without what it was set to."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from citeworthy.errors import UserError
from citeworthy.surfaces.cli.main import app


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("CITEWORTHY_USERS", "", "users"),
        ("CITEWORTHY_USERS", "anna: pw-9f3", "users"),
        ("CITEWORTHY_ANSWER__PAPERS", "many", r"answer\.papers"),
        ("CITEWORTHY_LOG", "loud", "log: Input should be 'off', 'text' or 'json'"),
    ],
)
def test_it_is_named(name: str, value: str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    result = CliRunner().invoke(app, ["papers"])
    assert isinstance(result.exception, UserError)
    with pytest.raises(UserError, match=said) as told:
        raise result.exception
    assert "pw-9f3" not in str(told.value)
