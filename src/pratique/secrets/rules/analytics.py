"""Analytics, search, maps: Segment, Algolia, Mapbox, PostHog, Beamer and others."""

from __future__ import annotations

from pratique.model.secret_rule import SecretRule
from pratique.secrets.proofs import genuine, numbered
from pratique.secrets.shapes import assigned, token

segment = SecretRule(
    "segment-api-token",
    "Segment",
    "Public API token of Segment: sources and destinations",
    "MEDIUM",
    token("sgp_[A-Za-z0-9]{64}"),
    keywords=("sgp_",),
    holds=genuine,
    least_entropy=4.3,
)
segment_write = SecretRule(
    "segment-write-key",
    "Segment",
    "Write key of Segment: sends events",
    "LOW",
    assigned("segment[A-Za-z_.-]{0,12}(?:write[_.-]?)?key", "[A-Za-z0-9]{32}"),
    keywords=("segment",),
    holds=numbered,
    least_entropy=3.9,
)
algolia = SecretRule(
    "algolia-api-key",
    "Algolia",
    "Admin key of Algolia: its indexes",
    "HIGH",
    assigned("algolia[A-Za-z_.-]{0,20}(?:admin|api|write)[_.-]?(?:api[_.-]?)?key", "[0-9a-f]{32}"),
    keywords=("algolia",),
    holds=numbered,
    least_entropy=3.1,
)
mapbox = SecretRule(
    "mapbox-api-token",
    "Mapbox",
    "Public token of Mapbox: maps on its owner's bill",
    "LOW",
    token("pk[.]eyJ[A-Za-z0-9_-]{50,110}[.][A-Za-z0-9_-]{22}", end="A-Za-z0-9_-"),
    keywords=("pk.eyj",),
    holds=genuine,
    least_entropy=4.0,
)
mapbox_secret = SecretRule(
    "mapbox-secret-token",
    "Mapbox",
    "Secret token of Mapbox: its owner's data and keys",
    "HIGH",
    token("[st]k[.]eyJ[A-Za-z0-9_-]{50,110}[.][A-Za-z0-9_-]{22}", end="A-Za-z0-9_-"),
    keywords=("sk.eyj", "tk.eyj"),
    holds=genuine,
    least_entropy=4.0,
)
posthog = SecretRule(
    "posthog-personal-api-key",
    "PostHog",
    "Personal API key of PostHog: reads all events",
    "MEDIUM",
    token("phx_[A-Za-z0-9_-]{43,48}", end="A-Za-z0-9_-"),
    keywords=("phx_",),
    holds=genuine,
    least_entropy=4.0,
)
beamer = SecretRule(
    "beamer-api-token",
    "Beamer",
    "API token of Beamer: its posts",
    "LOW",
    assigned("beamer[A-Za-z_.-]{0,12}(?:token|key)", "b_[A-Za-z0-9=_/+-]{44}", end="A-Za-z0-9_=-"),
    keywords=("beamer",),
    holds=genuine,
    least_entropy=4.0,
)
mixpanel = SecretRule(
    "mixpanel-api-secret",
    "Mixpanel",
    "API secret of Mixpanel: reads all events",
    "MEDIUM",
    assigned("mixpanel[A-Za-z_.-]{0,12}secret", "[0-9a-f]{32}|[A-Za-z0-9]{32}"),
    keywords=("mixpanel",),
    holds=numbered,
    least_entropy=3.1,
)
amplitude = SecretRule(
    "amplitude-secret-key",
    "Amplitude",
    "Secret key of Amplitude: reads all events",
    "MEDIUM",
    assigned("amplitude[A-Za-z_.-]{0,12}secret", "[0-9a-f]{32}"),
    keywords=("amplitude",),
    holds=numbered,
    least_entropy=3.1,
)
maxmind = SecretRule(
    "maxmind-license-key",
    "MaxMind",
    "Licence key of MaxMind: downloads its databases",
    "LOW",
    token("[A-Za-z0-9]{6}_[A-Za-z0-9]{29}_mmk"),
    keywords=("_mmk",),
    holds=genuine,
    least_entropy=4.0,
)
