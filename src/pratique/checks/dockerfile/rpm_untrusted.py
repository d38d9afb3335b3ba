"""DF-0036: rpm and apk without signatures."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pratique.codecs.dockerfile.build import Build
from pratique.codecs.dockerfile.run import Step
from pratique.model.check import Check, Failure

_OPTIONS = {
    "yum": ("--nogpgcheck",), "dnf": ("--nogpgcheck", "--no-gpgchecks"),
    "microdnf": ("--nogpgcheck",),
    "tdnf": ("--nogpgcheck",), "zypper": ("--no-gpg-checks", "--allow-unsigned-rpm", "-G",
    "--no-gpgcheck"),
    "apk": ("--allow-untrusted",), "rpm": ("--nosignature", "--nodigest", "--noverify", "--nogpg"),
}  # fmt: skip
_SETTING = re.compile(
    r"(?<!repo_)gpgcheck\s*=\s*(?:0|false|no)\b|(?:gpgcheck=1/gpgcheck=0)", re.IGNORECASE
)


def _judge(build: Build) -> Iterator[Failure]:
    for step in build.steps:
        if what := _unsigned(step):
            yield Failure(what, step.start, step.end)
    for stage in build.stages:
        for one in stage.all("COPY", "ADD"):
            if any(_SETTING.search(heredoc.text) for heredoc in one.heredocs):
                yield Failure("a repository is written with gpgcheck=0", one.start, one.end)


def _unsigned(step: Step) -> str:
    name = step.command.name
    given = set(step.command.args) & set(_OPTIONS.get(name, ()))
    if given:
        return f"{name} {min(given)} installs packages that nobody signed"
    written = " ".join((*step.command.args, *(r.target for r in step.command.redirects)))
    return (
        f"{name} turns signatures of packages off: gpgcheck=0" if _SETTING.search(written) else ""
    )


check = Check(
    "DF-0036",
    "Packages are installed without verifying who signed them",
    "Anybody on the way, or who gets at the mirror, decides what is in the image.",
    "HIGH",
    "Import the repository's key (rpm --import https://…), and leave gpgcheck on.",
    _judge,
    (),
    ("https://dnf.readthedocs.io/en/latest/conf_ref.html",),
)
