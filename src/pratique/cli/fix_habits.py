"""`fix --habits`: Dockerfiles are brought to better habits, in an image's plan or a project's."""

from __future__ import annotations

import os
from collections.abc import Sequence

from msgspec.structs import replace

from pratique.errors import MalformedError
from pratique.ignore import apply
from pratique.mending import Dockerfile, Done, context_of, mended
from pratique.model.ignore_rule import Rule
from pratique.model.inventory import Inventory
from pratique.model.misconfiguration import Examined
from pratique.model.report import Report
from pratique.model.settings import Settings
from pratique.outcome import Outcome
from pratique.scanning import scan_directory
from pratique.workspace import Altered


def bettered(
    path: str, context: str, text: str, settings: Settings, rules: Sequence[Rule],
    inventory: Inventory | None = None, layers: int = 0,
) -> tuple[Done, list[Altered]]:  # fmt: skip
    """Return what a Dockerfile is to be, and the other files of its context that change."""

    def judge(one: Examined) -> Examined:
        [judged] = apply(
            Report(one.path, "filesystem", Inventory(), (), examined=(one,)), rules
        ).examined
        return judged

    done = mended(Dockerfile(path, context, settings, judge, inventory, layers), text)
    files = [Altered(name, _old(os.path.join(context, name)), new.encode())
             for name, new in done.files.items()]  # fmt: skip
    return done, files


def with_habits(outcome: Outcome, root: str, settings: Settings, rules: Sequence[Rule]) -> Outcome:
    """Return a project's outcome with better Dockerfiles; one that is none is a remark."""
    chosen = replace(settings, scanners=("misconfig",), misconfig_scanners=("dockerfile",))
    found = scan_directory(root, chosen, locked=True)
    altered = {one.path: one for one in outcome.altered}
    remarks: list[str] = []
    better = list(outcome.mended)
    for document in found.inventory.documents:
        old = _old(os.path.join(root, document.path))
        if document.type != "dockerfile" or old is None:
            continue
        now = altered[document.path].after if document.path in altered else old
        try:
            done, files = _of_project(root, document.path, now, settings, rules)
        except (MalformedError, UnicodeDecodeError) as error:
            remarks.append(f"{document.path}: {error}")
            continue
        if done.text.encode() != now:
            altered[document.path] = Altered(document.path, old, done.text.encode())
        altered |= {one.path: one for one in files}
        better += done.mended
        remarks += [f"{document.path}: by hand: {told}" for told in done.advice]
    return replace(outcome, altered=tuple(altered.values()), mended=tuple(better),
                   remarks=(*outcome.remarks, *remarks))  # fmt: skip


def _of_project(
    root: str, path: str, data: bytes, settings: Settings, rules: Sequence[Rule]
) -> tuple[Done, list[Altered]]:
    """Change one of a project's Dockerfiles; all paths are made relative to the project."""
    text = data.decode()
    context = context_of(path, root, text)
    within = os.path.relpath(os.path.join(root, path), context) if context else path
    done, files = bettered(within, context, text, settings, rules)

    def placed(name: str) -> str:
        return os.path.relpath(os.path.join(context or root, name), root)

    better = tuple(replace(one, path=placed(one.path)) for one in done.mended)
    return replace(done, mended=better), [replace(one, path=placed(one.path)) for one in files]


def _old(path: str) -> bytes | None:
    try:
        with open(path, "rb") as file:
            return file.read()
    except (FileNotFoundError, NotADirectoryError):
        return None
