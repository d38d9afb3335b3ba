"""https://docs.github.com/rest/users/users#get-the-authenticated-user"""

from __future__ import annotations

from pratique.secrets.provider import Provider

github = Provider(
    "GitHub",
    ("github-pat", "github-oauth", "github-fine-grained-pat"),
    "https://api.github.com/user",
)
