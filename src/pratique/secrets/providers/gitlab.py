"""https://docs.gitlab.com/api/personal_access_tokens/"""

from __future__ import annotations

from pratique.secrets.provider import Provider

gitlab = Provider(
    "GitLab", ("gitlab-pat",), "https://gitlab.com/api/v4/personal_access_tokens/self"
)
