"""https://docs.digitalocean.com/reference/api/"""

from __future__ import annotations

from pratique.secrets.provider import Provider

digitalocean = Provider(
    "DigitalOcean", ("digitalocean-access-token",), "https://api.digitalocean.com/v2/account"
)
