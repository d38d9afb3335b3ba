"""IMG-0027: ADD, where COPY would do, or that fetches from the network (CIS Benchmark 4.9)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pratique.codecs.secret_names import masked
from pratique.model.built_image import BuiltImage
from pratique.model.check import Check, Failure

_REMOTE = re.compile(r"\bhttps?://\S+")
_ARCHIVE = re.compile(r"\.(?:tar(?:\.\w+)?|tgz|tbz2?|txz)\b")
_ROOT = re.compile(r"\sin\s+/\s*$|\s/\s*$")


def _judge(image: BuiltImage) -> Iterator[Failure]:
    """Pass over the root file system, which nothing but ADD brings, and archives to unpack."""
    for step in image.steps:
        if step.instruction != "ADD" or (step.layer <= 0 and _ROOT.search(f" {step.text}")):
            continue
        if url := _REMOTE.search(step.text):
            if "--checksum=" not in step.text:
                yield Failure(f"ADD fetches {masked(url[0])} without a checksum", layer=step.layer)
        elif not _ARCHIVE.search(step.text) and not step.text.startswith(("file:", "multi:")):
            yield Failure(f"ADD {masked(step.text)[:120]} does what COPY does", layer=step.layer,
                          severity="LOW")  # fmt: skip


check = Check(
    "IMG-0027",
    "ADD in the history",
    "ADD fetches what an address gives on the day of the build, and unpacks what looks like an "
    "archive: neither is what the Dockerfile shows.",
    "MEDIUM",
    "Use COPY for files; ADD --checksum=sha256:… for what is fetched.",
    _judge,
    ("DS-0005", "CIS-4.9", "DL3020"),
    ("https://docs.docker.com/reference/dockerfile/#add---checksum",),
)
