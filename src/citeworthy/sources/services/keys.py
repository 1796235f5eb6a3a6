"""Keys of services: they go out with a call to the service itself, and are written down nowhere."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import SecretStr

_IN_ADDRESS = re.compile(r"(?<=api_key=)[^&\s]+")


@dataclass(frozen=True, slots=True)
class Keys:
    """Secrets that go out with a request: as headers, or as parameters where a service knows no header."""

    headers: Mapping[str, SecretStr] = field(default_factory=dict)
    parameters: Mapping[str, SecretStr] = field(default_factory=dict)


def revealed(keys: Mapping[str, SecretStr]) -> dict[str, str]:
    """As they are sent."""
    return {name: key.get_secret_value() for name, key in keys.items()}


def given(name: str, key: SecretStr | None) -> dict[str, SecretStr]:
    """The key under its name, where there is one."""
    return {name: key} if key is not None and key.get_secret_value() else {}


def hide_keys(record: logging.LogRecord) -> bool:
    """A logging filter: httpx logs the address of every call, and a key must not stand in it."""
    if isinstance(record.args, tuple):
        record.args = tuple(
            _IN_ADDRESS.sub("…", str(value)) if "api_key=" in str(value) else value for value in record.args
        )
    return True


logging.getLogger("httpx").addFilter(hide_keys)
