"""IMG-0002: the user that is set is no account of the image."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.model.built_image import BuiltImage
from pratique.model.check import Check, Failure


def _judge(image: BuiltImage) -> Iterator[Failure]:
    """A number needs no account; a name must be in /etc/passwd, or no container starts."""
    names = {trace.detail for trace in image.of("user")}
    user = image.user
    if user and user != "root" and not user.isdigit() and user not in names:
        where = "is not in /etc/passwd" if names else "needs /etc/passwd, which is not there"
        yield Failure(f"the user {user} {where}: containers will not start")


check = Check(
    "IMG-0002",
    "The user does not exist",
    "A container is refused when its user's name cannot be looked up; who meets that sets root to "
    "get on.",
    "MEDIUM",
    "Create the user in the stage that the image is made of, or set its number.",
    _judge,
)
