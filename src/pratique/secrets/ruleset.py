"""The rules of a scan: ours, without those that are switched off, and the user's."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pratique.model.secret_rule import SecretRule
from pratique.plugins import load
from pratique.secrets.sought import Allow, Sought


class Ruleset:
    """What is looked for, and what lets it pass."""

    def __init__(
        self,
        sought: Sequence[Sought],
        allows: Sequence[Allow] = (),
        excluded: Sequence[re.Pattern[bytes]] = (),
        not_excused: frozenset[str] = frozenset(),
    ) -> None:
        self.sought = tuple(sought)
        self.allows = tuple(allows)
        self.excluded = tuple(excluded)
        self.not_excused = not_excused
        """Names of our allow rules that are switched off."""

    def named(self) -> dict[bytes, list[int]]:
        """Return the rules that a file's name alone sets off, by that name."""
        found: dict[bytes, list[int]] = {}
        for number, one in enumerate(self.sought):
            for path in one.rule.paths if one.is_by_path else ():
                found.setdefault(path.rpartition("/")[2].encode(), []).append(number)
        return found


def builtin() -> tuple[SecretRule, ...]:
    return load("pratique.secrets.rules", SecretRule)
