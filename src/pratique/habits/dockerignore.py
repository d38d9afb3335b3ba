"""What is sent to a build: no secrets, history or leftovers, and all that COPY needs."""

from __future__ import annotations

import posixpath
import re
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
    "**/node_modules": ("npm", "yarn", "pnpm", "bun"),
    "**/.gradle": ("gradle", "gradlew"), "**/.venv": ("pip", "pip3", "uv", "poetry", "python"),
}  # fmt: skip
"""Leftovers that the build makes anew, by the program that does."""
_TARGETS = {"pom.xml": ("mvn", "mvnw"), "Cargo.toml": ("cargo",)}
"""What says that a `target` beside it is made by a build: elsewhere it may have sources."""
_MOST_TARGETS = 50
_QUIET = frozenset({".git", "**/__pycache__", "**/.pytest_cache", "**/.mypy_cache", *_MADE_BY})
"""What a command may name all the same: it makes it, or takes it away."""
_WORD = re.compile(r"[\w./@-]+")
_MADE_ANEW = re.compile(r"\bcp\s+(?:-\S+\s+)*\S+\s+\S+")
_KEYS = (".pem", ".key", "id_rsa", "id_ed25519")
_NAMES_VERSION = ("setuptools_scm", "setuptools-scm", "hatch-vcs", "versioneer", "vergen",
                  "git-commit-id", "poetry-dynamic-versioning", "pbr")  # fmt: skip
_READ_FOR_VERSION = ("pyproject.toml", "setup.py", "setup.cfg", "Cargo.toml", "pom.xml",
                     "Makefile", "package.json", "build.gradle", "build.gradle.kts", "build.rs",
                     "Taskfile.yml", "justfile", ".goreleaser.yml", ".goreleaser.yaml")  # fmt: skip
_ASKS_GIT = re.compile(r"\bgit\b[\"', ]+(?:describe|rev-parse|rev-list|log|show|tag)\b")
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
    end = "\r\n" if text and "\r\n" in text else "\n"
    start = f"{text}{end}" if text and not text.endswith("\n") else text or ""
    whole = start + "".join(f"{line}{end}" for line in lines)
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
    yield from _targets(situation, programs)
    usual = read("", "\n".join(_PATTERNS))
    for name in situation.names or ():
        is_named = usual.excludes(name) or posixpath.basename(name) in OFTEN_HARMLESS
        if is_secret_file(name) and not is_named:
            yield name


def _targets(situation: Situation, programs: set[str]) -> list[str]:
    """Return the folders of what a build makes, beside the files that say so."""
    found = []
    for name in situation.names or ():
        folder, base = posixpath.split(name)
        if programs & set(_TARGETS.get(base, ())):
            found.append(posixpath.join(folder, "target"))
    return found[:_MOST_TARGETS]


def _needs_history(situation: Situation, programs: set[str]) -> bool:
    """Tell whether the build reads .git: to name a version, or by git itself."""
    texts = (situation.made.read(name) or "" for name in _READ_FOR_VERSION)
    return "git" in programs or any(
        _ASKS_GIT.search(text) or any(word in text for word in _NAMES_VERSION) for text in texts
    )


def _is_covered(pattern: str, text: str) -> bool:
    given = {line.strip().strip("/") for line in text.splitlines()}
    anywhere = f"**/{posixpath.basename(pattern)}"
    return bool({pattern, pattern.removeprefix("**/"), anywhere} & given)


def _hides(situation: Situation, pattern: str) -> bool:
    """Tell whether a pattern leaves out something that COPY, or a command, names."""
    rule = read("", pattern)
    is_made = pattern in _QUIET or posixpath.basename(pattern) == "target"
    if not is_made and any(rule.excludes(one) for one in _said(situation.made)):
        return True
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


def _said(made: Build) -> Iterator[str]:
    """Yield what commands name in the working directory: `--env-file=.env`; no copies they make."""
    for stage in made.stages:
        for one in stage.instructions:
            if one.name not in ("RUN", "CMD", "ENTRYPOINT", "HEALTHCHECK"):
                continue
            text = "\n".join([one.rest, *(heredoc.text for heredoc in one.heredocs)])
            for word in _WORD.findall(_MADE_ANEW.sub("", text)):
                path = word.removeprefix(f"{stage.workdir or '/'}/")
                if not path.startswith("/"):
                    yield posixpath.normpath(path)


def _kept(situation: Situation, wanted: list[str]) -> Iterator[str]:
    """Yield exceptions for what is called like a key, and is none: certificates."""
    rule = read("", "\n".join(wanted))
    for name in situation.names or ():
        if name.endswith(_KEYS) and name not in wanted and rule.excludes(name):
            text = situation.made.read(name) or ""
            if "CERTIFICATE" in text and not has_format(text):
                yield f"!{name}"


habit = Habit("dockerignore", 60, _propose)
