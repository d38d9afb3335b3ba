"""stub"""
from __future__ import annotations
from pratique.secrets.ruleset import Ruleset, builtin
from pratique.secrets.sought import Sought


class Custom:
    digest = ""
    def ruleset(self) -> Ruleset:
        return Ruleset([Sought(rule) for rule in builtin()])
