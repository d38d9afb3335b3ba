"""Tell by a name, a value or a file's name that it is a secret."""

from __future__ import annotations

import re

_NAME = re.compile(
    r"(?:^|[_.-])(?:password|passwd|passphrase|pass|pwd|secret|secrets|token|api_?key|apikey|auth_?key"
    r"|access_?key(?:_id)?|secret_?key(?:_base)?|private_?key|encryption_?key|signing_?key|master_?key"
    r"|client_?secret|credentials?|auth_?token|license_?key|ssh_?key|deploy_?key|account_?key"
    r"|connection_?string)(?:_?\d+)?$",
    re.IGNORECASE,
)
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_NO_NAMES = frozenset({"PWD", "OLDPWD", "NEXT_PUBLIC_TOKEN"})
_NO_VALUES = re.compile(
    r"|true|false|yes|no|on|off|none|null|nil|undefined|enabled?|disabled?|required|optional|\d{1,3}"
    r"|/[\w./-]*|file:.*|vault:.*|\*+|<[^>]*>|\{\{.*\}\}|%[^%]*%",
    re.IGNORECASE,
)
_PLACEHOLDERS = re.compile(
    r"x{3,}|change[-_ ]?(?:me|it|this).*|your[-_ ].*|example.*|dummy.*|placeholder.*|todo"
    r"|replace[-_ ]?me.*"
    r"|insert.*here|fake.*|not[-_]?(?:a[-_])?(?:real|used|set|secret).*|build(?:[-_]?time)?(?:[-_]only)?"
    r"|test(?:ing)?|sample.*|default|unset|redacted|secret_key_base_dummy|notused|unused|temp(?:orary)?.*",
    re.IGNORECASE,
)
_FORMATS = re.compile(
    r"(?<![A-Za-z0-9])(?:A(?:KI|SI)A[A-Z2-7]{16}|gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{50,}"
    r"|glpat-[A-Za-z0-9_-]{20}|xox[abprs]-[A-Za-z0-9-]{10,}|npm_[A-Za-z0-9]{36}|pypi-AgE[A-Za-z0-9_-]{50,}"
    r"|sk_live_[A-Za-z0-9]{20,}|sk-(?:ant|proj)-[A-Za-z0-9_-]{20,}|hf_[A-Za-z0-9]{34}|AIza[A-Za-z0-9_-]{35}"
    r"|dckr_pat_[A-Za-z0-9_-]{20,}|SG\.[A-Za-z0-9_-]{20,}\.[A-Za-z0-9_-]{20,}"
    r"|eyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,})"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY"
)
_IN_URL = re.compile(
    r"[a-z][a-z0-9+.-]*://(?:[^/\s:@'\"]*:([^/\s@'\"]+)|(\$\{?\w+\}?|[^/\s:@'\"]{20,}))@",
    re.IGNORECASE,
)
_SAMPLES = re.compile(
    r"(?:^|[._-])(?:example|sample|template|dist|defaults?|tpl|test|schema|docs?|pub)(?:[._-]|$)"
)
_FILES = re.compile(
    r"\.env(?:rc|\..+)?|[^/]+\.env|id_(?:rsa|dsa|ecdsa|ed25519)|.*\.ppk|.*\.key|.*priv(?:ate)?[-_]?key.*\.pem"
    r"|privkey.*\.pem|key\.pem|.*[-_]key\.pem|\.netrc|_netrc|\.pypirc|\.npmrc|\.yarnrc|\.git-credentials|\.pgpass"
    r"|\.htpasswd|.*\.p12|.*\.pfx|.*\.jks|.*\.keystore|kubeconfig|terraform\.tfstate(?:\.backup)?|.*\.tfvars"
    r"|credentials\.json|service[-_]?account.*\.json|gcp[-_]?key.*\.json|secrets?\.(?:ya?ml|json|env|txt|toml)"
    r"|\.dockercfg|master\.key|\.vault[-_]?pass(?:word)?|wallet\.dat|\.s3cfg|\.boto",
    re.IGNORECASE,
)
_FOLDERS = frozenset({".ssh", ".aws", ".gnupg", ".kube", ".azure", ".gcloud", ".docker"})
OFTEN_HARMLESS = frozenset({".npmrc", ".yarnrc", ".envrc"})
"""Files that mostly hold settings, and sometimes a token."""


def is_secret_name(name: str) -> bool:
    """Tell whether a variable is called like a secret, and not like the path to one."""
    snake = _CAMEL.sub("_", name)
    return name not in _NO_NAMES and _NAME.search(snake) is not None


def is_value(value: str) -> bool:
    """Tell whether a value may be one: no switch, number, path or reference to where it is."""
    return "$" not in value and _NO_VALUES.fullmatch(value.strip("'\"")) is None


def is_placeholder(value: str) -> bool:
    """Tell whether a value only says that there should be one."""
    return _PLACEHOLDERS.fullmatch(value.strip("'\"")) is not None


def has_format(text: str) -> bool:
    """Tell whether a token of a known provider, or a private key, is in a text."""
    return _FORMATS.search(text) is not None


def password_in_url(text: str) -> str:
    """Return the password, or token, that stands in a URL; it may be a variable."""
    match = _IN_URL.search(text)
    return match[1] or match[2] if match else ""


def is_secret_file(path: str) -> bool:
    """Tell by its name whether a file holds secrets; examples do not."""
    parts = [part for part in path.strip("/").split("/") if part]
    if not parts or _SAMPLES.search(parts[-1].lower().removeprefix(".env.").removeprefix(".env")):
        return False
    return _FILES.fullmatch(parts[-1]) is not None or bool(_FOLDERS & set(parts))
