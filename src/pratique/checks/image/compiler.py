"""IMG-0017: compilers, build tools and debuggers (CIS Docker Benchmark 4.3)."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.leftovers import COMPILERS
from pratique.codecs.listing import listed
from pratique.model.built_image import BuiltImage
from pratique.model.check import Check, Failure

_ALONE = frozenset({"as", "ld", "make", "gmake"})
"""Which come as a part of something else."""


def _judge(image: BuiltImage) -> Iterator[Failure]:
    found = [path.rpartition("/")[2] for path in image.programs(COMPILERS)]
    if not image.is_base and any(name not in _ALONE for name in found):
        layer = next((t.layer for t in image.of("program") if t.detail in COMPILERS - _ALONE), -1)
        yield Failure(f"builds software: {listed(found, 8)}", layer=layer)


check = Check(
    "IMG-0017",
    "Compiler or build tool in the image",
    "They make up much of what is found in an image, and nothing of it is needed to run. Whoever "
    "gets in builds his tools with them.",
    "LOW",
    "Build in a first stage, and copy the result into the last one.",
    _judge,
    ("CIS-4.3",),
    ("https://docs.docker.com/build/building/multi-stage/",),
)
