"""Kustomizations: what says which manifests are taken up, and how they are changed."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.model.analyzer import Analyzer
from pratique.model.configuration import Document
from pratique.model.file import File

_NAMES = ("kustomization.yaml", "kustomization.yml", "Kustomization")


def _analyze(file: File) -> Iterator[Document]:
    yield Document(file.path, "kustomize", file.read().decode("utf-8-sig", "replace"))


analyzer = Analyzer("kustomize", 1, _NAMES, _analyze, reads="locked", scanner="misconfig")
