"""Telephone and messages: Twilio, MessageBird, Vonage."""

from __future__ import annotations

from pratique.model.secret_rule import SecretRule
from pratique.secrets.proofs import genuine, numbered
from pratique.secrets.shapes import UUID, assigned, token

twilio_key = SecretRule(
    "twilio-api-key",
    "Twilio",
    "API key of Twilio (of use with its secret): calls and messages",
    "MEDIUM",
    token("SK[0-9a-f]{32}"),
    keywords=("sk",),
    holds=numbered,
    least_entropy=3.1,
)
twilio_token = SecretRule(
    "twilio-auth-token",
    "Twilio",
    "Auth token or key secret of Twilio: the whole account",
    "HIGH",
    assigned(
        "twilio[A-Za-z_.-]{0,12}(?:auth|token|secret|key|password)", "[0-9a-f]{32}|[A-Za-z0-9]{32}"
    ),
    keywords=("twilio",),
    holds=numbered,
    least_entropy=3.1,
)
messagebird_token = SecretRule(
    "messagebird-api-token",
    "MessageBird",
    "API token of MessageBird: sends messages",
    "MEDIUM",
    assigned("message[_.-]?bird[A-Za-z_.-]{0,16}(?:token|key|secret)", "[A-Za-z0-9]{25}"),
    keywords=("messagebird", "message-bird", "message_bird"),
    holds=numbered,
    least_entropy=3.5,
)
messagebird_id = SecretRule(
    "messagebird-client-id",
    "MessageBird",
    "Client id of MessageBird",
    "MEDIUM",
    assigned("message[_.-]?bird[A-Za-z_.-]{0,16}id", UUID),
    keywords=("messagebird", "message-bird", "message_bird"),
    holds=genuine,
    least_entropy=3.0,
)
vonage = SecretRule(
    "vonage-api-secret",
    "Vonage",
    "API secret of Vonage or Nexmo: sends messages",
    "MEDIUM",
    assigned("(?:vonage|nexmo)[A-Za-z_.-]{0,10}(?:secret|signature)", "[A-Za-z0-9]{16,64}"),
    keywords=("vonage", "nexmo"),
    holds=numbered,
    least_entropy=3.2,
)
