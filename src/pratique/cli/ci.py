"""`ci init`: a pipeline for one CI system, ready to commit."""

from __future__ import annotations

import os
import re

from pratique import __version__
from pratique.cli.parser import Asked
from pratique.cli.writing import write_file
from pratique.errors import PratiqueError, UsageError
from pratique.model.ci_system import Pipeline, System
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
    text = system.text(_pipeline(asked))
    if asked.words["stdout"]:
        write_file(text, "")
        return 0
    if os.path.exists(system.path) and not asked.words["force"]:
        raise UsageError(f"{system.path}: is there already",
                         "--stdout prints the pipeline, --force replaces the file")  # fmt: skip
    try:
        os.makedirs(os.path.dirname(system.path) or ".", exist_ok=True)
    except OSError as error:
        raise PratiqueError(f"{system.path}: cannot be written: {error.strerror}") from error
    write_file(text, system.path)
    print(f"{system.path}: written. {system.after}")
    return 0


def _pipeline(asked: Asked) -> Pipeline:
    words = asked.words
    found = next((path for path in _DOCKERFILES if os.path.isfile(path)), _DOCKERFILES[0])
    pipeline = Pipeline(
        words["name"], words["file"] or found, words["context"], words["policy"], __version__
    )
    for value in (pipeline.image, pipeline.dockerfile, pipeline.context, pipeline.gates):
        if not _PLAIN.fullmatch(value):  # it becomes a part of shell commands
            raise UsageError(f"{value!r} has characters that a pipeline cannot hold")
    if pipeline.gates not in READY and not os.path.isfile(pipeline.gates):
        raise UsageError(f"--policy {pipeline.gates}: a file, or one of {', '.join(READY)}")
    return pipeline
