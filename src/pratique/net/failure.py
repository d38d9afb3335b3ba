"""What went wrong with a request: one line for the user, and whether trying again may help."""

from __future__ import annotations

import msgspec
from msgspec import Struct

from pratique.errors import NotFound, PratiqueError, SourceError, Unauthorized, Unavailable
from pratique.net.route import Route, proxy_address, shown

_LATER = (408, 429, 500, 502, 503, 504)
_LONGEST_WAIT = 60.0
_LONGEST_EXCUSE = 200


class Failure(Struct, frozen=True):
    """Why there is no answer."""

    error: PratiqueError
    may_pass: bool
    after: float = 0
    """Seconds that the server asks to wait."""
    challenge: str = ""
    """The WWW-Authenticate of a 401."""

    def unchallenged(self) -> Failure:
        """Return the same without what a server asks for."""
        return msgspec.structs.replace(self, challenge="")


def network_errors() -> tuple[type[Exception], ...]:
    """Return what sockets and http.client raise, host names that cannot be encoded included."""
    from http.client import HTTPException  # noqa: PLC0415 - 28 ms

    return (OSError, HTTPException, UnicodeError)


def of_network(error: Exception, url: str, route: Route, timeout: float) -> Failure:
    """Return the failure that an exception of the network is."""
    from http.client import BadStatusLine, IncompleteRead  # noqa: PLC0415 - 28 ms

    passing = (ConnectionResetError, ConnectionAbortedError, BrokenPipeError)
    by = f" (by the proxy {':'.join(map(str, proxy_address(route.proxy)))})" if route.proxy else ""
    reason, hint = _reason(error, timeout)
    explained = Unavailable(f"{shown(url)} cannot be reached{by}: {reason}", hint)
    explained.__cause__ = error
    return Failure(explained, isinstance(error, (*passing, BadStatusLine, IncompleteRead)))


def of_status(url: str, status: int, headers: dict[str, str], body: bytes) -> Failure:
    """Return the failure that an HTTP status is; the body may say why."""
    excuse = _excuse(body)
    said = f"HTTP {status}" + (f": {excuse}" if excuse else "")
    challenge = headers.get("www-authenticate", "") if status == 401 else ""
    if status in (401, 403):
        return Failure(Unauthorized(f"{shown(url)}: access refused ({said})"), False, 0, challenge)
    if status in (404, 410):
        return Failure(NotFound(f"{shown(url)}: not there ({said})"), may_pass=False)
    if status not in _LATER:
        return Failure(SourceError(f"{shown(url)}: the server refuses ({said})"), may_pass=False)
    after = _retry_after(headers.get("retry-after", ""))
    trouble = "too many requests" if status == 429 else "the server is in trouble"
    advice = f"It asks to come back in {after:.0f} s." if after > _LONGEST_WAIT else ""
    error = Unavailable(f"{shown(url)}: {trouble} ({said})", advice)
    return Failure(error, after <= _LONGEST_WAIT, after)


def _reason(error: Exception, timeout: float) -> tuple[str, str]:
    """The reason in words, and advice; order matters, since some are kinds of others."""
    import ssl  # noqa: PLC0415 - 12 ms, wanted after a failure only
    from http.client import HTTPException, IncompleteRead  # noqa: PLC0415 - 28 ms
    from socket import gaierror  # noqa: PLC0415 - http.client has it loaded

    if isinstance(error, ssl.SSLCertVerificationError):
        advice = "Name your authority's file with --cacert; --insecure leaves the check out."
        return f"its certificate is not trusted ({error.verify_message})", advice
    if isinstance(error, ssl.SSLError):
        advice = "If it speaks plain HTTP, --insecure allows that."
        return f"TLS fails ({error.reason or error})", advice
    reasons: tuple[tuple[type[Exception], str], ...] = (
        (TimeoutError, f"no answer within {timeout:g} s"),
        (gaierror, f"its name does not resolve ({getattr(error, 'strerror', '')})"),
        (ConnectionRefusedError, "connection refused"),
        (ConnectionError, "the connection broke"),
        (IncompleteRead, "the connection broke"),
        (HTTPException, f"it does not speak HTTP ({type(error).__name__})"),
    )
    plain = str(getattr(error, "strerror", None) or error)
    return next((text for kind, text in reasons if isinstance(error, kind)), plain), ""


def _excuse(body: bytes) -> str:
    """Return the message in the JSON of registries (`errors`), token servers and engines."""
    try:
        document = msgspec.json.decode(body)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return ""
    found = document.get("errors", [document]) if isinstance(document, dict) else [document]
    first = found[0] if isinstance(found, list) and found else {}
    if not isinstance(first, dict):
        return ""
    keys = ("message", "error_description", "details", "error", "code")
    words = next((first[key] for key in keys if isinstance(first.get(key), str)), "")
    return "".join(filter(str.isprintable, words))[:_LONGEST_EXCUSE]


def _retry_after(text: str) -> float:
    """Return the seconds of a Retry-After, which is a number or a date (RFC 9110, 10.2.3)."""
    import time  # noqa: PLC0415 - for dates only
    from email.utils import parsedate_to_datetime  # noqa: PLC0415 - http.client has it loaded

    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - time.time())
    except (TypeError, ValueError, OverflowError):
        return 0.0
