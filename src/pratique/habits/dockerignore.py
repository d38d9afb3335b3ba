"""What is sent to a build: no secrets, history or leftovers, and all that COPY needs."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from fnmatch import fnmatch

from pratique.codecs.dockerfile.build import Build, sources
from pratique.codecs.dockerfile.ignore import read
from pratique.codecs.dockerfile.secrets import OFTEN_HARMLESS, has_format, is_secret_file
from pratique.codecs.dockerfile.situation import Situation
from pratique.codecs.dockerfile.words import Word
from pratique.model.habit import Habit, Proposal

_WHOLE = frozenset({".", "./", "/", "*", "./*", "/*"})
_PATTERNS = (".git", "**/.env", "**/.env.local", "**/*.pem", "**/*.key", "**/id_rsa",
             "**/id_ed25519", "**/.aws", "**/.ssh", "**/.pypirc", "**/.netrc", "**/*.log",
             "**/__pycache__", "**/.pytest_cache", "**/.mypy_cache", "**/.DS_Store")  # fmt: skip
_MADE_BY = {
    "**/node_modules": ("npm", "yarn", "pnpm", "bun"), "**/target": ("mvn", "mvnw", "cargo"),
    "**/.gradle": ("gradle", "gradlew"), "**/.venv": ("pip", "pip3", "uv", "poetry", "python"),
}  # fmt: skip
"""Leftovers that the build makes anew, by the program that does."""
_KEYS = (".pem", ".key", "id_rsa", "id_ed25519")
_NAMES_VERSION = ("setuptools_scm", "setuptools-scm", "hatch-vcs", "versioneer", "vergen",
                  "git-commit-id", "poetry-dynamic-versioning", "pbr")  # fmt: skip
_READ_FOR_VERSION = ("pyproject.toml", "setup.py", "setup.cfg", "Cargo.toml", "pom.xml")
_RISK = "a build or a program that needs one of these files misses it"


def _propose(situation: Situation) -> Iterator[Proposal]:
    made = situation.made
    if situation.names is None or not _takes_all(made):
        return
    path, text = situation.ignore
    old = read(path, text or "")
    wanted = [pattern for pattern in _wanted(situation) if not _is_covered(pattern, text or "")]
    if text is not None:  # its owner chose: what is certainly missing is added
        present = [name for name in situation.names if not old.excludes(name)]
        usual = (".git/config", ".env")
        wanted = [pattern for pattern in wanted
                  if any(read("", pattern).excludes(name) for name in (*present, *usual)
                         if not old.excludes(name))]  # fmt: skip
    wanted = [pattern for pattern in wanted if not _hides(situation, pattern)]
    if not wanted:
        return
    lines = [*wanted, *_kept(situation, wanted)]
    start = f"{text}\n" if text and not text.endswith("\n") else text or ""
    whole = start + "".join(f"{line}\n" for line in lines)
    few = ", ".join(wanted[:4]) + (f" and {len(wanted) - 4} more" if len(wanted) > 4 else "")
    yield Proposal(f"{few} no longer sent to the build", _RISK, files=((path, whole),))


def _takes_all(made: Build) -> bool:
    return any(word.text in _WHOLE for word in _copied(made))


def _copied(made: Build) -> Iterator[Word]:
    for stage in made.stages:
        for one in stage.all("COPY", "ADD"):
            if not one.flag("from"):
                yield from sources(one)[0]


def _wanted(situation: Situation) -> Iterator[str]:
    made = situation.made
    programs = {step.command.name for step in made.steps}
    for pattern in _PATTERNS:
        if pattern != ".git" or not _needs_history(situation, programs):
            yield pattern
    for pattern, makers in _MADE_BY.items():
        if programs & set(makers):
            yield pattern
    usual = read("", "\n".join(_PATTERNS))
    for name in situation.names or ():
        is_named = usual.excludes(name) or posixpath.basename(name) in OFTEN_HARMLESS
        if is_secret_file(name) and not is_named:
            yield name


def _needs_history(situation: Situation, programs: set[str]) -> bool:
    """Tell whether the build reads .git: to name a version, or by git itself."""
    texts = (situation.made.read(name) or "" for name in _READ_FOR_VERSION)
    return "git" in programs or any(word in text for text in texts for word in _NAMES_VERSION)


def _is_covered(pattern: str, text: str) -> bool:
    given = {line.strip().strip("/") for line in text.splitlines()}
    return bool({pattern, pattern.removeprefix("**/")} & given)


def _hides(situation: Situation, pattern: str) -> bool:
    """Tell whether a pattern leaves out something that COPY names."""
    rule = read("", pattern)
    for word in _copied(situation.made):
        named = posixpath.normpath(word.text).lstrip("/")
        if word.text in _WHOLE:
            continue
        if rule.excludes(named) or any(
            rule.excludes(name) for name in situation.names or ()
            if fnmatch(name, named) or name.startswith(f"{named}/")
        ):  # fmt: skip
            return True
    return False


def _kept(situation: Situation, wanted: list[str]) -> Iterator[str]:
    """Yield exceptions for what is called like a key, and is none: certificates."""
    rule = read("", "\n".join(wanted))
    for name in situation.names or ():
        if name.endswith(_KEYS) and name not in wanted and rule.excludes(name):
            text = situation.made.read(name) or ""
            if "CERTIFICATE" in text and not has_format(text):
                yield f"!{name}"


habit = Habit("dockerignore", 60, _propose)
