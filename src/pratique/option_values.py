"""Turn the texts of options into values; each raises UsageError for nonsense."""

from __future__ import annotations

import os
from collections.abc import Callable

from pratique.errors import UsageError
from pratique.model.advisory import SEVERITIES

# one module a format; none is imported before it is asked for
FORMATS = tuple(sorted(
    entry.partition(".")[0].replace("_", "-")
    for entry in os.listdir(os.path.join(os.path.dirname(__file__), "formats"))
    if not entry.startswith("_")
))  # fmt: skip
_OF_TRIVY_ALONE = ("azure-arm", "cloudformation", "terraform", "terraformplan-json",
                   "terraformplan-snapshot", "ansible", "json", "yaml")  # fmt: skip


def list_of(*allowed: str) -> Callable[[str], tuple[str, ...]]:
    def convert(text: str) -> tuple[str, ...]:
        words = tuple(word.strip() for word in text.split(",") if word.strip())
        for word in words:
            if allowed and word not in allowed:
                raise UsageError(f"{word!r} is none of {', '.join(allowed)}")
        return words

    return convert


def severities(text: str) -> tuple[str, ...]:
    return list_of(*SEVERITIES)(text.upper())


def scanners(text: str) -> tuple[str, ...]:
    words = list_of("vuln", "secret", "misconfig", "config", "license")(text)
    return tuple("misconfig" if word == "config" else word for word in words)


def outputs(text: str) -> tuple[tuple[str, str], ...]:
    """Read `report.txt`, `sarif=a.sarif,json=b.json`: a comma parts where a format follows it."""
    import re  # noqa: PLC0415

    formats = "|".join(FORMATS)
    pairs = []
    for part in re.split(rf",(?=(?:{formats})=)", text):
        name, equals, path = part.partition("=")
        if equals and name not in FORMATS and not re.search(r"[/\\.]", name):
            raise UsageError(f"{name!r} is none of {', '.join(FORMATS)}")
        pairs.append((name, path) if equals and name in FORMATS else ("", part))
    if sum(not name for name, _ in pairs) > 1:
        raise UsageError("the report goes to one file; others need a format: sarif=FILE")
    return tuple(pairs)


def pattern_list(text: str) -> tuple[str, ...]:
    return list_of()(text)


def kinds(text: str) -> tuple[str, ...]:
    """Read kinds of configuration; Trivy's for which there are no checks here do no harm."""
    ours = sorted(
        name.partition(".")[0]
        for name in os.listdir(os.path.join(os.path.dirname(__file__), "configurations"))
        if not name.startswith("_")
    )
    words = list_of(*ours, *_OF_TRIVY_ALONE)(text)
    return tuple(word for word in words if word in ours) or (("none",) if words else ())


def file_patterns(text: str) -> tuple[str, ...]:
    """Read `dockerfile:Docker.*`, several with commas; a comma in a regex is not told from them."""
    import re  # noqa: PLC0415

    patterns = list_of()(text)
    for pattern in patterns:
        kind, colon, regex = pattern.partition(":")
        if not (kind and colon and regex):
            raise UsageError(f"{pattern!r} is not KIND:REGEX")
        try:
            re.compile(regex)
        except re.error as error:
            raise UsageError(f"{pattern!r} is no regular expression: {error}") from None
    return patterns


def seconds(text: str) -> float:
    """Read `90`, `90s`, `5m`, `1h30m`, as Go writes durations; return seconds."""
    import re  # noqa: PLC0415

    if re.fullmatch(r"\d+(\.\d+)?", text):
        return float(text)
    if not re.fullmatch(r"(\d+(\.\d+)?(ms|h|m|s))+", text):
        raise UsageError(f"{text!r} is no duration (5m, 90s)")
    units = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001}
    return sum(float(n) * units[u] for n, _, u in re.findall(r"(\d+(\.\d+)?)(ms|h|m|s)", text))


def hours(text: str) -> float:
    return float(text) if text.isdigit() else seconds(text) / 3600


def age(text: str) -> float:
    """Read hours: `24`, `24h`, `7d`."""
    days = text.removesuffix("d")
    return float(days) * 24 if days != text and days.isdigit() else hours(text)


def fail_on(text: str) -> tuple[str, ...]:
    from pratique.policy.reading import is_word  # noqa: PLC0415 - of few

    words = list_of()(text)
    for word in words:
        if not is_word(word):
            raise UsageError(f"{word!r} is no severity, kind or condition")
    return words


def days(text: str) -> float:
    return hours(text) / 24 if not text.removesuffix("d").isdigit() else float(text.rstrip("d"))


def share(text: str) -> float:
    try:
        share = float(text)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise UsageError(f"{text!r} is no number from 0 to 1")
    return share


def status(text: str) -> int:
    if not text.isdigit() or int(text) > 255:
        raise UsageError(f"{text!r} is no exit status (0 to 255)")
    return int(text)


def one_of(*allowed: str) -> Callable[[str], str]:
    def convert(text: str) -> str:
        return list_of(*allowed)(text)[0] if text else text

    return convert
