"""IMG-0013: directories that everyone may write, without the sticky bit."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.listing import counted, listed
from pratique.model.built_image import BuiltImage
from pratique.model.check import Check, Failure

_STICKY = 0o1000
_ON_THE_WAY = ("bin", "sbin", "lib", "usr", "etc")


def _judge(image: BuiltImage) -> Iterator[Failure]:
    found: dict[int, list[str]] = {}
    for mode in image.modes:
        if mode.type == "directory" and mode.mode & 0o002 and not mode.mode & _STICKY:
            found.setdefault(mode.layer, []).append(mode.path)
    for layer, paths in sorted(found.items()):
        system = [path for path in paths if path.partition("/")[0] in _ON_THE_WAY]
        names = listed(f"/{path}" for path in (*system, *paths))
        what = counted(len(paths), "directory", "directories")
        yield Failure(f"everyone may write {what} without the sticky bit: {names}",
                      layer=layer, severity="HIGH" if system else "")  # fmt: skip


check = Check(
    "IMG-0013",
    "Directory that everyone may write, without the sticky bit",
    "Every user of the container can delete and replace the files of others there, programs among "
    "them.",
    "MEDIUM",
    "Give the directory to the user who must write it; a shared one is 1777 like /tmp.",
    _judge,
)
