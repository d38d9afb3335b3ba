"""GitHub. Tokens end in a checksum, which is verified."""

from __future__ import annotations

from pratique.model.secret_rule import SecretRule
from pratique.secrets.proofs import claims, genuine, is_github
from pratique.secrets.shapes import token


def _is_app_token(secret: str) -> bool:
    """Check an installation's token: a checksummed one, or since 2026 one that wraps a JWT."""
    return is_github(secret) if "." not in secret else bool(claims(secret.split("_", 2)[2])[0])


pat = SecretRule(
    "github-pat",
    "GitHub",
    "Personal access token of GitHub: acts as its user",
    "CRITICAL",
    token("ghp_[A-Za-z0-9]{36}"),
    keywords=("ghp_",),
    holds=is_github,
)
oauth = SecretRule(
    "github-oauth",
    "GitHub",
    "OAuth access token of GitHub: acts as its user",
    "CRITICAL",
    token("gho_[A-Za-z0-9]{36}"),
    keywords=("gho_",),
    holds=is_github,
)
app_token = SecretRule(
    "github-app-token",
    "GitHub",
    "Token of a GitHub App's installation or user: acts as the app",
    "CRITICAL",
    token(
        "gh[us]_[A-Za-z0-9]{36}|ghs_[0-9]{1,12}_eyJ[A-Za-z0-9_-]{17,600}[.]eyJ[A-Za-z0-9_-]{17,1500}[.][A-Za-z0-9_-]{40,700}"
    ),
    keywords=("ghu_", "ghs_"),
    holds=_is_app_token,
)
refresh_token = SecretRule(
    "github-refresh-token",
    "GitHub",
    "Refresh token of a GitHub App: makes new tokens of a user",
    "CRITICAL",
    token("ghr_[A-Za-z0-9]{76}"),
    keywords=("ghr_",),
    holds=is_github,
)
fine_grained = SecretRule(
    "github-fine-grained-pat",
    "GitHub",
    "Fine-grained personal access token of GitHub: the repositories that it was made for",
    "CRITICAL",
    token("github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}"),
    keywords=("github_pat_",),
    holds=genuine,
    least_entropy=4.0,
)
