"""`fix image`: the Dockerfile and what it copies, planned against a scan of the image."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import closing

from msgspec.structs import replace

from pratique import rebuilding
from pratique.cli.judging import attributed
from pratique.cli.parser import Asked
from pratique.codecs.edits import applied
from pratique.comparison import Changed, compare
from pratique.errors import NotFound, PratiqueError, UsageError
from pratique.model.event import Observe
from pratique.model.finding import Finding
from pratique.model.ignore_rule import Rule
from pratique.model.inventory import SYSTEM_TYPES, Inventory
from pratique.model.remedy import Bump
from pratique.model.report import Report
from pratique.model.settings import Settings
from pratique.model.upgrade import Level
from pratique.remedying import Key, Outcome, Step
from pratique.scanning import assess, scan, scan_directory
from pratique.sources.registry import Registry
from pratique.upgrades import level, risk
from pratique.workspace import Altered

BUILD = "what a build will hold is reckoned here, not seen: build without a cache, and scan"


class Image:
    """One image, its Dockerfile, and what is planned so far."""

    def __init__(
        self, asked: Asked, settings: Settings, observe: Observe, rules: Sequence[Rule]
    ) -> None:
        """Scan; raises UsageError without a Dockerfile and for more than one platform."""
        self._settings, self._observe, self._rules = settings, observe, rules
        self._words = asked.words
        self.dockerfile = settings.dockerfile
        if not self.dockerfile:
            raise UsageError("name the Dockerfile: --dockerfile FILE")
        self.context = asked.words["context"] or os.path.dirname(self.dockerfile) or "."
        reports = scan(asked.target, settings, observe, rules)
        if len(reports) != 1:
            raise UsageError("one platform is planned for: choose it with --platform")
        try:
            with open(self.dockerfile, "rb") as file:
                self._original = file.read()
            self._text = self._original.decode()
        except OSError as error:
            raise NotFound(f"{self.dockerfile}: {error.strerror}") from error
        except UnicodeDecodeError as error:
            raise UsageError(f"{self.dockerfile}: is not UTF-8") from error
        rebuilding.read(self._text, self.dockerfile)
        self.before = attributed(reports[0], self.dockerfile)
        self._steps: list[Step] = []
        self._remarks: dict[str, None] = {}
        self._refused: dict[Key, str] = {}

    def outcome(self, project: Outcome | None) -> Outcome:
        """Return the plan: base, packages of the distribution, the project's own, habits."""
        report = self._on_newer_base(self.before)
        report = self._upgraded(report)
        if project:
            report = self._relocked(report, project)
        if self._words["habits"]:
            self._mend()
        self._refused = _reasons(report) | self._refused
        compared = compare(self.before, report)
        left = {_flaw(f) for f in report.findings}
        named = {_flaw(f) for step in self._steps for f in step.removes}
        gone = [f for f in self.before.findings if _flaw(f) not in left]
        if self._steps:
            self._remarks[BUILD] = None
        return Outcome(
            compared, tuple(sorted(self._steps, key=lambda step: -risk(step.removes))),
            tuple(f for f in gone if _flaw(f) not in named),
            self._refused, tuple(self._remarks),
            (*self._altered(), *(project.altered if project else ())),
            project.unchecked if project else frozenset(),
        )  # fmt: skip

    def _altered(self) -> list[Altered]:
        after = self._text.encode()
        path = os.path.relpath(self.dockerfile, self.context)
        return [Altered(path, self._original, after)] if after != self._original else []

    def _on_newer_base(self, report: Report) -> Report:
        if self._settings.offline:
            self._remarks["base image: no registry was asked"] = None
            return report
        made = rebuilding.read(self._text, self.dockerfile)
        try:
            pin = self._digest if self._words["pin"] else None
            base = rebuilding.newer_base(made, self._tags, pin)
            if base is None:
                return report
            text = rebuilding.with_base(self._text, self.dockerfile, base)
            if text == self._text:
                self._remarks[f"{base.reference}: its tag is not written in the Dockerfile"] = None
                return report
            held = scan(base.reference, replace(self._settings, input=""), self._observe)[0]
        except PratiqueError as error:
            self._remarks[f"base image: {error.message}"] = None
            return report
        after = self._assessed(
            report, rebuilding.rebased(report.inventory, held.inventory, _layers(report))
        )
        self._text = text
        self._step(base.name, base.old, base.new, level(base.old, base.new), report, after)
        return after

    def _upgraded(self, report: Report) -> Report:
        text, done, why = rebuilding.with_upgrades(self._text, self.dockerfile, report)
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
        path = os.path.relpath(self.dockerfile, self.context)
        bump = Bump(name, "docker", path, "dockerfile", (old,), new, far, risk(removes), True)
        self._steps.append(Step(bump, new, removes))

    def _mend(self) -> None:
        """Make what checks of Dockerfiles can mend mechanically."""
        chosen = replace(self._settings, scanners=("misconfig",),
                         misconfig_scanners=("dockerfile",))  # fmt: skip
        found = scan_directory(self.dockerfile, chosen, self._observe, self._rules, locked=True)
        if self._text.encode() != self._original:
            self._remarks["habits: run it once more after the changes are made"] = None
            return
        fixes = [f.fix for one in found.examined for f in one.failures if f.fix]
        self._text = applied(self._text, fixes)

    def _assessed(self, report: Report, inventory: Inventory) -> Report:
        again = replace(self._settings, skip_db_update=True)
        after = assess(inventory, again, self._observe, self._rules,
                       image=report.image, name=report.name)  # fmt: skip
        return replace(after, origins=report.origins, base=report.base)

    def _registry(self, name: str) -> Registry:
        chosen = self._settings
        return Registry(
            name, username=chosen.username, password=chosen.password, token=chosen.registry_token,
            insecure=chosen.insecure, cacert=chosen.cacert, timeout=20,
        )  # fmt: skip

    def _tags(self, name: str) -> list[str]:
        with closing(self._registry(name)) as registry:
            return registry.tags()

    def _digest(self, name: str) -> str:
        with closing(self._registry(name)) as registry:
            return registry.digest(name.rpartition(":")[2])


def _reasons(report: Report) -> dict[Key, str]:
    """Return why packages stay that nothing else is said of."""
    return {
        (f.package.path, f.package.name): "installed after the base: build without a cache"
        if f.package.type in SYSTEM_TYPES
        else "no manifest in the context locks this version"
        for f in report.findings
    }


def _layers(report: Report) -> int:
    opened = [n for n, origin in report.origins.items() if origin.instruction == "FROM"]
    return report.base.layers or max(opened, default=-1) + 1


def _flaw(finding: Finding) -> tuple[str, str, str]:
    return finding.id, finding.package.type, finding.package.name
