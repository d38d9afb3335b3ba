"""JSON Web Tokens."""

from __future__ import annotations

from pratique.model.secret_rule import SecretRule
from pratique.secrets.proofs import is_jwt
from pratique.secrets.shapes import token

jwt = SecretRule(
    "jwt-token",
    "JWT",
    "JSON Web Token: what it grants, until it expires",
    "MEDIUM",
    token(
        "ey[JI][A-Za-z0-9_-]{15,1000}[.]ey[JI][A-Za-z0-9_-]{10,4000}[.][A-Za-z0-9_-]{20,1000}",
        end="A-Za-z0-9_-",
    ),
    keywords=("eyj", "eyi"),
    holds=is_jwt,
)
