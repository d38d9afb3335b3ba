"""Social networks, files, media: Facebook, Twitter, LinkedIn, Twitch, Dropbox, Adobe and others."""

from __future__ import annotations

import re

from pratique.model.secret_rule import SecretRule
from pratique.secrets.proofs import genuine, numbered
from pratique.secrets.shapes import assigned, token

facebook = SecretRule(
    "facebook-token",
    "Facebook",
    "App secret of Facebook: acts as an application",
    "HIGH",
    assigned("(?:facebook|fb|meta)[A-Za-z_.-]{0,14}(?:secret|token|key)", "[0-9a-f]{32}"),
    keywords=("facebook", "fb", "meta"),
    holds=numbered,
    least_entropy=3.1,
)
facebook_access = SecretRule(
    "facebook-access-token",
    "Facebook",
    "Access token of Facebook, Instagram or WhatsApp: acts as its user",
    "HIGH",
    token("EAA[A-Za-z0-9]{90,300}|[0-9]{15,16}[|][A-Za-z0-9_-]{27}", end="A-Za-z0-9_-"),
    keywords=("eaa", "|"),
    holds=numbered,
    least_entropy=4.0,
)
twitter = SecretRule(
    "twitter-token",
    "Twitter",
    "Token or secret of X (Twitter): acts as an application or user",
    "HIGH",
    assigned(
        "(?:twitter|tweepy)[A-Za-z_.-]{0,20}(?:secret|token|key)",
        "[0-9a-f]{35,44}|[A-Za-z0-9]{50}|[A-Za-z0-9]{45}|[A-Za-z0-9]{25}|[0-9]{15,20}-[A-Za-z0-9]{20,40}",
    ),
    keywords=("twitter", "tweepy"),
    holds=numbered,
    least_entropy=3.3,
)
twitter_bearer = SecretRule(
    "twitter-bearer-token",
    "Twitter",
    "Bearer token of an application of X (Twitter)",
    "MEDIUM",
    token("A{18,24}[A-Za-z0-9]{5,24}%(?:2B|2F|3D)[A-Za-z0-9%]{50,110}", end="A-Za-z0-9_%"),
    keywords=("aaaaaaaaaaaaaaaaaa",),
    holds=lambda secret: numbered(re.sub("A{4,}", "", secret)),
    least_entropy=3.5,
)
linkedin_secret = SecretRule(
    "linkedin-client-secret",
    "LinkedIn",
    "Client secret of a LinkedIn application",
    "MEDIUM",
    assigned(
        "linkedin[A-Za-z_.-]{0,12}secret",
        "[A-Za-z0-9]{16}|WPL_AP[01][.][A-Za-z0-9]{16}[.][A-Za-z0-9+/=]{8}",
        end="A-Za-z0-9_=",
    ),
    keywords=("linkedin",),
    holds=numbered,
    least_entropy=2.9,
)
linkedin_id = SecretRule(
    "linkedin-client-id",
    "LinkedIn",
    "Client id of a LinkedIn application (of use with its secret)",
    "LOW",
    assigned("linkedin[A-Za-z_.-]{0,12}(?:id|key)", "[a-z0-9]{14}"),
    keywords=("linkedin",),
    holds=numbered,
    least_entropy=2.8,
)
twitch = SecretRule(
    "twitch-api-token",
    "Twitch",
    "Client secret or token of Twitch",
    "MEDIUM",
    assigned("twitch[A-Za-z_.-]{0,14}(?:secret|token|key|password)", "(?:oauth:)?[a-z0-9]{30}"),
    keywords=("twitch",),
    holds=numbered,
    least_entropy=3.5,
)
dropbox_secret = SecretRule(
    "dropbox-api-secret",
    "Dropbox",
    "App secret of Dropbox",
    "HIGH",
    assigned("dropbox[A-Za-z_.-]{0,14}(?:secret|key)", "[a-z0-9]{15}"),
    keywords=("dropbox",),
    holds=numbered,
    least_entropy=2.9,
)
dropbox_short = SecretRule(
    "dropbox-short-lived-api-token",
    "Dropbox",
    "Short-lived token of Dropbox: its user's files",
    "HIGH",
    token("sl[.](?:u[.])?[A-Za-z0-9_=-]{130,1400}", end="A-Za-z0-9_=-"),
    keywords=("sl.",),
    holds=genuine,
    least_entropy=4.3,
)
dropbox_long = SecretRule(
    "dropbox-long-lived-api-token",
    "Dropbox",
    "Long-lived token of Dropbox: its user's files",
    "HIGH",
    assigned(
        "dropbox[A-Za-z_.-]{0,14}(?:token|key|secret)",
        "[A-Za-z0-9]{11}AAAAAAAAAA[A-Za-z0-9_=-]{43}",
        end="A-Za-z0-9_=-",
    ),
    keywords=("dropbox",),
    least_entropy=3.8,
)
adobe_id = SecretRule(
    "adobe-client-id",
    "Adobe",
    "Client id of an Adobe application (of use with its secret)",
    "LOW",
    assigned("adobe[A-Za-z_.-]{0,12}(?:id|key)", "[0-9a-f]{32}"),
    keywords=("adobe",),
    holds=numbered,
    least_entropy=3.1,
)
adobe_secret = SecretRule(
    "adobe-client-secret",
    "Adobe",
    "Client secret of an Adobe application",
    "MEDIUM",
    token("p8e-[A-Za-z0-9_-]{32}", end="A-Za-z0-9_-"),
    keywords=("p8e-",),
    holds=genuine,
    least_entropy=3.8,
)
frame_io = SecretRule(
    "frameio-api-token",
    "Frame.io",
    "API token of Frame.io: its user's videos",
    "LOW",
    token("fio-u-[A-Za-z0-9_=-]{64}", end="A-Za-z0-9_=-"),
    keywords=("fio-u-",),
    holds=genuine,
    least_entropy=4.2,
)
spotify = SecretRule(
    "spotify-client-secret",
    "Spotify",
    "Client secret of a Spotify application",
    "MEDIUM",
    assigned("spotify[A-Za-z_.-]{0,14}secret", "[0-9a-f]{32}"),
    keywords=("spotify",),
    holds=numbered,
    least_entropy=3.1,
)
reddit = SecretRule(
    "reddit-client-secret",
    "Reddit",
    "Client secret of a Reddit application",
    "MEDIUM",
    assigned("reddit[A-Za-z_.-]{0,14}secret", "[A-Za-z0-9_-]{27,30}", end="A-Za-z0-9_-"),
    keywords=("reddit",),
    holds=numbered,
    least_entropy=3.8,
)
