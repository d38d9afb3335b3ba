"""https://docs.slack.dev/reference/methods/auth.test: it answers 200 to everybody."""

from __future__ import annotations

from pratique.secrets.provider import Provider


def _verdict(status: int, body: bytes) -> str:
    answer = body.replace(b" ", b"")
    if status != 200:
        return ""
    if b'"ok":true' in answer:
        return "active"
    refused = (b"invalid_auth", b"account_inactive", b"token_revoked", b"token_expired")
    return "inactive" if any(word in answer for word in refused) else ""


slack = Provider(
    "Slack", ("slack-access-token",), "https://slack.com/api/auth.test", "POST", verdict=_verdict
)
