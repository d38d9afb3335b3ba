"""IMG-0018: tools to look around a network with."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.leftovers import TOOLS
from pratique.codecs.listing import listed
from pratique.model.built_image import BuiltImage
from pratique.model.check import Check, Failure


def _judge(image: BuiltImage) -> Iterator[Failure]:
    """Busybox brings its own nc, which no one put there."""
    busybox = any(trace.detail == "busybox" for trace in image.of("program"))
    found = [path.rpartition("/")[2] for path in image.programs(TOOLS)]
    if busybox:
        found = [name for name in found if name not in ("nc", "telnet")]
    if found:
        layer = next((t.layer for t in image.of("program") if t.detail in found), -1)
        yield Failure(f"looks around networks: {listed(found)}", layer=layer)


check = Check(
    "IMG-0018",
    "Network tool in the image",
    "Scanners, sniffers and raw connections are what whoever gets in needs next, and what the "
    "program itself hardly does.",
    "LOW",
    "Leave them out; debug with an ephemeral container that has them.",
    _judge,
    ("CIS-4.3",),
)
