"""Google Cloud, Firebase, Google's OAuth and Gemini."""

from __future__ import annotations

from pratique.model.secret_rule import SecretRule
from pratique.secrets.proofs import decoded, genuine
from pratique.secrets.shapes import token


def _is_key(secret: str) -> bool:
    """Tell that what stands between the lines of a PEM key is the start of a DER sequence."""
    body = secret.split("-----")[2] if secret.count("-----") > 3 else ""
    return decoded(body)[:1] == b"\x30"


service_account = SecretRule(
    "gcp-service-account",
    "Google",
    "Key of a Google Cloud service account: acts as that account",
    "CRITICAL",
    r"""\\?"private_key\\?"[ ]{0,3}:[ ]{0,3}\\?"(?P<secret>-----BEGIN (?:RSA )?PRIVATE KEY-----[A-Za-z0-9+/=\\]{200,4000}-----END (?:RSA )?PRIVATE KEY-----)""",
    keywords=("private_key",),
    holds=_is_key,
)
api_key = SecretRule(
    "gcp-api-key",
    "Google",
    "API key of Google Cloud, Maps, Firebase or Gemini: uses them on the project's bill",
    "HIGH",
    token("AIza[A-Za-z0-9_-]{35}", end="A-Za-z0-9_-"),
    keywords=("aiza",),
    holds=genuine,
    least_entropy=3.8,
)
oauth_secret = SecretRule(
    "gcp-oauth-client-secret",
    "Google",
    "Client secret of an application that signs users in with Google",
    "HIGH",
    token("GOCSPX-[A-Za-z0-9_-]{28}", end="A-Za-z0-9_-"),
    keywords=("gocspx-",),
    holds=genuine,
    least_entropy=3.5,
)
access_token = SecretRule(
    "gcp-oauth-access-token",
    "Google",
    "Access token of a Google account: acts as it for an hour",
    "MEDIUM",
    token("ya29[.][A-Za-z0-9_-]{60,1500}", end="A-Za-z0-9_-"),
    keywords=("ya29.",),
    holds=genuine,
    least_entropy=4.2,
)
refresh_token = SecretRule(
    "gcp-oauth-refresh-token",
    "Google",
    "Refresh token of a Google account: acts as it until it is revoked",
    "HIGH",
    token("1//0[A-Za-z0-9_-]{60,400}", end="A-Za-z0-9_-"),
    keywords=("1//0",),
    holds=genuine,
    least_entropy=4.2,
)
fcm = SecretRule(
    "firebase-cloud-messaging-server-key",
    "Google",
    "Server key of Firebase Cloud Messaging: sends messages to all users of an app",
    "HIGH",
    token("AAAA[A-Za-z0-9_-]{7}:APA91b[A-Za-z0-9_-]{134}", end="A-Za-z0-9_-"),
    keywords=(":apa91b",),
    holds=genuine,
    least_entropy=4.2,
)
hmac = SecretRule(
    "gcp-storage-hmac-key-id",
    "Google",
    "Id of an HMAC key of Google Cloud Storage (of use with its secret)",
    "MEDIUM",
    token("GOOG1[A-Z0-9]{56}"),
    keywords=("goog1",),
    holds=genuine,
    least_entropy=3.8,
)
