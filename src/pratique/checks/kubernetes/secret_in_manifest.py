"""A Secret with its value."""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.model.check import Check, Failure

_PLACEHOLDER = re.compile(
    r"^\W*$|^<|\$\{|\{\{|^ENC\[|^x+$|change[_\-]?me|your[_\- ]|replace[_\- ]|placeholder|example",
    re.IGNORECASE,
)


_PUBLIC = frozenset({
    "url", "uri", "host", "hostname", "port", "name", "type", "user", "username", "project",
    "server", "database", "email", "region", "bucket", "endpoint", "insecure", "issuer", "realm",
})  # fmt: skip
"""Keys of what stands beside a secret."""


def _judge(one: Object) -> Iterator[Failure]:
    if one.kind != "Secret" or one.api_version != "v1" or not one.lines:
        return  # what a template makes is not in the repository
    if one.value.keys() & {"sops"} or one.get("type") == "helm.sh/release.v1":
        return
    for part in ("data", "stringData"):
        found = [key for key, value in one.mapping(part).items() if _is_given(key, value, part)]
        if found:
            yield one.fails(f"has its values in the manifest: {', '.join(found[:5])}", part)


def _is_given(key: str, value: object, part: str) -> bool:
    """Tell whether a value is there, and not a placeholder nor public anyway."""
    if not isinstance(value, str) or key.lower() in _PUBLIC or key.endswith((".crt", ".pub")):
        return False
    if part == "data":
        try:
            value = b64decode(value, validate=True).decode("utf-8", "replace")
        except ValueError:
            return False  # a template, or something to be filled in
    return value.strip() not in ("true", "false") and not _PLACEHOLDER.search(value)


check = Check(
    "K8S-0216",
    "A Secret with its value",
    "Base64 hides nothing: who reads the repository reads the secret.",
    "MEDIUM",
    "Make it outside of the repository: an external secret store, sealed secrets, SOPS.",
    _judge,
    ("CIS-5.4.2",),
    ("https://kubernetes.io/docs/concepts/security/secrets-good-practices/",),
)
