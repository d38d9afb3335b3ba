"""The kubelet answers everybody."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.model.check import Check, Failure

_PATH = ("authentication", "anonymous", "enabled")


def _judge(one: Object) -> Iterator[Failure]:
    if one.kind == "KubeletConfiguration" and one.get(*_PATH) is True:
        yield one.fails("answers without authentication", *_PATH, put="false")


check = Check(
    "K8S-0281",
    "The kubelet answers everybody",
    "Without authentication whoever reaches the kubelet may ask it, and with weak "
    "authorisation run commands in its pods.",
    "HIGH",
    "Set authentication.anonymous.enabled to false.",
    _judge,
    ("CIS-4.2.1",),
    ("https://kubernetes.io/docs/reference/config-api/kubelet-config.v1beta1/",),
)
