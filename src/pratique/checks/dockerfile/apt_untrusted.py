"""DF-0035: apt without signatures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from pratique.codecs.dockerfile.build import Build
from pratique.codecs.dockerfile.calls import urls
from pratique.codecs.dockerfile.run import Step
from pratique.model.check import Check, Failure

_OPTIONS = ("--allow-unauthenticated", "--force-yes", "--allow-insecure-repositories")
_SETTING = re.compile(
    r"(?:AllowUnauthenticated|AllowInsecureRepositories|AllowWeakRepositories)"
    r"[ =]+[\"']?(?:true|1|yes)"
    r"|\[[^\]]*trusted=yes[^\]]*\]|Trusted:\s*yes", re.IGNORECASE,
)  # fmt: skip
_KEYS = ("apt-key", "gpg", "tee", "rpm")


def _judge(build: Build) -> Iterator[Failure]:
    for step in build.steps:
        if what := _unsigned(step):
            yield Failure(what, step.start, step.end)
    for run in build.runs:
        for _, group in groupby(run.steps, key=lambda step: step.command.pipeline):
            steps = list(group)
            url = next(
                (w.text for s in steps for w in urls(s.command) if _is_key(s, steps, w.text)), ""
            )
            if url:
                yield Failure(f"the key {url} comes unencrypted", steps[0].start, steps[-1].end)


def _is_key(step: Step, steps: list[Step], url: str) -> bool:
    plain = url.lower().startswith("http://")
    taken = any(
        s.command.name == "apt-key" or "--dearmor" in s.command.args or "--import" in s.command.args
        for s in steps
    )
    return plain and (taken or (step.command.name == "rpm" and "--import" in step.command.args))


def _unsigned(step: Step) -> str:
    call = step.call
    if call and call.tool in ("apt-get", "apt", "aptitude") and call.has(*_OPTIONS):
        option = next(o for o in _OPTIONS if call.has(o))
        return f"{call.tool} {option} installs packages that nobody signed"
    written = " ".join((*step.command.args, *(r.target for r in step.command.redirects)))
    match = _SETTING.search(written)
    return f"apt is told to trust what nobody signed: {match[0]}" if match else ""


check = Check(
    "DF-0035",
    "apt installs what nobody signed",
    "Signatures are all that keeps apt from installing what anybody on the way sends: most "
    "mirrors are plain HTTP.",
    "HIGH",
    "Leave the option out, and give the repository's key, fetched by https: "
    "[signed-by=/etc/apt/keyrings/x.gpg].",
    _judge,
    (),
    ("https://manpages.debian.org/apt-secure",),
)
