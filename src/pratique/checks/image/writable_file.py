"""IMG-0012: files that everyone may write."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.listing import counted, listed
from pratique.model.built_image import BuiltImage
from pratique.model.check import Check, Failure

_SYSTEM = ("bin/", "sbin/", "lib", "usr/", "etc/", "opt/")


def _judge(image: BuiltImage) -> Iterator[Failure]:
    """One line a layer: `chmod -R 777` makes thousands."""
    found: dict[int, list[str]] = {}
    for mode in image.modes:
        if mode.type == "file" and mode.mode & 0o002:
            found.setdefault(mode.layer, []).append(mode.path)
    for layer, paths in sorted(found.items()):
        system = [path for path in paths if path.startswith(_SYSTEM)]
        names = listed(f"/{path}" for path in (*system, *paths))
        severity = "HIGH" if system else ""
        yield Failure(f"everyone may write {counted(len(paths), 'file')}: {names}",
                      layer=layer, severity=severity)  # fmt: skip


check = Check(
    "IMG-0012",
    "File that everyone may write",
    "A process that runs as a user of its own can change programs and settings that another one, "
    "or root, then uses.",
    "MEDIUM",
    "Give the files to the user who must write them, with COPY --chown and --chmod.",
    _judge,
    ("CIS-4.8",),
)
