"""DF-0011: files of secrets copied in."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from pratique.codecs.dockerfile.build import Build, Stage, pairs, sources
from pratique.codecs.dockerfile.instructions import Instruction
from pratique.codecs.dockerfile.secrets import OFTEN_HARMLESS, is_secret_file
from pratique.model.check import Check, Failure

_POINTERS = frozenset({
    "GOOGLE_APPLICATION_CREDENTIALS", "AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE",
    "KUBECONFIG",
    "AZURE_AUTH_LOCATION", "BOTO_CONFIG", "NETRC", "PGPASSFILE",
})  # fmt: skip
"""Variables that say where a program finds its credentials."""


def _judge(build: Build) -> Iterator[Failure]:
    for stage in build.stages:
        ships = stage in build.shipped
        pointed = {
            value for one in stage.all("ENV") for name, value in pairs(one) if name in _POINTERS
        }
        for one in stage.all("COPY", "ADD"):
            if one.flag("from"):
                continue
            for word in sources(one)[0]:
                path = stage.expanded(one, word.text)
                if not is_secret_file(path) and not pointed & _targets(stage, one, path):
                    continue
                harmless = path.rpartition("/")[2] in OFTEN_HARMLESS
                severity = "MEDIUM" if harmless and ships else "" if ships else "LOW"
                where = "the image" if ships else f"stage {stage.name or stage.index}"
                yield Failure(f"{path} is copied into {where}", one.start, one.end, severity)


def _targets(stage: Stage, one: Instruction, source: str) -> set[str]:
    """Return what a copied file may be called in the image."""
    _, to = sources(one)
    at = stage.places[one.start]
    name = stage.expanded(one, to.text) if to else ""
    path = posixpath.normpath(posixpath.join(stage.workdir_at(at) or "/", name))
    return {path, posixpath.join(path, posixpath.basename(source))}


check = Check(
    "DF-0011",
    "A file of secrets is copied in",
    "It stays in the layer even if a later instruction deletes it, and in the cache of a builder "
    "where an earlier stage copies it.",
    "HIGH",
    "RUN --mount=type=secret,id=x,target=/path for a build, a secret of the orchestrator at run "
    "time.",
    _judge,
    ("DS-0031", "CIS-4.10"),
    ("https://docs.docker.com/build/building/secrets/",),
)
