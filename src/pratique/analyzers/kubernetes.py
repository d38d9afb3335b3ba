"""Kubernetes manifests: YAML and JSON files that name an API version and a kind."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pratique.model.analyzer import Analyzer
from pratique.model.configuration import Document
from pratique.model.file import File

_LARGEST = 16 << 20
_KUSTOMIZATION = re.compile(
    rb"^kind\s*:\s*[\"']?(?:Kustomization|Component)\b|kustomize\.config\.k8s\.io", re.MULTILINE
)
_NO_MANIFESTS = ("package.json", "package-lock.json", "composer.lock", "tsconfig.json")


def _analyze(file: File) -> Iterator[Document]:
    name = file.path.rpartition("/")[2]
    if file.size > _LARGEST or name in _NO_MANIFESTS:
        return
    data = file.read()
    if b"apiVersion" not in data or b"kind" not in data or _KUSTOMIZATION.search(data):
        return
    if b"{{" in data and "/templates/" in f"/{file.path}" and not name.endswith(".json"):
        return  # of a chart, which is judged as a whole
    yield Document(file.path, "kubernetes", data.decode("utf-8-sig", "replace"))


analyzer = Analyzer(
    "kubernetes", 1, ("*.yaml", "*.yml", "*.json"), _analyze, reads="both", scanner="misconfig"
)
