"""What is attested of the image of a report: found in its registry, believed as far as asked."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing

from msgspec.structs import replace

from pratique.attesting.found import Attestation, Found, attestations
from pratique.attesting.predicates import TYPES
from pratique.codecs.dsse import Verify, by_key
from pratique.errors import MalformedError, NotFound, UsageError
from pratique.model.image import Image
from pratique.model.inventory import Problem
from pratique.model.report import Report
from pratique.model.settings import Settings
from pratique.model.vex import Statement
from pratique.saved import reports_of
from pratique.target import open_image

_NAMED = 9


def verifying(key: str) -> Verify | None:
    """Return what verifies by a public key; None where none is given."""
    if not key:
        return None
    from pratique.signing.keys import public_key  # noqa: PLC0415 - an extra

    return by_key(public_key(key))


def found_of(image: Image, settings: Settings, predicates: Sequence[str]) -> Found:
    """Return what is attested of an image that a registry has, by the key of the settings.

    Raises UsageError for an image of no registry.
    """
    if not image.digests:
        raise UsageError(f"{image.name}: it is of no registry, so nothing is attached to it")
    verify = verifying(settings.attestation_key)
    chosen = replace(settings, input="", image_src=("remote",))
    with closing(open_image(image.digests[0], replace(chosen, platform=image.platform))) as source:
        attached = getattr(source, "attestations")(image, predicates)  # noqa: B009 - registries' own
        return attestations(image, attached, predicates, verify)


def report_of(image: Image, settings: Settings) -> tuple[Report, list[Problem]]:
    """Return the newest report that is attested of an image, and what is to be said of it.

    Raises NotFound where there is none that counts.
    """
    found = found_of(image, settings, (TYPES["vuln"],))
    why = list(found.refused)
    for one in found.good:
        try:
            report = attested_report(one, image)
        except MalformedError as error:
            why.append(f"{one.where} {error.reason}")
            continue
        unverified = Problem("the attested report was taken unverified", "--attestation-key")
        problems = [] if settings.attestation_key else [unverified]
        return replace(report, name=f"what was attested of {image.name}"), problems
    reasons = "; ".join(why[:_NAMED]) or "none is attached"
    raise NotFound(f"{image.name}: no attested report: {reasons}")


def attested_report(one: Attestation, image: Image) -> Report:
    """Return the attested report of an image; raise MalformedError where it is of others."""
    try:
        reports = reports_of(one.predicate, one.where)
    except MalformedError as error:
        raise MalformedError(f"holds no report that can be read: {error.reason}") from error
    for report in reports:
        if report.image and report.image.id == image.id:
            return replace(report, name=image.name)
    ids = ", ".join(report.image.id if report.image else "no image" for report in reports[:3])
    raise MalformedError(f"reports on another image than this ({ids})")


def vex_of(report: Report, settings: Settings) -> tuple[list[Statement], list[Problem]]:
    """Return the statements of OpenVEX that are attested of a report's image, and what is wrong."""
    from pratique.codecs.vex import statements  # noqa: PLC0415 - of few

    if report.image is None:
        return [], [Problem("no image: nothing is attached to it", "--vex oci")]
    found = found_of(report.image, settings, (TYPES["openvex"],))
    problems = [Problem(f"an attached VEX document is not taken: {why}") for why in found.refused]
    told: list[Statement] = []
    for one in reversed(found.good):  # the newest last: it wins where times are the same
        try:
            told += statements(one.predicate, f"attached {one.where[:19]}")
        except (MalformedError, KeyError, TypeError, ValueError, AttributeError) as error:
            problems.append(Problem(f"an attached VEX document is of another shape: {error}",
                                    one.where))  # fmt: skip
    if told and not settings.attestation_key:
        problems.append(Problem("the attached VEX was taken unverified", "--attestation-key"))
    if not told and not problems:
        problems.append(Problem("no VEX document is attached to the image", "--vex oci"))
    return told, problems
