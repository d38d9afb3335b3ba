"""IMG-0039: large files that a later layer deletes or writes again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from pratique.codecs.listing import counted, listed, size_of
from pratique.model.built_image import BuiltImage
from pratique.model.check import Check, Failure
from pratique.model.configuration import Trace

_LEAST = 20_000_000


def _judge(image: BuiltImage) -> Iterator[Failure]:
    """Name each pair of layers: the file is in the one, the other takes it out of sight."""
    found: dict[tuple[int, int], list[Trace]] = defaultdict(list)
    for trace in image.of("large"):
        if trace.removed >= 0:
            found[trace.layer, trace.removed].append(trace)
    for (layer, later), traces in sorted(found.items()):
        if (total := sum(trace.number for trace in traces)) >= _LEAST:
            largest = sorted(traces, key=lambda trace: -trace.number)
            names = listed((f"/{trace.path}" for trace in largest), 3)
            what = f"{counted(len(traces), 'large file')} ({size_of(total)})"
            gone = f"deleted or written again by #{later + 1}"
            yield Failure(f"{what} {gone}, still in the image: {names}", layer=layer)


check = Check(
    "IMG-0039",
    "Large files hidden by a later layer",
    "They are stored and pulled all the same, and who looks into the layer finds them. `chown -R` "
    "in a step of its own stores every file a second time.",
    "LOW",
    "Delete in the RUN that made them; use COPY --chown; build in a stage that is left behind.",
    _judge,
)
