"""A downloaded script is run."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pratique.codecs.kubernetes.objects import Object
from pratique.model.check import Check, Failure

_PIPED = re.compile(r"\b(?:curl|wget)\b[^|;&]*\|\s*(?:sudo\s+)?(?:ba|da|z|a)?sh\b")


def _judge(one: Object) -> Iterator[Failure]:
    for container in one.containers:
        for key in ("command", "args"):
            if any(_PIPED.search(word) for word in container.names(key)):
                yield container.fails("runs what it downloads", key)


check = Check(
    "K8S-0223",
    "A downloaded script is run",
    "What a server sends at start is run unseen: whoever controls the server or the way "
    "to it controls the container.",
    "MEDIUM",
    "Put the script into the image, or verify its digest before running it.",
    _judge,
    (),
    ("https://kubernetes.io/docs/concepts/security/",),
)
