"""Ids of checks as people write them: Trivy has had three spellings of each of its own."""

from __future__ import annotations

import re
from functools import lru_cache

from pratique.codecs.trivy_check_names import id_of

_OLD = re.compile(r"([A-Z][A-Z0-9]*?[A-Z])-?(\d{3,5})")


@lru_cache(maxsize=4096)
def canonical(id: str) -> str:
    """Return the one spelling of `DS-0002`, `AVD-DS-0002`, `DS002`, `ds-0002` and the check's long
    name, `least-privilege-user`; others in capitals.

    Three digits stood for four; five (`KSV-01010`) are numbers of their own.
    """
    plain = id.strip().upper().removeprefix("AVD-")
    if not (match := _OLD.fullmatch(plain)):
        return id_of(plain) or plain
    prefix, number = match.groups()
    return f"{prefix}-{number.zfill(4)}" if prefix in _PADDED else plain


_PADDED = frozenset({"DS", "KSV", "KCV", "DF", "K8S", "IMG", "DC"})


def of_trivy(aliases: tuple[str, ...]) -> str:
    """Return the first alias that is an id of Trivy's; empty where there is none."""
    return next((alias for alias in aliases if alias.startswith(("DS-", "KSV-", "KCV-"))), "")


def legacy(id: str) -> str:
    """Return the spelling that Trivy's namespaces have: `DS-0002` is `DS002`."""
    prefix, _, number = id.rpartition("-")
    return prefix + (number[1:] if len(number) == 4 and number[0] == "0" else number)
