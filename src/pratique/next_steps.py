"""The commands that make a report's changes: what to type next, for what was scanned."""

from __future__ import annotations

import shlex

from msgspec import Struct

from pratique.model.inventory import SYSTEM_TYPES
from pratique.model.report import Report
from pratique.model.settings import Settings

_PATCHED = ("deb", "apk", "rpm")
"""Kinds of packages that `patch` puts on top of an image."""
_PATCHED_BY_APP = ("python-pkg", "node-pkg", "jar")
"""Analyzers of what `patch --app` does as well."""
_MANIFESTS = frozenset({
    "bundler", "cargo", "composer", "gomod", "gradle", "gradle-build", "gradle-catalog", "npm",
    "pip", "pnpm", "poetry", "pom", "uv", "yarn",
})  # fmt: skip
"""What `fix` changes; known here, for parts are not loaded to print a line. A test compares."""


class Way(Struct, frozen=True):
    """One command, and what it does."""

    command: str
    does: str


def ways(report: Report, settings: Settings) -> list[Way]:
    """Return what makes changes of what was scanned; none where nothing has a fix.

    NEW stands for a name that only the user knows.
    """
    fixable = [finding.package for finding in report.findings if finding.fixed]
    if report.kind == "container_image":
        source = f"--input {shlex.quote(settings.input)}" if settings.input else _word(report.name)
        dockerfile = _word(settings.dockerfile or "Dockerfile")
        fix = Way(f"pratique fix image {source} --dockerfile {dockerfile}",
                  "change the Dockerfile, with proof")  # fmt: skip
        has_system = any(package.type in _PATCHED for package in fixable)
        has_app = any(package.analyzer in _PATCHED_BY_APP for package in fixable)
        what = "system packages" if not has_app else "packages in their places"
        patch = Way(f"pratique patch {source} -t NEW{' --app' * has_app}",
                    f"{what}, without a rebuild")  # fmt: skip
        patched = has_system or has_app
        return [fix] * bool(fixable) + [patch] * patched
    if any(p.analyzer in _MANIFESTS and p.type not in SYSTEM_TYPES for p in fixable):
        return [Way(f"pratique fix fs {_word(report.name)}",
                    "change manifests and locks, with proof")]  # fmt: skip
    return []


def _word(name: str) -> str:
    """Return a word for a shell; one like an option is made a path."""
    return shlex.quote(f"./{name}" if name.startswith("-") else name)
