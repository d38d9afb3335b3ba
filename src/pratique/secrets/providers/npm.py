"""https://github.com/npm/registry/blob/main/docs/user/authentication.md"""

from __future__ import annotations

from pratique.secrets.provider import Provider

npm = Provider("npm", ("npm-access-token",), "https://registry.npmjs.org/-/whoami")
