"""GitLab. Routable tokens end in a checksum, which is verified."""

from __future__ import annotations

from pratique.model.secret_rule import SecretRule
from pratique.secrets.proofs import genuine, is_routable
from pratique.secrets.shapes import token

_ROUTABLE = "[A-Za-z0-9_-]{27,300}[.](?:[0-9a-z]{2}[.])?[0-9a-z]{9}"


def _token(*prefixes: str, body: str = "[A-Za-z0-9_-]{20}") -> str:
    return token(f"(?:{'|'.join(prefixes)})(?:{body}|{_ROUTABLE})", end="A-Za-z0-9_-")


pat = SecretRule(
    "gitlab-pat",
    "GitLab",
    "Personal, project or group access token of GitLab: acts as its user",
    "CRITICAL",
    _token("glpat-"),
    keywords=("glpat-",),
    holds=is_routable,
    least_entropy=3.2,
)
oauth = SecretRule(
    "gitlab-oauth-app-secret",
    "GitLab",
    "Secret of an OAuth application of GitLab",
    "HIGH",
    _token("gloas-", body="[0-9a-f]{64}"),
    keywords=("gloas-",),
    holds=is_routable,
    least_entropy=3.2,
)
deploy = SecretRule(
    "gitlab-deploy-token",
    "GitLab",
    "Deploy token of GitLab: reads or writes a project's code, packages, images",
    "HIGH",
    _token("gldt-"),
    keywords=("gldt-",),
    holds=is_routable,
    least_entropy=3.2,
)
runner = SecretRule(
    "gitlab-runner-token",
    "GitLab",
    "Token of a GitLab runner: gets a project's jobs with their secrets",
    "HIGH",
    _token("glrt-(?:t[0-9]_)?", "glrtr-", body="[A-Za-z0-9_-]{20}"),
    keywords=("glrt-", "glrtr-"),
    holds=is_routable,
    least_entropy=3.2,
)
runner_registration = SecretRule(
    "gitlab-runner-registration-token",
    "GitLab",
    "Registration token of GitLab runners",
    "HIGH",
    token("GR1348941[A-Za-z0-9_-]{20}", end="A-Za-z0-9_-"),
    keywords=("gr1348941",),
    holds=genuine,
    least_entropy=3.2,
)
job = SecretRule(
    "gitlab-ci-job-token",
    "GitLab",
    "Token of a running CI job of GitLab",
    "MEDIUM",
    token("glcbt-[0-9a-zA-Z]{1,5}_[A-Za-z0-9_-]{20}", end="A-Za-z0-9_-"),
    keywords=("glcbt-",),
    holds=genuine,
    least_entropy=3.2,
)
trigger = SecretRule(
    "gitlab-pipeline-trigger-token",
    "GitLab",
    "Trigger token of GitLab: starts pipelines of a project",
    "MEDIUM",
    token("glptt-[0-9a-f]{40}", end="A-Za-z0-9_-"),
    keywords=("glptt-",),
    holds=genuine,
    least_entropy=3.2,
)
agent = SecretRule(
    "gitlab-agent-token",
    "GitLab",
    "Token of GitLab's agent in a Kubernetes cluster",
    "HIGH",
    token("glagent-[A-Za-z0-9_-]{50,1024}", end="A-Za-z0-9_-"),
    keywords=("glagent-",),
    holds=genuine,
    least_entropy=3.5,
)
feed = SecretRule(
    "gitlab-feed-token",
    "GitLab",
    "Feed, incoming mail, feature flag or SCIM token of GitLab",
    "MEDIUM",
    token("(?:glft-|glimt-|glsoat-|glffct-|glwt-)[A-Za-z0-9_-]{20,25}", end="A-Za-z0-9_-"),
    keywords=("glft-", "glimt-", "glsoat-", "glffct-", "glwt-"),
    holds=genuine,
    least_entropy=3.2,
)
session = SecretRule(
    "gitlab-session-cookie",
    "GitLab",
    "Session cookie of GitLab: acts as its user",
    "MEDIUM",
    r"_gitlab_session=(?P<secret>[0-9a-f]{32})(?:$|[^0-9a-f])",
    keywords=("_gitlab_session=",),
    holds=genuine,
    least_entropy=3.2,
)
