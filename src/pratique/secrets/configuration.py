"""Find secrets in what an image's configuration says: environment, labels, commands, history.

https://github.com/opencontainers/image-spec/blob/main/config.md
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec.structs import replace

from pratique.model.image import Image
from pratique.model.secret import CONFIGURATION, Secret
from pratique.secrets.engine import Engine

_SHELL = "/bin/sh -c #(nop)"
_COMMANDS = {"Entrypoint": "ENTRYPOINT", "Cmd": "CMD", "OnBuild": "ONBUILD", "Shell": "SHELL"}


def find(image: Image, engine: Engine) -> Iterator[Secret]:
    """Yield each secret once: where it is set rather than the step that set it.

    Its `match` begins with the instruction or the step of the history, counted from 1, that it is
    in; a step that made a layer gives the secret that layer.
    """
    seen: set[tuple[str, str]] = set()
    for where, layer, text in _texts(image):
        data = text.encode("utf-8", "replace")
        for fact in engine.find(data, CONFIGURATION, first_line=0):
            if isinstance(fact, Secret) and (fact.rule, fact.mark) not in seen:
                seen.add((fact.rule, fact.mark))
                yield replace(fact, match=f"{where} {fact.match}", layer=layer)


def _texts(image: Image) -> Iterator[tuple[str, int, str]]:
    """Yield what is where, the layer that it belongs to, and the text."""
    config = _mapping(image.config.get("config"))
    for variable in _list(config.get("Env")):
        yield "ENV", -1, str(variable)
    for name, value in _mapping(config.get("Labels")).items():
        yield "LABEL", -1, f"{name}={value}"
    for key, instruction in _COMMANDS.items():
        if words := _list(config.get(key)):
            yield instruction, -1, " ".join(map(str, words))
    if words := _list(_mapping(config.get("Healthcheck")).get("Test")):
        yield "HEALTHCHECK", -1, " ".join(map(str, words))
    yield from _steps(image)


def _steps(image: Image) -> Iterator[tuple[str, int, str]]:
    steps = [_mapping(step) for step in _list(image.config.get("history"))]
    is_whole = sum(not step.get("empty_layer") for step in steps) == len(image.layers)
    layer = -1
    for number, step in enumerate(steps, 1):
        made = not step.get("empty_layer")
        layer += made
        line = str(step.get("created_by") or "").removeprefix(_SHELL).strip()
        where = f"history step {number}:"
        yield where, layer if made and is_whole else -1, line
        if comment := step.get("comment"):
            yield where, -1, str(comment)


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
