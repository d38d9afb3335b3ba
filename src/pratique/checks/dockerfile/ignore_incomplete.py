"""DF-0044: a .dockerignore that lets the wrong things in."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.dockerfile.build import Build, sources
from pratique.codecs.dockerfile.secrets import OFTEN_HARMLESS, is_secret_file
from pratique.model.check import Check, Failure

_WHOLE = {".", "./", "/", "*", "./*", "/*"}
_USUAL = (".env", ".git/config")


def _judge(build: Build) -> Iterator[Failure]:
    ignore = build.ignore
    if ignore is None:
        return
    beside = build.beside or frozenset()
    there = [
        name
        for name in sorted(beside)
        if name == ".git" or (is_secret_file(name) and name not in OFTEN_HARMLESS)
    ]
    present = [
        name for name in there if not ignore.excludes(f"{name}/config" if name == ".git" else name)
    ]
    usual = [path.partition("/")[0] for path in _USUAL if not ignore.excludes(path)]
    if not present and not usual:
        return
    for stage in build.shipped:
        for one in stage.all("COPY", "ADD"):
            whole = any(word.text in _WHOLE for word in sources(one)[0])
            if whole and not one.flag("from") and not one.flag("exclude"):
                names = ", ".join(present or usual)[:100]
                verb = "are" if len(present or usual) > 1 else "is"
                message = (
                    f"{names} {verb} not left out by {ignore.path}, and {one.name} "
                    f"{one.rest[:40]} takes all"
                )
                yield Failure(message, one.start, one.end, "MEDIUM" if present else "")


check = Check(
    "DF-0044",
    "The .dockerignore lets secrets in",
    "What it does not name gets into the image with the rest of the context.",
    "LOW",
    "Add .git, **/.env, **/.env.*, **/*.pem, **/*.key, **/id_* and **/*.log; or leave out all (*) "
    "but what is needed (!src).",
    _judge,
    (),
    ("https://docs.docker.com/build/concepts/context/#dockerignore-files",),
)
