"""What a patch is asked to do, and what it did."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from msgspec import Struct

from pratique.attesting.attach import Sealed, unsigned
from pratique.comparison import Comparison
from pratique.errors import PratiqueError
from pratique.model.image import Image
from pratique.model.upgrade import Level
from pratique.patch.layer import Written

Output = Literal["registry", "archive", "layout"]


class Refusal(PratiqueError):  # noqa: N818 - reads as the statement it is
    """A patch that is not made, because of what it would do."""

    exit_status = 1


class Refused(PratiqueError):  # noqa: N818 - reads as the statement it is
    """A package that cannot be upgraded without running something; it stays as it is."""


class Order(Struct, frozen=True):
    """What is asked for."""

    tag: str
    """The name of the patched image."""
    output: Output
    path: str = ""
    """Where an archive or a layout goes."""
    mirrors: tuple[str, ...] = ()
    keyrings: tuple[bytes, ...] = ()
    now: float = 0.0
    """Seconds since 1970 by the clock: signatures and dates are held against it."""
    epoch: int = 0
    """Seconds since 1970 that are written as the time of the patch."""
    command: str = "pratique patch"
    """What the history is to say."""
    app: bool = False
    """Whether packages of the application are to be patched as well."""
    up_to: Level = "minor"
    """How far versions of these may go."""
    engine: str = ""
    """The engine that is to build the patch; without one none is needed."""
    states: bool = True
    """Whether provenance and an SBOM are put beside the image."""
    seal: Callable[[bytes], Sealed] = unsigned
    """Signs what is stated."""


class Upgraded(Struct, frozen=True):
    """A package in the new layer."""

    name: str
    arch: str
    before: str
    """Empty where it was not there."""
    after: str
    not_run: tuple[str, ...] = ()
    """Maintainer scripts that it has and that were not run."""
    replaced: int = 0
    """Bytes of the files that it had in the image."""
    url: str = ""
    """Where it came from."""
    digest: str = ""
    """Of what came from there, `sha256:<hex>`."""
    path: str = ""
    """The folder or the archive that it is in, where a package can be in several."""


class Stays(Struct, frozen=True):
    """A package with findings that stays as it is."""

    name: str
    version: str
    why: str


class Change(Struct, frozen=True):
    """What is done to one image."""

    upgraded: tuple[Upgraded, ...]
    stays: tuple[Stays, ...]
    notes: tuple[str, ...] = ()
    layer: Written | None = None


class Patched(Struct, frozen=True):
    """One image, before and after; the same where there was nothing to do."""

    before: Image
    after: Image
    change: Change
    proof: Comparison
    app: Change = Change((), ())
    """What is done to packages of the application, in a layer of its own."""

    @property
    def upgraded(self) -> tuple[Upgraded, ...]:
        return (*self.change.upgraded, *self.app.upgraded)

    @property
    def layers(self) -> tuple[Written, ...]:
        return tuple(one.layer for one in (self.change, self.app) if one.layer)
