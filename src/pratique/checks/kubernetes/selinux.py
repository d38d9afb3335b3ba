"""SELinux options are changed."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.pods import STANDARDS
from pratique.codecs.located import Map
from pratique.model.check import Check, Failure

_PATH = ("securityContext", "seLinuxOptions")
_TYPES = ("", None, "container_t", "container_init_t", "container_kvm_t", "container_engine_t")


def _judge(one: Object) -> Iterator[Failure]:
    for part in (one.pod, *one.containers):
        options = part.mapping("securityContext", "seLinuxOptions") if part else Map()
        if part and options.get("type", "") not in _TYPES:
            yield part.fails(f"has the SELinux type {options['type']}", *_PATH, "type")
        for key in ("user", "role"):
            if part and options.get(key):
                yield part.fails(f"has the SELinux {key} {options[key]}", *_PATH, key)


check = Check(
    "K8S-0025",
    "SELinux options are changed",
    "Another SELinux user, role or type than a container's can lift its confinement.",
    "MEDIUM",
    "Remove user and role; use one of the container types.",
    _judge,
    ("KSV-0025", "PSS-baseline-selinux", "NSA-hardening"),
    (STANDARDS,),
)
