"""Change a project's manifests so that flaws are gone, in a copy, and prove it by a rescan.

Rounds of changes are made until a scan of the copy has nothing left that can be mended: what a
first round brings along (a parent that needs a newer child) is then not touched by the next.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import chain

from msgspec.structs import replace

from pratique.comparison import Comparison, compare
from pratique.errors import LyingError, MalformedError, PratiqueError
from pratique.model.inventory import SYSTEM_TYPES, Package
from pratique.model.remedy import Bump, Remedy
from pratique.model.report import Report
from pratique.model.upgrade import Level, Upgrade
from pratique.outcome import Key, Outcome, gone, idle, key_of, steps_of
from pratique.parents import around, candidates, direct_of, keepers, raises
from pratique.plugins import load
from pratique.suitable import lesser_versions, suitable
from pratique.upgrades import level, levels_to, risk, upgrades, within
from pratique.workspace import Altered, Workspace

Rescan = Callable[[str], Report]
_Tried = dict[Key, Bump]
"""The last change of each that was tried."""
_MOST_ROUNDS = 8
_MOST_RETREATS = 6
_MOST_PASSES = 2
_MOST_LESSER = 3
_GRAVE = ("HIGH", "CRITICAL")
"""Severities that no change may bring."""


# what a lock file or an index calls so ends up in commands, and in manifests that are programs
_NAME = re.compile(r"[A-Za-z0-9@_][A-Za-z0-9._@/:+~-]*")
_VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+!~:-]*")


class Remedying:
    """One attempt to mend a project."""

    def __init__(
        self, work: Workspace, before: Report, rescan: Rescan, up_to: Level,
        only: Container[Key] | None = None, without: Iterable[str] = (),
        ways: Sequence[Remedy] = (),
    ) -> None:  # fmt: skip
        """`only` is what may be changed, by path and name; all of it without. `without` are the
        names of packages that nothing is asked for; `ways` are those to change manifests, all that
        are known if none are given.
        """
        self._work = work
        self._only = only
        self._without = {name.casefold() for name in without}
        self._before = self._report = before
        self._rescan = rescan
        self._allowed = levels_to(up_to)
        self._ways = ways or _remedies()
        self._parts = {a: part for part in self._ways for a in part.analyzers}
        self._refused: dict[Key, str] = {
            key_of(f): "is left out" for f in before.findings if self._stays(f.package.name)
        }
        self._taken_back: set[Key] = set()
        self._raised_for: set[Key] = set()
        self._unchecked: set[Key] = set()
        self._remarks: dict[str, None] = {}
        self._lies: dict[str, None] = {}
        self._known: dict[tuple[str, Key], Sequence[str]] = {}

    def outcome(self) -> Outcome:
        """Return what can be mended; raises what a scan raises."""
        for _ in range(_MOST_RETREATS):
            done, after = self._rounds()
            compared = compare(self._before, after)
            guilty = self._guilty(compared, done)
            if not guilty:
                break
            self._refused |= guilty
            self._taken_back |= set(guilty)
            self._work.reset(self._altered())
        else:
            self._work.reset(self._altered())
            self._remarks["every way that was tried brings graver findings: nothing changed"] = None
            done, compared = {}, compare(self._before, self._before)
        return self._told(*self._needed(compared, done))

    def _needed(
        self, compared: Comparison, done: dict[Key, Bump]
    ) -> tuple[Comparison, dict[Key, Bump]]:
        """Make the plan once more without the changes that removed nothing, if as much goes."""
        if not (vain := idle(compared, done)):
            return compared, done
        made = self._altered()
        self._taken_back |= {bump.key for bump in vain}
        self._work.reset(made)
        less, after = self._rounds()
        again = compare(self._before, after)
        if not self._guilty(again, less) and len(again.after.findings) <= len(
            compared.after.findings
        ):
            return again, less
        self._work.reset(self._altered())
        self._work.put(made)
        self._remarks |= {f"{bump.path}: {bump.name} is {bump.to} now for the sake of others": None
                          for bump in vain}  # fmt: skip
        return compared, done

    def _altered(self) -> list[Altered]:
        return self._work.altered([glob for part in self._ways for glob in part.files])

    def _rounds(self) -> tuple[dict[Key, Bump], Report]:
        done: dict[Key, Bump] = {}
        tried: _Tried = {}
        report = self._report = self._before
        self._raised_for.clear()
        for _ in range(_MOST_ROUNDS):
            bumps = self._bumps(report, tried)
            if not bumps:
                break
            for path in dict.fromkeys(bump.path for bump in bumps):
                own = [bump for bump in bumps if bump.path == path]
                raised = self._raised_first(path, own)
                held = {b.key for b in own if raised and (b.key in raised or self._overrides(b))}
                waiting = [bump for bump in own if bump.key not in held]
                for key in held:  # it is its parent's now
                    done.pop(key, None)
                for bump in (*chain(*raised.values()), *self._applied(path, waiting)):
                    if self._acts(bump):
                        earlier = done.pop(bump.key, bump)
                        done[bump.key] = replace(bump, brings=earlier.brings or bump.brings)
                tried.update((bump.key, bump) for bump in waiting)
            report = self._report = self._rescan(self._work.path)
        return done, report

    def _acts(self, bump: Bump) -> bool:
        """Tell whether a change is made for a package itself; at first its parents' may do."""
        return bump.direct or bump.attempt > 0 or self._parts[bump.analyzer].attempts == 1

    def _overrides(self, bump: Bump) -> bool:
        """Tell whether a change is the last resort: what a raised parent brings may spare it."""
        return not bump.direct and 0 < bump.attempt == self._parts[bump.analyzer].attempts - 1

    def _applied(self, path: str, bumps: Sequence[Bump]) -> list[Bump]:
        """Make changes to one manifest: all together, or else each that can be made.

        One may need another that comes later, so that those that fail are tried once more.
        """
        if not bumps or not self._reason(path, bumps):
            return list(bumps)
        done: list[Bump] = []
        waiting = list(bumps)
        for _ in range(_MOST_PASSES if len(bumps) > 1 else 1):
            made = [bump for bump in waiting if not self._reason(path, [bump])]
            done += made
            waiting = [bump for bump in waiting if bump not in made]
            if not made or not waiting:
                break
        return done + [one for bump in waiting for one in self._otherwise(path, bump)]

    def _otherwise(self, path: str, bump: Bump) -> tuple[Bump, ...]:
        """Make a change that cannot be made alone with what it needs, or else a smaller one.

        Note why it cannot be made as it is.
        """
        reason = self._reason(path, [bump])
        if not reason:
            return (bump,)
        if bump.attempt + 1 < self._parts[bump.analyzer].attempts:
            return ()
        for to in (bump.to, *bump.lesser[:_MOST_LESSER]):
            one = replace(bump, to=to, level=level(bump.installed[0], to))
            if to != bump.to and not self._reason(path, [one]):
                self._refused[bump.key] = f"{bump.to}: {reason}"
                return (one,)
            if brought := self._brought(path, one, reason, self._allowed):
                return brought
        self._refused[bump.key] = f"{bump.to}: {reason}"
        return ()

    def _raised_first(self, path: str, bumps: Sequence[Bump]) -> dict[Key, tuple[Bump, ...]]:
        """Raise parents by a patch or minor release, once, before their children are overridden."""
        found = {}
        for bump in bumps:
            part = self._parts[bump.analyzer]
            if not (part.raised and self._overrides(bump)) or bump.key in self._raised_for:
                continue
            self._raised_for.add(bump.key)
            softly = replace(bump, attempt=bump.attempt - 1)
            if brought := self._brought(path, softly, "", self._allowed[:2]):
                found[bump.key] = brought
        return found

    def _brought(
        self, path: str, bump: Bump, reason: str, allowed: Sequence[Level]
    ) -> tuple[Bump, ...]:
        """Raise the direct packages that keep another where it is, as little as will do."""
        packages = self._report.inventory.packages
        direct = direct_of(packages, path)
        names = [name for name in keepers(packages, bump, reason)
                 if (path, name) not in self._taken_back and not self._stays(name)]  # fmt: skip
        for to in self._raised(path, bump, direct, names) if names else ():
            parents = raises(bump, to, direct)
            if not all(one.level in allowed for one in parents):
                continue
            if parents and not self._reason(path, [*parents, bump]):
                return (*parents, bump) if bump.direct else parents
        return ()

    def _raised(
        self, path: str, bump: Bump, direct: Mapping[str, Package], names: Sequence[str]
    ) -> Iterable[Mapping[str, str]]:
        part = self._parts[bump.analyzer]
        if part.raised:
            versions = {name: package.version for name, package in direct.items()}
            try:
                return (part.raised(self._work, path, bump, versions, names),)
            except PratiqueError as error:
                self._remarks[f"what needs {bump.name}: {error.message}"] = None
                return ()

        def there(name: str) -> Sequence[str]:
            key = (part.name, (path, name))
            if key not in self._known:
                self._known[key] = self._versions((part, replace(bump, name=name)))
            return self._known[key]

        return candidates(names, direct, self._allowed, there)

    def _reason(self, path: str, bumps: Sequence[Bump]) -> str:
        """Apply; return why that cannot be, with everything as it was before."""
        earlier = self._altered()
        try:
            remarks = list(self._parts[bumps[0].analyzer].apply(self._work, path, bumps))
        except PratiqueError as error:
            self._work.reset(self._altered())
            self._work.put(earlier)
            if isinstance(error, LyingError):
                self._lies[error.message] = None
            return error.reason if isinstance(error, MalformedError) else error.message
        self._remarks |= dict.fromkeys(f"{path}: {remark}" for remark in remarks)
        return ""

    def _bumps(self, report: Report, tried: _Tried) -> list[Bump]:
        """Return what is still to be changed, what removes the greatest risk first."""
        wanted = [
            (part, bump)
            for upgrade in upgrades(self._within(report))
            for part, bump in self._of(upgrade, tried)
        ]
        self._ask(wanted)
        chosen = (self._existing(part, bump) for part, bump in wanted)
        return sorted((b for b in chosen if b), key=lambda bump: (-bump.risk, bump.name))

    def _within(self, report: Report) -> Report:
        """Leave out fixed versions that are further away than is allowed."""
        return replace(report, findings=tuple(
            within(f, self._allowed)
            for f in report.findings
            if f.package.type not in SYSTEM_TYPES and not self._stays(f.package.name)
            and (self._only is None or key_of(f) in self._only)
        ))  # fmt: skip

    def _of(self, upgrade: Upgrade, tried: _Tried) -> Iterator[tuple[Remedy, Bump]]:
        """Yield an upgrade for each manifest that has the package."""
        for path in dict.fromkeys(f.package.path for f in upgrade.removes):
            own = [f for f in upgrade.removes if f.package.path == path]
            package = own[0].package
            part, key = self._parts.get(package.analyzer), (path, package.name)
            if part is None:
                self._refused.setdefault(key, f"no way is known here to change {path}")
                continue
            if not (_NAME.fullmatch(package.name) and _are_plain(*upgrade.installed)):
                self._refused.setdefault(key, "its name or version is none that a tool is given")
                continue
            last = tried.get(key)
            # what moved and is flawed still may go on in the same way
            stuck = last is not None and last.installed == upgrade.installed
            attempt = last.attempt + stuck if last else 0
            if attempt >= part.attempts:
                self._refused.setdefault(key, "the resolver keeps it where it is")
            if attempt >= part.attempts or key in self._taken_back:
                continue
            yield part, Bump(
                package.name, package.type, path, package.analyzer, upgrade.installed, upgrade.to,
                upgrade.level, risk(own), package.relation != "indirect", attempt,
                lesser_versions(own, upgrade.to, self._before.inventory.distro),
                (), *around(self._report.inventory.packages, path, package.name, upgrade.installed),
            )  # fmt: skip

    def _stays(self, name: str) -> bool:
        return name.casefold() in self._without

    def _ask(self, wanted: Iterable[tuple[Remedy, Bump]]) -> None:
        """Ask the indexes what there is of each package, several at a time."""
        due = [one for one in wanted if (one[0].name, one[1].key) not in self._known]
        if not due:
            return
        with ThreadPoolExecutor(8) as pool:
            for (part, bump), found in zip(due, pool.map(self._versions, due), strict=True):
                self._known[part.name, bump.key] = found

    def _versions(self, one: tuple[Remedy, Bump]) -> Sequence[str]:
        part, bump = one
        try:
            return part.versions(self._work, bump.path, bump.name)
        except PratiqueError as error:
            if not self._work.is_offline:
                self._remarks[f"{bump.name}: {error.message}"] = None
            return ()

    def _existing(self, part: Remedy, bump: Bump) -> Bump | None:
        """Return a bump to a version that there is."""
        there = self._known.get((part.name, bump.key), ())
        if not there:
            self._unchecked.add(bump.key)
            return bump if _are_plain(bump.to, *bump.lesser) else None
        to = next(filter(None, (self._lowest(bump, wanted, there)
                                for wanted in (bump.to, *bump.lesser))), "")  # fmt: skip
        lesser = tuple(version for version in bump.lesser if version in there and version != to)
        far = level(bump.installed[0], to)
        return replace(bump, to=to, level=far, lesser=lesser) if to else None

    def _lowest(self, bump: Bump, wanted: str, there: Sequence[str]) -> str:
        """Return the lowest version there is that has what another has; note if none."""
        to = suitable(replace(bump, to=wanted), there, self._before.inventory.distro)
        fits = to and _are_plain(to) and level(bump.installed[0], to) in self._allowed
        if fits and to not in bump.installed:
            return to
        self._refused[bump.key] = f"{wanted} or newer is not in the index"
        return ""

    def _guilty(self, compared: Comparison, done: dict[Key, Bump]) -> dict[Key, str]:
        """Return the changes that brought grave findings; else the least of the same manifest."""
        guilty: dict[Key, str] = {}
        for one in compared.new:
            package = one.finding.package
            if one.finding.severity not in _GRAVE or not done:
                continue
            least = [key for key in done if key[0] == package.path][-1:] or list(done)[-1:]
            key = (package.path, package.name)
            guilty[key if key in done else least[0]] = (
                f"the change would bring {one.finding.id} of {package.name} {package.version}"
            )
        return guilty

    def _told(self, compared: Comparison, done: dict[Key, Bump]) -> Outcome:
        steps = steps_of(compared, done, self._overrides)
        known = {problem.what for problem in self._before.problems}
        unread = [p for p in compared.after.problems if p.what not in known]
        self._remarks |= {f"not read in the changed copy: {p.where}: {p.what}": None
                          for p in unread}  # fmt: skip
        if (age := self._work.oldest_answer()) is not None:
            self._remarks[f"indexes were not asked anew: versions are those of {_ago(age)} ago"] = (
                None
            )
        named = {(s.bump.path, name) for s in steps for name in (s.bump.name, *s.bump.brings)}
        return Outcome(
            compared,
            tuple(sorted(steps, key=lambda step: -risk(step.removes))),
            tuple(f for f in gone(compared) if key_of(f) not in named),
            self._refused,
            tuple(self._remarks),
            tuple(self._altered()),
            frozenset(self._unchecked & named),
            lies=tuple(self._lies),
        )


def _ago(seconds: int) -> str:
    """Return an age in the largest unit of which it has two."""
    units = (("days", 86400), ("hours", 3600), ("minutes", 60))
    return next((f"{seconds // n} {name}" for name, n in units if seconds >= 2 * n), "a moment")


def _are_plain(*versions: str) -> bool:
    return all(_VERSION.fullmatch(version) for version in versions)


@cache
def _remedies() -> tuple[Remedy, ...]:
    return load("pratique.remedy", Remedy)
