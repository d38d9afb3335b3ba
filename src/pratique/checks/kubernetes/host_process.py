"""Windows HostProcess container."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.pods import STANDARDS
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    for part in (one.pod, *one.containers):
        if part and part.get("securityContext", "windowsOptions", "hostProcess") is True:
            yield part.fails("is a HostProcess", "securityContext", "windowsOptions", "hostProcess")


check = Check(
    "K8S-0103",
    "Windows HostProcess container",
    "A HostProcess container runs on the Windows node itself, with its files and its network.",
    "HIGH",
    "Remove windowsOptions.hostProcess.",
    _judge,
    ("KSV-0103", "PSS-baseline-hostprocess", "CIS-5.2.11"),
    (STANDARDS,),
)
