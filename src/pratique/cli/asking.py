"""Ask at the terminal what is decided, and why."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Any

from pratique.codecs.plaintext import printable
from pratique.entries import by_urgency
from pratique.errors import UsageError
from pratique.model.report import Report
from pratique.triage.decision import JUSTIFICATIONS

_SHOWN = 10
_MEANINGS = {
    "not_affected": "it does no harm here", "affected": "it does, and something is to be done",
    "fixed": "it is gone, whatever the version says", "under_investigation": "not known yet",
}  # fmt: skip


def asked_for(reports: Sequence[Report], given: Mapping[str, Any]) -> dict[str, str]:
    """Return the answers to what was not given; questions go to stderr.

    Raises UsageError where the answers end.
    """
    answers: dict[str, str] = {}
    id = str(given["id"])
    if not id:
        _show(reports)
        answers["id"] = id = _answer("Which flaw (its id)?")
        answers["package"] = str(given["package"]) or _answer("In which package (all)?", "")
    status = str(given["status"]) or _chosen(f"What about {id}?", _MEANINGS)
    answers["status"] = status
    if status == "not_affected" and not (given["justification"] or given["impact"]):
        answers["justification"] = _chosen("Why?", JUSTIFICATIONS)
        answers["impact"] = _answer("In words (nothing more to say)?", "")
    if status == "affected" and not given["action"]:
        answers["action"] = _answer("What is to be done?")
    return answers


def _show(reports: Sequence[Report]) -> None:
    """List the most urgent findings."""
    entries = [e for report in reports for e in by_urgency(report) if e.kind == "vulnerability"]
    for entry in entries[:_SHOWN]:
        line = f"  {entry.id:16} {entry.severity:9} {entry.package} {entry.version}"
        print(printable(line), file=sys.stderr)
    if (more := len(entries) - _SHOWN) > 0:
        print(f"  and {more} more", file=sys.stderr)


def _chosen(question: str, choices: Mapping[str, str]) -> str:
    """Return the word that is chosen by its number, or by itself."""
    words = list(choices)
    for number, word in enumerate(words, 1):
        print(f"  {number}  {word:50} {choices[word]}", file=sys.stderr)
    while True:
        said = _answer(question)
        if said in words:
            return said
        if said.isdigit() and 1 <= int(said) <= len(words):
            return words[int(said) - 1]
        print(f"  a number from 1 to {len(words)}", file=sys.stderr)


def _answer(question: str, default: str | None = None) -> str:
    """Return a line of the terminal; an empty one is the default, or asked for again."""
    while True:
        print(question, end=" ", file=sys.stderr, flush=True)
        line = sys.stdin.readline()
        if not line:
            raise UsageError("the answers ended")
        if line.strip() or default is not None:
            return line.strip() or default or ""
