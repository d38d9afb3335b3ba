"""A gitRepo volume is used."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    for volume, span in one.pod.volumes if one.pod else ():
        if "gitRepo" in volume:
            yield Failure(f'volume "{volume.get("name", "")}" is a gitRepo', *span)


check = Check(
    "K8S-0230",
    "A gitRepo volume is used",
    "The node clones the repository as root: whoever controls the repository can run "
    "commands there (CVE-2024-10220). The type is switched off in newer releases.",
    "HIGH",
    "Clone in an init container into an emptyDir.",
    _judge,
    ("PSS-restricted-volume-types",),
    ("https://nvd.nist.gov/vuln/detail/CVE-2024-10220",),
)
