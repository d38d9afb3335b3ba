"""DF-0043: COPY . without .dockerignore."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.dockerfile.build import Build, sources
from pratique.codecs.dockerfile.secrets import is_secret_file
from pratique.model.check import Check, Failure

_WHOLE = {".", "./", "/", "*", "./*", "/*"}


def _judge(build: Build) -> Iterator[Failure]:
    if build.ignore is not None or build.beside is None:
        return
    risky = sorted(name for name in build.beside if name == ".git" or is_secret_file(name))
    for stage in build.stages:
        ships = stage in build.shipped
        for one in stage.all("COPY", "ADD"):
            if one.flag("from") or one.flag("exclude"):
                continue
            if any(word.text in _WHOLE for word in sources(one)[0]):
                message = f"{one.name} {one.rest[:60]} takes everything that lies in the context"
                message += f", {', '.join(risky)[:80]} too" if risky else ""
                severity = "HIGH" if risky and ships else "" if ships else "LOW"
                yield Failure(message, one.start, one.end, severity)


check = Check(
    "DF-0043",
    "The whole context is copied, and there is no .dockerignore",
    "What lies about on the machine that builds gets into the image: .git with its history, .env, "
    "keys, logs.",
    "MEDIUM",
    "Copy what is needed by name, and write a .dockerignore: .git, **/.env, **/.env.*, **/*.pem, "
    "**/*.key, **/id_*, **/.aws, **/.ssh, **/.npmrc, **/*.log, **/node_modules, **/__pycache__, "
    "Dockerfile*; or * and then !src, !package.json, … for what is needed.",
    _judge,
    (),
    ("https://docs.docker.com/build/concepts/context/#dockerignore-files",),
)
