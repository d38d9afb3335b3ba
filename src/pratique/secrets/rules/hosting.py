"""Hosting: DigitalOcean, Cloudflare, Fastly, Netlify, Vercel, Heroku, Fly.io and others."""

from __future__ import annotations

from pratique.model.secret_rule import SecretRule
from pratique.secrets.proofs import genuine, numbered
from pratique.secrets.shapes import UUID, assigned, token

digitalocean = SecretRule(
    "digitalocean-access-token",
    "DigitalOcean",
    "Access token of DigitalOcean: machines, databases, images of an account",
    "CRITICAL",
    token("do[op]_v1_[0-9a-f]{64}"),
    keywords=("dop_v1_", "doo_v1_"),
    holds=genuine,
    least_entropy=3.5,
)
digitalocean_refresh = SecretRule(
    "digitalocean-refresh-token",
    "DigitalOcean",
    "Refresh token of DigitalOcean: makes new access tokens",
    "HIGH",
    token("dor_v1_[0-9a-f]{64}"),
    keywords=("dor_v1_",),
    holds=genuine,
    least_entropy=3.5,
)
digitalocean_spaces = SecretRule(
    "digitalocean-spaces-secret",
    "DigitalOcean",
    "Secret key of DigitalOcean Spaces: its objects",
    "HIGH",
    assigned("spaces[A-Za-z_.-]{0,10}secret", "[A-Za-z0-9/+]{43}", end="A-Za-z0-9/+="),
    keywords=("spaces",),
    holds=numbered,
    least_entropy=4.2,
)
cloudflare_token = SecretRule(
    "cloudflare-api-token",
    "Cloudflare",
    "API token of Cloudflare: names, certificates, workers of its zones",
    "CRITICAL",
    assigned(
        "(?:cloudflare|cf)[_.-]?(?:api[_.-]?|dns[_.-]?|auth[_.-]?|account[_.-]?)?token|cloudflare[A-Za-z_.-]{0,16}(?:token|key)",
        "[A-Za-z0-9_-]{40}",
        end="A-Za-z0-9_-",
    ),
    keywords=("cloudflare", "cf"),
    holds=numbered,
    least_entropy=4.0,
)
cloudflare_prefixed = SecretRule(
    "cloudflare-scannable-token",
    "Cloudflare",
    "API token or global key of Cloudflare in the format of 2026",
    "CRITICAL",
    token("cf(?:k|ut|at)_[A-Za-z0-9]{40}[0-9a-f]{8}"),
    keywords=("cfk_", "cfut_", "cfat_"),
    holds=genuine,
    least_entropy=4.2,
)
cloudflare_key = SecretRule(
    "cloudflare-global-api-key",
    "Cloudflare",
    "Global API key of Cloudflare: the whole account",
    "CRITICAL",
    assigned("(?:cloudflare|cf)[A-Za-z_.-]{0,14}key|x-auth-key", "[0-9a-f]{37}"),
    keywords=("cloudflare", "cf", "x-auth-key"),
    holds=numbered,
    least_entropy=3.2,
)
cloudflare_origin = SecretRule(
    "cloudflare-origin-ca-key",
    "Cloudflare",
    "Origin CA key of Cloudflare: makes certificates for its zones",
    "HIGH",
    token("v1[.]0-[0-9a-f]{24}-[0-9a-f]{146}"),
    keywords=("v1.0-",),
    holds=genuine,
    least_entropy=3.5,
)
fastly = SecretRule(
    "fastly-api-token",
    "Fastly",
    "API token of Fastly: configuration and cache of its services",
    "HIGH",
    assigned("fastly[A-Za-z_.-]{0,12}(?:token|key)", "[A-Za-z0-9_-]{32}", end="A-Za-z0-9_-"),
    keywords=("fastly",),
    holds=numbered,
    least_entropy=3.8,
)
netlify = SecretRule(
    "netlify-access-token",
    "Netlify",
    "Access token of Netlify: its user's sites",
    "HIGH",
    token("nf[bcopu]_[A-Za-z0-9]{36}"),
    keywords=("nfp_", "nfc_", "nfo_", "nfu_", "nfb_"),
    holds=genuine,
    least_entropy=3.8,
)
netlify_old = SecretRule(
    "netlify-access-token-legacy",
    "Netlify",
    "Access token of Netlify of before 2023",
    "HIGH",
    assigned("netlify[A-Za-z_.-]{0,14}token", "[A-Za-z0-9_-]{43}", end="A-Za-z0-9_-"),
    keywords=("netlify",),
    holds=numbered,
    least_entropy=4.0,
)
vercel = SecretRule(
    "vercel-access-token",
    "Vercel",
    "Token of Vercel: its user's or team's projects and their variables",
    "HIGH",
    token("vc[aikpr]_[A-Za-z0-9]{24,64}"),
    keywords=("vca_", "vci_", "vck_", "vcp_", "vcr_"),
    holds=numbered,
    least_entropy=3.8,
)
vercel_old = SecretRule(
    "vercel-access-token-legacy",
    "Vercel",
    "Token of Vercel of before 2026",
    "HIGH",
    assigned(
        "(?:vercel|zeit|now)[_.-]?(?:api[_.-]?|access[_.-]?|auth[_.-]?)?token", "[A-Za-z0-9]{24}"
    ),
    keywords=("vercel", "zeit", "now"),
    holds=numbered,
    least_entropy=3.5,
)
vercel_blob = SecretRule(
    "vercel-blob-token",
    "Vercel",
    "Token of Vercel Blob: reads and writes a store",
    "HIGH",
    token("vercel_blob_rw_[A-Za-z0-9]{16}_[A-Za-z0-9]{30,32}"),
    keywords=("vercel_blob_rw_",),
    holds=genuine,
    least_entropy=4.0,
)
heroku = SecretRule(
    "heroku-api-key",
    "Heroku",
    "API key of Heroku: its user's apps and their variables",
    "HIGH",
    assigned("heroku[A-Za-z_.-]{0,12}(?:key|token|secret|password)", UUID),
    keywords=("heroku",),
    holds=genuine,
    least_entropy=3.0,
)
heroku_prefixed = SecretRule(
    "heroku-api-token",
    "Heroku",
    "API token of Heroku in the format of 2024",
    "HIGH",
    token(
        "HRKU-AA[A-Za-z0-9_-]{58}|HRKU-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
        end="A-Za-z0-9_-",
    ),
    keywords=("hrku-",),
    holds=genuine,
    least_entropy=3.3,
)
fly = SecretRule(
    "fly-io-access-token",
    "Fly.io",
    "Access token of Fly.io: an organisation's apps",
    "HIGH",
    token("fm[12][ar]?_[A-Za-z0-9+/]{100,1500}={0,3}|fo1_[A-Za-z0-9_-]{43}", end="A-Za-z0-9+/="),
    keywords=("fm1", "fm2", "fo1_"),
    holds=genuine,
    least_entropy=4.2,
)
render = SecretRule(
    "render-api-key",
    "Render",
    "API key of Render: its user's services",
    "HIGH",
    token("rnd_[A-Za-z0-9]{28,32}"),
    keywords=("rnd_",),
    holds=genuine,
    least_entropy=3.8,
)
railway = SecretRule(
    "railway-token",
    "Railway",
    "Token of Railway: a project's services and variables",
    "HIGH",
    assigned("railway[A-Za-z_.-]{0,12}(?:token|key)", UUID),
    keywords=("railway",),
    holds=genuine,
    least_entropy=3.0,
)
linode = SecretRule(
    "linode-api-token",
    "Linode",
    "API token of Linode: its user's machines",
    "HIGH",
    assigned("linode[A-Za-z_.-]{0,12}(?:token|key|pat)", "[0-9a-f]{64}"),
    keywords=("linode",),
    holds=numbered,
    least_entropy=3.4,
)
scaleway = SecretRule(
    "scaleway-secret-key",
    "Scaleway",
    "Secret key of Scaleway: an account's machines and storage",
    "CRITICAL",
    assigned("(?:scw|scaleway)[A-Za-z_.-]{0,12}(?:secret|token)", UUID),
    keywords=("scw", "scaleway"),
    holds=genuine,
    least_entropy=3.0,
)
hetzner = SecretRule(
    "hetzner-api-token",
    "Hetzner",
    "API token of Hetzner Cloud: a project's machines",
    "CRITICAL",
    assigned("(?:hcloud|hetzner)[A-Za-z_.-]{0,14}(?:token|key)", "[A-Za-z0-9]{64}"),
    keywords=("hcloud", "hetzner"),
    holds=numbered,
    least_entropy=4.2,
)
vultr = SecretRule(
    "vultr-api-key",
    "Vultr",
    "API key of Vultr: an account's machines",
    "HIGH",
    assigned("vultr[A-Za-z_.-]{0,12}(?:key|token)", "[A-Z0-9]{36}"),
    keywords=("vultr",),
    holds=numbered,
    least_entropy=3.8,
)
tailscale = SecretRule(
    "tailscale-api-key",
    "Tailscale",
    "Key of Tailscale: joins or manages a private network",
    "HIGH",
    token("tskey-(?:api|auth|client|scim|webhook)-[A-Za-z0-9]{10,20}(?:CNTRL)?-[A-Za-z0-9]{16,40}"),
    keywords=("tskey-",),
    holds=genuine,
    least_entropy=3.8,
)
ngrok = SecretRule(
    "ngrok-auth-token",
    "ngrok",
    "Auth token of ngrok: opens tunnels",
    "MEDIUM",
    assigned(
        "ngrok[A-Za-z_.-]{0,12}(?:token|key)|authtoken", "[12][A-Za-z0-9]{22,28}_[A-Za-z0-9]{21}"
    ),
    keywords=("ngrok", "authtoken"),
    holds=numbered,
    least_entropy=4.2,
)
