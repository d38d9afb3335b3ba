"""Databases as a service: Databricks, PlanetScale, Supabase, Neon, MongoDB Atlas, Confluent and others."""

from __future__ import annotations

from pratique.model.secret_rule import SecretRule
from pratique.secrets.proofs import claims, genuine, numbered
from pratique.secrets.shapes import UUID, assigned, token


def _is_service_role(secret: str) -> bool:
    """Tell that a JSON Web Token is the key of Supabase that passes row level security."""
    body = claims(secret)[1]
    return body.get("iss") == "supabase" and body.get("role") == "service_role"


databricks = SecretRule(
    "databricks-api-token",
    "Databricks",
    "Personal access token of Databricks: data and clusters of a workspace",
    "HIGH",
    token("dapi[0-9a-f]{32}(?:-[0-9]{1,2})?", end="A-Za-z0-9_-"),
    keywords=("dapi",),
    holds=genuine,
    least_entropy=3.3,
)
databricks_oauth = SecretRule(
    "databricks-oauth-secret",
    "Databricks",
    "OAuth secret of a service principal of Databricks",
    "HIGH",
    token("dose[0-9a-f]{32}"),
    keywords=("dose",),
    holds=genuine,
    least_entropy=3.3,
)
planetscale_password = SecretRule(
    "planetscale-password",
    "PlanetScale",
    "Password of a PlanetScale database",
    "HIGH",
    token("pscale_pw_[A-Za-z0-9_.-]{32,64}", end="A-Za-z0-9_-"),
    keywords=("pscale_pw_",),
    holds=genuine,
    least_entropy=4.0,
)
planetscale_token = SecretRule(
    "planetscale-api-token",
    "PlanetScale",
    "Token of PlanetScale: databases of an organisation",
    "HIGH",
    token("pscale_(?:tkn|oauth)_[A-Za-z0-9_.-]{32,64}", end="A-Za-z0-9_-"),
    keywords=("pscale_tkn_", "pscale_oauth_"),
    holds=genuine,
    least_entropy=4.0,
)
supabase_role = SecretRule(
    "supabase-service-role-key",
    "Supabase",
    "Service role key of Supabase: all rows of a project",
    "CRITICAL",
    token(
        "eyJ[A-Za-z0-9_-]{17,200}[.]eyJ[A-Za-z0-9_-]{80,400}[.][A-Za-z0-9_-]{43}", end="A-Za-z0-9_-"
    ),
    keywords=("eyj",),
    holds=_is_service_role,
)
supabase_secret = SecretRule(
    "supabase-secret-key",
    "Supabase",
    "Secret key of Supabase: all rows of a project",
    "CRITICAL",
    token("sb_secret_[A-Za-z0-9_-]{22}_[A-Za-z0-9_-]{8}", end="A-Za-z0-9_-"),
    keywords=("sb_secret_",),
    holds=genuine,
    least_entropy=3.8,
)
supabase_token = SecretRule(
    "supabase-access-token",
    "Supabase",
    "Access token of Supabase: its user's projects",
    "HIGH",
    token("sbp_(?:oauth_)?[0-9a-f]{40}"),
    keywords=("sbp_",),
    holds=genuine,
    least_entropy=3.3,
)
neon = SecretRule(
    "neon-api-key",
    "Neon",
    "API key of Neon: its user's databases",
    "HIGH",
    token("napi_[a-z0-9]{60,68}"),
    keywords=("napi_",),
    holds=genuine,
    least_entropy=4.0,
)
neon_password = SecretRule(
    "neon-database-password",
    "Neon",
    "Password of a Neon database",
    "HIGH",
    token("npg_[A-Za-z0-9]{12,24}"),
    keywords=("npg_",),
    holds=numbered,
    least_entropy=3.3,
)
atlas = SecretRule(
    "mongodb-atlas-private-key",
    "MongoDB",
    "Private API key of MongoDB Atlas: an organisation's databases",
    "HIGH",
    assigned("(?:mongo(?:db)?|atlas|mcli)[A-Za-z_.-]{0,16}private[A-Za-z_.-]{0,6}key", UUID),
    keywords=("mongo", "atlas", "mcli"),
    holds=genuine,
    least_entropy=3.0,
)
atlas_secret = SecretRule(
    "mongodb-atlas-service-account-secret",
    "MongoDB",
    "Secret of a service account of MongoDB Atlas",
    "HIGH",
    token("mdb_sa_sk_[A-Za-z0-9_-]{40}", end="A-Za-z0-9_-"),
    keywords=("mdb_sa_sk_",),
    holds=genuine,
    least_entropy=4.0,
)
confluent = SecretRule(
    "confluent-api-secret",
    "Confluent",
    "API secret of Confluent Cloud: reads and writes topics",
    "HIGH",
    assigned(
        "(?:confluent|ccloud|kafka)[A-Za-z_.-]{0,16}secret|cluster[_.]?secret",
        "[A-Za-z0-9+/]{64}|cflt[A-Za-z0-9+/]{60}",
        end="A-Za-z0-9+/=",
    ),
    keywords=("confluent", "ccloud", "kafka", "cluster"),
    holds=numbered,
    least_entropy=4.4,
)
upstash = SecretRule(
    "upstash-redis-token",
    "Upstash",
    "REST token of Upstash: a database",
    "HIGH",
    assigned(
        "upstash[A-Za-z_.-]{0,20}token", "A[A-Za-z0-9+/_-]{40,110}={0,2}", end="A-Za-z0-9+/_=-"
    ),
    keywords=("upstash",),
    holds=numbered,
    least_entropy=4.0,
)
snowflake = SecretRule(
    "snowflake-password",
    "Snowflake",
    "Password or key phrase of Snowflake",
    "HIGH",
    assigned(
        "snowflake[A-Za-z_.-]{0,16}(?:password|passphrase|pwd)",
        "[!#-&(-;=?-~]{10,64}",
        end="!#-&(-;=?-~",
    ),
    keywords=("snowflake",),
    holds=numbered,
    least_entropy=3.0,
)
aiven = SecretRule(
    "aiven-service-password",
    "Aiven",
    "Password of a database of Aiven",
    "HIGH",
    token("AVNS_[A-Za-z0-9_-]{19}", end="A-Za-z0-9_-"),
    keywords=("avns_",),
    holds=genuine,
    least_entropy=3.5,
)
