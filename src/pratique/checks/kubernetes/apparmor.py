"""AppArmor is switched off."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object, Pod
from pratique.codecs.kubernetes.pods import STANDARDS
from pratique.codecs.located import span_of
from pratique.model.check import Check, Failure

_FIELD = ("securityContext", "appArmorProfile", "type")
_ANNOTATION = "container.apparmor.security.beta.kubernetes.io/"


def _judge(one: Object) -> Iterator[Failure]:
    if one.pod is None:
        return
    yield from _annotated(one.pod)
    if one.pod.get("securityContext", "appArmorProfile", "type") == "Unconfined":
        yield one.pod.fails("runs without AppArmor", *_FIELD, put="RuntimeDefault")
    for container in one.containers:
        if container.get(*_FIELD) == "Unconfined":
            yield container.fails("runs without AppArmor", *_FIELD, put="RuntimeDefault")


def _annotated(pod: Pod) -> Iterator[Failure]:
    for key, value in pod.annotations.items():
        allowed = value in ("", "runtime/default") or str(value).startswith("localhost/")
        if key.startswith(_ANNOTATION) and not allowed:
            name = key.removeprefix(_ANNOTATION)
            span = span_of(pod.metadata.get("annotations"), key)
            yield pod.fails_at(f'runs its container "{name}" without AppArmor', span)


check = Check(
    "K8S-0002",
    "AppArmor is switched off",
    "AppArmor confines what files and capabilities a process can use. The node's default "
    "profile applies unless a manifest takes it away.",
    "MEDIUM",
    "Remove the profile, or set appArmorProfile.type to RuntimeDefault.",
    _judge,
    ("KSV-0002", "PSS-baseline-apparmor", "NSA-hardening"),
    (STANDARDS, "https://kubernetes.io/docs/tutorials/security/apparmor/"),
)
