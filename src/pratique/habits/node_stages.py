"""Node: what only building needs stays in the stage that builds."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import DecodeError, Struct, ValidationError
from msgspec.json import Decoder

from pratique.codecs.dockerfile.build import pairs
from pratique.codecs.dockerfile.images import reference
from pratique.codecs.dockerfile.run import Step
from pratique.codecs.dockerfile.situation import Situation
from pratique.codecs.dockerfile.splitting import Bench, bench, is_inside, name_of, parted, same_base
from pratique.model.habit import Habit, Proposal


class _Manifest(Struct):
    scripts: dict[str, str] = {}
    dependencies: dict[str, str] = {}
    devDependencies: dict[str, str] = {}  # noqa: N815 - npm's own word
    workspaces: object = None


_DECODER = Decoder(_Manifest)
_LOADS = re.compile(r"\s(?:-r|--require|--import|--loader|--experimental-loader)\b")
_KEPT = ("--legacy-peer-deps", "--force", "--ignore-scripts")
"""What npm is to be told again where it prunes."""
_QUIET = frozenset({"mkdir", "chmod", "touch"})
_RISK = "what runs has only `dependencies`: what it uses of devDependencies is gone"


def _propose(situation: Situation) -> Iterator[Proposal]:
    made = situation.made
    base = reference(made.final.root)
    npm = [step for step in made.final.steps if _installs(step)]
    if not base or base.repository != "library/node" or not npm or len(made.stages) != 1:
        return
    given = bench(situation)
    manifest = _manifest(situation)
    if isinstance(given, str) or manifest is None:
        return
    development = bool(manifest.devDependencies) and not _is_for_production(given, npm)
    if not given.tools and not development:
        return
    if why := _hindrance(given, manifest, development=development):
        what = ", ".join(given.tools[:4]) or "devDependencies"
        yield Proposal(f"{what} for building alone: build in an earlier stage (not written: {why})")
        return
    what = ", ".join([*given.tools[:4], *["devDependencies"] * development])
    copy = f"COPY --from={name_of(given)} {given.workdir} {given.workdir}"
    words = [word for word in _KEPT if any(step.call and step.call.has(word) for step in npm)]
    closing = [" ".join(["RUN npm prune --omit=dev", *words])] if development else []
    edits = parted(given, same_base(given), [copy], closing=closing)
    yield Proposal(f"{what} only in a stage that builds", _RISK if development else "", edits)


def _manifest(situation: Situation) -> _Manifest | None:
    """Return the package.json beside; None where there is none that can be read."""
    text = situation.made.read("package.json") if situation.names is not None else None
    try:
        return _DECODER.decode(text or "")
    except (DecodeError, ValidationError):
        return None


def _installs(step: Step) -> bool:
    return bool(
        step.call and step.call.tool == "npm" and step.call.action in ("ci", "install", "i")
    )


def _is_for_production(given: Bench, npm: list[Step]) -> bool:
    env = {name: value for one in given.stage.all("ENV", "ARG") for name, value in pairs(one)}
    omitted = all(step.call and step.call.has("--omit=dev", "--production", "--only=production",
                                              "--omit", "--only") for step in npm)  # fmt: skip
    return omitted or env.get("NODE_ENV") == "production"


def _hindrance(given: Bench, manifest: _Manifest, *, development: bool) -> str:
    if manifest.workspaces is not None:
        return "it has workspaces"
    names = (*manifest.dependencies, *manifest.devDependencies)
    if any("prisma" in name for name in names):
        return "Prisma's client is made among what would be pruned"
    if browsers := sorted({"puppeteer", "playwright", "@playwright/test"}.intersection(names)):
        return f"{browsers[0]} keeps its browser in root's home"
    for step in given.others:
        if _installs(step):
            if step.call and (step.call.operands or step.call.has("-g", "--global", "--prefix")):
                return f"line {step.start}: npm installs beside package.json"
        elif (step.call and step.call.tool == "npm" and step.call.action == "cache") or (
            step.command.words and [w.text for w in step.command.words[:2]] == ["npm", "run"]
        ):
            continue
        elif step.command.name not in _QUIET or not all(
            is_inside(given.workdir, given.stage.expanded(step.instruction, arg))
            for arg in step.command.args
            if not arg.startswith("-")
        ):
            return f"line {step.start}: what {step.command.name[:40]} changes is not known"
    return _starts(given, manifest) if development else ""


def _starts(given: Bench, manifest: _Manifest) -> str:
    """Return why what it starts may need more than `dependencies`."""
    for words in given.programs:
        text = " ".join(words)
        if match := re.fullmatch(r"npm (?:run )?([\w:-]+)", text):
            text = manifest.scripts.get(match[1], "")
            if f"pre{match[1]}" in manifest.scripts:
                return f"whether pre{match[1]} needs devDependencies is not known"
        if not re.fullmatch(r"node(?: --?[\w=-]+)* [\w./-]+(?: .*)?", text):
            return f"whether {words[0] if words else 'it'} needs devDependencies is not known"
        if _LOADS.search(text) or text.split()[-1].endswith(".ts"):
            return "it starts what devDependencies translate"
    return ""


habit = Habit("node stages", 10, _propose)
