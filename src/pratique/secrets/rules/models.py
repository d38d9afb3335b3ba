"""Providers of models: Anthropic, Hugging Face, Cohere, Replicate, Groq and others."""

from __future__ import annotations

from pratique.model.secret_rule import SecretRule
from pratique.secrets.proofs import genuine, numbered
from pratique.secrets.shapes import assigned, token

anthropic = SecretRule(
    "anthropic-api-key",
    "Anthropic",
    "API key of Anthropic: runs models on its workspace's bill",
    "CRITICAL",
    token("sk-ant-api[0-9]{2}-[A-Za-z0-9_-]{93}AA", end="A-Za-z0-9_-"),
    keywords=("sk-ant-api",),
    holds=genuine,
    least_entropy=4.2,
)
anthropic_admin = SecretRule(
    "anthropic-admin-api-key",
    "Anthropic",
    "Admin key of an Anthropic organisation: its users, workspaces and keys",
    "CRITICAL",
    token("sk-ant-admin[0-9]{2}-[A-Za-z0-9_-]{93}AA", end="A-Za-z0-9_-"),
    keywords=("sk-ant-admin",),
    holds=genuine,
    least_entropy=4.2,
)
anthropic_oauth = SecretRule(
    "anthropic-oauth-token",
    "Anthropic",
    "OAuth or session token of Anthropic: acts as its user",
    "HIGH",
    token("sk-ant-(?:oat|ort|sid)[0-9]{2}-[A-Za-z0-9_-]{80,120}", end="A-Za-z0-9_-"),
    keywords=("sk-ant-oat", "sk-ant-ort", "sk-ant-sid"),
    holds=genuine,
    least_entropy=4.2,
)
hugging_face = SecretRule(
    "hugging-face-access-token",
    "HuggingFace",
    "Access token of Hugging Face: its user's models and data sets",
    "CRITICAL",
    token("hf_[A-Za-z0-9]{34,40}|api_org_[A-Za-z0-9]{34}"),
    keywords=("hf_", "api_org_"),
    holds=genuine,
    least_entropy=3.8,
)
cohere = SecretRule(
    "cohere-api-key",
    "Cohere",
    "API key of Cohere: runs models on its owner's bill",
    "HIGH",
    assigned(
        "(?:cohere|co)[_.-]?api[_.-]?(?:key|token)|cohere[A-Za-z_.-]{0,10}(?:key|token)",
        "[A-Za-z0-9]{40}",
    ),
    keywords=("cohere", "co_api", "coapi", "co-api"),
    holds=numbered,
    least_entropy=4.0,
)
replicate = SecretRule(
    "replicate-api-token",
    "Replicate",
    "API token of Replicate: runs models on its owner's bill",
    "HIGH",
    token("r8_[A-Za-z0-9]{37}"),
    keywords=("r8_",),
    holds=genuine,
    least_entropy=4.0,
)
groq = SecretRule(
    "groq-api-key",
    "Groq",
    "API key of Groq: runs models on its owner's bill",
    "HIGH",
    token("gsk_[A-Za-z0-9]{52}"),
    keywords=("gsk_",),
    holds=genuine,
    least_entropy=4.0,
)
perplexity = SecretRule(
    "perplexity-api-key",
    "Perplexity",
    "API key of Perplexity: runs models on its owner's bill",
    "HIGH",
    token("pplx-[A-Za-z0-9]{48}"),
    keywords=("pplx-",),
    holds=genuine,
    least_entropy=4.0,
)
xai = SecretRule(
    "xai-api-key",
    "xAI",
    "API key of xAI: runs models on its owner's bill",
    "HIGH",
    token("xai-[A-Za-z0-9]{80}"),
    keywords=("xai-",),
    holds=genuine,
    least_entropy=4.2,
)
mistral = SecretRule(
    "mistral-api-key",
    "Mistral",
    "API key of Mistral: runs models on its owner's bill",
    "HIGH",
    assigned("(?:mistral|codestral)[A-Za-z_.-]{0,10}(?:key|token)", "[A-Za-z0-9]{32}"),
    keywords=("mistral", "codestral"),
    holds=numbered,
    least_entropy=3.8,
)
deepseek = SecretRule(
    "deepseek-api-key",
    "DeepSeek",
    "API key of DeepSeek: runs models on its owner's bill",
    "HIGH",
    assigned("deepseek[A-Za-z_.-]{0,10}(?:key|token)", "sk-[0-9a-f]{32}"),
    keywords=("deepseek",),
    holds=numbered,
    least_entropy=3.3,
)
open_router = SecretRule(
    "openrouter-api-key",
    "OpenRouter",
    "API key of OpenRouter: runs models on its owner's bill",
    "HIGH",
    token("sk-or-v1-[0-9a-f]{64}"),
    keywords=("sk-or-v1-",),
    holds=genuine,
    least_entropy=3.5,
)
fireworks = SecretRule(
    "fireworks-api-key",
    "Fireworks AI",
    "API key of Fireworks AI: runs models on its owner's bill",
    "HIGH",
    token("fw_[A-Za-z0-9]{22,24}"),
    keywords=("fw_",),
    holds=numbered,
    least_entropy=3.9,
)
together = SecretRule(
    "together-api-key",
    "Together AI",
    "API key of Together AI: runs models on its owner's bill",
    "HIGH",
    assigned(
        "together(?:[_.-]?ai)?[_.-]?(?:api[_.-]?)?(?:key|token)",
        "[0-9a-f]{64}|tgp_v1_[A-Za-z0-9_-]{43}",
    ),
    keywords=("together",),
    holds=numbered,
    least_entropy=3.3,
)
eleven_labs = SecretRule(
    "elevenlabs-api-key",
    "ElevenLabs",
    "API key of ElevenLabs: speech on its owner's bill",
    "MEDIUM",
    assigned("(?:eleven[_.-]?labs|xi)[_.-]?(?:api[_.-]?)?key", "(?:sk_)?[0-9a-f]{32,48}"),
    keywords=("eleven", "xi-api-key", "xi_api_key"),
    holds=numbered,
    least_entropy=3.2,
)
langsmith = SecretRule(
    "langsmith-api-key",
    "LangChain",
    "API key of LangSmith: traces with all prompts",
    "MEDIUM",
    token("lsv2_(?:pt|sk)_[0-9a-f]{32}_[0-9a-f]{10}"),
    keywords=("lsv2_",),
    holds=genuine,
    least_entropy=3.4,
)
weights_biases = SecretRule(
    "wandb-api-key",
    "Weights & Biases",
    "API key of Weights & Biases: its user's runs and models",
    "MEDIUM",
    assigned("(?:wandb|weights.and.biases)[A-Za-z_.-]{0,10}key", "[0-9a-f]{40}"),
    keywords=("wandb", "biases"),
    holds=numbered,
    least_entropy=3.2,
)
pinecone = SecretRule(
    "pinecone-api-key",
    "Pinecone",
    "API key of Pinecone: its vectors",
    "MEDIUM",
    token("pcsk_[A-Za-z0-9]{5,6}_[A-Za-z0-9]{60,64}"),
    keywords=("pcsk_",),
    holds=genuine,
    least_entropy=4.2,
)
nvidia = SecretRule(
    "nvidia-api-key",
    "NVIDIA",
    "API key of NVIDIA NGC or NIM",
    "HIGH",
    token("nvapi-[A-Za-z0-9_-]{60,70}", end="A-Za-z0-9_-"),
    keywords=("nvapi-",),
    holds=genuine,
    least_entropy=4.2,
)
