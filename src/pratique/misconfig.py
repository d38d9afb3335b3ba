"""Judge configuration by the checks of its kind: documents → subjects → failures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec.structs import replace

from pratique.errors import MalformedError
from pratique.model.check import Check, Failure, Kind, Subject, Surroundings
from pratique.model.configuration import Document
from pratique.model.image import Image
from pratique.model.inventory import Inventory, Problem
from pratique.model.misconfiguration import Examined, Misconfiguration
from pratique.model.settings import Settings
from pratique.plugins import load

_DEFAULTS = Settings()
_MOST_LINES = 12
"""Of a finding's code that are kept."""


def examine(
    inventory: Inventory,
    image: Image | None = None,
    name: str = "",
    root: str = "",
    settings: Settings = _DEFAULTS,
) -> tuple[list[Examined], list[Problem]]:
    """Return what was judged, the image itself first, and what could not be parsed.

    `root` is the directory that was read, where it is on disk.
    """
    documents = list(inventory.documents)
    around = Surroundings({d.path: d for d in documents}, root, image, inventory, settings)
    if (image is not None and image.config) or inventory.traces:  # not of an SBOM
        documents.insert(0, Document(name, "image", ""))
    kinds = {kind.name: kind for kind in load("pratique.configurations", Kind)}
    examined: list[Examined] = []
    problems: list[Problem] = []
    for document in documents:  # grows by those that others lead to
        if kind := kinds.get(document.type):
            examined += _judged(document, kind, around, problems)
            documents += _named(document, kind, around, documents)
    return _once(examined), problems


def _once(examined: Iterable[Examined]) -> list[Examined]:
    """Return one for each file: what several overlays make of it the same way counts once."""
    by_file: dict[tuple[str, str, int], Examined] = {}
    for one in examined:
        key = (one.path, one.type, one.layer)
        by_file[key] = _together(by_file[key], one) if key in by_file else one
    return list(by_file.values())


def _together(one: Examined, other: Examined) -> Examined:
    known = {(f.check, f.start, f.end, f.message) for f in one.failures}
    more = [f for f in other.failures if (f.check, f.start, f.end, f.message) not in known]
    return replace(
        one,
        passed=min(one.passed, other.passed),
        failures=(*one.failures, *more),
        suppressed=(*one.suppressed, *other.suppressed),
    )


def images_named(documents: Sequence[Document], root: str = "") -> tuple[str, ...]:
    """Return the images that documents name, each once, in the order in which they are named."""
    around = Surroundings({d.path: d for d in documents}, root)
    kinds = {kind.name: kind for kind in load("pratique.configurations", Kind)}
    found: dict[str, None] = {}
    for document in documents:
        kind = kinds.get(document.type)
        if kind is not None and kind.images is not None:
            found |= dict.fromkeys(kind.images(document, around))
    return tuple(found)


def _named(
    document: Document, kind: Kind, around: Surroundings, known: Sequence[Document]
) -> list[Document]:
    """Return documents that nothing but this one tells of."""
    if kind.leads is None:
        return []
    paths = {(one.path, one.type) for one in known}
    return [one for one in kind.leads(document, around) if (one.path, one.type) not in paths]


def _judged(
    document: Document, kind: Kind, around: Surroundings, problems: list[Problem]
) -> list[Examined]:
    """Return one for each file that subjects are in: mostly the document itself."""
    checks = load(f"pratique.checks.{kind.checks}", Check)
    by_path: dict[str, list[Subject]] = {}
    for subject in _subjects(document, kind, around, problems):
        by_path.setdefault(subject.path or document.path, []).append(subject)
    return [_examined(document, path, subjects, checks) for path, subjects in by_path.items()]


def _subjects(
    document: Document, kind: Kind, around: Surroundings, problems: list[Problem]
) -> Iterator[Subject]:
    try:
        yield from kind.subjects(document, around)
    except MalformedError as error:
        where = document.path if document.path in error.where else error.where or document.path
        problems.append(Problem(error.reason, where, document.layer))


def _examined(
    document: Document, path: str, subjects: Sequence[Subject], checks: Iterable[Check]
) -> Examined:
    passed = 0
    failures: list[Misconfiguration] = []
    for check in checks:
        found = [
            _failed(check, failure, subject, document, path)
            for subject in subjects
            for failure in check.judge(subject.value)
        ]
        failures += found
        passed += not found
    return Examined(path, document.type, passed, tuple(failures), (), document.layer)


def _failed(
    check: Check, failure: Failure, subject: Subject, document: Document, path: str
) -> Misconfiguration:
    text = subject.text or document.text
    lines = text.splitlines()[failure.start - 1 : failure.end] if failure.start else []
    return Misconfiguration(
        check.name,
        check.aliases,
        document.type,
        path,
        check.title,
        check.why,
        failure.severity or check.severity,
        failure.message,
        check.resolution,
        check.references,
        subject.resource,
        failure.start,
        failure.end,
        tuple(lines[:_MOST_LINES]),
        failure.fix,
        failure.layer if failure.layer >= 0 else document.layer,
    )


def with_severities(examined: Examined, wanted: Sequence[str]) -> Examined:
    """Return what was judged with those failures alone that have a severity that is asked for."""
    return replace(
        examined,
        failures=tuple(f for f in examined.failures if f.severity in wanted),
        suppressed=tuple(f for f in examined.suppressed if f.severity in wanted),
    )
