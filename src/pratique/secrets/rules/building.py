"""Building and shipping: Snyk, SonarQube, LaunchDarkly, Postman, CircleCI, Codecov and others."""

from __future__ import annotations

from pratique.model.secret_rule import SecretRule
from pratique.secrets.proofs import genuine, numbered
from pratique.secrets.shapes import UUID, assigned, token

snyk = SecretRule(
    "snyk-api-token",
    "Snyk",
    "API token of Snyk: the flaws of its user's projects",
    "MEDIUM",
    assigned("snyk[A-Za-z_.-]{0,12}(?:token|key|api)", UUID),
    keywords=("snyk",),
    holds=genuine,
    least_entropy=3.0,
)
sonar = SecretRule(
    "sonarqube-token",
    "SonarQube",
    "Token of SonarQube or SonarCloud: reads code, writes analyses",
    "MEDIUM",
    token("sq[apu]_[0-9a-f]{40}"),
    keywords=("sqa_", "sqp_", "squ_"),
    holds=genuine,
    least_entropy=3.2,
)
sonar_old = SecretRule(
    "sonarqube-token-legacy",
    "SonarQube",
    "Token of SonarQube or SonarCloud of before 2022",
    "MEDIUM",
    assigned("sonar(?:qube|cloud)?[A-Za-z_.-]{0,10}(?:token|login)", "[0-9a-f]{40}"),
    keywords=("sonar",),
    holds=numbered,
    least_entropy=3.2,
)
launch_darkly = SecretRule(
    "launchdarkly-access-token",
    "LaunchDarkly",
    "SDK key or access token of LaunchDarkly: an application's flags",
    "MEDIUM",
    token(f"(?:sdk|api)-{UUID}"),
    keywords=("sdk-", "api-"),
    holds=genuine,
    least_entropy=3.2,
)
postman = SecretRule(
    "postman-api-token",
    "Postman",
    "API key of Postman: collections and what they hold",
    "MEDIUM",
    token("PMAK-[0-9a-f]{24}-[0-9a-f]{34}"),
    keywords=("pmak-",),
    holds=genuine,
    least_entropy=3.3,
)
circle_ci = SecretRule(
    "circleci-token",
    "CircleCI",
    "Token of CircleCI: builds and their variables",
    "HIGH",
    token("CCI(?:PAT|PRJ)_[A-Za-z0-9]{20,24}_[0-9a-f]{40}"),
    keywords=("ccipat_", "cciprj_"),
    holds=genuine,
    least_entropy=3.8,
)
circle_ci_old = SecretRule(
    "circleci-token-legacy",
    "CircleCI",
    "Token of CircleCI of before 2023",
    "HIGH",
    assigned("circle(?:[_.-]?ci)?[A-Za-z_.-]{0,10}token", "[0-9a-f]{40}"),
    keywords=("circle",),
    holds=numbered,
    least_entropy=3.2,
)
travis = SecretRule(
    "travis-ci-token",
    "Travis CI",
    "Token of Travis CI: builds and their variables",
    "HIGH",
    assigned("travis[A-Za-z_.-]{0,10}token", "[A-Za-z0-9_-]{22}", end="A-Za-z0-9_-"),
    keywords=("travis",),
    holds=numbered,
    least_entropy=3.5,
)
buildkite = SecretRule(
    "buildkite-token",
    "Buildkite",
    "Token of Buildkite: builds and agents",
    "HIGH",
    token("bk(?:ua|aa|ct)_[0-9a-f]{40}|bk(?:at|rt)_[A-Za-z0-9]{40,60}"),
    keywords=("bkua_", "bkaa_", "bkct_", "bkat_", "bkrt_"),
    holds=genuine,
    least_entropy=3.3,
)
drone = SecretRule(
    "drone-ci-token",
    "Drone",
    "Token of Drone CI: builds and their secrets",
    "HIGH",
    assigned("drone[A-Za-z_.-]{0,10}(?:token|secret)", "[A-Za-z0-9]{32}"),
    keywords=("drone",),
    holds=numbered,
    least_entropy=3.1,
)
jenkins = SecretRule(
    "jenkins-api-token",
    "Jenkins",
    "API token of Jenkins: runs jobs as its user",
    "HIGH",
    assigned("jenkins[A-Za-z_.-]{0,12}(?:token|crumb|password|key)", "11[0-9a-f]{32}"),
    keywords=("jenkins",),
    holds=numbered,
    least_entropy=3.0,
)
codecov = SecretRule(
    "codecov-upload-token",
    "Codecov",
    "Upload token of Codecov",
    "LOW",
    assigned("codecov[A-Za-z_.-]{0,12}token", f"{UUID}|[0-9a-f]{{32}}"),
    keywords=("codecov",),
    holds=genuine,
    least_entropy=3.0,
)
octopus = SecretRule(
    "octopus-deploy-api-key",
    "Octopus Deploy",
    "API key of Octopus Deploy: deploys",
    "HIGH",
    token("API-[A-Z0-9]{25,32}"),
    keywords=("api-",),
    holds=numbered,
    least_entropy=3.6,
)
prefect = SecretRule(
    "prefect-api-key",
    "Prefect",
    "API key of Prefect: runs flows",
    "MEDIUM",
    token("pn[ub]_[A-Za-z0-9]{36}"),
    keywords=("pnu_", "pnb_"),
    holds=genuine,
    least_entropy=3.8,
)
sourcegraph = SecretRule(
    "sourcegraph-access-token",
    "Sourcegraph",
    "Access token of Sourcegraph: reads the code that its user may",
    "HIGH",
    token("sgp_(?:[0-9a-f]{16}_|local_)?[0-9a-f]{40}"),
    keywords=("sgp_",),
    holds=genuine,
    least_entropy=3.3,
)
read_me = SecretRule(
    "readme-api-token",
    "ReadMe",
    "API key of ReadMe: a project's documentation",
    "LOW",
    token("rdme_[a-z0-9]{70}"),
    keywords=("rdme_",),
    holds=genuine,
    least_entropy=3.8,
)
