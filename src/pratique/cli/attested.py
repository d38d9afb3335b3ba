"""What is attested of the image of a report: found in its registry, believed as far as asked."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing

from msgspec.structs import replace

from pratique.attesting.found import Found, attestations
from pratique.codecs.dsse import Verify, by_key
from pratique.errors import UsageError
from pratique.model.image import Image
from pratique.model.inventory import Problem
from pratique.model.report import Report
from pratique.model.settings import Settings
from pratique.model.vex import Statement
from pratique.target import open_image

VEX = ("https://openvex.dev/ns",)
VULN = ("https://cosign.sigstore.dev/attestation/vuln/", "cosign.sigstore.dev/attestation/vuln/")


def verifying(key: str) -> Verify | None:
    """Return what verifies by a public key; None where none is given."""
    if not key:
        return None
    from pratique.signing.keys import public_key  # noqa: PLC0415 - an extra

    return by_key(public_key(key))


def found_of(image: Image, settings: Settings, predicates: Sequence[str]) -> Found:
    """Return what is attested of an image that a registry has, by the key of the settings.

    Raises UsageError for an image of no registry, or without a network.
    """
    if not image.digests:
        raise UsageError(f"{image.name}: it is of no registry, so nothing is attached to it")
    if settings.offline:
        raise UsageError(f"{image.name}: attestations are in its registry (--offline)")
    verify = verifying(settings.attestation_key)
    chosen = replace(settings, input="", image_src=("remote",))
    with closing(open_image(image.digests[0], replace(chosen, platform=image.platform))) as source:
        attached = getattr(source, "attestations")(image, predicates)  # noqa: B009 - registries' own
        return attestations(image, attached, predicates, verify)


def vex_of(report: Report, settings: Settings) -> tuple[list[Statement], list[Problem]]:
    """Return the statements of OpenVEX that are attested of a report's image, and what is wrong."""
    from pratique.codecs.vex import statements  # noqa: PLC0415 - of few
    from pratique.errors import MalformedError  # noqa: PLC0415

    if report.image is None:
        return [], [Problem("no image: nothing is attached to it", "--vex oci")]
    found = found_of(report.image, settings, VEX)
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
