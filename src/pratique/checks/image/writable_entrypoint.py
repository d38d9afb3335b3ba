"""IMG-0034: everyone may change the program that containers start with."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.model.built_image import BuiltImage
from pratique.model.check import Check, Failure

_PLACES = ("usr/local/sbin", "usr/local/bin", "usr/sbin", "usr/bin", "sbin", "bin")


def _judge(image: BuiltImage) -> Iterator[Failure]:
    """Look at the program, and at a script that an interpreter is given."""
    writable = {mode.path: mode for mode in image.modes if mode.mode & 0o002}
    for word in image.command[:4]:
        if not word or word.startswith("-"):
            continue
        for path in _candidates(word, image.text("WorkingDir")):
            folder = writable.get(path.rpartition("/")[0])
            if mode := writable.get(path):
                yield Failure(
                    f"everyone may write /{path}, which containers start with", layer=mode.layer
                )
                break
            if folder and folder.type == "directory" and not folder.mode & 0o1000 and "/" in word:
                yield Failure(f"everyone may replace /{path}, which containers start with",
                              layer=folder.layer)  # fmt: skip
                break


def _candidates(word: str, folder: str) -> list[str]:
    if word.startswith("/"):
        return [word[1:]]
    if "/" in word or "." in word:
        return [f"{folder.strip('/')}/{word.removeprefix('./')}".lstrip("/")]
    return [f"{place}/{word}" for place in _PLACES]


check = Check(
    "IMG-0034",
    "Entry point that everyone may write",
    "A process of the container, whatever its user, decides what runs at the next start.",
    "HIGH",
    "COPY it with --chmod=0755, owned by root.",
    _judge,
)
