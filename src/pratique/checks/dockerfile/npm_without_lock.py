"""DF-0029: npm install where npm ci does."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pratique.codecs.dockerfile.build import Build, Stage, sources
from pratique.codecs.dockerfile.calls import Call
from pratique.codecs.dockerfile.run import Step
from pratique.model.check import Check, Edit, Failure

_LOCKS = {"npm": "package-lock.json", "yarn": "yarn.lock", "pnpm": "pnpm-lock.yaml"}
_BROUGHT = re.compile(
    r"(?:.*/)?(?:\.|\*|package\S*\*\S*|package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml)/?|.*lock.*"
)


def _judge(build: Build) -> Iterator[Failure]:
    for stage in build.stages:
        for step in stage.steps:
            call = step.call
            if call and call.tool in _LOCKS and _resolves(call):
                brought = _has_lock(stage, step)
                better = {"npm": "npm ci", "yarn": "yarn install --immutable"}.get(
                    call.tool, "--frozen-lockfile"
                )
                message = (
                    f"{call.tool} {call.action or 'install'} may change what the lock "
                    f"file says: {better} does not"
                )
                if not brought:
                    message = (
                        f"{call.tool} {call.action or 'install'} without "
                        f"{_LOCKS[call.tool]} resolves versions anew"
                    )
                fix = _fix(build, step, call) if brought else None
                yield Failure(message, step.start, step.end, "LOW" if brought else "", fix)


def _resolves(call: Call) -> bool:
    if call.operands or call.has(
        "-g", "--global", "--frozen-lockfile", "--immutable", "--version", "-v", "--help"
    ):
        return False
    if call.tool == "yarn":
        return call.action in ("", "install")
    return call.action in ("install", "i")


def _has_lock(stage: Stage, step: Step) -> bool:
    for one in stage.instructions:
        if one is step.instruction:
            return stage.parent is not None or any("type=bind" in v for _, v in one.flags)
        if one.name in ("COPY", "ADD"):
            names = [stage.expanded(one, word.text) for word in sources(one)[0]]
            if one.flag("from") or any(
                _BROUGHT.fullmatch(name) or not re.search(r"\.\w+$", name) for name in names
            ):
                return True
    return False


def _fix(build: Build, step: Step, call: Call) -> Edit | None:
    if call.tool == "npm" and build.beside and _LOCKS["npm"] in build.beside:
        return step.replaced(call.verb, "ci")
    return None


check = Check(
    "DF-0029",
    "Dependencies are installed without keeping to the lock file",
    "Versions are resolved at build time: what was reviewed and tested is not what is installed.",
    "MEDIUM",
    "Copy the lock file, and npm ci, yarn install --immutable or pnpm install --frozen-lockfile.",
    _judge,
    (),
    ("https://docs.npmjs.com/cli/commands/npm-ci",),
)
