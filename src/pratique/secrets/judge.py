"""Judge what a rule's pattern matches: whether it is a secret, and which of two it is."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence

from msgspec import Struct

from pratique.model.secret import Secret
from pratique.secrets import known, values
from pratique.secrets.inline import is_ignored
from pratique.secrets.masking import Span, mark, masked
from pratique.secrets.ruleset import Ruleset
from pratique.secrets.sought import Sought


class Found(Struct):
    """A secret in a text."""

    sought: Sought
    start: int
    end: int


def counts(sought: Sought, text: bytes, span: Span, path: str, rules: Ruleset) -> bool:
    """Tell whether a match is a secret: no placeholder, nothing public, nothing allowed."""
    raw = text[span[0] : span[1]]
    return (
        bool(raw)
        and _is_genuine(sought, raw)
        and not any(allow.lets_pass(raw, path) for allow in (*sought.allows, *rules.allows))
        and not any(_covers(block, span, text) for block in (*sought.excluded, *rules.excluded))
        and not known.is_public(raw)
    )


def _is_genuine(sought: Sought, raw: bytes) -> bool:
    rule, value = sought.rule, raw.decode("utf-8", "replace")
    if not sought.is_own and values.is_placeholder(value):
        return False
    if rule.least_entropy and entropy(value) < rule.least_entropy:
        return False
    return rule.holds is None or rule.holds(value)


def entropy(text: str) -> float:
    """Return Shannon's entropy in bits a character."""
    length = len(text)
    return -sum(n / length * math.log2(n / length) for n in Counter(text).values())


def chosen(found: Sequence[Found], text: bytes) -> list[Found]:
    """Return what was found in the order of the text, but for what a comment lets pass.

    Of two secrets in one place the more specific counts, and it is that one which is let pass.
    """
    kept = _without_overlaps(found)
    return [one for one in kept if not is_ignored(text, one.start, one.sought.rule.name)]


def _without_overlaps(found: Sequence[Found]) -> list[Found]:
    kept: list[Found] = []
    for one in sorted(found, key=lambda f: (f.start, f.end)):
        while kept and kept[-1].end > one.start:
            if _rank(kept[-1]) <= _rank(one):
                break
            kept.pop()
        else:
            kept.append(one)
    return kept


def secrets(
    some: Sequence[Found], every: Sequence[Found], text: bytes, path: str, first_line: int
) -> Iterator[tuple[Secret, bytes]]:
    """Yield records of some secrets, in the order of the text, each with the secret itself.

    `every` secret that was found is masked, also where another rule's is reported in its place.
    `first_line` is the line that the text begins with; 0 where it has none.
    """
    spans = sorted((one.start, one.end) for one in every)
    line, at = first_line, 0
    for one in some:
        rule, raw = one.sought.rule, text[one.start : one.end]
        if first_line:
            line += text.count(b"\n", at, one.start)
            at = one.start
        secret = Secret(
            path, rule.name, rule.category, rule.title, rule.severity,
            line, line + raw.count(b"\n") if line else 0,
            masked(text, (one.start, one.end), spans), mark(path, rule.name, raw),
        )  # fmt: skip
        yield secret, raw


def _rank(found: Found) -> tuple[bool, bool, bool, int, str]:
    rule = found.sought.rule
    return (
        not found.sought.is_own,
        rule.category in values.GENERAL,
        rule.holds is None,
        -(found.end - found.start),
        rule.name,
    )


def _covers(block: re.Pattern[bytes], span: Span, text: bytes) -> bool:
    return any(m.start() <= span[0] and span[1] <= m.end() for m in block.finditer(text))
