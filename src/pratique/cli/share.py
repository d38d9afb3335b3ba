"""`db push`, `db pull`, `db export` and `db import`: the advisory database, shared."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing

from pratique.advised import database_folder
from pratique.advisories.shard import shards_in
from pratique.advisories.share import artifact
from pratique.advisories.share.archive import export, import_
from pratique.advisories.share.pull import listed, pull
from pratique.advisories.share.push import push
from pratique.advisories.share.repository import REMOTE, open_repository
from pratique.advisories.update import Outcome
from pratique.artifacts.remote import Remote
from pratique.cli.parser import Asked
from pratique.cli.progress import watch
from pratique.cli.time_limit import time_limit
from pratique.errors import UsageError
from pratique.model.event import Observe

_FAILED = 5


def run(asked: Asked) -> int:
    """Do one of them; return the exit status."""
    if not asked.target:
        where = "a place, oci://…" if asked.words["action"] in ("push", "pull") else "a file"
        raise UsageError(f"db {asked.words['action']} needs {where}")
    folder = database_folder(asked.settings)
    with time_limit(asked.settings.timeout), watch(asked.settings) as observe:
        lines, status = _DOES[asked.words["action"]](asked, folder, observe)
    if not asked.settings.quiet:
        print("\n".join(lines))
    return status


def _push(asked: Asked, folder: str, observe: Observe) -> tuple[list[str], int]:
    if not asked.target.startswith(REMOTE):
        raise UsageError(f"{asked.target!r} is no place to push to", "oci://registry/name:tag")
    shards = _present(asked, folder)
    with closing(Remote(asked.target, asked.settings)) as remote:
        pushed = push(remote, folder, shards, observe, force=asked.words["force"])
        lines = [f"{shard:24} sent" for shard in pushed.sent]
        if key := asked.words["sign_key"]:
            from pratique.advisories.share.signature import attach  # noqa: PLC0415 - an extra

            is_new = attach(remote, pushed.digest, key)
            lines.append(f"{'signature':24} {'sent' if is_new else 'there already'}")
    there = f"{len(pushed.sent)} of {len(shards)} shards sent"
    what = there if pushed.changed else f"unchanged, {len(shards)} shards"
    return [*lines, f"{asked.target}@{pushed.digest}: {what}"], 0


def _pull(asked: Asked, folder: str, observe: Observe) -> tuple[list[str], int]:
    named: Sequence[str] = asked.words["ecosystem"]
    present = shards_in(folder)
    if not (present or named or asked.words["all"]):
        raise UsageError("no shard is here yet", "name some by --ecosystem, or take --all")
    with closing(open_repository(asked.target, asked.settings)) as repository:
        entries = listed(repository, asked.settings.verify_key)
        there = [entry.shard for entry in entries]
        wanted = {*present, *artifact.selected(there, [*named, "KEV"])}
        chosen = [entry for entry in entries if asked.words["all"] or entry.shard in wanted]
        force = asked.words["force"]
        outcomes = pull(repository, chosen, folder, force=force, observe=observe)
    absent = [name for name in named if not artifact.selected(there, [name])]
    outcomes += [Outcome(name, error=f"{asked.target} does not have it") for name in absent]
    return [_line(outcome) for outcome in outcomes], _status(outcomes)


def _export(asked: Asked, folder: str, _observe: Observe) -> tuple[list[str], int]:
    shards = _present(asked, folder)
    size = export(folder, shards, asked.target, asked.words["sign_key"] or "")
    return [f"{asked.target}: {len(shards)} shards, {size / 1e6:.1f} MB"], 0


def _import(asked: Asked, folder: str, observe: Observe) -> tuple[list[str], int]:
    done = import_(
        asked.target, folder, asked.words["ecosystem"], force=asked.words["force"],
        verify_key=asked.settings.verify_key, observe=observe,
    )  # fmt: skip
    lines = [_line(outcome) for outcome in done.outcomes]
    if done.unused:
        lines.append(f"{asked.target}: {done.unused} blobs are of no shard and were passed over")
    return lines, _status(done.outcomes)


_DOES = {"push": _push, "pull": _pull, "export": _export, "import": _import}


def _present(asked: Asked, folder: str) -> list[str]:
    """Return the shards that are here, or those of them that are named."""
    present = shards_in(folder)
    if not (named := asked.words["ecosystem"]):
        if not present:
            raise UsageError(f"{folder}: no shard is here", "pratique db update fetches some")
        return present
    for name in named:
        if not artifact.selected(present, [name]):
            hint = f"`pratique db update --ecosystem {name}` fetches it"
            raise UsageError(f"no shard of {name} is here", hint)
    return artifact.selected(present, named)


def _status(outcomes: Sequence[Outcome]) -> int:
    return _FAILED if any(outcome.error for outcome in outcomes) else 0


def _line(outcome: Outcome) -> str:
    if outcome.error:
        return f"{outcome.shard:24} not taken: {outcome.error}"
    if outcome.changed:
        return f"{outcome.shard:24} {outcome.records:,} records"
    return f"{outcome.shard:24} {'; '.join(outcome.notes) or 'unchanged'}"
