"""IMG-0015: shells, for information (CIS Docker Benchmark 4.3)."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.leftovers import SHELLS
from pratique.codecs.listing import listed
from pratique.model.built_image import BuiltImage
from pratique.model.check import Check, Failure


def _judge(image: BuiltImage) -> Iterator[Failure]:
    """An image that others build on needs one."""
    if not image.is_base and (found := image.programs(SHELLS)):
        yield Failure(f"has shells: {listed(path.rpartition('/')[2] for path in found)}")


check = Check(
    "IMG-0015",
    "Shell in the image",
    "Most attacks that follow a flaw start a shell. Without one they need a flaw that runs code of "
    "their own.",
    "LOW",
    "Copy the program into an image without one (distroless, scratch) in a last stage.",
    _judge,
    ("CIS-4.3",),
    ("https://github.com/GoogleContainerTools/distroless",),
)
