"""IMG-0032: a library is loaded into every program."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.model.built_image import BuiltImage
from pratique.model.check import Check, Failure

_KNOWN = ("jemalloc", "tcmalloc", "mimalloc", "libnss_wrapper", "libgcompat", "libeatmydata")
_SETTINGS = ("LD_PRELOAD", "LD_AUDIT")


def _judge(image: BuiltImage) -> Iterator[Failure]:
    """Allocators and wrappers that images preload for a reason weigh less."""
    settings = image.environment
    for name in _SETTINGS:
        if value := settings.get(name, ""):
            severity = "LOW" if any(known in value for known in _KNOWN) else ""
            yield Failure(f"{name} loads {value} into every program", severity=severity)
    if any(t.path == "etc/ld.so.preload" for t in image.traces):
        yield Failure("/etc/ld.so.preload loads libraries into every program")


check = Check(
    "IMG-0032",
    "Library loaded into every program",
    "It sees and changes all that every program does: the way of most rootkits that need no "
    "kernel.",
    "MEDIUM",
    "Leave it out, or set it for the one program that needs it.",
    _judge,
)
