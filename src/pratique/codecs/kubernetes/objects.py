"""Kubernetes objects: their identity, and the pods and containers that they run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import count
from typing import Any

from pratique.codecs.kubernetes.part import Part
from pratique.codecs.located import List, Map, Span, Value, span_of

_MOST_NESTED = 5
"""Lists in lists."""
_POD_TEMPLATES: Mapping[str, tuple[str, ...]] = {
    "Pod": (),
    "Deployment": ("spec", "template"),
    "ReplicaSet": ("spec", "template"),
    "StatefulSet": ("spec", "template"),
    "DaemonSet": ("spec", "template"),
    "ReplicationController": ("spec", "template"),
    "Job": ("spec", "template"),
    "CronJob": ("spec", "jobTemplate", "spec", "template"),
    "PodTemplate": ("template",),
    "Rollout": ("spec", "template"),  # argoproj.io
    "DeploymentConfig": ("spec", "template"),  # apps.openshift.io
    "Service": ("spec", "template"),  # serving.knative.dev
    "Configuration": ("spec", "template"),
    "Revision": (),
}
_GROUPS: Mapping[str, tuple[str, ...]] = {
    "Rollout": ("argoproj.io",),
    "DeploymentConfig": ("apps.openshift.io", ""),
    "Service": ("serving.knative.dev",),
    "Configuration": ("serving.knative.dev",),
    "Revision": ("serving.knative.dev",),
}
"""Where a kind of another group has a name that occurs elsewhere as well."""


class Container(Part, frozen=True, gc=False):
    """A container of any sort, with what its pod says for all of them."""

    name: str = ""
    role: str = "container"
    """container, init container, sidecar (an init container that goes on), ephemeral container"""
    pod_security: Map = Map()
    windows: bool = False

    def security(self, key: str) -> Any:
        """Return a field of its security context, or of its pod's where it has none."""
        own = self.get("securityContext", key)
        return self.pod_security.get(key) if own is None else own

    def request(self, resource: str) -> Any:
        """Return how much of a resource it asks for: its limit where it says nothing."""
        limit = self.get("resources", "limits", resource)
        return self.get("resources", "requests", resource) or limit

    @property
    def image(self) -> str:
        image = self.get("image")
        return image if isinstance(image, str) else ""


class Pod(Part, frozen=True, gc=False):
    """A pod's spec, whatever makes the pod."""

    containers: tuple[Container, ...] = ()
    metadata: Map = Map()
    windows: bool = False
    """`spec.os.name` says that it runs on Windows, which has none of Linux' controls."""

    @property
    def volumes(self) -> list[tuple[Map, Span]]:
        return self.maps("volumes")

    @property
    def annotations(self) -> Mapping[str, Any]:
        found = self.metadata.get("annotations")
        return found if isinstance(found, Map) else {}


class Object(Part, frozen=True, gc=False):
    """One object of a manifest."""

    api_version: str = ""
    kind: str = ""
    name: str = ""
    namespace: str = ""
    pod: Pod | None = None
    others: frozenset[str] = frozenset()
    """The kinds of object that are declared beside it."""

    @property
    def group(self) -> str:
        return self.api_version.rpartition("/")[0]

    @property
    def resource(self) -> str:
        """`Deployment/web`, with its namespace before it where one is given."""
        own = f"{self.kind}/{self.name or '(no name)'}"
        return f"{self.namespace}/{own}" if self.namespace else own

    @property
    def containers(self) -> tuple[Container, ...]:
        return self.pod.containers if self.pod else ()

    @property
    def lasting(self) -> tuple[Container, ...]:
        """Those that run as long as the pod does: not those that only prepare it or debug it."""
        return tuple(c for c in self.containers if c.role in ("container", "sidecar"))

    @property
    def declared(self) -> tuple[Container, ...]:
        """Those that may have resources: all but the ephemeral ones."""
        return tuple(c for c in self.containers if c.role != "ephemeral container")


def objects_in(
    values: Iterator[Value], lines: Sequence[str] = (), others: frozenset[str] = frozenset()
) -> Iterator[Object]:
    """Yield the objects of a manifest's documents; what is none is passed over.

    Errors of the iterator come through, after what was read before them.
    """
    for value in values:
        if isinstance(value, Map):
            for one in _unlisted(value, _MOST_NESTED):
                yield as_object(one, lines, others)


def is_object(value: Value) -> bool:
    return (
        isinstance(value, Map)
        and isinstance(value.get("apiVersion"), str)
        and isinstance(value.get("kind"), str)
    )


def as_object(
    value: Map, lines: Sequence[str] = (), others: frozenset[str] = frozenset()
) -> Object:
    """Return the object that a mapping with `apiVersion` and `kind` declares."""
    metadata = _map(value, "metadata")
    kind, api_version = str(value["kind"]), str(value["apiVersion"])
    name = metadata.get("name") or metadata.get("generateName")
    return Object(
        value,
        f"the {kind}",
        Span(value.start, value.end),
        lines,
        api_version,
        kind,
        _text(name),
        _text(metadata.get("namespace")),
        _pod(value, kind, api_version.rpartition("/")[0], lines),
        others,
    )


def _unlisted(value: Map, depth: int) -> Iterator[Map]:
    items = value.get("items")
    if str(value.get("kind", "")).endswith("List") and isinstance(items, List) and depth:
        for item in items:
            if isinstance(item, Map):
                yield from _unlisted(item, depth - 1)
    elif is_object(value):
        yield value


def _pod(value: Map, kind: str, group: str, lines: Sequence[str]) -> Pod | None:
    path = _POD_TEMPLATES.get(kind)
    if path is None or group not in _GROUPS.get(kind, (group,)):
        return None
    template = value
    for key in path:
        template = _map(template, key)
    spec = _map(template, "spec")
    if not spec:
        return None
    windows = _map(spec, "os").get("name") == "windows"
    return Pod(
        spec,
        "the pod",
        span_of(template, "spec"),
        lines,
        tuple(_containers(spec, lines, windows=windows)),
        _map(template, "metadata"),
        windows,
    )


def _containers(spec: Map, lines: Sequence[str], *, windows: bool) -> Iterator[Container]:
    number = count(1)
    for key, role in _ROLES.items():
        found = spec.get(key)
        if not isinstance(found, List):
            continue
        for value, span in zip(found, found.spans, strict=True):
            if isinstance(value, Map):
                called = role(value)
                name = _text(value.get("name")) or f"number {next(number)}"
                yield Container(
                    value,
                    f'{called} "{name}"',
                    span,
                    lines,
                    name,
                    called,
                    _map(spec, "securityContext"),
                    windows,
                )


_ROLES: Mapping[str, Callable[[Map], str]] = {
    "initContainers": lambda value: (
        "sidecar" if value.get("restartPolicy") == "Always" else "init container"
    ),
    "containers": lambda _: "container",
    "ephemeralContainers": lambda _: "ephemeral container",
}


def _map(value: Map, key: str) -> Map:
    found = value.get(key)
    return found if isinstance(found, Map) else Map()


def _text(value: Any) -> str:
    return value if isinstance(value, str) else "" if value is None else str(value)
