"""Identity: Okta, Auth0, OneLogin, Keycloak, reCAPTCHA."""

from __future__ import annotations

from pratique.model.secret_rule import SecretRule
from pratique.secrets.proofs import genuine, numbered
from pratique.secrets.shapes import UUID, assigned, token

okta = SecretRule(
    "okta-api-token",
    "Okta",
    "API token of Okta: an organisation's users and applications",
    "CRITICAL",
    assigned("okta|ssws", "00[A-Za-z0-9_-]{40}", end="A-Za-z0-9_-"),
    keywords=("okta", "ssws"),
    holds=numbered,
    least_entropy=4.0,
)
okta_secret = SecretRule(
    "okta-client-secret",
    "Okta",
    "Client secret of an application in Okta",
    "HIGH",
    assigned(
        "okta[A-Za-z0-9_.-]{0,16}client[_.-]?secret",
        "[A-Za-z0-9_-]{40}|[A-Za-z0-9_-]{64}",
        end="A-Za-z0-9_-",
    ),
    keywords=("okta",),
    holds=numbered,
    least_entropy=4.0,
)
auth0 = SecretRule(
    "auth0-client-secret",
    "Auth0",
    "Client secret of an application in Auth0",
    "HIGH",
    assigned("auth0[A-Za-z_.-]{0,16}secret", "[A-Za-z0-9_-]{64}", end="A-Za-z0-9_-"),
    keywords=("auth0",),
    holds=numbered,
    least_entropy=4.3,
)
onelogin = SecretRule(
    "onelogin-client-secret",
    "OneLogin",
    "Client secret of OneLogin's API",
    "HIGH",
    assigned("one[_.-]?login[A-Za-z_.-]{0,16}secret", "[0-9a-f]{64}"),
    keywords=("onelogin", "one_login", "one-login"),
    holds=numbered,
    least_entropy=3.4,
)
keycloak = SecretRule(
    "keycloak-client-secret",
    "Keycloak",
    "Client secret of Keycloak",
    "HIGH",
    assigned("keycloak[A-Za-z_.-]{0,20}secret", f"{UUID}|[A-Za-z0-9]{{32}}"),
    keywords=("keycloak",),
    holds=numbered,
    least_entropy=3.0,
)
recaptcha = SecretRule(
    "recaptcha-secret-key",
    "Google",
    "Secret key of reCAPTCHA: judges its answers",
    "LOW",
    assigned(
        "recaptcha[A-Za-z_.-]{0,12}(?:secret|private)",
        "6L[A-Za-z0-9_-]{6}AAAAA[A-Za-z0-9_-]{27}",
        end="A-Za-z0-9_-",
    ),
    keywords=("recaptcha",),
    holds=None,
    least_entropy=3.5,
)
workos = SecretRule(
    "workos-api-key",
    "WorkOS",
    "API key of WorkOS: an application's users and directories",
    "HIGH",
    token("sk_(?:live_|test_)?a2V5[A-Za-z0-9]{40,90}"),
    keywords=("a2v5",),
    holds=genuine,
    least_entropy=4.2,
)
