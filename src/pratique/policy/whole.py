"""Gates on an image or a project as a whole: base, age, user, size, what was not checked."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any

from pratique.codecs.moments import days_between
from pratique.model.image import Image
from pratique.model.policy import Breach, ReportGate
from pratique.model.report import Report
from pratique.policy.expressions import expression
from pratique.policy.findings import action_of

_BASE_DIGEST = "org.opencontainers.image.base.digest"
_Said = tuple[str, str]
"""What is wrong, and what would satisfy the gate."""


def breaches_of_whole(gate: ReportGate, report: Report) -> Iterator[Breach]:
    """Yield one breach for each thing that the gate states and that does not hold."""
    action, reason = action_of(gate, report)
    said = [*_unread(gate, report)]
    if report.image is not None:
        said += _of_image(gate, report, report.image)
    if gate.when and expression(gate.when, gate.name, report)(None):
        said.append((f"{gate.when} is true", "make it false"))
    for what, advice in said:
        yield Breach(gate.name, action, what, advice, reason=reason)


def _unread(gate: ReportGate, report: Report) -> Iterator[_Said]:
    count = len(report.problems) + len(report.missing)
    if gate.unchecked is not None and count > gate.unchecked:
        yield f"{count} things were not read or judged, {gate.unchecked} allowed", "see the report"
    if missing := [name for name in gate.scanners if name not in report.scanners]:
        yield f"not looked for: {', '.join(missing)}", f"--scanners {','.join(gate.scanners)}"
    if gate.end_of_life is False:
        yield from _ended(report)
    if gate.database_age is not None:
        for shard in report.shards:
            hours = days_between(shard.built, report.created) * 24
            if hours > gate.database_age:
                what = f"advisories for {shard.name} are {hours:.0f} hours old"
                yield f"{what}, {gate.database_age:g} allowed", "pratique db update"
                return


def _ended(report: Report) -> Iterator[_Said]:
    if report.lifecycle.ended:
        distro = report.inventory.distro
        name = (distro.name or distro.id) if distro else "the distribution"
        yield f"{name} gets no fixes since {report.lifecycle.date}", "build on a newer release"
    for one in report.runtimes:
        if one.ended:
            yield f"{one.name} {one.version} gets no fixes since {one.date}", f"a newer {one.name}"


def _of_image(gate: ReportGate, report: Report, image: Image) -> Iterator[_Said]:
    if gate.base and not any(fnmatchcase(report.base.name, glob) for glob in gate.base):
        name = report.base.name or "not known"
        yield f"its base image is {name}", f"build on one of {', '.join(gate.base)}"
    if gate.base_pinned and not _is_pinned(report, image):
        what = "nothing tells that its base image is pinned by its digest"
        yield what, "FROM image@sha256:…, and --dockerfile or the label of the base's digest"
    if gate.size is not None and image.size > gate.size:
        yield f"{image.size / 1e6:.0f} MB, {gate.size / 1e6:.0f} allowed", "take out what is unused"
    if gate.user == "non-root" and (user := _root(image.config)):
        yield f"its processes run as {user}", "USER with another name or number"
    yield from _aged(gate, report, image)


def _is_pinned(report: Report, image: Image) -> bool:
    """Tell whether the Dockerfile's FROM or a label of the image names the base by its digest."""
    opening = (origin for origin in report.origins.values() if origin.instruction == "FROM")
    inner = image.config.get("config")
    labels = (inner.get("Labels") if isinstance(inner, dict) else None) or {}
    return bool(labels.get(_BASE_DIGEST)) or any("@sha256:" in line for one in opening for line in
                                                 one.lines)  # fmt: skip


def _root(config: dict[str, Any]) -> str:
    """Return who root is called, empty where the user is another."""
    inner = config.get("config")
    user = str(inner.get("User") or "") if isinstance(inner, dict) else ""
    name = user.partition(":")[0].strip()
    return f"root ({'USER is ' + user if name else 'no USER'})" * (name in ("", "root", "0"))


def _aged(gate: ReportGate, report: Report, image: Image) -> Iterator[_Said]:
    limits = (
        ("the image", gate.age, str(image.config.get("created") or "")),
        ("its base image", gate.base_age, _base_created(report, image)),
    )
    for what, limit, created in limits:
        if limit is None:
            continue
        try:
            days = days_between(created, report.created)
        except ValueError:
            yield f"it is not known how old {what} is", "build it with its creation date"
            continue
        if days > limit:
            yield f"{what} is {days:.0f} days old, {limit:g} allowed", "rebuild it, with --pull"


def _base_created(report: Report, image: Image) -> str:
    """Return when the last layer of the base was made, by the image's history."""
    history = image.config.get("history")
    steps = history if isinstance(history, list) else []
    made = [
        step.get("created", "") for step in steps
        if isinstance(step, dict) and not step.get("empty_layer")
    ]  # fmt: skip
    last = report.base.layers - 1
    return str(made[last]) if 0 <= last < len(made) else ""
