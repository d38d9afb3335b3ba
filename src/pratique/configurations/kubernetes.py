"""Kubernetes manifests, but for those that Helm or Kustomize make manifests of."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.kubernetes.inputs import chart_of, inputs_of, kinds_of
from pratique.codecs.kubernetes.objects import objects_in
from pratique.codecs.kubernetes.secrets import masked
from pratique.codecs.located import documents
from pratique.model.check import Kind, Subject, Surroundings
from pratique.model.configuration import Document


def _subjects(document: Document, around: Surroundings) -> Iterator[Subject]:
    if document.path in inputs_of(around.documents) or chart_of(document.path, around.documents):
        return
    lines, kinds = document.text.splitlines(), kinds_of(around.documents)
    for one in objects_in(documents(document.text, document.path), lines, kinds):
        yield Subject(one, one.resource, text=masked(document.text, one))


kind = Kind("kubernetes", _subjects, "kubernetes")
