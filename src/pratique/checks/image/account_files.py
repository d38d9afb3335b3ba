"""IMG-0048: others than root may change accounts, or read their passwords."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.model.built_image import BuiltImage
from pratique.model.check import Check, Failure

_SECRET = ("etc/shadow", "etc/gshadow", "etc/sudoers")


def _judge(image: BuiltImage) -> Iterator[Failure]:
    """A file that everyone may write is IMG-0012's as well, among others."""
    for mode in image.modes:
        if not mode.path.startswith("etc/") or mode.type != "file" or mode.path.count("/") > 1:
            continue
        if mode.mode & 0o002 or (mode.mode & 0o200 and mode.user):
            yield Failure(f"others than root may write /{mode.path}", layer=mode.layer)
        elif mode.mode & 0o020 and mode.path in ("etc/passwd", "etc/group", *_SECRET):
            yield Failure(f"the group {mode.group} may write /{mode.path}", layer=mode.layer,
                          severity="MEDIUM")  # fmt: skip
        elif mode.path in _SECRET and mode.mode & 0o004:
            yield Failure(f"everyone may read /{mode.path}", layer=mode.layer, severity="MEDIUM")


check = Check(
    "IMG-0048",
    "Accounts that others may change or read",
    "Who writes /etc/passwd makes himself root, inside; who reads /etc/shadow tries passwords. The "
    "group 0 that OpenShift's images let write it is every user's group there.",
    "HIGH",
    "Leave them to root: 0644, and 0640 or less for shadow.",
    _judge,
    (),
    ("https://access.redhat.com/articles/4859371",),
)
