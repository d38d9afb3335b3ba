"""DF-0009: secrets in ENV."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.dockerfile.build import Build, Stage, pairs
from pratique.codecs.dockerfile.instructions import Instruction
from pratique.codecs.dockerfile.secrets import (
    has_format,
    is_placeholder,
    is_secret_name,
    is_value,
    password_in_url,
)
from pratique.model.check import Check, Failure


def _judge(build: Build) -> Iterator[Failure]:
    for stage in build.stages:
        for one in stage.all("ENV", "LABEL"):
            for name, value in pairs(one):
                if failure := _failure(stage, one, name, value or ""):
                    yield failure


def _failure(stage: Stage, one: Instruction, name: str, value: str) -> Failure | None:
    password = password_in_url(value)
    if has_format(value) or (password and is_value(password) and not is_placeholder(password)):
        message = f"{one.name} {name} holds a secret, which everybody who has the image can read"
        return Failure(message, one.start, one.end)
    if one.name == "LABEL" or not is_secret_name(name):
        return None
    message, severity = "", ""
    if "$" in value:
        is_argument = stage.expanded(one, value) == value and not value.startswith("${")
        message = f"{name} takes over {value}: a build argument becomes part of the image"
        return Failure(message, one.start, one.end, "HIGH") if is_argument else None
    if is_placeholder(value):
        message = f"{name} has a default that everybody knows: containers start with it"
        severity = "MEDIUM"
    elif is_value(value):
        message = f"{name} is set to a value, which everybody who has the image can read"
    return Failure(message, one.start, one.end, severity) if message else None


check = Check(
    "DF-0009",
    "A secret is in the environment",
    "What ENV sets is part of the image's configuration: docker inspect shows it, and so does "
    "every process of the container.",
    "CRITICAL",
    "Give it at run time (a secret of the orchestrator, --env-file), or for the build with RUN "
    "--mount=type=secret,id=x,env=X. Renew one that was published.",
    _judge,
    ("DS-0031", "CIS-4.10"),
    ("https://docs.docker.com/build/building/secrets/",),
)
