"""`triage`: a decision about a finding becomes a statement of VEX, in a file and at the image."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any, cast

from msgspec import json

from pratique.attesting.predicates import TYPES, decoded, now_text
from pratique.cli.asking import asked_for
from pratique.cli.attest import Seal, attest, images_of, same_image, sealing, told
from pratique.cli.parser import Asked
from pratique.cli.time_limit import time_limit
from pratique.cli.writing import write_file
from pratique.errors import PratiqueError, UsageError
from pratique.model.report import Report
from pratique.model.vex import VexStatus
from pratique.saved import read_report
from pratique.triage import csaf, openvex
from pratique.triage.decision import STATUSES, Decision, Subject, check, subject

_LANGUAGES = {"openvex": openvex, "csaf": csaf}


def run(asked: Asked) -> int:
    """Write the decision; ask for what is not given where somebody is there to answer."""
    words = asked.words
    if words["attach"] and words["written_as"] != "openvex":
        raise UsageError("--attach attests OpenVEX, not CSAF")
    # what may be wrong is told before there are questions, and before anything is written
    seal = sealing(words["key"], words["identity_token"]) if words["attach"] else None
    reports = read_report(asked.target)
    path, language = words["document"], _LANGUAGES[words["written_as"]]
    before = _document(path)
    author = words["author"] or (language.author_of(before) if before else "") or _user()
    if not (words["id"] and words["status"]):
        if not sys.stdin.isatty():
            raise UsageError("name the flaw by --id, and what is decided by --status")
        words = words | asked_for(reports, words)
    decision = _decision(words, author)
    about = subject(reports, words["id"], words["package"], every_build=words["every_build"])
    after = language.added(before, about, decision, path)
    if after is not None:
        write_file(json.format(json.encode(after), indent=2).decode() + "\n", path)
    if path and not asked.settings.quiet:
        print("\n".join(_told(path, about, decision, is_new=after is not None)))
    if seal:
        _attach(asked, seal, reports, after or before or {})
    return 0


def _decision(words: dict[str, Any], author: str) -> Decision:
    if words["status"] not in STATUSES:
        raise UsageError(f"--status: {words['status']!r} is none of {', '.join(STATUSES)}")
    decision = Decision(
        status=cast("VexStatus", words["status"]), author=author, moment=now_text(),
        justification=words["justification"], impact=words["impact"], action=words["action"],
    )  # fmt: skip
    check(decision)
    return decision


def _user() -> str:
    """Return who git says that we are; raise UsageError where it does not."""
    said = []
    for name in ("user.name", "user.email"):
        try:
            done = subprocess.run(["git", "config", name], capture_output=True, check=True)
        except (OSError, subprocess.CalledProcessError):
            continue
        said.append(done.stdout.decode("utf-8", "replace").strip())
    if not said:
        raise UsageError("a decision is somebody's: --author NAME")
    return f"{said[0]} <{said[1]}>" if len(said) > 1 else said[0]


def _document(path: str) -> dict[str, Any] | None:
    """Return the document that a decision is added to, None where there is none yet."""
    if not path or not os.path.exists(path) or not os.path.getsize(path):
        return None
    try:
        with open(path, "rb") as file:
            return decoded(file.read(), path)
    except OSError as error:
        raise PratiqueError(f"{path}: cannot be read: {error.strerror}") from error


def _told(path: str, about: Subject, decision: Decision, *, is_new: bool) -> list[str]:
    parts = [part for name, parts in about.products for part in (parts or (name,))]
    head = f"{path}: {about.id} is {decision.status} by {decision.author}"
    return [head if is_new else f"{head} already", *(f"  {part}" for part in parts)]


def _attach(asked: Asked, seal: Seal, reports: list[Report], document: dict[str, Any]) -> None:
    """Attest the whole document of an image, beside what others attest."""
    name = asked.words["attach"]
    with time_limit(asked.settings.timeout):
        images = images_of(name, asked.settings)
        same_image(reports, images, asked.target)
        data = json.encode(document)
        digest, attached = attest(images, asked.settings, seal, TYPES["openvex"], data)
    if not asked.settings.quiet:
        lines = [f"{name}: openvex attested of {digest}", *told(attached)]
        print("\n".join(lines), file=sys.stdout if asked.words["document"] else sys.stderr)
