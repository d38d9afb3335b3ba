"""OpenAI."""

from __future__ import annotations

from pratique.model.secret_rule import SecretRule
from pratique.secrets.proofs import genuine
from pratique.secrets.shapes import token

project = SecretRule(
    "openai-project-api-key",
    "OpenAI",
    "API key of an OpenAI project: runs models on its bill",
    "CRITICAL",
    token("sk-proj-[A-Za-z0-9_-]{20,100}T3BlbkFJ[A-Za-z0-9_-]{20,100}", end="A-Za-z0-9_-"),
    keywords=("sk-proj-",),
    holds=genuine,
    least_entropy=4.2,
)
service_account = SecretRule(
    "openai-service-account-key",
    "OpenAI",
    "API key of a service account of OpenAI",
    "CRITICAL",
    token("sk-svcacct-[A-Za-z0-9_-]{20,100}T3BlbkFJ[A-Za-z0-9_-]{20,100}", end="A-Za-z0-9_-"),
    keywords=("sk-svcacct-",),
    holds=genuine,
    least_entropy=4.2,
)
admin = SecretRule(
    "openai-admin-api-key",
    "OpenAI",
    "Admin key of an OpenAI organisation: its users, projects and keys",
    "CRITICAL",
    token("sk-admin-[A-Za-z0-9_-]{20,100}T3BlbkFJ[A-Za-z0-9_-]{20,100}", end="A-Za-z0-9_-"),
    keywords=("sk-admin-",),
    holds=genuine,
    least_entropy=4.2,
)
legacy = SecretRule(
    "openai-legacy-api-key",
    "OpenAI",
    "API key of an OpenAI user: runs models on their bill",
    "HIGH",
    token("sk-(?:None-)?[A-Za-z0-9]{20,42}T3BlbkFJ[A-Za-z0-9]{20,42}"),
    keywords=("t3blbkfj",),
    holds=genuine,
    least_entropy=4.0,
)
service = SecretRule(
    "openai-service-api-key",
    "OpenAI",
    "API key of a named service of OpenAI",
    "HIGH",
    token("sk-service-[A-Za-z0-9-]{1,60}-[A-Za-z0-9]{20}T3BlbkFJ[A-Za-z0-9]{20}"),
    keywords=("sk-service-",),
    holds=genuine,
    least_entropy=4.0,
)
realtime = SecretRule(
    "openai-realtime-client-secret",
    "OpenAI",
    "Short-lived secret of OpenAI's realtime API",
    "MEDIUM",
    token("ek_[0-9a-f]{32}"),
    keywords=("ek_",),
    holds=genuine,
    least_entropy=3.3,
)
