"""IMG-0028: what the network gave was run as it came (CIS Docker Benchmark 4.11)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pratique.codecs.secret_names import masked
from pratique.model.built_image import BuiltImage
from pratique.model.check import Check, Failure

_PIPED = re.compile(
    r"\b(?:curl|wget)\b[^;&|]{0,500}\|\s*(?:sudo\s+(?:-\S+\s+)*)?(?:env\s+\S+\s+)?"
    r"(?:/(?:usr/)?bin/)?((?:ba|da|z|k|a)?sh|python3?|perl|ruby|node|php)\b"
)
_SUBSTITUTED = re.compile(
    r"\b((?:ba|z|k)?sh|eval|source)\s+(?:-c\s+)?[\"']?(?:<\(|\$\(|`)\s*(?:curl|wget)\b"
)
_ADDRESS = re.compile(r"https?://[^\s\"'|;&)]+")


def _judge(image: BuiltImage) -> Iterator[Failure]:
    for step in image.steps:
        if step.instruction != "RUN":
            continue
        for found in (*_PIPED.finditer(step.text), *_SUBSTITUTED.finditer(step.text)):
            address = _ADDRESS.search(step.text, found.start())
            what = masked(address[0]) if address else "what it fetches"
            yield Failure(f"{found[1]} runs {what} as it comes", layer=step.layer)


check = Check(
    "IMG-0028",
    "Script from the network run unseen",
    "Whoever holds the server, or the connection, decides what runs in the build. The next build "
    "may get something else, and nobody can tell.",
    "HIGH",
    "Download to a file, compare its digest, then run it.",
    _judge,
    ("CIS-4.11",),
)
