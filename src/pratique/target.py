"""Choose where an image comes from: a file, a registry, or an engine on this machine."""

from __future__ import annotations

from collections.abc import Callable
from typing import BinaryIO, cast

from pratique.codecs import reference
from pratique.errors import NotFound, PratiqueError, Unauthorized, Unavailable, UsageError
from pratique.model.image import Image
from pratique.model.settings import Settings
from pratique.model.source import Source

_ENGINES = ("docker", "podman", "containerd", "engine")


def open_image(target: str, settings: Settings) -> Source:
    """Return the source of an image: `settings.input`, or the places of `image_src` in turn.

    Where every place fails, the error says of each why.
    """
    if settings.input:
        from pratique.sources.archive import Archive  # noqa: PLC0415 - only the one that is used

        return Archive(settings.input)
    failures: list[tuple[str, PratiqueError]] = []
    # every engine's socket is asked at once, whichever of them is named
    places = dict.fromkeys("engine" if p in _ENGINES else p for p in settings.image_src)
    for place in places:
        try:
            return _place(place)(target, settings)
        except (NotFound, Unavailable, Unauthorized) as error:
            failures.append((place, error))
    if len(failures) == 1:
        raise failures[0][1]
    reasons = "; ".join(f"{place}: {error.message}" for place, error in failures)
    worst = next((e for _, e in failures if not isinstance(e, NotFound)), failures[0][1])
    raise type(worst)(f"{target}: nowhere to be had. {reasons}")


def _place(name: str) -> Callable[[str, Settings], Source]:
    if name == "remote":
        return _registry
    if name in _ENGINES:
        return _engine
    raise UsageError(f"--image-src: {name!r} is none of docker, podman, remote")


def _registry(target: str, settings: Settings) -> Source:
    from pratique.credentials import given  # noqa: PLC0415
    from pratique.sources.registry import Registry  # noqa: PLC0415

    who = given(settings, reference.parse(target).registry)
    source = Registry(
        target,
        username=who.username,
        password=who.password,
        token=who.registry_token,
        insecure=settings.insecure,
        cacert=settings.cacert,
        mirrors=mirrors(settings.registry_mirrors),
        timeout=min(60.0, settings.timeout),
    )
    return _Asked(source, settings.platform)


class _Asked:
    """A registry that has answered: its images are asked for once, before another place is."""

    def __init__(self, source: Source, platform: str) -> None:
        try:
            self._images = source.images(platform)
        except BaseException:
            source.close()
            raise
        self.open = source.open
        self.close = source.close
        self.attached = getattr(source, "attached", None)
        self.attestations = getattr(source, "attestations", None)

    def images(self, _platform: str) -> tuple[Image, ...]:
        return self._images


def mirrors(written: tuple[str, ...]) -> dict[str, list[str]]:
    """Return the places that are asked before each host; raises UsageError for what is no pair."""
    found: dict[str, list[str]] = {}
    for pair in written:
        host, equals, mirror = pair.partition("=")
        if not equals or not host or not mirror:
            raise UsageError(f"--registry-mirrors: {pair!r} is not HOST=MIRROR")
        found.setdefault(host, []).append(mirror)
    return found


def _engine(target: str, settings: Settings) -> Source:
    """Return what an engine saves, out of a file without a name that ends with the scan."""
    import tempfile  # noqa: PLC0415

    from pratique.sources import engine  # noqa: PLC0415
    from pratique.sources.archive import Archive  # noqa: PLC0415

    del settings
    spool = cast("BinaryIO", tempfile.TemporaryFile(prefix="pratique-"))  # noqa: SIM115
    try:
        inspection = engine.fetch(target, spool)
        spool.flush()
        return Archive(target, file=spool, digests=inspection.repo_digests or ())
    except BaseException:
        spool.close()
        raise
