"""Kustomizations, as `kustomize build` or `kubectl kustomize` build them."""

from __future__ import annotations

import os
import posixpath
import re
import shutil
import tempfile
from collections.abc import Iterator

from pratique.codecs.kubernetes.inputs import (
    KUSTOMIZATIONS,
    inputs_of,
    named_by,
)
from pratique.codecs.kubernetes.objects import Object, objects_in
from pratique.codecs.kubernetes.rendered import kinds_in, objects_of
from pratique.codecs.kubernetes.secrets import masked
from pratique.codecs.located import documents
from pratique.errors import MalformedError
from pratique.external import output_of
from pratique.model.check import Kind, Subject, Surroundings
from pratique.model.configuration import Document

_REMOTE = re.compile(r"://|^git@|^github\.com/|[?&]ref=")
_COMPONENT = re.compile(r"^kind:\s*[\"']?Component\b", re.MULTILINE)
_OUTER = re.compile(
    r"^.*(?:recursed accumulation of path|couldn't make target for path) '[^']*': "
    r"(?:accumulating resources: |accumulation err='|must build at directory: )*"
)
"""What Kustomize says of our own folder, before it comes to what is wrong."""
_ORIGIN = re.compile(
    r"config\.kubernetes\.io/origin: \|\n\s+(?:path|configuredIn): (.+)$", re.MULTILINE
)


def _subjects(document: Document, around: Surroundings) -> Iterator[Subject]:
    folder = posixpath.dirname(document.path)
    if not around.root or _COMPONENT.search(document.text):
        return  # it is built with those that take it up
    if (folder or ".") in inputs_of(around.documents):
        return  # it is built with those that take it up
    try:
        yield from _built(document, folder, around)
    except MalformedError as error:
        yield from _unbuilt(document, folder, around)
        raise MalformedError(f"not built, judged as it is: {error.reason}", document.path) from None


def _built(document: Document, folder: str, around: Surroundings) -> Iterator[Subject]:
    command = _command()
    far = sorted(name for name in named_by(document.text).resources if _REMOTE.search(name))
    if far:
        raise MalformedError(f"it takes up {far[0]} from the network", document.path)
    root = os.path.realpath(around.root)
    # paths of the origin are relative to the folder that is built, and of a real path
    with tempfile.TemporaryDirectory(prefix="pratique-") as temporary:
        home = os.path.realpath(temporary)
        outer = os.path.join(home, "outer")
        os.mkdir(outer)
        target = os.path.relpath(os.path.join(root, folder), outer)
        with open(os.path.join(outer, KUSTOMIZATIONS[0]), "w", encoding="utf-8") as file:
            file.write(f"buildMetadata: [originAnnotations]\nresources: [{target!r}]\n")
        try:
            text = output_of([*command, outer], home, document.path)
        except MalformedError as error:
            reason = _OUTER.sub("", error.reason).replace(os.path.join(root, ""), "")
            raise MalformedError(reason.strip("\"' "), document.path) from None
    others = kinds_in(text)
    for part in re.split(r"^---\s*$", text, flags=re.MULTILINE):
        yield from _placed(part, document, outer, root, others)


def _placed(
    part: str, document: Document, outer: str, root: str, others: frozenset[str]
) -> Iterator[Subject]:
    """Yield an object at the lines of the file that it is from."""
    path = _origin(part, outer, root) or document.path
    template = _text(os.path.join(root, path))
    for one in objects_of(part, template, path, others):
        yield Subject(one, _called(one, document), path, masked(template, one))


def _called(one: Object, document: Document) -> str:
    """Name an object by what it is built for as well: several overlays may have the same one."""
    folder = posixpath.dirname(document.path)
    return f"{one.resource} of {folder}" if folder else one.resource


def _origin(part: str, outer: str, root: str) -> str:
    """Return the file that Kustomize says an object is from, relative to the root."""
    match = _ORIGIN.search(part)
    if not match:
        return ""
    path = os.path.relpath(os.path.normpath(os.path.join(outer, match[1].strip())), root)
    return "" if path.startswith("..") else path.replace(os.sep, "/")


def _unbuilt(document: Document, folder: str, around: Surroundings) -> Iterator[Subject]:
    """Yield the objects that a kustomization and its bases take up, as they are."""
    pending, seen = [(folder, document.text)], {document.path}
    while pending:
        at, text = pending.pop()
        for name in sorted(named_by(text).resources):
            path = posixpath.normpath(posixpath.join(at, name))
            paths = [path, *(posixpath.join(path, known) for known in KUSTOMIZATIONS)]
            for found in [around.documents[p] for p in paths if p in around.documents]:
                if found.path in seen:
                    continue
                seen.add(found.path)
                if found.type == "kustomize":
                    pending.append((posixpath.dirname(found.path), found.text))
                else:
                    yield from _as_it_is(found)


def _as_it_is(document: Document) -> Iterator[Subject]:
    try:
        for one in objects_in(documents(document.text, document.path), document.text.splitlines()):
            yield Subject(one, one.resource, document.path, masked(document.text, one))
    except MalformedError:
        return  # Kustomize has said so


def _command() -> list[str]:
    if kustomize := shutil.which("kustomize"):
        return [kustomize, "build"]
    if kubectl := shutil.which("kubectl"):
        return [kubectl, "kustomize"]
    raise MalformedError("neither kustomize nor kubectl is installed")


def _text(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read(4 << 20)
    except OSError:
        return ""


kind = Kind("kustomize", _subjects, "kubernetes")
