"""Judge configuration by the checks of its kind: documents → subjects → failures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib import import_module

from msgspec.structs import replace

from pratique.codecs.check_ids import canonical
from pratique.errors import MalformedError
from pratique.ignore import inline
from pratique.model.check import Check, Failure, Kind, Subject, Surroundings
from pratique.model.configuration import Document
from pratique.model.image import Image
from pratique.model.inventory import Inventory, Problem
from pratique.model.misconfiguration import Examined, Misconfiguration
from pratique.model.settings import Settings
from pratique.plugins import from_outside, load

_DEFAULTS = Settings()
_MOST_LINES = 10
"""Of a finding's code that are kept."""


OwnChecks = Sequence[tuple[str, Check]]
"""Checks of the user's, each with the folder of checks that it is one of."""


def examine(
    inventory: Inventory,
    image: Image | None = None,
    name: str = "",
    root: str = "",
    settings: Settings = _DEFAULTS,
    own: OwnChecks = (),
    today: str = "",
) -> tuple[list[Examined], list[Problem]]:
    """Return what was judged, the image itself first, and what could not be parsed.

    Comments in the files that ignore are followed; `today`, `YYYY-MM-DD`, tells which are over.
    `root` is the directory that was read, where it is on disk.
    """
    documents = list(inventory.documents)
    around = Surroundings({d.path: d for d in documents}, root, image, inventory, settings)
    if (image is not None and image.config) or inventory.traces:  # not of an SBOM
        documents.insert(0, Document(name, "image", ""))
    examination = _Examination(around, own, today)
    examined: list[Examined] = []
    for document in documents:  # grows by those that others lead to
        examined += examination.of(document)
        documents += examination.led_to(document, documents)
    return _once(examined), list(dict.fromkeys(examination.problems))


def _once(examined: Iterable[Examined]) -> list[Examined]:
    """Return one for each file: what several overlays make of it the same way counts once."""
    by_file: dict[tuple[str, str, int], Examined] = {}
    for one in examined:
        key = (one.path, one.type, one.layer)
        by_file[key] = _together(by_file[key], one) if key in by_file else one
    return list(by_file.values())


def _together(one: Examined, other: Examined) -> Examined:
    failures = _added(one.failures, other.failures)
    suppressed = _added(one.suppressed, other.suppressed)
    held = tuple(check for check in one.held if check in other.held)
    return replace(
        one,
        passed=min(one.passed, other.passed),
        failures=failures,
        suppressed=suppressed,
        held=held,
    )


def _added(
    some: tuple[Misconfiguration, ...], others: Iterable[Misconfiguration]
) -> tuple[Misconfiguration, ...]:
    known = {(f.check, f.start, f.end, f.message) for f in some}
    return (
        *some,
        *(f for f in others if (f.check, f.start, f.end, f.message) not in known),
    )


def images_named(documents: Sequence[Document], root: str = "") -> tuple[str, ...]:
    """Return the images that documents name, each once, in the order in which they are named."""
    around = Surroundings({d.path: d for d in documents}, root)
    found: dict[str, None] = {}
    for document in documents:
        kind = kind_named(document.type)
        if kind is not None and kind.images is not None:
            found |= dict.fromkeys(kind.images(document, around))
    return tuple(found)


def kinds() -> dict[str, Kind]:
    """Return the kinds of configuration, by Trivy's words for them."""
    return {kind.name: kind for kind in load("pratique.configurations", Kind)}


@cache
def kind_named(name: str) -> Kind | None:
    """Return a kind of configuration; its module alone, which is called like it, is imported."""
    if not from_outside() and name.isidentifier():
        try:
            module = import_module(f"pratique.configurations.{name}")
        except ModuleNotFoundError:
            return None
        return next(
            (x for x in vars(module).values() if isinstance(x, Kind) and x.name == name), None
        )
    return kinds().get(name)


def checks_of(folder: str) -> tuple[Check, ...]:
    """Return the checks of one folder of `pratique.checks`."""
    return load(f"pratique.checks.{folder}", Check)


def every_check() -> dict[str, tuple[Check, ...]]:
    """Return all checks, by the folder that they are in."""
    folders = dict.fromkeys(kind.checks for kind in kinds().values())
    return {folder: checks_of(folder) for folder in folders}


class _Examination:
    def __init__(self, around: Surroundings, own: OwnChecks, today: str) -> None:
        self.problems: list[Problem] = []
        self._around = around
        self._own = own
        self._today = today
        self._known = cache(self._ids)
        self._checks = cache(self._checks_of)

    def of(self, document: Document) -> Iterator[Examined]:
        """Yield one for each file that subjects are in: mostly the document itself."""
        kind = self._kind(document)
        if kind is None:
            return
        by_path: dict[str, list[Subject]] = {}
        for subject in self._subjects(document, kind):
            by_path.setdefault(subject.path or document.path, []).append(subject)
        for path, subjects in by_path.items():
            yield self._examined(document, path, subjects, self._checks(kind.checks))

    def led_to(self, document: Document, known: Sequence[Document]) -> list[Document]:
        """Return documents that nothing but this one tells of."""
        kind = self._kind(document)
        if kind is None or kind.leads is None:
            return []
        paths = {(one.path, one.type) for one in known}
        led = kind.leads(document, self._around)
        return [one for one in led if (one.path, one.type) not in paths]

    def _kind(self, document: Document) -> Kind | None:
        only = self._around.settings.misconfig_scanners
        return kind_named(document.type) if not only or document.type in only else None

    def _checks_of(self, folder: str) -> tuple[Check, ...]:
        own = (check for of, check in self._own if of == folder)
        return (*checks_of(folder), *own)

    def _subjects(self, document: Document, kind: Kind) -> Iterator[Subject]:
        try:
            yield from kind.subjects(document, self._around)
        except MalformedError as error:
            where = document.path if document.path in error.where else error.where
            self.problems.append(Problem(error.reason, where or document.path, document.layer))

    def _examined(
        self, document: Document, path: str, subjects: Sequence[Subject], checks: Iterable[Check]
    ) -> Examined:
        text = subjects[0].text or document.text
        failures, held = self._judged(document, path, subjects, checks)
        judged = inline.judge(failures, text, document.type, path, self._known, self._today)
        self.problems += (replace(one, layer=document.layer) for one in judged.problems)
        return Examined(
            path, document.type, len(held), judged.failures, judged.suppressed, document.layer,
            tuple(held) if self._around.settings.include_non_failures else (),
        )  # fmt: skip

    def _judged(
        self, document: Document, path: str, subjects: Sequence[Subject], checks: Iterable[Check]
    ) -> tuple[list[Misconfiguration], list[Check]]:
        """Return what fails and which checks hold; one that cannot be carried out does neither."""
        held: list[Check] = []
        failures: list[Misconfiguration] = []
        texts = [(subject.text or document.text) for subject in subjects]
        lines = {text: text.split("\n") for text in dict.fromkeys(texts)}
        pairs = [(subject, lines[text]) for subject, text in zip(subjects, texts, strict=True)]
        for check in checks:
            doubts, found = len(self.problems), len(failures)
            for subject, shown in pairs:  # 100,000 times in a large tree
                try:
                    for failure in check.judge(subject.value):
                        one = _failed(check, failure, subject, document, path, shown)
                        failures.append(one)
                except MalformedError as error:
                    where = f"{path} ({subject.resource})" if subject.resource else path
                    self.problems.append(Problem(str(error), where, document.layer))
            if len(failures) == found and len(self.problems) == doubts:
                held.append(check)
        return failures, held

    def _ids(self) -> frozenset[str]:
        own = [check for _, check in self._own]
        every = [*own, *(check for some in every_check().values() for check in some)]
        return frozenset(canonical(id) for c in every for id in (c.name, *c.aliases))


def _failed(
    check: Check, failure: Failure, subject: Subject, document: Document, path: str,
    lines: Sequence[str],
) -> Misconfiguration:  # fmt: skip
    end = min(failure.end, failure.start + _MOST_LINES - 1)
    code = lines[failure.start - 1 : end] if failure.start else []
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
        tuple(line.rstrip("\r") for line in code),
        failure.fix,
        failure.layer if failure.layer >= 0 else document.layer,
        namespace=check.namespace,
    )
