"""`fix fs --images`: images that manifests name go to a newer tag of their own series."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from pratique.bases import chosen
from pratique.cli.named_images import is_dockerfile, references, renewed
from pratique.cli.registry_tags import Tags
from pratique.codecs.base_tags import candidates
from pratique.codecs.dockerfile.images import reference
from pratique.codecs.reference import Reference
from pratique.comparison import compare
from pratique.credentials import withheld
from pratique.errors import PratiqueError
from pratique.model.event import Observe
from pratique.model.finding import Finding
from pratique.model.ignore_rule import Rule
from pratique.model.remedy import Bump
from pratique.model.report import Report
from pratique.model.settings import Settings
from pratique.outcome import Outcome, Step
from pratique.scanning import scan
from pratique.upgrades import level, risk
from pratique.workspace import Altered

_LEFT_OUT = {".git", "node_modules", "vendor", ".venv", "venv", "target"}
_LARGEST, _MOST_FILES = 4 << 20, 20_000


class Images:
    """The images that the manifests of a project name."""

    def __init__(
        self, root: str, settings: Settings, observe: Observe, rules: Sequence[Rule], *, pin: bool
    ) -> None:
        self._root, self._observe, self._rules, self._pin = root, observe, rules, pin
        # files of the project name the registries: none of them must be sent a password for that
        self._settings = replace(settings, input="", dockerfile="", credentials_for="")
        self._tags = Tags(self._settings)
        self._remarks: dict[str, None] = {}

    def outcome(self, project: Outcome) -> Outcome:
        """Return a project's outcome with that of its images."""
        if self._settings.offline:
            return replace(project, remarks=(*project.remarks, "images: no registry was asked"))
        files = dict(self._files())
        steps: list[Step] = []
        before, after = project.compared.before, project.compared.after
        changes: dict[str, str] = {}
        named = {path: list(references(path, text)) for path, text in files.items()}
        self._remarks |= dict.fromkeys(withheld(self._settings) if files else ())
        for name in dict.fromkeys(name for names in named.values() for name in names):
            where = next(path for path, names in named.items() if name in names)
            try:
                old, new, step, to = self._step(name, where)
            except PratiqueError as error:
                self._remarks[f"{name}: {error.message}"] = None
                continue
            if step and not any(renewed(p, t, {name: to}) != t for p, t in files.items()):
                self._remarks[f"{name}: its tag is not written as it is: it stays"] = None
                step, new = None, old
            before, after = _joined(before, old), _joined(after, new)
            if step:
                changes[name] = to
                steps.append(step)
        altered = [
            Altered(path, text.encode(), done.encode()) for path, text in files.items()
            if (done := renewed(path, text, changes)) != text
        ]  # fmt: skip
        every = sorted([*project.steps, *steps], key=lambda step: -risk(step.removes))
        return replace(
            project, compared=compare(before, after), steps=tuple(every),
            remarks=(*project.remarks, *self._remarks), altered=(*project.altered, *altered),
        )  # fmt: skip

    def _step(self, name: str, where: str) -> tuple[list[Finding], list[Finding], Step | None, str]:
        """Return the findings of an image now and then, and what is changed."""
        found = reference(name)
        old = self._findings(name, where)
        if not found or not found.tag or found.tag == "latest":
            self._remarks[f"{name}: a tag of no version stays"] = None
            return old, old, None, ""
        plain = f"{found.name}:{found.tag}"
        one = chosen(candidates(found.tag, self._tags.of(plain), found.repository), "")
        tag = one.tag if one and one.kind == "patch" else found.tag
        digest = self._tags.digest(f"{found.name}:{tag}") if found.digest or self._pin else ""
        if tag == found.tag and digest == (found.digest or ""):
            return old, old, None, ""
        to = _spelled(name, found, tag) + (f"@{digest}" if digest else "")
        new = self._findings(f"{found.name}:{tag}", where)
        left = {(f.id, f.package.name) for f in new}
        removes = tuple(f for f in old if (f.id, f.package.name) not in left)
        bump = Bump(found.name, "docker", where, "image", (found.tag,), tag, level(found.tag, tag),
                    risk(removes), direct=True)  # fmt: skip
        return old, new, Step(bump, tag, removes), to

    def _findings(self, name: str, where: str) -> list[Finding]:
        """Return the findings of an image, as of packages in the manifest that names it."""
        report = scan(name, self._settings, self._observe, self._rules)[0]
        return [replace(f, package=replace(f.package, path=where)) for f in report.findings]

    def _files(self) -> Iterator[tuple[str, str]]:
        """Yield the YAML files and Dockerfiles of the project that name images."""
        count = 0
        for folder, folders, names in os.walk(self._root):
            folders[:] = sorted(name for name in folders if name not in _LEFT_OUT)
            for name in sorted(names):
                path = os.path.join(folder, name)
                count += 1
                if count > _MOST_FILES:
                    self._remarks[f"{self._root}: only {_MOST_FILES} files were looked at"] = None
                    return
                known = name.endswith((".yaml", ".yml")) or is_dockerfile(name)
                if not known or os.path.islink(path):
                    continue
                text = _text(path)
                if text and next(references(path, text), None):
                    yield os.path.relpath(path, self._root), text


def _text(path: str) -> str:
    try:
        if os.path.getsize(path) > _LARGEST:
            return ""
        with open(path, "rb") as file:
            return file.read().decode()
    except (OSError, UnicodeDecodeError):
        return ""


def _spelled(name: str, found: Reference, tag: str) -> str:
    """Return a reference with another tag, its name as it is written."""
    plain = name.partition("@")[0]
    return f"{plain.removesuffix(f':{found.tag}')}:{tag}"


def _joined(report: Report, findings: Sequence[Finding]) -> Report:
    packages = tuple(dict.fromkeys(f.package for f in findings))
    inventory = replace(report.inventory, packages=(*report.inventory.packages, *packages))
    return replace(report, inventory=inventory, findings=(*report.findings, *findings))
