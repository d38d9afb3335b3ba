"""Passwords, keys and tokens of nobody in particular, by the name that they are given."""

from __future__ import annotations

from pratique.model.secret_rule import SecretRule
from pratique.secrets.proofs import is_password, random_looking

_BEFORE = "(?:^|[^A-Za-z0-9])[A-Za-z0-9_.-]{0,40}"
_SETTINGS = (
    "image configuration", ".env", "*.env", ".env.*", "env.*", "*.properties", "*.ini", "*.conf", "*.cfg", "*.cnf", "*.config",
    "*.toml", "*.yaml", "*.yml", "*.json", "*.json5", "*.xml", "*.tfvars", "*.hcl", "*.plist", "*.service", "*.env.*",
    "Dockerfile", "Dockerfile.*", "*.dockerfile", "Containerfile", "Jenkinsfile", ".envrc", ".bashrc", ".profile",
    ".bash_profile", ".zshrc", ".bash_history", ".zsh_history", "*.sh", "*.bash", "*.ps1", "*.bat", "*.cmd", "environment",
)  # fmt: skip
_VALUE = r"""(?P<secret>[^\s"'`<>;,&|\\#][^\s"'`<>;,&|\\]{5,159})(?:$|[\s"'`<>;,&|\\])"""
_NAMED = "(?i:password|passwd|passphrase|pwd|_pass)"
_GIVEN = r"""["']?\]?(?:[ \t]{0,8}(?::=|=>|[=:])[ \t]{0,8}|[ \t]{1,4}value=|["']?>)["']?"""
_COMMAND = r"(?:^|[\r\n])[ \t]{0,8}(?:ENV|ARG|SET|setx?)[ \t]{1,4}[A-Za-z0-9_]{0,40}"

password = SecretRule(
    "generic-password",
    "Generic",
    "Password in a configuration",
    "HIGH",
    rf"""(?:{_BEFORE}{_NAMED}[A-Za-z0-9_]{{0,12}}{_GIVEN}|{_COMMAND}{_NAMED}[A-Za-z0-9_]{{0,12}}[ ]{{1,4}}["']?|--[a-z-]{{0,20}}password[ =]["']?){_VALUE}""",
    keywords=("password", "passwd", "passphrase", "pwd", "_pass"),
    paths=_SETTINGS,
    holds=is_password,
    least_entropy=2.5,
)
password_in_source = SecretRule(
    "generic-password-in-source",
    "Generic",
    "Password in a program",
    "MEDIUM",
    rf"""{_BEFORE}(?i:password|passwd|passphrase|pwd|_pass)[A-Za-z0-9_]{{0,12}}["']?\]?[ \t]{{0,8}}(?::[ ]?[Ss]tr(?:ing)?[ ]{{0,2}})?(?::=|=>|=|:|,)[ \t]{{0,8}}["'`](?P<secret>[^\s"'`<>\\]{{8,120}})["'`]""",
    keywords=("password", "passwd", "passphrase", "pwd", "_pass"),
    holds=random_looking,
    least_entropy=3.0,
)
_NAMES = "secret|token|api_?key|apikey|api-key|access_?key|auth_?key|private_?key|secret_?key|encryption_?key|signing_?key|master_?key|credentials?|client_?secret|app_?key|auth"
_ENDS = "(?i:_?(?:[0-9]{1,3}|v[0-9]|value|key|base|salt|token|secret|string|pass|prod|production|dev|staging|live|main|primary|secondary))?"
secret = SecretRule(
    "generic-secret",
    "Generic",
    "Secret, key or token in a program or configuration",
    "MEDIUM",
    rf"""{_BEFORE}(?i:{_NAMES}){_ENDS}["']?\]?[ \t]{{0,8}}(?::[ ]?[Ss]tr(?:ing)?[ ]{{0,2}})?(?::=|=>|=|:|,|[ \t]value=|[ ])[ \t]{{0,8}}["'`](?P<secret>[A-Za-z0-9+/_.~!@#$%^&*-]{{16,200}}={{0,2}})["'`]""",
    keywords=("secret", "token", "key", "credential", "auth"),
    holds=random_looking,
    least_entropy=3.5,
)
setting = SecretRule(
    "generic-secret-setting",
    "Generic",
    "Secret, key or token in a configuration",
    "MEDIUM",
    rf"""{_BEFORE}(?i:{_NAMES})[ \t]{{0,4}}(?:[=:]|[ ])[ \t]{{0,4}}(?P<secret>[A-Za-z0-9+/_.~!@#$%^&*-]{{16,200}}={{0,2}})(?:$|[\s"'`<>;,&|])""",
    keywords=("secret", "token", "key", "credential", "auth"),
    paths=_SETTINGS,
    holds=random_looking,
    least_entropy=3.2,
)
