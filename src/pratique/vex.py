"""Apply VEX statements to a report: what is not affected or fixed is suppressed, and by whom."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from pratique.model.finding import Finding
from pratique.model.image import Image
from pratique.model.inventory import Package
from pratique.model.purl import Purl, parse, purl
from pratique.model.report import Report
from pratique.model.vex import Product, Statement


class Applied(Struct, frozen=True):
    """A report with what statements say of it."""

    report: Report
    used: frozenset[int]
    """Which of the statements were about a finding, by their place in the list."""


def apply(report: Report, statements: Sequence[Statement]) -> Applied:
    """Return a report whose findings know what is said of them.

    Of several statements about the same the latest counts. `not_affected` and `fixed` suppress a
    finding; the others are remarks on it.
    """
    by_flaw: dict[str, list[int]] = {}
    for number, statement in enumerate(statements):
        for flaw in statement.flaws:
            by_flaw.setdefault(flaw, []).append(number)
    subjects = _Subjects(report)
    used: set[int] = set()
    judged: list[Finding] = []
    for finding in report.findings:
        numbers = {n for id in (finding.id, *finding.aliases) for n in by_flaw.get(id, ())}
        about = [n for n in numbers if subjects.is_about(statements[n], finding.package)]
        used.update(about)
        latest = max(about, key=lambda n: (statements[n].timestamp, n), default=None)
        judged.append(finding if latest is None else _told(finding, statements[latest]))
    return Applied(
        replace(
            report,
            findings=tuple(finding for finding in judged if not finding.reason),
            suppressed=(*report.suppressed, *(f for f in judged if f.reason)),
        ),
        frozenset(used),
    )


def _told(finding: Finding, statement: Statement) -> Finding:
    why = ": ".join(part for part in (statement.justification, statement.words) if part)
    source = statement.author or "VEX"
    text = f"{statement.status} by {source} ({statement.where}){f': {why}' if why else ''}"
    if statement.status == "not_affected":
        return replace(finding, status="not_affected", reason=text)
    if statement.status == "fixed":
        return replace(finding, status="fixed", reason=text)
    status = "under_investigation" if statement.status == "under_investigation" else finding.status
    return replace(finding, status=status, remarks=(*finding.remarks, text))


class _Subjects:
    """What of a report statements can be about."""

    def __init__(self, report: Report) -> None:
        self._image = report.image
        self._distro = report.inventory.distro
        self._beside: dict[str, list[Package]] = {}
        for package in report.inventory.packages:
            self._beside.setdefault(package.path, []).append(package)

    def is_about(self, statement: Statement, package: Package) -> bool:
        return any(self._is_product(product, package) for product in statement.products)

    def _is_product(self, product: Product, package: Package) -> bool:
        """Tell whether it is the package, or what holds it: the image, or a program of its file."""
        itself = self._named(product.ids, package)
        if not product.parts:
            return itself or self._is_image(product.ids)
        if not self._named(product.parts, package):
            return False
        return (
            itself
            or not product.ids
            or self._is_image(product.ids)
            or any(self._named(product.ids, other) for other in self._beside[package.path])
        )

    def _named(self, names: Iterable[str], package: Package) -> bool:
        return any(
            fits(name, parse(purl(package, self._distro))) for name in names if _is_purl(name)
        )

    def _is_image(self, names: Iterable[str]) -> bool:
        return self._image is not None and any(is_image(name, self._image) for name in names)


def _is_purl(name: str) -> bool:
    return name.startswith("pkg:") and not name.startswith("pkg:oci/")


def fits(name: str, known: Purl) -> bool:
    """Tell whether a purl names a package: what it leaves out may be anything."""
    try:
        asked = parse(name)
    except ValueError:
        return False
    return (
        (asked.type, asked.namespace.lower(), asked.name.lower())
        == (known.type, known.namespace.lower(), known.name.lower())
        and asked.version in ("", known.version)
        and all(known.qualifiers.get(k) in (None, v) for k, v in asked.qualifiers.items())
    )


def is_image(name: str, image: Image) -> bool:
    """Tell whether a purl of an image, a reference or a digest names an image."""
    if name.startswith("pkg:generic/"):
        return name.rpartition("?checksum=")[2] == image.id
    if not name.startswith("pkg:oci/"):
        return name in (image.id, image.name, *image.tags, *image.digests)
    try:
        asked = parse(name)
    except ValueError:
        return False
    known = [part.rpartition("@") for part in image.digests] or [
        (tag.rpartition(":")[0], "", "") for tag in image.tags
    ]
    repository = asked.qualifiers.get("repository_url", "").rstrip("/")
    for place, _, digest in known:
        if (
            asked.name.lower() == place.rpartition("/")[2].lower()
            and repository in ("", place, place.rpartition("/")[0])
            and asked.version in ("", digest, image.id)
        ):
            return True
    return False
