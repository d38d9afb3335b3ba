"""Dockerfiles: one subject each, a build."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

from pratique.codecs.dockerfile.build import build
from pratique.codecs.dockerfile.ignore import Ignore, read
from pratique.codecs.dockerfile.instructions import parse
from pratique.errors import MalformedError
from pratique.model.check import Kind, Subject, Surroundings
from pratique.model.configuration import Document

_LARGEST = 1 << 20
_MOST = 10_000  # names of a folder


def _subjects(document: Document, around: Surroundings) -> Iterator[Subject]:
    """Yield the build that a Dockerfile describes.

    Its context is taken to be its folder or one above: nothing in it says which.
    """
    try:
        parsed = parse(document.text)
        beside = _beside(document, around)
        folder = os.path.dirname(document.path)
        value = build(
            parsed,
            _ignore(document, around),
            beside,
            _today(),
            lambda path: _text(os.path.join(folder, path), around),
        )
    except MalformedError as error:
        raise MalformedError(error.reason, document.path) from None
    yield Subject(value)


def _today() -> str:
    """Return the day, or that of SOURCE_DATE_EPOCH (https://reproducible-builds.org)."""
    stated = os.environ.get("SOURCE_DATE_EPOCH", "")
    return time.strftime("%Y-%m-%d", time.gmtime(int(stated) if stated.isdigit() else None))


def _beside(document: Document, around: Surroundings) -> frozenset[str] | None:
    """Return the names in a Dockerfile's folder, where the folder is on disk."""
    if not around.root or around.image is not None:
        return None
    folder = os.path.join(around.root, os.path.dirname(document.path))
    try:
        names = os.listdir(folder)
    except OSError:
        return None
    return frozenset(names) if len(names) <= _MOST else None


def _ignore(document: Document, around: Surroundings) -> Ignore | None:
    """Return what says which files the build sees: `<name>.dockerignore` counts first."""
    folder = os.path.dirname(document.path)
    paths = [f"{document.path}.dockerignore"]
    while True:
        paths.append(os.path.join(folder, ".dockerignore"))
        if not folder:
            break
        folder = os.path.dirname(folder)
    for path in paths:
        text = around.documents[path].text if path in around.documents else _text(path, around)
        if text is not None:
            return read(path, text)
    return None


def _text(path: str, around: Surroundings) -> str | None:
    """Return a file of the root, which need not be among what was scanned; None for others."""
    if not around.root or around.image is not None:
        return None
    root = os.path.realpath(around.root)
    try:
        whole = os.path.realpath(os.path.join(root, path))
        if os.path.commonpath((root, whole)) != root or not os.path.isfile(whole):
            return None
        with open(whole, "rb") as file:
            return file.read(_LARGEST).decode("utf-8", "replace")
    except (OSError, ValueError):  # a name that can be none
        return None


dockerfile = Kind("dockerfile", _subjects, "dockerfile")
