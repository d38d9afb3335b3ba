"""IMG-0021: private keys and keystores, by their names."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.listing import listed
from pratique.model.built_image import BuiltImage
from pratique.model.check import Check, Failure


def _judge(image: BuiltImage) -> Iterator[Failure]:
    hosts = [t for t in image.of("key") if t.detail.startswith("ssh_host_")]
    if hosts:
        names = listed(f"/{trace.path}" for trace in hosts)
        yield Failure(f"host keys that all containers share: {names}", layer=hosts[0].layer,
                      severity="MEDIUM")  # fmt: skip
    found: dict[int, list[str]] = {}
    for trace in image.of("key"):
        if trace not in hosts:
            found.setdefault(trace.layer, []).append(f"/{trace.path}")
    for layer, paths in sorted(found.items()):
        yield Failure(f"named like a private key or a keystore: {listed(paths)}", layer=layer)


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
