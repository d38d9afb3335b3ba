"""DF-0012: secrets as build arguments."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.dockerfile.build import Build, pairs
from pratique.codecs.dockerfile.secrets import has_format, is_placeholder, is_secret_name, is_value
from pratique.model.check import Check, Failure


def _judge(build: Build) -> Iterator[Failure]:
    inner = [(one, stage in build.shipped) for stage in build.stages for one in stage.all("ARG")]
    for one, ships in [*((one, False) for one in build.outer), *inner]:
        for name, value in pairs(one):
            known = value is not None and is_value(value) and not is_placeholder(value)
            if has_format(value or "") or (is_secret_name(name) and known):
                message = f"ARG {name} has a secret as its default"
                yield Failure(message, one.start, one.end, "CRITICAL")
            elif is_secret_name(name) and (value is None or "$" not in value):
                kept = "the image's history keeps it" if ships else "the builder's cache keeps it"
                message = f"ARG {name} is for a secret: {kept}"
                yield Failure(message, one.start, one.end, "" if ships else "MEDIUM")


check = Check(
    "DF-0012",
    "A secret is a build argument",
    "Build arguments are written into the history of the image, and into the provenance that "
    "BuildKit attaches.",
    "HIGH",
    "docker build --secret id=x, and RUN --mount=type=secret,id=x,env=X where it is needed.",
    _judge,
    ("DS-0031", "CIS-4.10"),
    ("https://docs.docker.com/reference/build-checks/secrets-used-in-arg-or-env/",),
)
