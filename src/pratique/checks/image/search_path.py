"""IMG-0031: PATH or a path of libraries with parts that others may write, or that are relative."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.model.built_image import BuiltImage
from pratique.model.check import Check, Failure

_PATHS = ("PATH", "LD_LIBRARY_PATH", "PYTHONPATH", "NODE_PATH", "PERL5LIB", "RUBYLIB", "GEM_PATH")
_SHARED = ("/tmp", "/var/tmp", "/dev/shm")  # noqa: S108 - named, not written to


def _judge(image: BuiltImage) -> Iterator[Failure]:
    """An empty part is the working directory; at the end of a path of libraries it is a habit."""
    writable = {f"/{mode.path}" for mode in image.modes
                if mode.type == "directory" and mode.mode & 0o002}  # fmt: skip
    settings = image.environment
    for name in _PATHS:
        parts = settings[name].split(":") if settings.get(name) else []
        for at, part in enumerate(parts):
            if not part and (name == "PATH" or 0 < at < len(parts) - 1):
                yield Failure(f"{name} has an empty part, which is the working directory")
            elif part and not part.startswith(("/", "$", "~")):
                yield Failure(f"{name} has {part}, which depends on the working directory")
            elif part.startswith(tuple(f"{s}/" for s in _SHARED)) or part in (*_SHARED, *writable):
                yield Failure(f"{name} has {part}, which everyone may write", severity="HIGH")


check = Check(
    "IMG-0031",
    "Writable or relative search path",
    "Whoever can write there puts a program of his own in the place of another one.",
    "MEDIUM",
    "Name directories by their whole path that only root may write.",
    _judge,
)
