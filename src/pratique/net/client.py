"""Sends requests: keeps connections, follows redirects, tries again."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from pratique import __version__
from pratique.errors import PratiqueError, Unavailable, UsageError
from pratique.net.failure import Failure, network_errors, of_network, of_status
from pratique.net.request import Request
from pratique.net.response import Response
from pratique.net.route import UNIX, Plan, Route, plan, proxy_address, proxy_headers, shown

if TYPE_CHECKING:  # 28 ms to import
    import ssl
    from http.client import HTTPConnection

_REDIRECTS = (301, 302, 303, 307, 308)
_MOST_REDIRECTS = 10
_SECRET = ("authorization", "private-token", "job-token")
"""Headers that are for the host alone that was asked."""
_LONGEST_WAIT = 30.0


class Client:
    """Asks servers; may be used by several threads at once."""

    def __init__(
        self,
        *,
        cacert: str = "",
        insecure: bool = False,
        timeout: float = 60,
        tries: int = 5,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        self.insecure = insecure
        self._cacert = cacert
        self._timeout = timeout
        self._tries = tries
        self._wait = wait
        self._idle: dict[Route, list[HTTPConnection]] = {}
        self._tls: ssl.SSLContext | None = None

    def get(self, url: str, headers: Mapping[str, str] | None = None, limit: int = 0) -> Response:
        """Return the answer to a GET, its body still to be read."""
        return self.send(Request(url, headers=headers or {}, limit=limit))

    def get_changed(
        self, url: str, etag: str = "", modified: str = "", limit: int = 0
    ) -> Response | None:
        """Return the answer, or None where it is still what has this ETag or date (RFC 9110, 13).

        The next ones are in the answer's headers `etag` and `last-modified`.
        """
        known = {"If-None-Match": etag, "If-Modified-Since": modified}
        headers = {name: value for name, value in known.items() if value}
        response = self.send(Request(url, headers=headers, limit=limit, accepted=(304,)))
        if response.status != 304:
            return response
        response.close()
        return None

    def send(self, request: Request) -> Response:
        """Return the answer to a request.

        Raises Unavailable, Unauthorized, NotFound or another SourceError for all that is none.
        """
        is_renewed, attempt = False, 1
        while True:
            allowed = request.auth.headers() if request.auth else {}
            outcome = self._outcome(request, allowed)
            if isinstance(outcome, Response):
                return outcome
            if outcome.challenge and request.auth and not is_renewed:
                is_renewed = request.auth.renew(outcome.challenge, allowed)
                if is_renewed:
                    continue
            if not outcome.may_pass or attempt >= (request.tries or self._tries):
                raise _after(attempt, outcome.error)
            self._pause(attempt, outcome.after)
            attempt += 1

    def close(self) -> None:
        """Close the connections that are not in use."""
        while self._idle:
            _, connections = self._idle.popitem()
            for connection in connections:
                connection.close()

    def _outcome(self, request: Request, allowed: Mapping[str, str]) -> Response | Failure:
        url, headers = request.url, {**request.headers, **allowed}
        for _ in range(_MOST_REDIRECTS):
            way = plan(url)
            try:
                response = self._exchange(request, way, headers)
            except network_errors() as error:
                return of_network(error, url, way.route, self._timeout)
            location = response.headers.get("location", "")
            if response.status not in _REDIRECTS or not location or request.method != "GET":
                if response.status < 300 or response.status in request.accepted:
                    return response
                failure = of_status(url, response.status, response.headers, response.excuse())
                # another host must not say where a password for the one that was asked goes
                return failure if _is_same(request.url, url) else failure.unchallenged()
            response.excuse()
            url, headers = self._redirect(url, location, headers)
        raise Unavailable(f"{shown(request.url)} redirects more than {_MOST_REDIRECTS} times")

    def _redirect(
        self, url: str, location: str, headers: dict[str, str]
    ) -> tuple[str, dict[str, str]]:
        from urllib.parse import urljoin  # noqa: PLC0415 - http.client needs it too

        try:
            target = urljoin(url, location)
            old, new = plan(url).route, plan(target).route
        except (ValueError, UsageError):
            raise Unavailable(f"{shown(url)} redirects to what is no URL") from None
        if new.scheme == UNIX or (old.scheme, new.scheme, self.insecure) == (
            "https",
            "http",
            False,
        ):
            raise Unavailable(f"{shown(url)} redirects to {shown(target)}, which is not secure")
        if not _is_same(url, target):
            headers = {k: v for k, v in headers.items() if k.lower() not in _SECRET}
        return target, headers

    def _exchange(self, request: Request, way: Plan, headers: Mapping[str, str]) -> Response:
        sent = {"User-Agent": f"pratique/{__version__}", "Accept": "*/*", **way.headers, **headers}
        while True:
            connection = self._kept(way.route)
            is_kept = connection is not None
            connection = connection or self._connect(way.route)
            try:
                connection.request(request.method, way.target, request.body, sent)
                raw = connection.getresponse()
            except BaseException as error:
                connection.close()
                # a server may close a kept connection at any time: that is no failure
                if is_kept and isinstance(error, ConnectionError):
                    continue
                raise
            return Response(
                request, raw, partial(self._put_back, way.route, connection), self._resume
            )

    def _kept(self, route: Route) -> HTTPConnection | None:
        try:
            return self._idle[route].pop()
        except (KeyError, IndexError):
            return None

    def _put_back(self, route: Route, connection: HTTPConnection, is_whole: bool) -> None:  # noqa: FBT001 - a callback
        if is_whole and connection.sock is not None:
            self._idle.setdefault(route, []).append(connection)
        else:
            connection.close()

    def _connect(self, route: Route) -> HTTPConnection:
        from http.client import HTTPConnection, HTTPSConnection  # noqa: PLC0415 - 28 ms

        if route.scheme == UNIX:
            return _unix(route.host, self._timeout)
        host, port = proxy_address(route.proxy) if route.proxy else (route.host, route.port)
        if route.scheme == "http":
            return HTTPConnection(host, port, timeout=self._timeout)
        connection = HTTPSConnection(host, port, timeout=self._timeout, context=self._context())
        if route.proxy:
            connection.set_tunnel(route.host, route.port, proxy_headers(route.proxy))
        return connection

    def _context(self) -> ssl.SSLContext:
        import ssl  # noqa: PLC0415 - 12 ms, and for https only

        if self._tls is None:
            context = ssl.create_default_context()
            if self.insecure:
                context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            try:
                if self._cacert:
                    context.load_verify_locations(self._cacert)
            except OSError as error:
                raise UsageError(f"{self._cacert} holds no certificates: {error}") from None
            self._tls = context
        return self._tls

    def _resume(self, rest: Request, failures: int, error: Exception) -> Response:
        if not rest.is_resumable or failures >= self._tries:
            raise of_network(error, rest.url, plan(rest.url).route, self._timeout).error
        self._pause(failures)
        return self.send(rest)

    def _pause(self, failures: int, at_least: float = 0) -> None:
        """Wait longer after each failure, by chance so that clients do not come back together."""
        chance = 0.5 + os.urandom(1)[0] / 512
        self._wait(max(at_least, min(_LONGEST_WAIT, 2.0 ** (failures - 1)) * chance))


def _is_same(one: str, other: str) -> bool:
    """Tell whether two URLs are of one origin (RFC 6454)."""
    routes = [plan(url).route for url in (one, other)]
    old, new = [(route.scheme, route.host, route.port) for route in routes]
    return old == new


def _after(attempts: int, error: PratiqueError) -> PratiqueError:
    if attempts == 1:
        return error
    again = type(error)(f"{error.message}, {attempts} times", error.hint)
    again.__cause__ = error.__cause__
    return again


def _unix(path: str, timeout: float) -> HTTPConnection:
    import socket  # noqa: PLC0415 - http.client has it loaded
    from http.client import HTTPConnection  # noqa: PLC0415 - 28 ms

    connection = HTTPConnection("localhost", timeout=timeout)
    connection.auto_open = 0  # never fall back to TCP
    connection.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        connection.sock.settimeout(timeout)
        connection.sock.connect(path)
    except OSError:
        connection.close()
        raise
    return connection
