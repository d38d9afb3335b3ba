"""Package registries: npm, PyPI, RubyGems, NuGet, crates.io, Clojars, Packagist, JFrog."""

from __future__ import annotations

from pratique.model.secret_rule import SecretRule
from pratique.secrets.proofs import genuine, is_github, is_macaroon, numbered, starts
from pratique.secrets.shapes import assigned, token

npm = SecretRule(
    "npm-access-token",
    "Npm",
    "Access token of npm: publishes its user's packages",
    "CRITICAL",
    token("npm_[A-Za-z0-9]{36}"),
    keywords=("npm_",),
    holds=is_github,
)
pypi = SecretRule(
    "pypi-upload-token",
    "PyPI",
    "Upload token of PyPI: publishes its user's packages",
    "HIGH",
    token("pypi-AgE[A-Za-z0-9_-]{80,300}", end="A-Za-z0-9_-"),
    keywords=("pypi-age",),
    holds=is_macaroon,
)
rubygems = SecretRule(
    "rubygems-api-token",
    "RubyGems",
    "API key of RubyGems: publishes its user's gems",
    "MEDIUM",
    token("rubygems_[0-9a-f]{48}"),
    keywords=("rubygems_",),
    holds=genuine,
    least_entropy=3.5,
)
nuget = SecretRule(
    "nuget-api-key",
    "NuGet",
    "API key of NuGet: publishes its user's packages",
    "HIGH",
    token("oy2[a-z0-9]{43}"),
    keywords=("oy2",),
    holds=numbered,
    least_entropy=3.8,
)
crates = SecretRule(
    "crates-io-api-token",
    "crates.io",
    "API token of crates.io: publishes its user's crates",
    "HIGH",
    token("cio[A-Za-z0-9]{32}"),
    keywords=("cio",),
    holds=numbered,
    least_entropy=4.0,
)
clojars = SecretRule(
    "clojars-api-token",
    "Clojars",
    "Deploy token of Clojars: publishes its user's packages",
    "MEDIUM",
    token("CLOJARS_[0-9a-f]{60}"),
    keywords=("clojars_",),
    holds=genuine,
    least_entropy=3.5,
)
packagist = SecretRule(
    "private-packagist-token",
    "Private Packagist",
    "Token of Private Packagist: reads or changes its packages",
    "HIGH",
    token("packagist_[ou][ru]t_[0-9a-f]{68}"),
    keywords=("packagist_",),
    holds=genuine,
    least_entropy=3.5,
)
artifactory = SecretRule(
    "jfrog-api-key",
    "JFrog",
    "API key of Artifactory: reads and writes its packages",
    "HIGH",
    token("AKC[A-Za-z0-9][A-Za-z0-9]{69}"),
    keywords=("akc",),
    holds=numbered,
    least_entropy=4.5,
)
artifactory_reference = SecretRule(
    "jfrog-reference-token",
    "JFrog",
    "Reference token of JFrog's platform",
    "HIGH",
    token("cmVmdGtu[A-Za-z0-9]{56}"),
    keywords=("cmvmdgtu",),
    holds=starts(b"reftkn:"),
    least_entropy=4.0,
)
jsr = SecretRule(
    "jsr-token",
    "JSR",
    "Access token of JSR: publishes its user's packages",
    "HIGH",
    token("jsr[pd]_[A-Za-z0-9]{24,64}"),
    keywords=("jsrp_", "jsrd_"),
    holds=genuine,
    least_entropy=3.8,
)
hex_pm = SecretRule(
    "hex-pm-api-key",
    "Hex",
    "API key of Hex: publishes its user's packages",
    "HIGH",
    assigned("hex(?:pm)?[_.-]?(?:pm[_.-]?)?(?:api|repos)[_.-]?key", "[0-9a-f]{32}"),
    keywords=("hex",),
    holds=numbered,
    least_entropy=3.1,
)
cocoapods = SecretRule(
    "cocoapods-trunk-token",
    "CocoaPods",
    "Trunk token of CocoaPods: publishes its user's pods",
    "HIGH",
    assigned("cocoapods[_.-]?trunk[_.-]?token", "[0-9a-f]{32}"),
    keywords=("cocoapods",),
    holds=numbered,
    least_entropy=3.1,
)
cloudsmith = SecretRule(
    "cloudsmith-api-key",
    "Cloudsmith",
    "API key of Cloudsmith: reads and writes its packages",
    "HIGH",
    assigned("cloudsmith[A-Za-z_.-]{0,10}(?:key|token)", "[0-9a-f]{40}"),
    keywords=("cloudsmith",),
    holds=numbered,
    least_entropy=3.2,
)
