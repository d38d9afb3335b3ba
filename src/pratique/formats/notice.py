"""An attribution, as NOTICE files have it: who made what is in an image, under which licence.

Packages that state the same are one entry. The texts are those in the image, each once, numbered;
where it holds none of a licence, its page at spdx.org is named.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from pratique.licenses.evaluate import leaves
from pratique.licenses.ids import LICENSES
from pratique.licensing import Licensed, licensed
from pratique.model.format import Format, Look
from pratique.model.license import LicenseText
from pratique.model.report import Report
from pratique.model.settings import Settings

_LINE, _THIN = "=" * 78, "-" * 78
_MOST_TEXTS = 8 << 20  # characters of all texts together
_MOST_CLAIMS = 60
_MOST_PATHS = 3

_Entry = tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]
"""Licences, claims of copyright, texts."""


def render(reports: Sequence[Report], _chosen: Settings, _look: Look) -> str:
    """Return the attribution of each report, one after the other, the same for the same image."""
    return "\n".join("\n".join(_attribution(report)) + "\n" for report in reports)


def _attribution(report: Report) -> Iterator[str]:
    every = licensed(report.inventory)
    entries = _grouped(every)
    texts = _paths(report.inventory.license_texts)
    numbers = {text: number for number, text in enumerate(texts, 1)}
    yield f"{_clean(report.name)} contains the software named below."
    yield ""
    for entry in sorted(entries, key=lambda entry: (sorted(entries[entry]), entry)):
        yield _LINE
        yield from sorted(entries[entry])
        yield from _stated(entry, numbers)
    yield from _all_texts(texts)


def _grouped(every: Iterable[Licensed]) -> dict[_Entry, set[str]]:
    groups: dict[_Entry, set[str]] = {}
    for one in every:
        contents = dict.fromkeys(_stripped(text.text) for text in one.texts if text.text)
        claims = dict.fromkeys(_clean(claim) for text in one.texts for claim in text.copyrights)
        entry = one.package.licenses, tuple(claims)[:_MOST_CLAIMS], tuple(contents)
        name = f"{_clean(one.package.name)} {_clean(one.package.version)} ({one.package.type})"
        groups.setdefault(entry, set()).add(name)
    return groups


def _paths(texts: Iterable[LicenseText]) -> dict[str, list[str]]:
    """Map each text to where it is, in the order of the first places."""
    found: dict[str, list[str]] = {}
    for text in texts:
        if text.text:
            found.setdefault(_stripped(text.text), []).append(_clean(text.path))
    return found


def _stated(entry: _Entry, numbers: dict[str, int]) -> Iterator[str]:
    licenses, claims, texts = entry
    several = len(licenses) > 1
    parts = [f"({one})" if several and " OR " in one else _clean(one) for one in licenses]
    yield f"Licence: {' AND '.join(parts) or 'none stated'}"
    yield from (f"  {claim}" for claim in claims)
    if texts:
        yield "Text: " + ", ".join(f"[{numbers[text]}]" for text in texts)
        return
    ids = {leaf.partition(" WITH ")[0] for one in licenses for leaf in leaves(one)}
    for id in sorted(ids & LICENSES):
        yield f"Text: https://spdx.org/licenses/{id}.html (the image holds none)"


def _all_texts(texts: dict[str, list[str]]) -> Iterator[str]:
    left = _MOST_TEXTS
    for number, (text, paths) in enumerate(texts.items(), 1):
        yield _LINE
        more = len(paths) - _MOST_PATHS
        yield f"[{number}] {', '.join(paths[:_MOST_PATHS])}" + (
            f" and {more} more" if more > 0 else ""
        )
        if len(text) <= left:
            left -= len(text)
            yield _THIN
            yield text
        else:
            yield "(not repeated here: the texts above are 8 million characters)"


def _stripped(text: str) -> str:
    """Return a text without what could move a cursor; cleaning keeps what people read."""
    lines = (line.rstrip() for line in text.splitlines())
    return "\n".join(
        line if line.isprintable() else "".join(c for c in line if c.isprintable() or c == "\t")
        for line in lines
    ).strip("\n")


def _clean(text: str) -> str:
    return text if text.isprintable() else "".join(c for c in text if c.isprintable())


format = Format("notice", render, finds=False, scanners=("notice",))
