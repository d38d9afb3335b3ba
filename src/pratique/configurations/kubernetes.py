"""Kubernetes manifests, but for those that Helm or Kustomize make manifests of."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping

from pratique.codecs.kubernetes.inputs import chart_of, inputs_of_kustomizations
from pratique.codecs.kubernetes.objects import objects_in
from pratique.codecs.located import documents
from pratique.model.check import Kind, Subject, Surroundings
from pratique.model.configuration import Document

_KIND = re.compile(r"^\s*[\"']?kind[\"']?\s*:\s*[\"']?(\w+)", re.MULTILINE)
_seen: list[tuple[Mapping[str, Document], frozenset[str], frozenset[str]]] = []
"""Of the last scan: its documents, the kinds in them, and the files that Kustomize reads."""


def _subjects(document: Document, around: Surroundings) -> Iterator[Subject]:
    kinds, inputs = _scan(around.documents)
    if document.path in inputs or chart_of(document.path, around.documents):
        return
    lines = document.text.splitlines()
    for one in objects_in(documents(document.text, document.path), lines, kinds):
        yield Subject(one, one.resource)


def _scan(documents: Mapping[str, Document]) -> tuple[frozenset[str], frozenset[str]]:
    """Return what all documents have to say; asked once for each of them, and found out once."""
    if not _seen or _seen[0][0] is not documents:
        kinds = {
            kind
            for document in documents.values()
            if document.type == "kubernetes"
            for kind in _KIND.findall(document.text)
        }
        inputs = inputs_of_kustomizations(
            (posixpath.dirname(d.path), d.text) for d in documents.values() if d.type == "kustomize"
        )
        _seen[:] = [(documents, frozenset(kinds), frozenset(inputs))]
    return _seen[0][1], _seen[0][2]


kind = Kind("kubernetes", _subjects, "kubernetes")
