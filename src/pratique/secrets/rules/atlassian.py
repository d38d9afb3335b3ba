"""Atlassian: Jira, Confluence, Bitbucket, Trello."""

from __future__ import annotations

from pratique.model.secret_rule import SecretRule
from pratique.secrets.proofs import genuine, numbered
from pratique.secrets.shapes import assigned, token

api_token = SecretRule(
    "atlassian-api-token",
    "Atlassian",
    "API token of Atlassian: acts as its user in Jira, Confluence, Bitbucket",
    "HIGH",
    token("ATATT3xFfGF0[A-Za-z0-9_=-]{160,220}", end="A-Za-z0-9_-"),
    keywords=("atatt3xffgf0",),
    holds=genuine,
    least_entropy=4.2,
)
api_token_old = SecretRule(
    "atlassian-api-token-legacy",
    "Atlassian",
    "API token of Atlassian of before 2023",
    "HIGH",
    assigned(
        "(?:atlassian|jira|confluence)[A-Za-z_.-]{0,16}(?:token|key|password|secret)",
        "[A-Za-z0-9]{24}",
    ),
    keywords=("atlassian", "jira", "confluence"),
    holds=numbered,
    least_entropy=3.5,
)
access_token = SecretRule(
    "atlassian-access-token",
    "Atlassian",
    "Access token of a repository, project or workspace of Bitbucket, or of an organisation",
    "HIGH",
    token("(?:ATCTT3xFfG|ATSTT3xFfG)[A-Za-z0-9_=-]{150,230}", end="A-Za-z0-9_-"),
    keywords=("atctt3xffg", "atstt3xffg"),
    holds=genuine,
    least_entropy=4.2,
)
data_center = SecretRule(
    "atlassian-data-center-token",
    "Atlassian",
    "Personal access token of Bitbucket, Jira or Confluence Data Center",
    "HIGH",
    assigned(
        "(?:bitbucket|jira|confluence)[A-Za-z_.-]{0,16}(?:token|pat)|bearer",
        "(?:BBDC-)?[MNO][A-Za-z0-9+/]{43}",
        end="A-Za-z0-9+/=",
    ),
    keywords=("bitbucket", "jira", "confluence", "bbdc-"),
    holds=numbered,
    least_entropy=4.2,
)
app_password = SecretRule(
    "bitbucket-app-password",
    "Bitbucket",
    "App password of Bitbucket: acts as its user",
    "HIGH",
    token("ATBB[A-Za-z0-9_=.-]{32}", end="A-Za-z0-9_=.-"),
    keywords=("atbb",),
    holds=genuine,
    least_entropy=3.8,
)
bitbucket_id = SecretRule(
    "bitbucket-client-id",
    "Bitbucket",
    "Key of an OAuth consumer of Bitbucket (of use with its secret)",
    "HIGH",
    assigned(
        "bitbucket[A-Za-z_.-]{0,16}(?:client[_.-]?id|key|consumer[_.-]?key)",
        "[A-Za-z0-9]{18}|[a-z0-9]{32}",
        between=0,
    ),
    keywords=("bitbucket",),
    holds=numbered,
    least_entropy=3.2,
)
bitbucket_secret = SecretRule(
    "bitbucket-client-secret",
    "Bitbucket",
    "Secret of an OAuth consumer of Bitbucket",
    "HIGH",
    assigned(
        "bitbucket[A-Za-z_.-]{0,16}secret", "[A-Za-z0-9]{32}|[A-Za-z0-9_-]{64}", end="A-Za-z0-9_-"
    ),
    keywords=("bitbucket",),
    holds=numbered,
    least_entropy=3.5,
)
trello = SecretRule(
    "trello-api-token",
    "Trello",
    "Token of Trello: a user's boards",
    "MEDIUM",
    token("ATTA[0-9a-f]{64}[0-9A-F]{8}"),
    keywords=("atta",),
    holds=genuine,
    least_entropy=3.5,
)
