"""Slack."""

from __future__ import annotations

from pratique.model.secret_rule import SecretRule
from pratique.secrets.proofs import genuine
from pratique.secrets.shapes import assigned, token

access_token = SecretRule(
    "slack-access-token",
    "Slack",
    "Token of a Slack bot, user or workspace: reads and writes its messages",
    "HIGH",
    token(
        "xox[aeoprs]-(?:[0-9]{1,14}-){1,4}[A-Za-z0-9]{6,64}|xoxb-[0-9]{9,14}-(?:[0-9]{9,14}-)?[A-Za-z0-9]{18,48}|xox[ar]-2-[A-Za-z0-9-]{20,200}",
        end="A-Za-z0-9_-",
    ),
    keywords=("xoxa-", "xoxb-", "xoxe-", "xoxo-", "xoxp-", "xoxr-", "xoxs-"),
    holds=genuine,
    least_entropy=3.2,
)
rotating = SecretRule(
    "slack-rotating-token",
    "Slack",
    "Expiring token of Slack, or the one that renews it",
    "HIGH",
    token(
        "xoxe[.]xox[bp]-[0-9]-[A-Za-z0-9]{146,180}|xoxe-[0-9]-[A-Za-z0-9]{140,150}",
        end="A-Za-z0-9_-",
    ),
    keywords=("xoxe.xox", "xoxe-"),
    holds=genuine,
    least_entropy=4.0,
)
app_token = SecretRule(
    "slack-app-token",
    "Slack",
    "App-level token of Slack: gets the events of an app in all workspaces",
    "HIGH",
    token("xapp-[0-9]-[A-Z0-9]{9,13}-[0-9]{10,14}-[0-9a-f]{64}"),
    keywords=("xapp-",),
    holds=genuine,
    least_entropy=3.2,
)
cookie = SecretRule(
    "slack-session-cookie",
    "Slack",
    "Session cookie of Slack: acts as its user",
    "HIGH",
    token(
        "xox[cd]-(?:[0-9]{9,14}-){3}[0-9a-f]{64}|xoxd-[A-Za-z0-9%+/=]{80,300}", end="A-Za-z0-9_-"
    ),
    keywords=("xoxc-", "xoxd-"),
    holds=genuine,
    least_entropy=3.2,
)
web_hook = SecretRule(
    "slack-web-hook",
    "Slack",
    "Incoming web hook of Slack: posts in a channel",
    "MEDIUM",
    r"(?P<secret>https://hooks[.]slack(?:-gov)?[.]com/(?:services/T[A-Z0-9]{8,12}/B[A-Z0-9]{8,12}|workflows/T[A-Z0-9]{8,12}/A[A-Z0-9]{8,12}/[0-9]{15,20}|triggers/T[A-Z0-9]{8,12}/[0-9]{10,16})/[A-Za-z0-9]{20,34})(?:$|[^A-Za-z0-9])",
    keywords=("hooks.slack",),
    holds=genuine,
    least_entropy=4.0,
)
signing_secret = SecretRule(
    "slack-signing-secret",
    "Slack",
    "Signing or client secret of a Slack app: makes requests that look like Slack's",
    "MEDIUM",
    assigned(
        "slack[A-Za-z_.-]{0,10}(?:signing|client|verification)[_.-]?(?:secret|token)",
        "[0-9a-f]{32}|[A-Za-z0-9]{24}",
    ),
    keywords=("slack",),
    holds=genuine,
    least_entropy=3.1,
)
