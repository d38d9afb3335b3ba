"""Get what a report is to be held against: a saved report, an image, or a commit of a project."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from msgspec.structs import replace

from pratique.baseline import held_against
from pratique.cli.parser import Asked
from pratique.codecs.reference import parse
from pratique.errors import MalformedError, UsageError
from pratique.model.event import Observe
from pratique.model.ignore_rule import Rule
from pratique.model.report import Report
from pratique.model.settings import Settings
from pratique.saved import read_report
from pratique.scanning import scan, scan_directory

_ATTESTATION = "attestation"


def against_baseline(
    reports: Sequence[Report], asked: Asked, settings: Settings, observe: Observe,
    rules: Sequence[Rule],
) -> list[Report]:  # fmt: skip
    """Return the reports, each held against the baseline of its platform.

    Raises UsageError where the baseline is nothing of the kind.
    """
    if settings.baseline == _ATTESTATION:
        return [_against_attested(report, settings) for report in reports]
    before = _reports(asked, settings, observe, rules)
    return [replace(one, baseline=held_against(one, _same(one, before))) for one in reports]


def _against_attested(report: Report, settings: Settings) -> Report:
    """Return a report held against what was last attested of its own image.

    Raises UsageError for an image of no registry, NotFound where nothing that counts is attested.
    """
    from pratique.cli.attested import report_of  # noqa: PLC0415 - of few

    if report.image is None:
        raise UsageError(f"--baseline {_ATTESTATION}: {report.name} is no image")
    before, problems = report_of(report.image, settings)
    report = replace(report, problems=(*report.problems, *problems))
    return replace(report, baseline=held_against(report, before))


def _same(report: Report, before: Sequence[Report]) -> Report:
    platform = report.image.platform if report.image else ""
    same = (b for b in before if b.image and b.image.platform == platform)
    return next(same, before[0])


def _reports(
    asked: Asked, settings: Settings, observe: Observe, rules: Sequence[Rule]
) -> list[Report]:
    named = settings.baseline
    plain = replace(settings, baseline="", output=())
    if os.path.isfile(named) and _is_json(named):
        return read_report(named)
    if asked.command.name == "image":
        is_local = os.path.exists(named)
        # a configuration file may name it: credentials are for the image's own registry
        home = parse(asked.target).registry if asked.target else None
        chosen = replace(plain, input=named if is_local else "", credentials_for=home)
        return scan("" if is_local else named, chosen, observe, rules)
    if os.path.isdir(asked.target):
        with _checked_out(asked.target, named) as folder:
            locked = asked.command.name != "rootfs"
            found = scan_directory(folder, plain, observe, rules, locked=locked)
            return [replace(found, name=named)]
    raise UsageError(f"--baseline {named}: no report, and there is no directory to compare")


def _is_json(path: str) -> bool:
    with open(path, "rb") as file:
        return file.read(64).lstrip().startswith(b"{")


@contextmanager
def _checked_out(folder: str, commit: str) -> Iterator[str]:
    """Give a folder with the content that a commit has for a folder of its repository."""
    import tarfile  # noqa: PLC0415 - 20 ms

    top = _git(folder, "rev-parse", "--show-toplevel").decode().rstrip("\n")
    prefix = _git(folder, "rev-parse", "--show-prefix").decode().strip()
    name = _git(folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{commit}^{{}}")
    tree = f"{name.decode().strip()}:{prefix}"
    place = tempfile.mkdtemp(prefix="pratique-")
    archive = os.path.join(place, "tree.tar")
    inside = os.path.join(place, "tree")
    try:
        _git(top, "archive", "--format=tar", "-o", archive, tree)
        with tarfile.open(archive) as tar:
            tar.extractall(inside, filter="data")
        yield inside
    except tarfile.TarError as error:
        raise MalformedError(f"git archive gave what is no tar: {error}", commit) from error
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _git(folder: str, *words: str) -> bytes:
    try:
        return subprocess.run(
            ["git", "-C", folder, *words], check=True, capture_output=True
        ).stdout  # fmt: skip
    except FileNotFoundError:
        raise UsageError("--baseline with a commit needs git") from None
    except subprocess.CalledProcessError as error:
        said = " ".join(error.stderr.decode("utf-8", "replace").split())
        reason = said or "no such commit, and no report of that name"
        raise UsageError(f"--baseline: git {words[0]}: {reason}") from error
