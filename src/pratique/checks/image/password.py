"""IMG-0035: accounts that a password opens, or none."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.model.built_image import BuiltImage
from pratique.model.check import Check, Failure


def _judge(image: BuiltImage) -> Iterator[Failure]:
    told: set[str] = set()
    for trace in image.of("password"):
        if trace.detail in told:
            continue
        told.add(trace.detail)
        if trace.number:
            yield Failure(f"/{trace.path} has a password of {trace.detail}", layer=trace.layer,
                          severity="MEDIUM")  # fmt: skip
        else:
            yield Failure(
                f"/{trace.path}: no password is asked of {trace.detail}", layer=trace.layer
            )


check = Check(
    "IMG-0035",
    "Account with an empty or a set password",
    "An empty password lets any process become that account. One that is set is the same in every "
    "container, and its hash can be tried at leisure by whoever pulls the image.",
    "HIGH",
    "Lock the account: passwd -l NAME.",
    _judge,
    ("CVE-2019-5021",),
)
