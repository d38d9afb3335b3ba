"""`fix image`: the Dockerfile and what it copies, planned against a scan of the image."""

from __future__ import annotations

import os
from collections.abc import Sequence

from msgspec.structs import replace

from pratique import rebuilding
from pratique.bases import Weighed, is_built_on
from pratique.cli import fix_base
from pratique.cli.fix_base import Bases
from pratique.cli.fix_habits import bettered
from pratique.cli.judging import attributed
from pratique.cli.parser import Asked
from pratique.codecs.base_kin import is_floating
from pratique.codecs.base_tags import Candidate, candidates
from pratique.codecs.dockerfile.build import Build
from pratique.codecs.dockerfile.images import reference
from pratique.codecs.dockerfile.rewriting import idle, retagged, root_of
from pratique.codecs.edits import applied
from pratique.codecs.reference import Reference
from pratique.comparison import Changed, compare
from pratique.errors import NotFound, PratiqueError, UsageError
from pratique.model.event import Observe
from pratique.model.finding import Finding
from pratique.model.format import Look
from pratique.model.habit import Mended
from pratique.model.ignore_rule import Rule
from pratique.model.inventory import SYSTEM_TYPES, Inventory
from pratique.model.remedy import Bump
from pratique.model.report import Report
from pratique.model.settings import Settings
from pratique.model.upgrade import Level
from pratique.outcome import Key, Outcome, Step
from pratique.scanning import assess, scan
from pratique.upgrades import level, risk
from pratique.workspace import Altered

BUILD = "what a build will hold is reckoned here, not seen: build without a cache, and scan"


class Image:
    """One image, its Dockerfile, and what is planned so far."""

    def __init__(
        self, asked: Asked, settings: Settings, observe: Observe, rules: Sequence[Rule]
    ) -> None:
        """Scan; raises UsageError for more than one platform, and for a Dockerfile that is none."""
        self._settings, self._observe, self._rules = settings, observe, rules
        self._words = asked.words
        self.dockerfile = settings.dockerfile
        self.context = asked.words["context"] or os.path.dirname(self.dockerfile) or "."
        reports = scan(asked.target, settings, observe, rules)
        if len(reports) != 1:
            raise UsageError("one platform is planned for: choose it with --platform")
        self._original = _content(self.dockerfile) if self.dockerfile else b""
        self._text = self._original.decode()
        self.before = attributed(reports[0], self.dockerfile) if self.dockerfile else reports[0]
        self._bases = Bases(self.before, self._made(), settings, observe)
        self._steps: list[Step] = []
        self._mended: tuple[Mended, ...] = ()
        self._remarks: dict[str, None] = {}
        self._refused: dict[Key, str] = {}

    def _made(self) -> Build | None:
        return rebuilding.read(self._text, self.dockerfile) if self.dockerfile else None

    def candidates(self, look: Look) -> str:
        """Return the bases that could take the present one's place, compared."""
        if self._bases.reference is None:
            raise UsageError("the base image is not known: name the Dockerfile (--dockerfile FILE)")
        found, missed = self._bases.all(self._assessed, _layers(self.before))
        if self._words["json"]:
            return fix_base.as_json(self.before, found, missed)
        return fix_base.as_table(self.before, found, missed, look)

    def outcome(self, project: Outcome | None) -> Outcome:
        """Return the plan: base, packages of the distribution, the project's own, habits."""
        report = self._on_newer_base(self.before)
        self._on_newer_stages()
        report = self._upgraded(report)
        if project:
            report = self._relocked(report, project)
        mended = self._mend(report) if self._words["habits"] else []
        altered = (*self._altered(), *mended, *(project.altered if project else ()))
        if self._words["builder"] and altered:
            report = self._seen(report, altered)
        elif self._steps or self._mended:
            self._remarks[BUILD] = None
        self._refused = _reasons(report, self._words["builder"]) | self._refused
        compared = compare(self.before, report)
        left = {_flaw(f) for f in report.findings}
        named = {_flaw(f) for step in self._steps for f in step.removes}
        gone = [f for f in self.before.findings if _flaw(f) not in left]
        return Outcome(
            compared, tuple(sorted(self._steps, key=lambda step: -risk(step.removes))),
            tuple(f for f in gone if _flaw(f) not in named),
            self._refused, tuple(self._remarks),
            altered,
            project.unchecked if project else frozenset(),
            self._mended, project.lies if project else (),
        )  # fmt: skip

    def _seen(self, reckoned: Report, altered: Sequence[Altered]) -> Report:
        """Return the report of a real build; say how far it is from what was reckoned."""
        from pratique.cli.fix_built import built  # noqa: PLC0415 - engines are for few

        engine = self._words["builder"]
        if not self.dockerfile:
            raise UsageError("--builder builds a Dockerfile: --dockerfile FILE")
        path = os.path.relpath(self.dockerfile, self.context)
        report = built(
            self.context, path, altered, engine, self._settings, self._observe, self._rules
        )
        report = replace(report, name=self.before.name)
        self._remarks[f"built by {engine} and scanned: {len(report.findings)} findings, where "
                      f"{len(reckoned.findings)} were reckoned"] = None  # fmt: skip
        self._steps = [_as_seen(step, report) for step in self._steps]
        return report

    def _altered(self) -> list[Altered]:
        after = self._text.encode()
        if after == self._original:
            return []
        return [Altered(os.path.relpath(self.dockerfile, self.context), self._original, after)]

    def _on_newer_base(self, report: Report) -> Report:
        if self._settings.offline:
            self._remarks["base image: no registry was asked"] = None
            return report
        asked = self._words["base"]
        try:
            weighed = self._weighed(report, asked)
        except PratiqueError as error:
            if asked:
                raise
            self._remarks[f"base image: {error.message}"] = None
            return report
        if weighed is None:
            return report
        if weighed.hinders and asked:
            self._remarks[f"{weighed.reference} will not do: {weighed.hinders}"] = None
        return self._based(report, weighed)

    def _weighed(self, report: Report, asked: str) -> Weighed | None:
        """Return the base that is asked for, else the first that builds and removes anything."""
        taken = None
        for candidate in self._bases.tried(asked):
            taken = self._bases.weighed(candidate, self._assessed, _layers(report))
            why = "" if asked else self._left_for(report, taken)
            if not why:
                break
            self._remarks[f"{taken.reference} is not taken: {why}"] = None
            taken = None
        self._tell_others(taken.candidate if taken else None)
        return taken

    def _left_for(self, report: Report, weighed: Weighed) -> str:
        """Return why a base is not worth what it changes, where nobody asked for it."""
        if weighed.candidate.kind == "rebuilt":  # the Dockerfile builds upon it already
            is_wanted = self._words["pin"] or is_built_on(report.image, weighed.image)
        else:
            if weighed.hinders:
                return weighed.hinders
            is_wanted = False
        is_less = risk(weighed.after.findings) < risk(report.findings)
        return "" if is_wanted or is_less else "it removes nothing"

    def _tell_others(self, chosen: Candidate | None) -> None:
        others = [c.tag for c in self._bases.candidates() if c != chosen]
        if others:
            self._remarks[f"other bases: {', '.join(others)} (--candidates compares them)"] = None

    def _based(self, report: Report, weighed: Weighed) -> Report:
        """Take a base, in the Dockerfile where its tag is another."""
        old = self._bases.reference
        assert old, "there are candidates"
        new = reference(weighed.reference)
        if new and (new.registry, new.repository, new.tag) == (
            old.registry,
            old.repository,
            old.tag,
        ):
            return self._rebuilt(report, weighed, old)
        is_kin = bool(weighed.candidate.repository)
        pinned = is_kin and is_floating(weighed.candidate.tag)
        if self.dockerfile and not self._retag(old, weighed.reference, pinned=pinned):
            self._remarks[
                f"{weighed.reference}: what it replaces is not written in the Dockerfile"
            ] = None
            return report
        tag = weighed.reference.rpartition(":")[2]
        same = new and (new.registry, new.repository) == (old.registry, old.repository)
        to = tag if same else weighed.reference
        far: Level = "major" if is_kin else level(old.tag, tag)
        self._step(old.name, old.tag, to, far, report, weighed.after)
        self._remarks |= {f"{weighed.reference}: {note}": None for note in weighed.notes}
        return weighed.after

    def _rebuilt(self, report: Report, weighed: Weighed, old: Reference) -> Report:
        """Take the same tag as it is now; the Dockerfile changes where it has the digest."""
        if is_built_on(report.image, weighed.image):
            if self._words["pin"] and not old.digest:
                self._retag(old, weighed.reference)
            return report
        if old.digest:
            self._retag(old, weighed.reference, pinned=True)
        self._step(old.name, old.tag, f"{old.tag}, as it is now", "patch", report, weighed.after)
        self._remarks[f"{weighed.reference} was built anew since: build with --pull"] = None
        return weighed.after

    def _retag(self, old: Reference, name: str, *, pinned: bool = False) -> bool:
        """Change the Dockerfile; tell whether it could be."""
        pin = self._bases.tags.digest(name) if self._words["pin"] or pinned or old.digest else ""
        text = rebuilding.with_base(self._text, self.dockerfile, old, name, pin)
        was, now = (idle(rebuilding.read(one, self.dockerfile)) for one in (self._text, text))
        self._remarks |= {f"ARG {one}: nothing uses it any more": None for one in now - was}
        changed, self._text = text != self._text, text
        return changed

    def _on_newer_stages(self) -> None:
        """Take bases that other stages are built on to newer patches; they are in no image."""
        made = self._made()
        if made is None or self._settings.offline:
            return
        for stage in made.stages:
            old = reference(stage.base) if stage.parent is None else None
            if stage is root_of(made) or not old or old.tag in ("", "latest"):
                continue
            name = f"{old.name}:{old.tag}"
            try:
                found = candidates(old.tag, self._bases.tags.of(name), old.repository)
                newer = next((one.tag for one in found if one.kind == "patch"), "")
                pin = old.digest or self._words["pin"]
                digest = self._bases.tags.digest(f"{old.name}:{newer}") if newer and pin else ""
            except PratiqueError as error:
                self._remarks[f"base of a stage: {error.message}"] = None
                continue
            now = rebuilding.read(self._text, self.dockerfile)
            edits = retagged(now, old.tag, newer, digest, now.stages[stage.index]) if newer else []
            if edits:
                self._text = applied(self._text, edits)
                self._remarks[f"{name} -> {newer}, of a stage that is not in the image"] = None

    def _upgraded(self, report: Report) -> Report:
        text, done, why = rebuilding.with_upgrades(self._made(), self._text, report)
        if why:
            self._remarks[f"packages of the distribution: {why}"] = None
        if not done:
            return report
        after = self._assessed(report, rebuilding.upgraded(report.inventory, done))
        self._text = text
        names = [name for upgrade in done for name in upgrade.packages]
        few = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
        self._step(few, "as in the base", "fixed versions", "system", report, after)
        return after

    def _relocked(self, report: Report, project: Outcome) -> Report:
        changes: Sequence[Changed] = project.compared.changed
        after = self._assessed(report, rebuilding.relocked(report.inventory, changes))
        left = {_flaw(f) for f in after.findings}
        gone = [f for f in report.findings if _flaw(f) not in left]
        for step in project.steps:
            own = tuple(f for f in gone if f.package.type == step.bump.type
                        and f.package.name.lower() == step.bump.name.lower())  # fmt: skip
            if own:
                self._steps.append(replace(step, removes=own))
        self._refused |= {
            (f.package.path, f.package.name): why
            for f in after.findings
            for (_, name), why in project.refused.items()
            if name.lower() == f.package.name.lower()
        }
        self._remarks |= dict.fromkeys(project.remarks)
        return after

    def _step(
        self, name: str, old: str, new: str, far: Level, before: Report, after: Report
    ) -> None:
        left = {_flaw(f) for f in after.findings}
        removes = tuple(f for f in before.findings if _flaw(f) not in left)
        path = os.path.relpath(self.dockerfile, self.context) if self.dockerfile else before.name
        bump = Bump(name, "docker", path, "dockerfile", (old,), new, far, risk(removes), True)
        self._steps.append(Step(bump, new, removes))

    def _mend(self, report: Report) -> list[Altered]:
        """Bring the Dockerfile to better habits, and files beside it."""
        if not self.dockerfile:
            return []
        path = os.path.relpath(self.dockerfile, self.context)
        done, files = bettered(path, self.context, self._text, self._settings, self._rules,
                               report.inventory, _layers(report))  # fmt: skip
        self._text, self._mended = done.text, done.mended
        self._remarks |= dict.fromkeys(f"by hand: {told}" for told in done.advice)
        return files

    def _assessed(self, report: Report, inventory: Inventory) -> Report:
        again = self._settings
        if inventory.distro == report.inventory.distro:  # another's advisories may not be here yet
            again = replace(again, skip_db_update=True)
        after = assess(inventory, again, self._observe, self._rules,
                       image=report.image, name=report.name)  # fmt: skip
        return replace(after, origins=report.origins, base=report.base)


def _as_seen(step: Step, report: Report) -> Step:
    """Leave out what a change was to remove and is there still."""
    there = {_flaw(f) for f in report.findings}
    return replace(step, removes=tuple(f for f in step.removes if _flaw(f) not in there))


def _content(path: str) -> bytes:
    """Return a Dockerfile's bytes; raises NotFound, and UsageError for what is no text."""
    try:
        with open(path, "rb") as file:
            data = file.read()
        data.decode()
    except OSError as error:
        raise NotFound(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path}: is not UTF-8") from error
    return data


def _reasons(report: Report, engine: str) -> dict[Key, str]:
    """Return why packages stay that nothing else is said of."""
    late = "installed after the base: build without a cache"
    if engine:
        late = "the build found nothing newer in its repositories"
    return {
        (f.package.path, f.package.name): late
        if f.package.type in SYSTEM_TYPES
        else "no manifest in the context locks this version"
        for f in report.findings
    }


def _layers(report: Report) -> int:
    opened = [n for n, origin in report.origins.items() if origin.instruction == "FROM"]
    return report.base.layers or max(opened, default=-1) + 1


def _flaw(finding: Finding) -> tuple[str, str, str]:
    return finding.id, finding.package.type, finding.package.name
