"""One page of HTML that needs nothing else: sortable, filterable, printable; no network.

Everything of an image or an advisory is escaped; the page forbids itself all scripts but its own
(Content-Security-Policy with the script's digest).
"""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Iterator, Sequence
from html import escape

from pratique.codecs.plaintext import cut, printable
from pratique.entries import by_urgency
from pratique.formats.html.plots import plots
from pratique.model.entry import Entry
from pratique.model.format import Format, Look
from pratique.model.report import Report
from pratique.model.settings import Settings
from pratique.upgrades import changes

_MOST_TEXT = 4000
_KINDS = {
    "vulnerability": "Vulnerability", "misconfiguration": "Misconfiguration",
    "secret": "Secret", "license": "Licence",
}  # fmt: skip
_COLUMNS = ("Severity", "ID", "What", "Installed", "Fixed", "Where", "Layer", "Title")


def render(reports: Sequence[Report], _chosen: Settings, _look: Look) -> str:
    """Return the page, a section for each report."""
    style, script = _beside("page.css"), _beside("page.js")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'"
    title = text(f"Pratique: {reports[0].name}")
    sections = (line for report in reports for line in _section(report))
    return "\n".join([
        "<!DOCTYPE html>",
        '<html lang="en"><head><meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{title}</title>",
        f"<style>{style}</style></head><body>",
        *sections,
        f"<script>{script}</script>",
        "</body></html>",
        "",
    ])  # fmt: skip


def _beside(name: str) -> str:
    with open(os.path.join(os.path.dirname(__file__), name), encoding="utf-8") as file:
        return file.read()


def text(value: str) -> str:
    """Return text for HTML, also in an attribute."""
    return escape(printable(value))


def _section(report: Report) -> Iterator[str]:
    entries = by_urgency(report)
    yield f"<section><h1>{text(report.name)}</h1>"
    yield f"<p class=facts>{' · '.join(text(fact) for fact in _facts(report))}</p>"
    if report.lifecycle.ended:
        yield f"<p class=alarm>End of life since {text(report.lifecycle.date)}: no fixes come.</p>"
    yield from plots(report, entries)
    yield from _what_to_change(report)
    yield from _table(entries, report)
    yield from _problems(report)
    yield "</section>"


def _facts(report: Report) -> Iterator[str]:
    if distro := report.inventory.distro:
        yield distro.name or f"{distro.id} {distro.version}"
    if image := report.image:
        yield from filter(None, (image.platform, *image.tags[:1], *image.digests[:1]))
        yield f"{len(image.layers)} layers"
    yield f"{len(report.inventory.packages)} packages"
    yield f"report of {report.created}"


def _what_to_change(report: Report) -> Iterator[str]:
    planned = changes(report)
    if not planned:
        return
    yield "<h2>What to change</h2><table class=plan><thead><tr><th>Change<th>From<th>To"
    yield "<th>Removes</tr></thead><tbody>"
    for change in planned:
        first = change.upgrades[0]
        names = ", ".join(dict.fromkeys(upgrade.name for upgrade in change.upgrades))
        cells = (first.name, ", ".join(first.installed), first.to)
        if change.is_system:
            cells = (f"upgrade the distribution's packages: {names}", "", "")
        shown = "".join(f"<td>{text(cell)}" for cell in cells)
        yield f"<tr>{shown}<td class=number>{len(change.removes)}</tr>"
    yield "</tbody></table>"


def _table(entries: Sequence[Entry], report: Report) -> Iterator[str]:
    yield f"<h2>Findings: {len(entries)}</h2>"
    if not entries:
        yield "<p>Nothing found.</p>"
        return
    yield '<div class=filters><input type=search placeholder="Filter" aria-label="Filter">'
    for name, label in _KINDS.items():
        if any(entry.kind == name for entry in entries):
            yield f'<label><input type=checkbox checked value="{name}">{label}</label>'
    yield "<label><input type=checkbox class=fixable>with a fix only</label>"
    yield "<span class=shown></span></div>"
    yield "<table class=findings><thead><tr>"
    yield "".join(f"<th tabindex=0 aria-sort=none>{name}" for name in _COLUMNS)
    yield "</tr></thead><tbody>"
    for entry in entries:
        yield from _row(entry, report)
    yield "</tbody></table>"


def _row(entry: Entry, report: Report) -> Iterator[str]:
    exploited = bool(entry.finding and entry.finding.exploited)
    id = text(entry.id)
    if entry.url.startswith(("https://", "http://")):
        id = f'<a href="{text(entry.url)}" rel="noreferrer">{id}</a>'
    id += " <b class=exploited>exploited</b>" if exploited else ""
    line = f":{entry.line}" if entry.line else ""
    layer = str(entry.layer + 1) if report.image and entry.layer >= 0 else ""
    base = " (base)" if entry.from_base else ""
    more = entry.description or entry.message
    yield f'<tr data-kind="{entry.kind}" data-fixed="{int(bool(entry.fixed or entry.advice))}">'
    yield f'<td class="{entry.severity}">{entry.severity}<td>{id}'
    yield f"<td>{text(entry.package)}<td>{text(entry.version)}<td>{text(', '.join(entry.fixed))}"
    yield f"<td>{text(entry.path + line)}<td>{layer}{base}"
    yield f"<td><details><summary>{text(entry.title)}</summary><p>{_words(more)}</p>"
    if entry.advice:
        yield f"<p>{text(entry.advice)}</p>"
    yield "</details></tr>"


def _words(words: str) -> str:
    return "<br>".join(text(line) for line in cut(words, _MOST_TEXT).splitlines())


def _problems(report: Report) -> Iterator[str]:
    missing = [f"no advisories for {name}" for name in report.missing]
    texts = [f"{p.where}: {p.what}" if p.where else p.what for p in report.problems] + missing
    if texts:
        yield f"<h2>Not read or not judged: {len(texts)}</h2><ul>"
        yield from (f"<li>{text(one)}" for one in texts)
        yield "</ul>"


format = Format("html", render)
