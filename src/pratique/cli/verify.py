"""`verify`: is it attested of an image what must be, by whom, and does that pass the policy?"""

from __future__ import annotations

import sys
import time
from contextlib import closing

from msgspec import Struct
from msgspec.structs import replace

from pratique.attesting import predicates
from pratique.attesting.found import Attestation, Found, attestations
from pratique.cli.attested import attested_report, verifying
from pratique.cli.convert import judge
from pratique.cli.judging import policies_of
from pratique.cli.parser import Asked
from pratique.cli.time_limit import time_limit
from pratique.codecs.dsse import Verify
from pratique.codecs.plaintext import printable
from pratique.errors import MalformedError, UsageError
from pratique.model.image import Image
from pratique.model.report import Report
from pratique.target import open_image

_DENIED, _NONE, _REFUSED, _STALE = 1, 3, 4, 5
_NAMED = 9


class _Checked(Struct, frozen=True):
    """What came of one image: an attestation that is believed, or a status and why."""

    status: int = 0
    why: tuple[str, ...] = ()
    attestation: Attestation | None = None
    report: Report | None = None


def run(asked: Asked) -> int:
    """Verify each image of a name; return the worst status.

    0: attested, and the policy passes; 1: the policy fails; 3: nothing is attested; 4: what is
    attested cannot be believed; 5: it is too old.
    """
    kind = asked.words["type"]
    wanted = predicates.type_of(kind)
    verify = _verify(asked)
    is_scan = kind == "vuln"
    if not is_scan and (asked.settings.gates or asked.settings.fail_on):
        raise UsageError(f"--type {kind} is no report: there is nothing to hold to a policy")
    policies_of(asked)  # a policy that is none is told before anything is asked of a registry
    with time_limit(asked.settings.timeout):
        checked = [
            _checked(asked, image, found, is_report=is_scan)
            for image, found in _found(asked, wanted, verify)
        ]
    for image, one in checked:
        _say(asked, image, one)
    reports = [one.report for _, one in checked if one.report]
    statuses = [one.status for _, one in checked]
    if max(statuses) or not reports:
        return max(statuses)
    return judge(reports, asked, writes=_writes(asked))


def _verify(asked: Asked) -> Verify:
    words = asked.words
    if key := asked.settings.attestation_key:
        verify = verifying(key)
        assert verify, "there is a key"
        return verify
    who, issuer = words["certificate_identity"], words["certificate_oidc_issuer"]
    if not (who and issuer):
        hint = "or --certificate-identity and --certificate-oidc-issuer for keyless signatures"
        raise UsageError("verify needs --key FILE, the public key", hint)
    from pratique.signing.keyless import verifying as by_identity  # noqa: PLC0415 - an extra

    return by_identity(who, issuer, offline=asked.settings.offline)


def _found(asked: Asked, wanted: str, verify: Verify) -> list[tuple[Image, Found]]:
    chosen = replace(asked.settings, input="", image_src=("remote",))
    platform = asked.words.get("platform") or chosen.platform
    with closing(open_image(asked.target, replace(chosen, platform=platform))) as source:
        return [
            (image, attestations(
                image, getattr(source, "attestations")(image, (wanted,)), (wanted,), verify,  # noqa: B009
            ))
            for image in source.images(platform)
        ]  # fmt: skip


def _checked(
    asked: Asked, image: Image, found: Found, *, is_report: bool
) -> tuple[Image, _Checked]:
    refused = list(found.refused)
    if not found.good:
        if refused:
            return image, _Checked(_REFUSED, tuple(refused))
        return image, _Checked(_NONE, (f"no {asked.words['type']} attestation is attached",))
    for one in found.good:
        try:
            report = attested_report(one, image) if is_report else None
        except MalformedError as error:
            refused.append(f"{one.where} {error.reason}")
            continue
        if late := _too_old(one, asked.settings.max_age):
            return image, _Checked(_STALE, (f"{one.where} {late}",))
        return image, _Checked(0, tuple(refused), one, report)
    return image, _Checked(_REFUSED, tuple(refused))


def _too_old(one: Attestation, limit: float) -> str:
    if not limit:
        return ""
    age = predicates.hours_since(one.made, time.time())
    if age is None:
        return "does not say when it was made (--max-age)"
    return f"is stale: of {one.made}, {age:.0f} hours ago; {limit:g} are allowed" * (age > limit)


def _say(asked: Asked, image: Image, one: _Checked) -> None:
    """Say what came of an image: of what is believed on stdout, of all else on stderr."""
    name = f"{image.name} ({image.platform})" if image.platform else image.name
    if one.attestation:
        if not asked.settings.quiet:
            made = f" of {one.attestation.made}" if one.attestation.made else ""
            counted = ""
            if one.report:
                found, left = len(one.report.findings), len(one.report.suppressed)
                counted = f": {found} finding{'s' * (found != 1)}, {left} judged away"
            kind = asked.words["type"]
            to = sys.stderr if _writes(asked) and not asked.settings.file else sys.stdout
            print(printable(f"{name}: verified: {kind}{made} ({one.attestation.where}){counted}"),
                  file=to)  # fmt: skip
        return
    for why in one.why[:_NAMED]:
        print(printable(f"pratique: {name}: not verified: {why}"), file=sys.stderr)
    if (more := len(one.why) - _NAMED) > 0:
        print(f"  and {more} more", file=sys.stderr)


def _writes(asked: Asked) -> bool:
    """Tell whether the attested report is to be written."""
    return bool(asked.words.get("format") or asked.settings.output)
