"""DF-0032: certificates that are not verified."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pratique.codecs.dockerfile.build import Build
from pratique.codecs.dockerfile.run import Step
from pratique.codecs.dockerfile.words import Word
from pratique.model.check import Check, Edit, Failure

_OFF = re.compile(
    r"(?:http\.)?sslverify[= ](?:false|0|no)|strict-ssl[= ](?:false|0)"
    r"|verify-peer[= ](?:false|0|\"false\")|enablestrictssl (?:false|0)|disable-tls (?:true|1)"
    r"|secure-http (?:false|0)",
    re.IGNORECASE,
)
_BUNDLE = re.compile(r"-[a-zA-Z#]*k[a-zA-Z]*")


def _judge(build: Build) -> Iterator[Failure]:
    for step in build.steps:
        if word := _option(step):
            message = f"{step.command.name} {word.text} takes what anybody on the way sends"
            yield Failure(message, step.start, step.end, fix=_fix(step, word))
        elif (match := _OFF.search(" ".join(step.command.args))) and step.command.name in _TOOLS:
            message = f"{step.command.name} is told not to verify certificates: {match[0]}"
            yield Failure(message, step.start, step.end)


_TOOLS = {
    "git",
    "npm",
    "yarn",
    "pnpm",
    "apt-get",
    "apt",
    "composer",
    "echo",
    "printf",
    "bower",
    "yum-config-manager",
}


def _option(step: Step) -> Word | None:
    for word in step.call.options if step.call else step.command.words[1:]:
        if step.command.name == "curl" and (
            word.text == "--insecure" or _BUNDLE.fullmatch(word.text)
        ):
            return word
        if step.command.name in ("wget", "apk", "aria2c") and word.text in (
            "--no-check-certificate", "--check-certificate=false"
        ):  # fmt: skip
            return word
    return None


def _fix(step: Step, word: Word) -> Edit | None:
    if word.text.startswith("--"):
        return _without(step, word)
    return (
        step.replaced(word, word.text.replace("k", ""))
        if len(word.text) > 2
        else _without(step, word)
    )


def _without(step: Step, word: Word) -> Edit | None:
    """Return the fix that takes a word out, with the space before it."""
    spaced = Word(" " + word.text, word.start - 1, word.end)
    return step.replaced(spaced, "")


check = Check(
    "DF-0032",
    "A download does not verify the server's certificate",
    "Encryption without knowing with whom: anybody on the way can send something else.",
    "HIGH",
    "Leave the option out; install ca-certificates, or give the own authority's: curl --cacert.",
    _judge,
    (),
    ("https://curl.se/docs/sslcerts.html",),
)
