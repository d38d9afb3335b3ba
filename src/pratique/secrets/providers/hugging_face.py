"""https://huggingface.co/docs/hub/api"""

from __future__ import annotations

from pratique.secrets.provider import Provider

hugging_face = Provider(
    "Hugging Face", ("hugging-face-access-token",), "https://huggingface.co/api/whoami-v2"
)
