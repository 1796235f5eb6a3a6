"""What is asked of a service, and how its failures are told to a user."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlencode

import httpx

from citeworthy.errors import ServiceError
from citeworthy.sources.services.keys import Keys

KEPT = "run the same command again: what was fetched is kept"
LONGEST_WAIT_S = 120.0  # a service that asks for more is not waited for
_AGAIN = frozenset((408, 425, 429, 500, 502, 503, 504))
_REFUSED = frozenset((401, 403))


@dataclass(frozen=True, slots=True)
class Host:
    """A service's address and manners."""

    name: str  # in the setting `urls`
    title: str
    url: str
    wait_s: float = 0.0  # between two calls
    keys: Keys = field(default_factory=Keys)
    headers: Mapping[str, str] = field(default_factory=dict)
    polite: Mapping[str, str] = field(default_factory=dict)  # parameters that say who asks
    refused: str = ""  # what to do when it lets nobody in
    unreachable: str = "Check the connection"
    kept_s: float | None = None  # how long its pages are used again; None: as the settings say


@dataclass(frozen=True, slots=True)
class Call:
    """One request: GET, or POST where there is something to send."""

    host: Host
    path: str
    parameters: Mapping[str, str] = field(default_factory=dict)
    send: Any = None  # as JSON
    is_single: bool = False  # about works named by identifier, not a search

    def address(self, base: str) -> str:
        """What the page is known by in the cache; without keys and without who asked."""
        query = urlencode(sorted(self.parameters.items()))
        address = f"{base}{self.path}?{query}"
        if self.send is None:
            return address
        sent = json.dumps(self.send, sort_keys=True).encode()
        return f"{address}#{hashlib.sha256(sent).hexdigest()}"


_NO_NAME = ("name resolution", "not known", "nodename nor servname", "getaddrinfo failed")


def not_reached(host: Host, error: Exception) -> ServiceError:
    """The connection could not be made or broke off."""
    if isinstance(error, httpx.TimeoutException):
        return ServiceError(f"{host.title} did not answer in time. Try later: {KEPT}", retryable=True)
    reason = str(error).rpartition("] ")[2] or type(error).__name__
    offline = any(sign in reason for sign in _NO_NAME)  # then another try a second later is no use
    return ServiceError(
        f"{host.title} cannot be reached ({reason}). {host.unreachable} and {KEPT}", retryable=not offline
    )


def refused(host: Host, response: httpx.Response) -> ServiceError:
    """The service answered with something other than success.

    What it says itself is left out: some repeat the request there, key and all.
    """
    status, wait = response.status_code, retry_after(response.headers.get("Retry-After"))
    if wait is not None and wait > LONGEST_WAIT_S:
        text = f"{host.title} asks to wait {wait / 60:.0f} minutes. Wait, then {KEPT}"
        return ServiceError(text, status=status, retry_after_s=wait)
    if status == 429:
        text = f"{host.title} says it is asked too often. Wait some minutes{_or(host.refused)}, then {KEPT}"
    elif status in _REFUSED:
        text = f"{host.title} refused the request (HTTP {status}){_or(host.refused, ': ')}"
    elif status in _AGAIN:
        text = f"{host.title} has a problem of its own (HTTP {status}). Try later: {KEPT}"
    elif status == 404:
        text = f"{host.title} has no such record"
    else:
        text = f"{host.title} did not accept the request (HTTP {status}); check how it is written"
    return ServiceError(text, retryable=status in _AGAIN, status=status, retry_after_s=wait)


def unusable(host: Host, why: str) -> ServiceError:
    """The service answered with something else than it should; often a page that says it is down."""
    return ServiceError(f"{host.title} answered with something unexpected ({why}). Try later: {KEPT}", retryable=True)


def retry_after(header: str | None) -> float | None:
    """Seconds to wait from "120" or from a date; None where the header says nothing."""
    if not header:
        return None
    if header.strip().isdigit():
        return float(header)
    try:
        then = parsedate_to_datetime(header)
    except ValueError:
        return None
    return max(0.0, (then.astimezone(UTC) - datetime.now(UTC)).total_seconds())


def _or(advice: str, before: str = " or ") -> str:
    return f"{before}{advice}" if advice else ""
