"""DF-0063: variables that turn TLS off."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pratique.codecs.dockerfile.build import Build, pairs
from pratique.codecs.dockerfile.instructions import Instruction
from pratique.model.check import Check, Edit, Failure

_NO = "0|false|no|off"
_OFF = {
    "NODE_TLS_REJECT_UNAUTHORIZED": "0", "PYTHONHTTPSVERIFY": "0",
    "GIT_SSL_NO_VERIFY": "1|true|yes|on|.+",
    "NPM_CONFIG_STRICT_SSL": _NO, "YARN_STRICT_SSL": _NO, "YARN_ENABLE_STRICT_SSL": _NO,
    "GIT_SSL_VERIFY": _NO,
    "COMPOSER_DISABLE_TLS": "1|true", "GOINSECURE": r"\*", "GONOSUMCHECK": "1", "GOSUMDB": "off",
    "GONOSUMDB": r"\*",
    "CURL_CA_BUNDLE": "", "REQUESTS_CA_BUNDLE": "", "SSL_NO_VERIFY": "1|true",
    "HF_HUB_DISABLE_SSL_VERIFY": "1|true",
    "CONDA_SSL_VERIFY": _NO, "HTTPLIB2_CA_CERTS": "", "DOCKER_CONTENT_TRUST": "0",
    "ANSIBLE_HOST_KEY_CHECKING": _NO,
}  # fmt: skip


def _judge(build: Build) -> Iterator[Failure]:
    for stage in build.stages:
        for one in stage.all("ENV", "ARG"):
            given = pairs(one)
            for name, value in given:
                if value is not None and _is_off(name, value):
                    when = "for all that runs in the container" if one.name == "ENV" else "in RUN"
                    message = f"{name}={value} {when}"
                    severity = "" if one.name == "ENV" and stage in build.shipped else "MEDIUM"
                    yield Failure(message, one.start, one.end, severity, _fix(one, len(given)))
    for step in build.steps:
        exported = step.command.args if step.command.name == "export" else ()
        for text in (*(word.text for word in step.command.assignments), *exported):
            name, equals, value = text.partition("=")
            if equals and _is_off(name, value):
                yield Failure(
                    f"{name}={value} for {step.command.name}", step.start, step.end, "MEDIUM"
                )


def _is_off(name: str, value: str) -> bool:
    off = _OFF.get(name.upper())
    if name.upper() == "GIT_SSL_NO_VERIFY" and re.fullmatch(_NO, value, re.IGNORECASE):
        return False
    return off is not None and re.fullmatch(off, value, re.IGNORECASE) is not None


def _fix(one: Instruction, count: int) -> Edit | None:
    return Edit(one.start, one.end, "") if count == 1 else None


check = Check(
    "DF-0063",
    "A variable turns the verification of certificates off",
    "Everything that is fetched afterwards can come from anybody on the way; set by ENV, so does "
    "what the application fetches at run time.",
    "HIGH",
    "Leave it out; add the own authority's certificate: update-ca-certificates, "
    "NODE_EXTRA_CA_CERTS, PIP_CERT.",
    _judge,
    (),
    ("https://nodejs.org/api/cli.html#node_tls_reject_unauthorizedvalue",),
)
