"""IMG-0008: the environment gives a secret away (CIS Docker Benchmark 4.10)."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.secret_names import is_weak, secret_names
from pratique.model.built_image import BuiltImage
from pratique.model.check import Check, Failure


def _judge(image: BuiltImage) -> Iterator[Failure]:
    settings = image.environment
    for name in secret_names(settings):
        layerless = (
            "a password that everybody tries first" if is_weak(settings[name]) else "a value"
        )
        yield Failure(f"ENV {name} has {layerless}: it looks like a secret, and anyone can read it")


check = Check(
    "IMG-0008",
    "Secret in the environment",
    "The environment of an image is in its configuration: who can pull it can read it, and so can "
    "every process of every container.",
    "CRITICAL",
    "Change the secret. Give it to the container when it runs, or to one RUN with "
    "--mount=type=secret.",
    _judge,
    ("DS-0031", "CIS-4.10"),
    ("https://docs.docker.com/build/building/secrets/",),
)
