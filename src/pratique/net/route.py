"""How a URL is reached: host, port, proxy, the path to ask for."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping

from msgspec import Struct

from pratique.errors import UsageError

UNIX = "http+unix"
"""Scheme of a socket: `http+unix://%2Frun%2Fdocker.sock/images/json`."""
_PORTS = {"http": 80, "https": 443, UNIX: 0}
_SAFE = "%/:=&?~#+!$,;'@()*[]"
_LOOPBACK = re.compile(r"(?:.+\.)?localhost|127(?:\.\d{1,3}){3}|::1|\[::1\]", re.IGNORECASE)


class Route(Struct, frozen=True):
    """Where a connection leads; two requests of one route may share it."""

    scheme: str
    host: str
    port: int
    proxy: str = ""
    """URL of the proxy, its user and password with it."""


class Plan(Struct, frozen=True):
    """One request's way."""

    route: Route
    target: str
    """What stands in the request line."""
    headers: dict[str, str]


def plan(url: str, environ: Mapping[str, str] = os.environ) -> Plan:
    """Return the way to a URL, by HTTPS_PROXY, HTTP_PROXY and NO_PROXY; UsageError for nonsense."""
    from urllib.parse import quote, unquote, urlsplit  # noqa: PLC0415 - http.client needs it too

    try:
        parts = urlsplit(url)
        scheme, host, port = parts.scheme, parts.hostname or "", parts.port
    except ValueError as error:
        raise UsageError(f"{url[:200]!r} is not a URL: {error}") from None
    if scheme not in _PORTS or not host:
        raise UsageError(f"{shown(url)!r} is not the URL of a web server")
    target = quote(parts.path or "/", safe=_SAFE)
    target += f"?{quote(parts.query, safe=_SAFE)}" if parts.query else ""
    if scheme == UNIX:
        return Plan(Route(UNIX, unquote(parts.netloc), 0), target, {})
    headers = _of_user("Authorization", parts.username, parts.password)
    proxy = proxy_for(scheme, host, port or _PORTS[scheme], environ)
    if proxy and scheme == "http":
        target = f"http://{parts.netloc.rpartition('@')[2]}{target}"
        headers |= proxy_headers(proxy)
    return Plan(Route(scheme, host, port or _PORTS[scheme], proxy), target, headers)


def shown(url: str) -> str:
    """Return a URL for a message: without password, and without its query, which may be a key."""
    scheme, _, rest = url.partition("://")
    netloc, slash, path = rest.split("?", 1)[0].split("#", 1)[0].partition("/")
    if scheme == UNIX:
        from urllib.parse import unquote  # noqa: PLC0415 - http.client needs it too

        return "unix://" + unquote(netloc)
    return f"{scheme}://{netloc.rpartition('@')[2]}{slash}{path}"


def is_loopback(host: str) -> bool:
    """Whether a host (without port) is this machine by its name: localhost, 127.0.0.0/8, ::1."""
    return _LOOPBACK.fullmatch(host) is not None


def proxy_for(scheme: str, host: str, port: int, environ: Mapping[str, str]) -> str:
    """Return the proxy's URL for a host, or "": variables as curl reads them, either case."""
    value = _variable(environ, f"{scheme}_proxy") or _variable(environ, "all_proxy")
    if not value or is_loopback(host) or _is_direct(host, port, _variable(environ, "no_proxy")):
        return ""
    proxy = value if "://" in value else f"http://{value}"
    if not proxy.startswith("http://"):
        raise UsageError(f"the proxy {shown(proxy)} is of a kind that is not known", "Use http://…")
    return proxy


def proxy_address(proxy: str) -> tuple[str, int]:
    """Return the host and the port of a proxy."""
    from urllib.parse import urlsplit  # noqa: PLC0415 - http.client needs it too

    try:
        parts = urlsplit(proxy)
        host, port = parts.hostname or "", parts.port or 80
    except ValueError:
        raise UsageError(f"{shown(proxy)!r} is not the URL of a proxy") from None
    return host, port


def proxy_headers(proxy: str) -> dict[str, str]:
    """Return the Proxy-Authorization of a proxy's URL, if there is a user in it."""
    from urllib.parse import urlsplit  # noqa: PLC0415 - http.client needs it too

    parts = urlsplit(proxy)
    return _of_user("Proxy-Authorization", parts.username, parts.password)


def basic(username: str, password: str) -> str:
    """Return the value of an Authorization by name and password (RFC 7617)."""
    from base64 import b64encode  # noqa: PLC0415 - wanted by who is logged in

    return "Basic " + b64encode(f"{username}:{password}".encode()).decode()


def _of_user(header: str, username: str | None, password: str | None) -> dict[str, str]:
    """Return a header for the user of a URL, if there is one."""
    from urllib.parse import unquote  # noqa: PLC0415 - http.client needs it too

    return {header: basic(unquote(username), unquote(password or ""))} if username else {}


def _variable(environ: Mapping[str, str], name: str) -> str:
    # HTTP_PROXY is what a client's header `Proxy:` becomes in a CGI program (CVE-2016-5385)
    upper = "" if name == "http_proxy" and "REQUEST_METHOD" in environ else name.upper()
    return environ.get(name) or environ.get(upper, "")


def _is_direct(host: str, port: int, no_proxy: str) -> bool:
    return any(_names(entry.strip().lower(), host, port) for entry in no_proxy.split(","))


def _names(entry: str, host: str, port: int) -> bool:
    if "/" in entry:
        return _is_in(host, entry)
    name, colon, entry_port = entry.rpartition(":")
    if colon and entry_port.isdigit() and ":" not in name:
        if int(entry_port) != port:
            return False
        entry = name
    name = entry.removeprefix("*").removeprefix(".")
    return entry == "*" or (name != "" and (host == name or host.endswith(f".{name}")))


def _is_in(host: str, network: str) -> bool:
    from ipaddress import ip_address, ip_network  # noqa: PLC0415 - for NO_PROXY=10.0.0.0/8 only

    try:
        return ip_address(host) in ip_network(network, strict=False)
    except ValueError:
        return False
