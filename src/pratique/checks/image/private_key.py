"""IMG-0021: private keys and keystores, by their names."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.listing import listed
from pratique.model.built_image import BuiltImage
from pratique.model.check import Check, Failure

_MADE_AT_INSTALLATION = ("ssh_host_", "ssl-cert-snakeoil")


def _judge(image: BuiltImage) -> Iterator[Failure]:
    """One line a layer; what an installation made weighs less, for nobody put it there."""
    found: dict[tuple[int, bool], list[str]] = {}
    for trace in image.of("key"):
        made = trace.detail.startswith(_MADE_AT_INSTALLATION)
        found.setdefault((trace.layer, made), []).append(f"/{trace.path}")
    for (layer, made), paths in sorted(found.items()):
        what = "made at installation, shared by all containers" if made else "named like a key"
        severity = "MEDIUM" if made else ""
        yield Failure(f"{what}: {listed(paths)}", layer=layer, severity=severity)


check = Check(
    "IMG-0021",
    "Private key in the image",
    "Whoever pulls the image has the key. All containers of it share it, and a new one needs a new "
    "image.",
    "HIGH",
    "Replace the key, and mount it when the container runs.",
    _judge,
    ("CIS-4.10",),
)
