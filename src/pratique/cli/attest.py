"""`attest`: sign what was found in an image, and attach it in its registry."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Sequence
from contextlib import closing

from msgspec import json
from msgspec.structs import replace

from pratique.artifacts.remote import Remote
from pratique.attesting import predicates
from pratique.attesting.attach import Attached, Sealed, attach, statement
from pratique.cli.ignoring import rules_of
from pratique.cli.parser import Asked
from pratique.cli.progress import watch
from pratique.cli.scan import format_named, look
from pratique.cli.time_limit import time_limit
from pratique.codecs.dsse import bundled, sealed
from pratique.errors import NotFound, PratiqueError, UsageError
from pratique.model.image import Image
from pratique.model.report import Report
from pratique.model.settings import Settings
from pratique.saved import read_report
from pratique.scanning import scan
from pratique.target import open_image

Seal = Callable[[bytes], Sealed]
"""Signs a statement."""


def run(asked: Asked) -> int:
    """Attest what is asked for; print what was attached where."""
    kind = asked.words["type"]
    predicate_type = predicates.type_of(kind)
    made = kind in predicates.FORMATS and not asked.words["predicate"]
    if not (made or asked.words["predicate"]):
        raise UsageError(f"--type {kind} needs --predicate FILE")
    with time_limit(asked.settings.timeout):
        seal = sealing(asked.words["key"], asked.words["identity_token"])
        images = images_of(asked.target, asked.settings)
        predicate = _of_report(asked, images) if made else _of_file(asked)
        digest, attached = attest(
            images, asked.settings, seal, predicate_type, predicate,
            replacing=asked.words["replace"],
        )  # fmt: skip
    if not asked.settings.quiet:
        print(f"{asked.target}: {kind} attested of {digest}")
        print("\n".join(told(attached)))
    return 0


def sealing(key: str, token: str = "") -> Seal:
    """Return what signs: a private key, or keyless an identity; UsageError where there is none."""
    if not key:
        from pratique.signing.keyless import signing  # noqa: PLC0415 - an extra

        by_identity = signing(token)
        return lambda words: Sealed(b"", by_identity(words))
    from pratique.signing.keys import private_key  # noqa: PLC0415 - an extra

    signer = private_key(key)

    def seal(words: bytes) -> Sealed:
        envelope = sealed(words, signer)
        hint = b64encode(signer.key.fingerprint).decode()
        return Sealed(json.encode(envelope), bundled(envelope, hint))

    return seal


def images_of(target: str, settings: Settings) -> Sequence[Image]:
    """Return the images that a name has in its registry: all platforms, unless one is asked for."""
    chosen = replace(settings, input="", image_src=("remote",), platform=settings.platform or "all")
    with closing(open_image(target, chosen)) as source:
        return source.images(chosen.platform)


def attest(
    images: Sequence[Image], settings: Settings, seal: Seal, predicate_type: str,
    predicate: bytes, *, replacing: bool = False,
) -> tuple[str, Attached]:  # fmt: skip
    """Sign what is said of images of one name, and attach it; return the digest it is about.

    That is the digest of the index that all of them are in; of the image itself where a platform
    was asked for.
    """
    name, _, digest = images[0].digests[-1 if settings.platform else 0].rpartition("@")
    words = statement(digest, name, predicate_type, predicate)
    with closing(Remote(f"{name}@{digest}", settings)) as remote:
        attached = attach(
            remote, digest, seal(words), predicate_type, predicates.now_text(),
            replacing=replacing,
        )  # fmt: skip
    return digest, attached


def told(attached: Attached) -> list[str]:
    """Return lines that say where a statement was attached."""
    how = "which the registry lists" if attached.listed else "listed by its tag"
    lines = [f"  referrer {attached.referrer}, {how}"]
    return [f"  {attached.tag}", *lines] if attached.tag else lines


def same_image(reports: Sequence[Report], images: Sequence[Image], where: str) -> None:
    """Raise UsageError where reports are of other images than these."""
    ids = {image.id for image in images}
    for report in reports:
        if report.image is None or report.image.id not in ids:
            what = report.image.id if report.image else "no image"
            raise UsageError(f"{where} is of {what}, not of {images[0].name} ({images[0].id})")


def _of_report(asked: Asked, images: Sequence[Image]) -> bytes:
    """Return a report as the predicate of its type."""
    kind = asked.words["type"]
    format_ = format_named(predicates.FORMATS[kind])
    chosen = replace(asked.settings, format=format_.name, output=(), show_suppressed=True)
    if path := asked.words["report"]:
        reports = read_report(path)
        same_image(reports, images, path)
    else:
        reports = _scanned(asked, images, chosen if format_.finds else replace(chosen, scanners=()))
    text = format_.render(reports, chosen, look(chosen))
    return predicates.checked(kind, text.encode(), kind, predicates.now_text())


def _scanned(asked: Asked, images: Sequence[Image], chosen: Settings) -> list[Report]:
    """Scan by digest: the name may mean another image in a moment."""
    exact = images[0].digests[0]
    chosen = replace(chosen, input="", image_src=("remote",), platform=chosen.platform or "all")
    with watch(chosen) as observe:
        return scan(exact, chosen, observe, rules_of(asked))


def _of_file(asked: Asked) -> bytes:
    path = asked.words["predicate"]
    try:
        with open(path, "rb") as file:
            data = file.read()
    except FileNotFoundError:
        raise NotFound(f"{path}: no such file") from None
    except OSError as error:
        raise PratiqueError(f"{path}: cannot be read: {error.strerror}") from error
    return predicates.checked(asked.words["type"], data, path, predicates.now_text())
