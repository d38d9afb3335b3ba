"""Discord, Telegram, Microsoft Teams, Mattermost."""

from __future__ import annotations

from pratique.model.secret_rule import SecretRule
from pratique.secrets.proofs import decoded, genuine, numbered
from pratique.secrets.shapes import assigned, token


def _is_discord(secret: str) -> bool:
    """Tell that the first part of a bot's token is the number of its account."""
    return decoded(secret.split(".", maxsplit=1)[0]).isdigit() and genuine(secret)


discord_token = SecretRule(
    "discord-api-token",
    "Discord",
    "Token of a Discord bot: acts as it on all its servers",
    "HIGH",
    token("[MNO][A-Za-z0-9_-]{23,27}[.][A-Za-z0-9_-]{6}[.][A-Za-z0-9_-]{27,38}", end="A-Za-z0-9_-"),
    keywords=("discord", "token", "bot", "authorization"),
    holds=_is_discord,
    least_entropy=4.0,
)
discord_id = SecretRule(
    "discord-client-id",
    "Discord",
    "Id of a Discord application (of use with its secret)",
    "LOW",
    assigned("discord[A-Za-z_.-]{0,12}(?:client|application|app)[_.-]?id", "[0-9]{17,20}"),
    keywords=("discord",),
    holds=genuine,
    least_entropy=2.2,
)
discord_secret = SecretRule(
    "discord-client-secret",
    "Discord",
    "Client secret of a Discord application",
    "MEDIUM",
    assigned("discord[A-Za-z_.-]{0,12}secret", "[A-Za-z0-9_-]{32}", end="A-Za-z0-9_-"),
    keywords=("discord",),
    holds=numbered,
    least_entropy=3.8,
)
discord_hook = SecretRule(
    "discord-web-hook",
    "Discord",
    "Web hook of Discord: posts in a channel",
    "MEDIUM",
    r"(?P<secret>https://(?:ptb[.]|canary[.])?discord(?:app)?[.]com/api/(?:v[0-9]{1,2}/)?webhooks/[0-9]{17,20}/[A-Za-z0-9_-]{60,72})(?:$|[^A-Za-z0-9_-])",
    keywords=("/webhooks/",),
    holds=genuine,
    least_entropy=4.2,
)
telegram = SecretRule(
    "telegram-bot-token",
    "Telegram",
    "Token of a Telegram bot: reads and writes as it",
    "HIGH",
    r"(?:^|[^A-Za-z0-9_]|\\[nrt]|/bot)(?P<secret>[0-9]{8,10}:AA[A-Za-z0-9_-]{33})(?:$|[^A-Za-z0-9_-])",
    keywords=(":aa",),
    holds=genuine,
    least_entropy=4.0,
)
teams_hook = SecretRule(
    "microsoft-teams-web-hook",
    "Microsoft Teams",
    "Web hook of Microsoft Teams: posts in a channel",
    "MEDIUM",
    r"(?P<secret>https://(?:outlook[.]office[.]com|[a-z0-9-]{1,60}[.]webhook[.]office[.]com)/webhookb?2?/[0-9a-f-]{36}@[0-9a-f-]{36}/IncomingWebhook/[0-9a-f]{32}/[0-9a-f-]{36}(?:/[A-Za-z0-9_-]{20,60})?)(?:$|[^A-Za-z0-9_-])",
    keywords=("/incomingwebhook/",),
    holds=genuine,
    least_entropy=3.5,
)
mattermost = SecretRule(
    "mattermost-access-token",
    "Mattermost",
    "Access token of Mattermost: acts as its user",
    "MEDIUM",
    assigned("mattermost[A-Za-z_.-]{0,20}(?:token|secret|key)", "[a-z0-9]{26}"),
    keywords=("mattermost",),
    holds=numbered,
    least_entropy=3.5,
)
