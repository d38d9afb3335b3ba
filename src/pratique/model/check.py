"""The kinds of part that judge configuration: what is judged, and what is held against it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from msgspec import Struct

from pratique.model.configuration import Document
from pratique.model.image import Image
from pratique.model.inventory import Inventory
from pratique.model.settings import Settings


class Edit(Struct, frozen=True, gc=False):
    """A mechanical fix: these lines of the document are replaced by others."""

    start: int
    """The first line, from 1."""
    end: int
    """The last line; below `start` to insert before `start`."""
    text: str
    """What stands there then, without the last newline; empty to delete."""


class Failure(Struct, frozen=True, gc=False):
    """One place where a check fails."""

    message: str
    """What is wrong there, naming names."""
    start: int = 0
    """The first line, from 1; 0 for the absence of something, which has no line."""
    end: int = 0
    severity: str = ""
    """Where this one weighs more or less than the check in general."""
    fix: Edit | None = None
    layer: int = -1
    """Index of the layer that it is in, where it is an image's."""


class Check(Struct, frozen=True):
    """One thing that must hold of one kind of configuration."""

    name: str
    """Its id: `DF-0001`."""
    title: str
    """What is wrong, in a few words."""
    why: str
    """Why it matters, in a sentence or two."""
    severity: str
    """By risk, not by style: LOW, MEDIUM, HIGH or CRITICAL."""
    resolution: str
    """What to do about it."""
    judge: Callable[[Any], Iterable[Failure]]
    """Takes a subject of its kind of configuration; yields where it fails."""
    aliases: tuple[str, ...] = ()
    """The same check's ids elsewhere, Trivy's first: `DS-0002`, `CIS-4.1`, `DL3002`."""
    references: tuple[str, ...] = ()
    """URLs."""
    namespace: str = ""
    """The Rego package that it is, if it is one."""


class Subject(Struct, frozen=True):
    """What checks are given, and how it is called in a report."""

    value: Any
    """What `Check.judge` takes: a parsed Dockerfile, a Kubernetes object, …"""
    resource: str = ""
    """`Deployment/web`, `service web`; empty where the document is the subject."""
    path: str = ""
    """Where it is other than the document: a rendered template."""
    text: str = ""
    """The lines that failures point to, where they are not the document's."""


class Surroundings(Struct, frozen=True):
    """What is to be had beside a document."""

    documents: Mapping[str, Document] = {}
    """Every document, by its path."""
    root: str = ""
    """The directory that paths are relative to, where it is on disk."""
    image: Image | None = None
    inventory: Inventory = Inventory()
    settings: Settings = Settings()


class Kind(Struct, frozen=True):
    """A kind of configuration: how its documents become subjects of checks."""

    name: str
    """Trivy's word for it: dockerfile, kubernetes, helm, …"""
    subjects: Callable[[Document, Surroundings], Iterable[Subject]]
    """Raises MalformedError (and nothing else) for what cannot be parsed, after yielding what can.
    """
    checks: str
    """The folder of `pratique.checks` that its subjects are judged by."""
    leads: Callable[[Document, Surroundings], Iterable[Document]] | None = None
    """Yields documents that a document names and that are told by nothing else: a Dockerfile of
    another name."""
    images: Callable[[Document, Surroundings], Iterable[str]] | None = None
    """Yields references to the images that a document names, where they are worth a scan."""
