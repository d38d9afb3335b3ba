"""An Ingress brings its own server configuration."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    for key in one.mapping("metadata", "annotations") if one.kind == "Ingress" else ():
        if key.endswith("-snippet") and "nginx" in key:
            yield one.fails(f"has the annotation {key}", "metadata", "annotations", key)


check = Check(
    "K8S-0263",
    "An Ingress brings its own server configuration",
    "A snippet is put into ingress-nginx's configuration as it is: who writes one reads "
    "the secrets of the controller, which are those of all namespaces (CVE-2021-25742).",
    "HIGH",
    "Remove the annotation; configure the controller.",
    _judge,
    ("KCV-0093",),
    ("https://nvd.nist.gov/vuln/detail/CVE-2021-25742",),
)
