"""Which files are not manifests by themselves, but what Helm and Kustomize make manifests of."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterable, Iterator

from pratique.codecs.located import List, Map, documents
from pratique.errors import MalformedError

CHART = "Chart.yaml"
KUSTOMIZATIONS = ("kustomization.yaml", "kustomization.yml", "Kustomization")


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


def inputs_of_kustomizations(files: Iterable[tuple[str, str]]) -> set[str]:
    """Return the paths that kustomizations name, given their folders and texts.

    Those of folders are among them: bases and components.
    """
    return {
        posixpath.normpath(posixpath.join(folder, name))
        for folder, text in files
        for name in (*resources(text), *patches(text))
    }


def resources(text: str) -> list[str]:
    """Return what a kustomization takes up as it is: files, folders and URLs."""
    keys = ("resources", "bases", "components", "crds")
    return [name for key in keys for name in _listed(text, key)]


def patches(text: str) -> list[str]:
    """Return the files that change what a kustomization takes up; they are no whole manifests."""
    keys = ("patches", "patchesStrategicMerge", "patchesJson6902", "transformers", "generators",
            "replacements", "configurations")  # fmt: skip
    return [name for key in keys for name in _listed(text, key)]


def _listed(text: str, key: str) -> Iterator[str]:
    try:
        for value in documents(text, ""):
            found = value.get(key) if isinstance(value, Map) else None
            for item in found if isinstance(found, List) else ():
                name = item.get("path") if isinstance(item, Map) else item
                if isinstance(name, str) and "\n" not in name:
                    yield name
    except MalformedError:
        return  # it is told of where the kustomization is built
