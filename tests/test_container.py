"""The container's files agree with the project, and with what Docker and Compose understand. No engine is needed."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import BaseModel

from citeworthy.settings import Settings

TOP = Path(__file__).parents[1]
FOLDER = TOP / "docs" / "container"
NOT_OURS = {"HF_HOME", "PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED"}


def tool(name: str) -> str:
    """Of the development tools; the test is skipped where it is not installed."""
    path = Path(sys.executable).with_name(name)
    if not path.exists():
        pytest.skip(f"needs {name}, of the extra dev")
    return str(path)


def faults(*command: str) -> str:
    """What a linter says; "" where it finds nothing."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else done.stdout + done.stderr or f"exit status {done.returncode}"


def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((FOLDER / "compose.yaml").read_text())
    return loaded


def test_the_dockerfile_is_clean() -> None:
    assert faults(tool("hadolint"), str(FOLDER / "Dockerfile")) == ""


def test_compose_is_what_its_specification_says() -> None:
    schema = ("--builtin-schema", "vendor.compose-spec")
    assert faults(tool("check-jsonschema"), *schema, str(FOLDER / "compose.yaml")) == ""


def test_what_is_copied_is_there_and_is_all_that_is_sent() -> None:
    copied = re.findall(r"^COPY (?!--)(.+) \S+$", (FOLDER / "Dockerfile").read_text(), re.MULTILINE)
    sources = {source for line in copied for source in line.split()}
    ignored = (TOP / ".dockerignore").read_text().splitlines()
    assert "*" in ignored
    assert {line[1:] for line in ignored if line.startswith("!")} == sources
    assert all((TOP / source).exists() for source in sources)
    # All that the wheel is built from.
    project = (TOP / "pyproject.toml").read_text()
    for source in re.findall(r'^"([^"]+)" = "citeworthy/', project, re.MULTILINE):
        assert source in sources


def settings_named(model: type[BaseModel], prefix: str) -> set[str]:
    names = set()
    for name, field in model.model_fields.items():
        inner = field.annotation
        is_group = isinstance(inner, type) and issubclass(inner, BaseModel)
        names |= settings_named(inner, f"{prefix}{name.upper()}__") if is_group else {f"{prefix}{name.upper()}"}
    return names


def test_settings_that_are_set_exist_and_no_secret_is_baked_in() -> None:
    known = settings_named(Settings, "CITEWORTHY_")
    assert "CITEWORTHY_CHAT__API_KEY" in known
    in_image = dict(re.findall(r"([A-Z_]{3,})=(\S+)", (FOLDER / "Dockerfile").read_text()))
    environment = compose()["services"]["app"]["environment"]
    assert set(in_image) - NOT_OURS - {"EXTRAS"} <= known
    assert set(environment) <= known
    secret = {name for name in known if re.search("KEY|USERS", name)}
    assert not secret & set(in_image)
    assert all(environment[name] is None for name in secret & set(environment))  # as they are outside


def test_nothing_runs_with_more_than_it_needs() -> None:
    dockerfile = (FOLDER / "Dockerfile").read_text()
    assert re.findall(r"^USER (.+)$", dockerfile, re.MULTILINE)[-1] == "10001:10001"
    assert "--open" not in re.findall(r"^CMD (.+)$", dockerfile, re.MULTILINE)[-1]
    services = compose()["services"]
    for service in services.values():
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert {"cpus", "memory"} <= set(service["deploy"]["resources"]["limits"])
    assert services["app"]["read_only"] is True
    assert all(port.startswith("127.0.0.1:") for port in services["app"]["ports"])
    assert "ports" not in services["chroma"]
    assert services["chroma"]["networks"] == ["vectors"]
    assert compose()["networks"]["vectors"]["internal"] is True
