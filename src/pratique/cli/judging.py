"""What is made of a report before it is written: VEX, the baseline's view, the policy's verdict."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from pratique.cli.parser import Asked
from pratique.codecs.plaintext import printable
from pratique.config import FILE
from pratique.errors import NotFound, PratiqueError, UsageError
from pratique.model.inventory import Problem
from pratique.model.policy import Breach, Policy, Verdict
from pratique.model.report import Report
from pratique.model.settings import Settings
from pratique.model.vex import Statement
from pratique.selection import selected

_MOST_CHANGES = 5
_INDEX = "index.json"
_OCI = "oci"
"""Among `--vex`: what is attested of the image."""


def judged(reports: Sequence[Report], asked: Asked) -> list[Report]:
    """Return the reports as statements, settings and policy see them.

    Raises NotFound and MalformedError for a VEX document, UsageError for a policy that is none.
    """
    chosen = asked.settings
    policies = policies_of(asked)
    statements = statements_of([name for name in chosen.vex if name != _OCI])
    if chosen.dockerfile:
        reports = [attributed(report, chosen.dockerfile) for report in reports]
    return [_judged(report, chosen, policies, statements) for report in reports]


def _judged(
    report: Report, chosen: Settings, policies: Sequence[Policy], statements: Sequence[Statement]
) -> Report:
    if _OCI in chosen.vex:
        from pratique.cli.attested import vex_of  # noqa: PLC0415 - of few

        attached, problems = vex_of(report, chosen)
        statements = (*statements, *attached)
        report = replace(report, problems=(*report.problems, *problems))
    if statements:
        from pratique.vex import apply  # noqa: PLC0415 - of few

        report = apply(report, statements).report
    report = selected(report, chosen)
    if policies:
        from pratique.policy import verdict  # noqa: PLC0415 - of those who have one

        report = replace(report, verdicts=tuple(verdict(report, policy) for policy in policies))
    return report


def attributed(report: Report, path: str) -> Report:
    """Return a report that knows which line of a Dockerfile made each layer.

    Raises NotFound, and MalformedError for what is no Dockerfile. That nothing of it is in the
    image's history is a problem of the report.
    """
    from pratique.attribution import origins  # noqa: PLC0415 - of few

    if report.image is None:
        return report
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            found = origins(report.image, file.read(), path)
    except OSError as error:
        raise NotFound(f"{path}: cannot be read: {error.strerror}") from error
    if not found:
        told = Problem("no step of the image's history is of this Dockerfile", path)
        return replace(report, problems=(*report.problems, told))
    return replace(report, origins=found)


def policies_of(asked: Asked) -> list[Policy]:
    """Return what a report is held to: `--gates`, else the configuration's; and `--fail-on`."""
    chosen = asked.settings
    found = [policy_named(name, chosen.environment) for name in chosen.gates]
    config = asked.words.get("config") or FILE
    if not found and os.path.exists(config):
        text = _text(config)
        if any(line.startswith(("policy:", '"policy"')) for line in text.splitlines()):
            from pratique.policy.reading import read_policy  # noqa: PLC0415 - of few

            found.append(read_policy(text, config, chosen.environment))
    if chosen.fail_on:
        from pratique.policy.reading import fail_on  # noqa: PLC0415 - of few

        found.append(fail_on(chosen.fail_on))
    if chosen.require_justification and not any("reason" in one.required for one in found):
        from pratique.policy.exceptions import OPTION  # noqa: PLC0415 - of few

        found.append(Policy(OPTION, (), required=("reason",)))
    if chosen.environment and not any(policy.environment for policy in found):
        raise UsageError(f"--environment {chosen.environment}: there is no policy that has one")
    return found


def policy_named(name: str, environment: str = "") -> Policy:
    """Return a ready policy, or that of a file; raise UsageError where there is neither."""
    from pratique.policy.reading import read_policy, ready  # noqa: PLC0415 - of few
    from pratique.policy.ready import READY  # noqa: PLC0415

    if name in READY and not os.path.exists(name):
        return ready(name)
    return read_policy(_text(name), name, environment)


def _text(path: str) -> str:
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except FileNotFoundError:
        from pratique.policy.ready import READY  # noqa: PLC0415

        known = ", ".join(READY)
        raise UsageError(f"{path}: no such policy: a file, or one of {known}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: cannot be read: {error}") from error


def statements_of(paths: Sequence[str]) -> list[Statement]:
    """Return the statements of VEX documents; a folder is a VEX repository, or holds documents."""
    if not paths:
        return []
    from pratique.codecs.vex import read  # noqa: PLC0415 - of few

    return [
        statement for path in paths for file in _documents(path)
        for statement in read(_bytes(file), file)
    ]  # fmt: skip


def _documents(path: str) -> Iterator[str]:
    """Yield the documents of a path, those of a repository by its index (VEX Hub's layout)."""
    if not os.path.isdir(path):
        yield path
        return
    index = os.path.join(path, _INDEX)
    if not os.path.exists(index):
        found = sorted(
            os.path.join(folder, name)
            for folder, _, names in os.walk(path) for name in names if name.endswith(".json")
        )  # fmt: skip
        if not found:
            raise NotFound(f"{path}: no VEX document is there")
        yield from found
        return
    from pratique.codecs.vex import repository  # noqa: PLC0415

    for location in repository(_bytes(index), index):
        document = os.path.join(path, location)
        if os.path.exists(document):
            yield document
        else:
            print(f"pratique: {index}: {location} is not there", file=sys.stderr)


def _bytes(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read()
    except FileNotFoundError:
        raise NotFound(f"{path}: no such VEX document") from None
    except OSError as error:
        raise PratiqueError(f"{path}: cannot be read: {error.strerror}") from error


def say_verdicts(reports: Sequence[Report]) -> None:
    """Say on stderr what the policies decide, on what, and what would satisfy them."""
    for report in reports:
        for one in report.verdicts:
            for line in lines_of(report, one):
                print(line, file=sys.stderr)


def lines_of(report: Report, one: Verdict) -> Iterator[str]:
    """Yield the verdict in words: the gates that are broken, each with the way out."""
    where = f" for {one.environment}" if one.environment else ""
    denied = sum(breach.action == "deny" for breach in one.breaches)
    warned = len(one.breaches) - denied
    said = f"{denied} of {one.gates} gates deny" if denied else "passed"
    warns = f", {warned} warn{'s' * (warned == 1)}" if warned else ""
    word = "FAILED" if denied else "OK"
    where += f", for what is new since {report.baseline.name}" if report.baseline else ""
    yield printable(f"pratique: {word}: {report.name}: policy {one.policy}{where}: {said}{warns}")
    for breach in one.breaches:
        yield from _breach(breach)


def _breach(breach: Breach) -> Iterator[str]:
    why = f" ({breach.reason})" if breach.reason else ""
    yield f"  {breach.action}: {printable(f'{breach.gate}{why}: {breach.what}')}"
    for change in breach.changes[:_MOST_CHANGES]:
        first = change.upgrades[0]
        if change.is_system:
            names = ", ".join(f"{upgrade.name} {upgrade.to}" for upgrade in change.upgrades[:5])
            more = f" and {len(change.upgrades) - 5} more" if len(change.upgrades) > 5 else ""
            what = f"upgrade the distribution's {names}{more}"
        else:
            what = f"upgrade {first.name} {first.installed[0]} to {first.to}"
        yield f"    to pass: {printable(what)} (removes {len(change.removes)})"
    if (left := len(breach.changes) - _MOST_CHANGES) > 0:
        yield f"    and {left} more upgrades"
    if breach.advice:
        yield f"    to pass: {printable(breach.advice)}"
