"""https://platform.openai.com/docs/api-reference/models/list"""

from __future__ import annotations

from pratique.secrets.provider import Provider

openai = Provider(
    "OpenAI",
    (
        "openai-project-api-key", "openai-service-account-key", "openai-legacy-api-key",
        "openai-service-api-key",
    ),
    "https://api.openai.com/v1/models",
)  # fmt: skip
