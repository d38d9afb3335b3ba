"""IMG-0014: what package managers downloaded is still there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from pratique.codecs.listing import counted
from pratique.model.built_image import BuiltImage
from pratique.model.check import Check, Failure

_KEPT = 200
_FIXES = {
    "apt lists": "rm -rf /var/lib/apt/lists/*",
    "apt archives": "apt-get clean; rm -f /var/cache/apt/*.bin",
    "apk cache": "apk add --no-cache",
    "dnf or yum cache": "dnf clean all",
    "zypper cache": "zypper clean -a",
    "pacman cache": "pacman -Scc",
    "pip cache": "pip install --no-cache-dir",
    "npm cache": "npm cache clean --force",
}


def _judge(image: BuiltImage) -> Iterator[Failure]:
    sizes = {t.path: t.number for t in image.of("large") if t.removed < 0}
    found: dict[tuple[str, int], Counter[str]] = {}
    for trace in image.of("cache"):
        tally = found.setdefault((trace.detail, trace.layer), Counter())
        tally["files"] += 1
        tally["bytes"] += sizes.get(trace.path, 0)
    for (name, layer), tally in sorted(found.items()):
        more = " or more" if tally["files"] >= _KEPT else ""
        size = f", over {tally['bytes'] / 1e6:.0f} MB" if tally["bytes"] else ""
        fix = f"; in the same RUN: {_FIXES[name]}" if name in _FIXES else ""
        yield Failure(
            f"{name}: {counted(tally['files'], 'file')}{more} left{size}{fix}", layer=layer
        )


check = Check(
    "IMG-0014",
    "Cache of a package manager left",
    "It makes the image larger, and a list of packages that is out of date is one to install "
    "flawed versions by.",
    "LOW",
    "Delete it in the RUN that made it, or keep it out with --mount=type=cache.",
    _judge,
    (),
    ("https://docs.docker.com/build/cache/optimize/#use-cache-mounts",),
)
