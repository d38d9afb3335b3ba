"""Find secrets in what an image's configuration says: environment, labels, commands, history.

https://github.com/opencontainers/image-spec/blob/main/config.md
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from pratique.model.image import Image
from pratique.model.secret import CONFIGURATION, Secret
from pratique.secrets.engine import Engine
from pratique.secrets.masking import MASK

_SHELL = "/bin/sh -c #(nop)"
_COMMANDS = {"Entrypoint": "ENTRYPOINT", "Cmd": "CMD", "OnBuild": "ONBUILD", "Shell": "SHELL"}


class Configured(Struct, frozen=True, array_like=True):
    """The secrets of an image's configuration, and what it says without them."""

    secrets: tuple[Secret, ...]
    config: dict[str, Any]
    created_by: tuple[str, ...]
    """Of each layer."""

    def masked(self, image: Image) -> Image:
        """Return an image that no longer tells its secrets."""
        lines = zip(image.layers, self.created_by, strict=True)
        layers = tuple(replace(layer, created_by=line) for layer, line in lines)
        return replace(image, config=self.config, layers=layers)


def find(image: Image, engine: Engine) -> Configured:
    """Return each secret once: where it is set rather than the step that set it.

    Its `match` begins with the instruction or the step of the history, counted from 1, that it is
    in; a step that made a layer gives the secret that layer.
    """
    seen: dict[tuple[str, str], Secret] = {}
    values: set[str] = set()

    def keep(_: Secret, value: bytes) -> None:
        values.add(value.decode("utf-8", "replace"))

    for where, layer, text in _texts(image):
        data = text.encode("utf-8", "replace")
        for fact in engine.find(data, CONFIGURATION, first_line=0, keep=keep):
            if isinstance(fact, Secret):
                told = replace(fact, match=f"{where} {fact.match}", layer=layer)
                seen.setdefault((fact.rule, fact.mark), told)
    longest = sorted(values, key=len, reverse=True)
    secrets = (replace(one, match=_without(one.match, longest)) for one in seen.values())
    lines = tuple(_without(layer.created_by, longest) for layer in image.layers)
    return Configured(tuple(secrets), _without(image.config, longest), lines)


def _without(value: Any, secrets: Sequence[str]) -> Any:
    """Return a value of JSON with some texts masked wherever they stand."""
    if isinstance(value, str):
        for secret in secrets:
            value = value.replace(secret, MASK)
        return value
    if isinstance(value, list):
        return [_without(item, secrets) for item in value]
    if isinstance(value, dict):
        return {_without(key, secrets): _without(item, secrets) for key, item in value.items()}
    return value


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
