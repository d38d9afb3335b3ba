"""DF-0010: secrets in RUN."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pratique.codecs.dockerfile.build import Build
from pratique.codecs.dockerfile.run import Step
from pratique.codecs.dockerfile.secrets import (
    has_format,
    is_placeholder,
    is_secret_name,
    is_value,
    password_in_url,
)
from pratique.model.check import Check, Failure

_OPTION = re.compile(r"--?([a-z_-]+)=(.+)", re.DOTALL)
_USER = re.compile(r"[^:\s$]+:(.+)")
_USERS = {"x-oauth-basic", "x-access-token", "oauth2"}
"""What stands there where the user's name is the token."""
_LOGINS = re.compile(
    r"gcloud auth activate-service-account\b|aws configure set aws_secret"
    r"|az login\b.*(?:-p|--password)\b"
    r"|(?:docker|podman|buildah|skopeo|crane|helm registry) login\b"
)


def _judge(build: Build) -> Iterator[Failure]:
    for step in build.steps:
        if what := _secret(step):
            yield Failure(f"{what}: it stays in the image's history", step.start, step.end)
        elif _LOGINS.match(" ".join((step.command.name, *step.command.args))):
            message = f"{step.command.name} logs in: what it writes down of that stays in the layer"
            yield Failure(message, step.start, step.end)


def _secret(step: Step) -> str:
    words = [word.text for word in (*step.command.assignments, *step.command.words)]
    if any(has_format(word) for word in words):
        return f"a token is written out in a call of {step.command.name}"
    for word in words:
        password = password_in_url(word)
        if password and password not in _USERS and not is_placeholder(password):
            if is_value(password):
                return "a URL has a password in it"
            if not _is_mounted(step):
                return f"a URL is given {password[:40]}"
    return _assigned(step) or _optional(step)


def _assigned(step: Step) -> str:
    given = [word.text for word in step.command.assignments]
    if step.command.name in ("export", "declare", "env"):
        given += step.command.args
    for word in given:
        name, equals, value = word.partition("=")
        if equals and is_secret_name(name) and is_value(value) and not is_placeholder(value):
            return f"{name} is set to a value"
    return ""


def _optional(step: Step) -> str:
    args = step.command.args
    for at, arg in enumerate(args):
        match = _OPTION.fullmatch(arg)
        if (
            match
            and is_secret_name(match[1])
            and is_value(match[2])
            and not is_placeholder(match[2])
        ):
            return f"{step.command.name} is given --{match[1]}"
        following = args[at + 1] if at + 1 < len(args) else ""
        user = _USER.fullmatch(following)
        if step.command.name == "curl" and arg in ("-u", "--user") and user and is_value(user[1]):
            return "curl is given a user's password"
    return ""


def _is_mounted(step: Step) -> bool:
    return any("type=secret" in value for _, value in step.instruction.flags)


check = Check(
    "DF-0010",
    "A secret is written into a RUN",
    "The text of every RUN is part of the image: docker history shows it, whatever the command "
    "deletes.",
    "HIGH",
    "RUN --mount=type=secret,id=token and read /run/secrets/token there. Renew one that was "
    "published.",
    _judge,
    ("DS-0031", "CIS-4.10"),
    ("https://docs.docker.com/build/building/secrets/",),
)
