"""IMG-0016: package managers, for information (CIS Docker Benchmark 4.3)."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.leftovers import PACKAGE_MANAGERS
from pratique.codecs.listing import listed
from pratique.model.built_image import BuiltImage
from pratique.model.check import Check, Failure


def _judge(image: BuiltImage) -> Iterator[Failure]:
    """An image that others build on needs one."""
    if not image.is_base and (found := image.programs(PACKAGE_MANAGERS)):
        names = listed(path.rpartition("/")[2] for path in found)
        yield Failure(f"can install packages while it runs: {names}")


check = Check(
    "IMG-0016",
    "Package manager in the image",
    "Whoever gets in installs his tools with it, and what it changes while the container runs no "
    "scan of the image sees.",
    "LOW",
    "Install in a first stage, and copy the result into an image that has none.",
    _judge,
    ("CIS-4.3",),
)
