"""What package managers leave behind in a layer."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pratique.codecs.dockerfile.build import Build
from pratique.codecs.dockerfile.run import Run, Step


def left(
    build: Build, tools: tuple[str, ...], actions: tuple[str, ...], folders: tuple[str, ...]
) -> Iterator[tuple[Run, list[Step]]]:
    """Yield each RUN that leaves folders in the image, with its calls of some tools.

    Stages that are not part of the image do not count, nor cache mounts and what the same RUN
    cleans afterwards.
    """
    for stage in build.shipped:
        for run in stage.runs:
            if any(run.caches(folder) for folder in folders):
                continue
            calls = [
                s for s in run.steps if s.call and s.call.tool in tools and s.call.action in actions
            ]
            if calls and not _cleaned(run, tools, folders, calls[-1]):
                yield run, calls


def _cleaned(run: Run, tools: tuple[str, ...], folders: tuple[str, ...], last: Step) -> bool:
    after = run.steps[run.steps.index(last) + 1 :]
    return any(_cleans(step, tools, folders) for step in after)


def _cleans(step: Step, tools: tuple[str, ...], folders: tuple[str, ...]) -> bool:
    call = step.call
    if call and call.tool in tools:
        return call.action in ("clean", "cc", "distclean", "dist-clean") and not (
            call.tool in ("apt-get", "apt") and call.action == "clean"
        )
    if step.command.name == "rm":
        return any(_covers(arg, folder) for arg in step.command.args for folder in folders)
    if step.command.name == "find" and "-delete" in step.command.args:
        return any(_covers(arg, folder) for arg in step.command.args for folder in folders)
    return False


def _covers(path: str, folder: str) -> bool:
    """Tell whether what is removed holds a folder: the folder, its content, or one above."""
    plain = re.sub(r"(?:/\*+|/\{[^}]*\}|/?\[!?[^\]]*\]\*?|\*)*/?$", "", path) or "/"
    plain = re.sub(r"^(?:~|\$\{?HOME\}?)(?=/)", "/root", plain)
    return plain != "/" and (folder + "/").startswith(plain.rstrip("/") + "/")
