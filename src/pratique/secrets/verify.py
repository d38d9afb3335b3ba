"""Ask providers whether secrets are in use: only where the user says so, and never offline."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from msgspec.structs import replace

from pratique.errors import PratiqueError
from pratique.model.secret import Secret
from pratique.model.settings import Settings
from pratique.net import Client, Request
from pratique.plugins import load
from pratique.secrets.provider import Provider

UNKNOWN = "unknown"
_TIMEOUT = 15
_ANSWER = 1 << 20
_MOST = 100
"""Secrets that are asked about; more would look like an attack to a provider."""
Values = Mapping[tuple[str, str, str], bytes]
"""The secrets themselves by path, rule and mark, in memory for as long as they are asked about."""


def verify(
    secrets: Sequence[Secret],
    values: Values,
    settings: Settings,
    place: Callable[[str], str] = str,
) -> list[Secret]:
    """Return the secrets with `active`, `inactive` or `unknown`; nothing where nobody can be asked.

    `place` says where an address really is, for tests.
    """
    by_rule = {name: p for p in load("pratique.secrets.providers", Provider) for name in p.rules}
    client = Client(cacert=settings.cacert, timeout=_TIMEOUT, tries=1)
    known: dict[tuple[str, bytes], str] = {}
    verified = []
    try:
        for secret in secrets:
            provider = by_rule.get(secret.rule)
            value = values.get((secret.path, secret.rule, secret.mark))
            if provider is None or value is None:
                verified.append(secret)
                continue
            key = provider.name, value
            if key not in known:
                asked = len(known) < _MOST
                known[key] = _ask(client, provider, value, place) if asked else UNKNOWN
            verified.append(replace(secret, verified=known[key]))
    finally:
        client.close()
    return verified


def _ask(client: Client, provider: Provider, value: bytes, place: Callable[[str], str]) -> str:
    try:
        text = value.decode("ascii")
        response = client.send(
            Request(
                place(provider.url),
                method=provider.method,
                headers={"Authorization": provider.authorization(text)},
                body=b"" if provider.method == "POST" else None,
                limit=_ANSWER,
                accepted=(400, 401, 403, 404, 429),
                is_resumable=False,
                tries=1,
            )
        )
        return provider.verdict(response.status, response.read()) or UNKNOWN
    except (PratiqueError, UnicodeDecodeError):
        return UNKNOWN
