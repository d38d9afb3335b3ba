"""DC-0041: an image from a registry without TLS, or from an address."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pratique.codecs.compose.service import Service, of_service
from pratique.model.check import Check, Failure

_PLAIN = re.compile(
    r"^(?:http://|(?:[\w.-]+|\[[0-9a-f:]+\]):(?:80|5000|8080)/|\d+\.\d+\.\d+\.\d+(?::\d+)?/)"
)
_LOCAL = re.compile(r"^(?:localhost|127\.|\[::1\])")


def _judge(service: Service) -> Iterator[Failure]:
    """A registry on the machine itself needs none."""
    image = service.image
    if _PLAIN.match(image) and not _LOCAL.match(image):
        yield Failure(
            f"{image.rpartition('/')[0]} is hardly served with TLS", *service.span_of("image")
        )


check = Check(
    "DC-0041",
    "Registry without TLS",
    "Whoever is between the host and the registry puts another image in its place.",
    "MEDIUM",
    "Serve the registry with TLS under a name, and name images by their digests.",
    of_service(_judge),
    (),
    (),
)
