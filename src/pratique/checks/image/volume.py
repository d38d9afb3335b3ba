"""IMG-0041: volumes over the system's own folders."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.model.built_image import BuiltImage
from pratique.model.check import Check, Failure

_SENSITIVE = frozenset({
    "/", "/etc", "/usr", "/bin", "/sbin", "/lib", "/lib64", "/boot", "/dev", "/proc", "/sys",
    "/root", "/var", "/run", "/var/run", "/var/lib", "/home", "/usr/local", "/usr/bin",
})  # fmt: skip


def _judge(image: BuiltImage) -> Iterator[Failure]:
    for volume in image.names("Volumes"):
        path = volume.rstrip("/") or "/"
        if path in _SENSITIVE or path.endswith("docker.sock"):
            yield Failure(f"VOLUME {volume} is one of the system's own")


check = Check(
    "IMG-0041",
    "Volume over a folder of the system",
    "What is there outlives the container and hides what a newer image brings: fixes to it never "
    "arrive.",
    "MEDIUM",
    "Declare the folder of the data alone, or none, and mount it where the container is run.",
    _judge,
)
