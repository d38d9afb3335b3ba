"""Which files are not manifests by themselves, but what Helm and Kustomize make manifests of."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from typing import NamedTuple

from pratique.codecs.located import List, Map, Value, documents
from pratique.errors import MalformedError
from pratique.model.configuration import Document

CHART = "Chart.yaml"
KUSTOMIZATIONS = ("kustomization.yaml", "kustomization.yml", "Kustomization")
_RESOURCES = ("resources", "bases", "components", "crds")
_CHANGES = ("patches", "patchesStrategicMerge", "patchesJson6902", "transformers", "generators",
            "replacements", "configurations")  # fmt: skip
_KIND = re.compile(r"^\s*[\"']?kind[\"']?\s*:\s*[\"']?(\w+)", re.MULTILINE)


def chart_of(path: str, paths: Collection[str]) -> str:
    """Return the folder of the outermost chart that a template or a subchart belongs to.

    `.` is the root; nothing where a file is in no chart.
    """
    parts = path.split("/")
    for n, part in enumerate(parts[:-1]):
        folder = "/".join(parts[:n])
        if part in ("templates", "charts") and posixpath.join(folder, CHART) in paths:
            return folder or "."
    return ""


class Named(NamedTuple):
    """What a kustomization names, as it is written there."""

    resources: frozenset[str]
    """What it takes up as it is: files, folders and URLs; bases and components are among them."""
    changes: frozenset[str]
    """Files that change what it takes up; they are no whole manifests."""


def inputs_of(around: Mapping[str, Document]) -> frozenset[str]:
    """Return the paths of all files and folders that kustomizations name."""
    return _inputs.of(around)


def named_by(text: str) -> Named:
    """Return what a kustomization names; what cannot be parsed names nothing."""
    found: dict[str, list[str]] = {}
    with suppress(MalformedError):  # it is told of where the kustomization is built
        for value in documents(text, ""):
            for key, listed in value.items() if isinstance(value, Map) else ():
                found.setdefault(key, []).extend(_names(listed))
    return Named(
        frozenset(name for key in _RESOURCES for name in found.get(key, ())),
        frozenset(name for key in _CHANGES for name in found.get(key, ())),
    )


def _names(listed: Value) -> Iterator[str]:
    for item in listed if isinstance(listed, List) else ():
        name = item.get("path") if isinstance(item, Map) else item
        if isinstance(name, str) and "\n" not in name:
            yield name


class _OfLastScan:
    """What follows from all documents of a scan, found out once: each of them asks for it."""

    def __init__(self, find: Callable[[Mapping[str, Document]], frozenset[str]]) -> None:
        self._find = find
        self._last: tuple[Mapping[str, Document], frozenset[str]] | None = None

    def of(self, around: Mapping[str, Document]) -> frozenset[str]:
        if self._last is None or self._last[0] is not around:
            self._last = around, self._find(around)
        return self._last[1]


def _all_inputs(around: Mapping[str, Document]) -> frozenset[str]:
    return frozenset(
        posixpath.normpath(posixpath.join(posixpath.dirname(document.path), name))
        for document in around.values()
        if document.type == "kustomize"
        for names in named_by(document.text)
        for name in names
    )


def _all_kinds(around: Mapping[str, Document]) -> frozenset[str]:
    return frozenset(
        kind
        for document in around.values()
        if document.type == "kubernetes"
        for kind in _KIND.findall(document.text)
    )


def kinds_of(around: Mapping[str, Document]) -> frozenset[str]:
    """Return the kinds of all objects that manifests declare, by their texts."""
    return _kinds.of(around)


_inputs = _OfLastScan(_all_inputs)
_kinds = _OfLastScan(_all_kinds)
