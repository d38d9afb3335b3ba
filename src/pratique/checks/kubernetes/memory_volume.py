"""A volume in memory has no limit."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.located import Map
from pratique.model.check import Check, Failure


def _judge(one: Object) -> Iterator[Failure]:
    for volume, span in one.pod.volumes if one.pod else ():
        source = volume.get("emptyDir")
        if not isinstance(source, Map) or source.get("medium") != "Memory":
            continue
        if "sizeLimit" not in source:
            yield Failure(f'volume "{volume.get("name", "")}" takes any amount of memory', *span)


check = Check(
    "K8S-0203",
    "A volume in memory has no limit",
    "Files in an emptyDir of medium Memory count as the memory of those who write them, "
    "or of nobody: without a limit they take the node's.",
    "LOW",
    "Set emptyDir.sizeLimit.",
    _judge,
    ("NSA-resource-policies",),
    ("https://kubernetes.io/docs/concepts/storage/volumes/#emptydir",),
)
