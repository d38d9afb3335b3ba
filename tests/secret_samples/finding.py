"""What the scanner finds in a text, by all of its rules."""

from __future__ import annotations

from functools import cache

from pratique.cache import MemoryCache
from pratique.model.secret import Secret
from pratique.model.secret_rule import SecretRule
from pratique.secrets.engine import Engine
from pratique.secrets.ruleset import Ruleset, builtin
from pratique.secrets.sought import Sought


@cache
def rules() -> dict[str, SecretRule]:
    return {rule.name: rule for rule in builtin()}


@cache
def engine() -> Engine:
    return Engine(lambda: Ruleset([Sought(rule) for rule in builtin()]), MemoryCache())


def found(text: str, path: str) -> list[Secret]:
    return [fact for fact in engine().find(text.encode(), path) if isinstance(fact, Secret)]
