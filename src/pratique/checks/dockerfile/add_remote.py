"""DF-0008: ADD of a URL."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pratique.codecs.dockerfile.build import Build, sources
from pratique.model.check import Check, Failure

_GIT = re.compile(r"(?:git@|git://|ssh://|https?://).+\.git(?:[#?].*)?$", re.IGNORECASE)
_COMMIT = re.compile(r"#[0-9a-f]{40}\b|[?&](?:checksum|commit)=[0-9a-f]{7,}")


def _judge(build: Build) -> Iterator[Failure]:
    for stage in build.stages:
        for one in stage.all("ADD"):
            for word in sources(one)[0]:
                url = stage.expanded(one, word.text)
                if _GIT.match(url):
                    if not _COMMIT.search(url) and not one.flag("checksum"):
                        message = f"{url} is whatever its branch or tag is at the time"
                        yield Failure(message, one.start, one.end)
                elif re.match("https?://", url, re.IGNORECASE) and not one.flag("checksum"):
                    plain = url.lower().startswith("http:")
                    message = f"{url} is added without --checksum" + ", by plain HTTP" * plain
                    yield Failure(message, one.start, one.end, "HIGH" if plain else "")


check = Check(
    "DF-0008",
    "ADD fetches something that nothing verifies",
    "Whoever controls the server, or the way to it, decides what is in the image.",
    "MEDIUM",
    "ADD --checksum=sha256:… URL, or a commit for a Git repository.",
    _judge,
    ("CIS-4.9",),
    ("https://docs.docker.com/reference/dockerfile/#add---checksum",),
)
