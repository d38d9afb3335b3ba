"""A volume of a type outside the restricted standard."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.codecs.kubernetes.pods import STANDARDS
from pratique.model.check import Check, Failure

_ALLOWED = frozenset(
    {
        "configMap",
        "csi",
        "downwardAPI",
        "emptyDir",
        "ephemeral",
        "image",
        "persistentVolumeClaim",
        "projected",
        "secret",
    }
)


def _judge(one: Object) -> Iterator[Failure]:
    for volume, span in one.pod.volumes if one.pod else ():
        for type_ in volume.keys() - _ALLOWED - {"name", "hostPath", "gitRepo"}:
            yield Failure(f'volume "{volume.get("name", "")}" is of type {type_}', *span)


check = Check(
    "K8S-0028",
    "A volume of a type outside the restricted standard",
    "The restricted standard allows volumes of these types alone: configMap, csi, "
    "downwardAPI, emptyDir, ephemeral, image, persistentVolumeClaim, projected, secret. "
    "Others carry credentials for storage, or bypass the cluster's storage classes.",
    "LOW",
    "Claim a persistent volume instead.",
    _judge,
    ("KSV-0028", "PSS-restricted-volume-types"),
    (STANDARDS,),
)
