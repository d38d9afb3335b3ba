"""A Service takes external addresses."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    if one.kind == "Service" and not one.group and one.items("spec", "externalIPs"):
        addresses = ", ".join(one.names("spec", "externalIPs"))
        yield one.fails(f"takes the addresses {addresses}", "spec", "externalIPs")


check = Check(
    "K8S-0108",
    "A Service takes external addresses",
    "A Service takes the traffic of any address that externalIPs names, also that of "
    "others (CVE-2020-8554).",
    "HIGH",
    "Remove externalIPs; use a load balancer or an Ingress.",
    _judge,
    ("KSV-0108",),
    ("https://nvd.nist.gov/vuln/detail/CVE-2020-8554",),
)
