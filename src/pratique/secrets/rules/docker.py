"""Docker Hub, Docker's configuration, other registries of images."""

from __future__ import annotations

import json

from pratique.model.secret_rule import SecretRule
from pratique.secrets.proofs import decoded, genuine, is_basic, is_password
from pratique.secrets.shapes import token


def _has_auth(secret: str) -> bool:
    """Tell that base 64 stands for a Docker configuration with a password in it."""
    try:
        config = json.loads(decoded(secret))
        entries = [
            entry for entry in config.get("auths", config).values() if isinstance(entry, dict)
        ]
    except (ValueError, AttributeError, RecursionError):
        return False
    words = [str(entry.get(key, "")) for entry in entries for key in ("password", "identitytoken")]
    return any(is_basic(str(entry.get("auth", ""))) for entry in entries) or any(
        map(is_password, words)
    )


pat = SecretRule(
    "docker-hub-pat",
    "Docker",
    "Personal access token of Docker Hub: pushes its user's images",
    "CRITICAL",
    token("dckr_pat_[A-Za-z0-9_-]{27}", end="A-Za-z0-9_-"),
    keywords=("dckr_pat_",),
    holds=genuine,
    least_entropy=3.8,
)
organisation = SecretRule(
    "docker-hub-oat",
    "Docker",
    "Organisation access token of Docker Hub: pushes its images",
    "CRITICAL",
    token("dckr_oat_[A-Za-z0-9_-]{27,40}", end="A-Za-z0-9_-"),
    keywords=("dckr_oat_",),
    holds=genuine,
    least_entropy=3.8,
)
pull_secret = SecretRule(
    "dockerconfig-secret",
    "Docker",
    "Docker configuration in a Kubernetes secret: a registry's password",
    "HIGH",
    r"""(?i:[.]dockerconfigjson|[.]dockercfg)["']?:[ ]{0,4}[|>]?-?[ \r\n]{0,24}["']?(?P<secret>e[wy][A-Za-z0-9+/]{30,8000}={0,2})""",
    keywords=(".dockerconfigjson", ".dockercfg"),
    holds=_has_auth,
)
auth = SecretRule(
    "docker-config-auth",
    "Docker",
    "Password of a registry in Docker's configuration",
    "HIGH",
    r"""\\?"auth\\?"[ ]{0,3}:[ \r\n]{0,8}\\?"(?P<secret>[A-Za-z0-9+/]{8,2000}={0,2})\\?\"""",
    keywords=('"auth',),
    holds=is_basic,
)
identity = SecretRule(
    "docker-config-identity-token",
    "Docker",
    "Identity token of a registry in Docker's configuration",
    "HIGH",
    r"""\\?"(?:identitytoken|registrytoken)\\?"[ ]{0,3}:[ \r\n]{0,8}\\?"(?P<secret>[A-Za-z0-9._/+=-]{16,4000})\\?\"""",
    keywords=("identitytoken", "registrytoken"),
    holds=genuine,
    least_entropy=3.5,
)
quay = SecretRule(
    "quay-robot-token",
    "Quay",
    "Password of a robot account of Quay",
    "HIGH",
    r"""(?i:quay[.]io|quay[_.-]?(?:robot|token|password))[^\r\n]{0,80}(?:[=:]|-p|[ ])[ ]{0,3}["']?(?P<secret>[A-Z0-9]{64})(?:$|[^A-Za-z0-9])""",
    keywords=("quay",),
    holds=genuine,
    least_entropy=4.0,
)
