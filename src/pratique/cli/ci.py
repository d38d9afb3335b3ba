"""`ci init`: a pipeline for one CI system, ready to commit."""

from __future__ import annotations

import os
import re

from pratique import __version__
from pratique.cli.parser import Asked
from pratique.cli.writing import write_file
from pratique.errors import PratiqueError, UsageError
from pratique.model.ci_system import Mending, Pipeline, System
from pratique.plugins import load
from pratique.policy.ready import READY

_DOCKERFILES = ("Dockerfile", "Containerfile", "docker/Dockerfile", "build/Dockerfile")
# neither an option at its start nor a mapping of YAML at its end
_PLAIN = re.compile(r"[A-Za-z0-9._/](?:[A-Za-z0-9._/@:+-]*[A-Za-z0-9._/+-])?")


def run(asked: Asked) -> int:
    """Write the pipeline where its system looks for it; say what is left to do."""
    systems = {system.name: system for system in load("pratique.ci", System)}
    system = systems.get(asked.target)
    if system is None:
        raise UsageError(f"{asked.target!r} is none of {', '.join(systems)}")
    if not asked.words["fix"]:
        return _put(system.path, system.text(_pipeline(asked)), system.after, asked)
    if system.fixes is None:
        able = " and ".join(one.name for one in systems.values() if one.fixes)
        raise UsageError(f"--fix is for {able}: elsewhere run `pratique fix fs . --pr` by schedule")
    return _put(system.fixes.path, system.fixes.text(_mending(asked)), system.fixes.after, asked)


def _put(path: str, text: str, after: str, asked: Asked) -> int:
    if asked.words["stdout"]:
        write_file(text, "")
        return 0
    if os.path.exists(path) and not asked.words["force"]:
        raise UsageError(f"{path}: is there already",
                         "--stdout prints the pipeline, --force replaces the file")  # fmt: skip
    try:
        os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
    except OSError as error:
        raise PratiqueError(f"{path}: cannot be written: {error.strerror}") from error
    write_file(text, path)
    print(f"{path}: written. {after}")
    return 0


def _mending(asked: Asked) -> Mending:
    mending = Mending(asked.words["context"], asked.words["group"], __version__)
    _refuse(mending.folder)
    return mending


def _refuse(*values: str) -> None:
    """Raise UsageError for what a shell or YAML would take apart."""
    for value in values:
        if not _PLAIN.fullmatch(value):
            raise UsageError(f"{value!r} has characters that a pipeline cannot hold")


def _pipeline(asked: Asked) -> Pipeline:
    words = asked.words
    found = next((path for path in _DOCKERFILES if os.path.isfile(path)), _DOCKERFILES[0])
    pipeline = Pipeline(
        words["name"], words["file"] or found, words["context"], words["policy"], __version__
    )
    _refuse(pipeline.image, pipeline.dockerfile, pipeline.context, pipeline.gates)
    if pipeline.gates not in READY and not os.path.isfile(pipeline.gates):
        raise UsageError(f"--policy {pipeline.gates}: a file, or one of {', '.join(READY)}")
    return pipeline
