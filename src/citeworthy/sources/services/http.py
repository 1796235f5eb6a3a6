"""The one client of all services: polite in its pace, patient with failures, bounded in what it reads.

A page is asked for once and kept (`cache.py`); a call that fails for the moment is repeated after the time the service
asks for, or after a growing delay. A redirect is followed within the service alone, never to a less secure address.
"""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable
from functools import cached_property
from importlib.metadata import version
from typing import TypeVar

import httpx

from citeworthy.errors import ServiceError, UserError
from citeworthy.settings import ServiceSettings
from citeworthy.sources.services.cache import Page, PageCache
from citeworthy.sources.services.calls import LONGEST_WAIT_S, Call, Host, not_reached, refused, unusable
from citeworthy.sources.services.keys import revealed

_logger = logging.getLogger(__name__)
_FIRST_DELAY_S = 1.0
_REDIRECTS = 3
_WHOLE_RESPONSE = 10  # times the time-out; a service that drips is not waited for for ever
T = TypeVar("T")


class Client:
    """Asks services. `sleep` and `clock` are given by tests."""

    def __init__(
        self,
        settings: ServiceSettings,
        cache: PageCache,
        *,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.settings = settings
        self._cache = cache
        self._sleep = sleep
        self._clock = clock
        self._last_call: dict[str, float] = {}

    @cached_property
    def _http(self) -> httpx.Client:
        """Made when something is asked: it reads the machine's certificates, which takes a moment."""
        contact = f" (mailto:{self.settings.contact})" if self.settings.contact else ""
        agent = f"citeworthy/{version('citeworthy')}{contact}"
        return httpx.Client(headers={"User-Agent": agent}, timeout=self.settings.timeout_s)

    def close(self) -> None:
        if "_http" in vars(self):
            self._http.close()

    def ask(self, call: Call, read: Callable[[Page], T]) -> T:
        """What `read` makes of the page, from the cache or the service; it raises ValueError for a page that is not
        what it should be, which is then asked for again and never kept. Raises ServiceError.
        """
        address, kept_s = call.address(self._base(call.host)), self._kept_s(call)
        if known := self._cache.get(address, kept_s):
            try:
                return read(known)
            except ValueError:
                pass  # kept by a version that understood it otherwise
        page, value = self._patiently(call, read)
        if kept_s:
            self._cache.put(address, page)
        return value

    def _kept_s(self, call: Call) -> float:
        if call.host.kept_s is not None:
            return call.host.kept_s
        return 86_400 * (self.settings.max_age_works_days if call.is_single else self.settings.max_age_days)

    def _patiently(self, call: Call, read: Callable[[Page], T]) -> tuple[Page, T]:
        for attempt in range(self.settings.retries + 1):
            try:
                page = self._send(call)
                return page, _understood(call.host, page, read)
            except ServiceError as error:
                about = {"service": call.host.name, "status": error.status, "attempt": attempt + 1}
                _logger.info("service call failed", extra={**about, "retryable": error.retryable})
                if not error.retryable or attempt == self.settings.retries:
                    raise
                delay = error.retry_after_s
                if delay is None:
                    delay = _FIRST_DELAY_S * 2**attempt * random.uniform(0.5, 1)  # noqa: S311  jitter
                self._sleep(min(delay, LONGEST_WAIT_S))
        raise AssertionError("the last attempt returns or raises")

    def _send(self, call: Call) -> Page:
        host = call.host
        parameters = {**call.parameters, **host.polite, **revealed(host.keys.parameters)}
        headers = {**host.headers, **revealed(host.keys.headers)}
        url = httpx.URL(f"{self._base(host)}{call.path}").copy_merge_params(parameters)
        home = url
        for _ in range(_REDIRECTS + 1):
            self._keep_pace(host)
            request = self._http.build_request(
                "GET" if call.send is None else "POST", url, json=call.send, headers=headers
            )
            try:
                response = self._http.send(request, stream=True, follow_redirects=False)
            except httpx.HTTPError as error:
                raise not_reached(host, error) from error
            try:
                if not response.has_redirect_location:
                    return self._page(host, response)
                url = _redirected(call, home, response)
                headers = headers if url.host == home.host else {}
            finally:
                response.close()
        raise ServiceError(f"{host.title} redirects in a circle")

    def _page(self, host: Host, response: httpx.Response) -> Page:
        if response.status_code != 200:
            raise refused(host, response)
        limit = int(self.settings.max_mb * 1_000_000)
        end = time.monotonic() + _WHOLE_RESPONSE * self.settings.timeout_s
        body = bytearray()
        try:
            for piece in response.iter_bytes():
                body += piece
                if len(body) > limit:
                    raise ServiceError(f"{host.title} sent more than {self.settings.max_mb:g} MB; ask for less (--max)")
                if time.monotonic() > end:
                    raise httpx.ReadTimeout("too slow")
        except httpx.HTTPError as error:
            raise not_reached(host, error) from error
        total = response.headers.get("Total-Results", "")
        return Page(bytes(body), int(total) if total.isdigit() else None)

    def _keep_pace(self, host: Host) -> None:
        """Wait until the service may be called again."""
        last = self._last_call.get(host.name)
        if last is not None and (wait := last + host.wait_s - self._clock()) > 0:
            self._sleep(wait)
        self._last_call[host.name] = self._clock()

    def _base(self, host: Host) -> str:
        base = self.settings.urls.get(host.name, host.url).rstrip("/")
        if not base.startswith(("https://", "http://")):
            raise UserError(f"the address of {host.title} in the setting services.urls is no URL: {base!r}")
        return base


def _understood(host: Host, page: Page, read: Callable[[Page], T]) -> T:
    try:
        return read(page)
    except ValueError as error:
        begin = page.body[:60].decode("utf-8", "replace").split("\n")[0]
        raise unusable(host, f"{begin}…" if begin else "nothing") from error


def _redirected(call: Call, home: httpx.URL, response: httpx.Response) -> httpx.URL:
    """Where to go on; raises ServiceError where that would lead away from the service."""
    try:
        target = response.request.url.join(response.headers["Location"])
    except httpx.InvalidURL as error:
        raise unusable(call.host, "a redirect to no address") from error
    same = (target.scheme, target.host, target.port) == (home.scheme, home.host, home.port)
    secure = target.scheme == "https" and _domain(target.host) == _domain(home.host)
    if call.send is not None or not (same or secure):
        raise ServiceError(f"{call.host.title} redirects to another place ({target.host}), which is not followed")
    return target


def _domain(host: str) -> str:
    """ "arxiv.org" of "export.arxiv.org"; an IP address as it is."""
    return host if host.replace(".", "").isdigit() or ":" in host else ".".join(host.split(".")[-2:])
