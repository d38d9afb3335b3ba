"""Which changes a plan makes: judged by indexes and a resolver made by hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct, json
from msgspec.structs import replace

from pratique.cli import fix, fixed
from pratique.errors import LyingError, MalformedError
from pratique.model.finding import Finding
from pratique.model.format import Look
from pratique.model.inventory import Inventory, Package
from pratique.model.remedy import Bump, Project, Remedy
from pratique.model.report import Report
from pratique.model.settings import Settings
from pratique.outcome import Outcome, Step
from pratique.remedying import Remedying
from pratique.suitable import suitable
from pratique.workspace import Workspace

Needs = dict[str, list[str]]
"""By name, the versions that are allowed."""
FILE = "made.lock"


class World(Struct):
    """An index, the flaws of its packages, and a resolver that takes the highest that is allowed
    of what nothing pins.
    """

    index: dict[str, dict[str, Needs]]
    flaws: dict[tuple[str, str], list[str]]
    """By package and version: ids. A flaw is fixed in every version that does not have it."""

    def way(self) -> Remedy:
        return Remedy("made", ("made",), (FILE,), self._versions, self._apply)

    def locked(self, direct: dict[str, str]) -> dict[str, str]:
        chosen, waiting = dict(direct), list(direct)
        while waiting:
            for name, allowed in self.index[waiting[0]][chosen[waiting[0]]].items():
                if name in chosen:
                    if chosen[name] not in allowed:
                        raise MalformedError(f"{waiting[0]} needs {name} {' or '.join(allowed)}")
                    continue
                chosen[name] = max(allowed, key=order)
                waiting.append(name)
            waiting.pop(0)
        return chosen

    def scan(self, root: str) -> Report:
        direct: dict[str, str] = json.decode((Path(root) / FILE).read_bytes())
        locked = self.locked(direct)
        packages = tuple(
            Package(FILE, "made", "npm", name, version,
                    relation="direct" if name in direct else "indirect",
                    depends=tuple(f"{n}@{locked[n]}" for n in self.index[name][version]))
            for name, version in locked.items()
        )  # fmt: skip
        found = tuple(self._finding(p, id) for p in packages
                      for id in self.flaws.get((p.name, p.version), ()))  # fmt: skip
        return Report("made", "filesystem", Inventory(packages), found)

    def _finding(self, package: Package, id: str) -> Finding:
        later = sorted((v for v in self.index[package.name]
                        if order(v) > order(package.version)
                        and id not in self.flaws.get((package.name, v), ())), key=order)  # fmt: skip
        return Finding(package, id, (), (), (), "npm", (), tuple(later), "HIGH", "", (), "affected")

    def _versions(self, _project: Project, _path: str, name: str) -> Sequence[str]:
        return list(self.index[name])

    def _apply(self, project: Project, path: str, bumps: Sequence[Bump]) -> Iterator[str]:
        direct: dict[str, str] = json.decode(project.text(path) or "")
        direct |= {bump.name: bump.to for bump in bumps if bump.name in direct}
        for bump in (one for one in bumps if one.name not in direct):
            if self.locked(direct).get(bump.name) != bump.to:
                raise MalformedError(f"{bump.name} {bump.to} is not allowed")
        self.locked(direct)
        project.write(path, json.encode(direct).decode())
        yield from ()


def order(version: str) -> list[int]:
    return [int(number) for number in version.split(".")]


def mend(
    world: World, direct: dict[str, str], up_to: str = "major", *without: str,
    ways: tuple[Remedy, ...] = (),
) -> Outcome:  # fmt: skip
    with TemporaryDirectory() as root:
        (Path(root) / FILE).write_bytes(json.encode(direct))
        with Workspace(root, Settings(no_cache=True)) as work:
            plan = Remedying(work, world.scan(root), world.scan, up_to,  # type: ignore[arg-type]
                             without=without, ways=ways or (world.way(),))  # fmt: skip
            return plan.outcome()


def after(outcome: Outcome) -> dict[str, str]:
    found: dict[str, str] = json.decode(outcome.altered[0].after) if outcome.altered else {}
    return found


def told(outcome: Outcome) -> dict[str, str]:
    return {step.bump.name: step.to for step in outcome.steps}


# web 1.x needs core 1.0; 1.1.0 allows core 1.1, as does 2.0.0
WEB: dict[str, Needs] = {
    "1.0.0": {"core": ["1.0.0"]}, "1.1.0": {"core": ["1.0.0", "1.1.0"]},
    "2.0.0": {"core": ["1.1.0"]},
}  # fmt: skip
CORE: dict[str, Needs] = {"1.0.0": {}, "1.1.0": {}}
PARENT = World({"web": WEB, "core": CORE}, {("core", "1.0.0"): ["CVE-1"]})


def test_a_parent_is_raised_by_a_minor_release_rather_than_a_major_one() -> None:
    found = mend(PARENT, {"web": "1.0.0"})
    [step] = found.steps
    assert (step.bump.name, step.to, step.bump.brings) == ("web", "1.1.0", ("core",))
    assert [finding.id for finding in step.removes] == ["CVE-1"]


def test_a_parent_is_raised_by_a_major_release_where_no_other_will_do() -> None:
    web = {version: WEB[version] for version in ("1.0.0", "2.0.0")}
    world = World({"web": web, "core": CORE}, PARENT.flaws)
    assert told(mend(world, {"web": "1.0.0"})) == {"web": "2.0.0"}
    assert told(mend(world, {"web": "1.0.0"}, "minor")) == {}


def test_a_parent_that_a_change_needs_is_told_though_it_removes_nothing() -> None:
    found = mend(PARENT, {"web": "1.0.0", "core": "1.0.0"})
    assert after(found) == told(found) == {"web": "1.1.0", "core": "1.1.0"}
    assert [step.bump.name for step in found.steps] == ["core", "web"]


def test_what_is_left_out_is_no_parent_either() -> None:
    found = mend(PARENT, {"web": "1.0.0"}, "major", "WEB")
    assert not found.altered
    found = mend(PARENT, {"web": "1.0.0"}, "major", "core")
    assert (found.altered, found.refused) == ((), {(FILE, "core"): "is left out"})


def test_a_parent_whose_child_is_flawed_still_is_taken_back() -> None:
    """web 1.1.0 moves core to 1.1.0, which has a flaw that is as grave and has no fix."""
    world = World(PARENT.index, {("core", "1.0.0"): ["CVE-1"], ("core", "1.1.0"): ["CVE-1"]})
    world.index["core"] = CORE | {"1.2.0": {}}  # fixed, but nothing allows it
    found = mend(world, {"web": "1.0.0"})
    assert (after(found), told(found)) == ({}, {})


def test_what_was_raised_in_vain_is_taken_back() -> None:
    """The way to change it promises that web 1.1.0 brings a newer core, which it does not."""
    web: dict[str, Needs] = {"1.0.0": {"core": ["1.0.0"]}, "1.1.0": {"core": ["1.0.0"]}}
    world = World({"web": web, "core": CORE, "log": CORE},
                  {("core", "1.0.0"): ["CVE-1"], ("log", "1.0.0"): ["CVE-2"]})  # fmt: skip

    def apply(project: Project, path: str, bumps: Sequence[Bump]) -> Iterator[str]:
        named = [bump for bump in bumps if bump.name != "core"]  # what locks it moves nothing
        yield from world.way().apply(project, path, named)

    way = replace(world.way(), attempts=2, apply=apply, raised=lambda *_: {"web": "1.1.0"})
    found = mend(world, {"web": "1.0.0", "log": "1.0.0"}, ways=(way,))
    assert (after(found), told(found)) == ({"web": "1.0.0", "log": "1.1.0"}, {"log": "1.1.0"})
    assert [finding.id for finding in found.compared.after.findings] == ["CVE-1"]


versions = st.builds("{}.{}.{}".format, st.integers(1, 2), st.integers(0, 2), st.integers(0, 2))
packages = st.dictionaries(
    st.sampled_from("abcde"),
    st.dictionaries(versions, st.lists(st.sampled_from(["CVE-1", "CVE-2", "CVE-3"]), unique=True),
                    min_size=1, max_size=6),
    min_size=1,
)  # fmt: skip


@st.composite
def worlds(draw: st.DrawFn) -> tuple[World, dict[str, str]]:
    """Draw an index in which packages may need some versions of those later in the alphabet."""
    drawn = draw(packages)
    index: dict[str, dict[str, Needs]] = {}
    for name, releases in drawn.items():
        index[name] = {}
        for version in releases:
            later = [one for one in drawn if one > name]
            needed = (
                draw(st.lists(st.sampled_from(later), unique=True, max_size=2)) if later else []
            )
            index[name][version] = {
                one: draw(st.lists(st.sampled_from(sorted(drawn[one])), min_size=1, unique=True))
                for one in needed
            }
    flaws = {
        (name, version): ids for name, found in drawn.items() for version, ids in found.items()
    }
    direct = {name: draw(st.sampled_from(sorted(drawn[name])))
              for name in draw(st.lists(st.sampled_from(sorted(drawn)), min_size=1, unique=True))}  # fmt: skip
    return World(index, flaws), direct


def resolves(world: World, direct: dict[str, str]) -> bool:
    try:
        world.locked(direct)
    except MalformedError:
        return False
    return True


@given(worlds().filter(lambda drawn: resolves(*drawn)))
def test_each_change_is_told_and_of_use(drawn: tuple[World, dict[str, str]]) -> None:
    world, direct = drawn
    found = mend(world, direct)
    made = {name: to for name, to in after(found).items() if direct[name] != to}
    assert made == {name: to for name, to in told(found).items() if name in direct}
    useful = {step.bump.name for step in found.steps if step.removes}
    assert all(step.removes or useful & set(step.bump.brings) for step in found.steps)
    assert not found.compared.new  # all flaws are grave here
    for name, to in made.items():
        assert order(to) > order(direct[name])
    again = mend(world, direct | made)
    assert after(again) == {}, "a second run changes something"


@st.composite
def series(draw: st.DrawFn) -> World:
    """Draw packages whose flaws are fixed from some version on, and in patches of series before."""
    drawn = draw(st.dictionaries(
        st.sampled_from("abc"), st.lists(versions, min_size=1, max_size=12, unique=True), min_size=1
    ))  # fmt: skip
    flaws: dict[tuple[str, str], list[str]] = {}
    for name, found in drawn.items():
        for id in ("CVE-1", "CVE-2", "CVE-3"):
            fix = order(draw(versions))
            patches = draw(st.dictionaries(st.tuples(st.integers(1, 2), st.integers(0, 2)),
                                           st.integers(0, 2)))  # fmt: skip
            for version in found:
                major, minor, patch = order(version)
                if order(version) < fix and patch < patches.get((major, minor), 9):
                    flaws.setdefault((name, version), []).append(id)
    return World({name: {version: {} for version in found} for name, found in drawn.items()}, flaws)


@given(series())
def test_no_larger_change_where_a_smaller_one_removes_as_much(world: World) -> None:
    direct = {name: min(found, key=order) for name, found in world.index.items()}
    for step in mend(world, direct).steps:
        name, old = step.bump.name, direct[step.bump.name]
        left = set(world.flaws.get((name, step.to), ()))
        for version in (v for v in world.index[name] if order(old) < order(v) < order(step.to)):
            assert not set(world.flaws.get((name, version), ())) <= left, (step_told(step), version)


def step_told(step: Step) -> str:
    return f"{step.bump.name} {step.bump.installed[0]} -> {step.to}"


def test_suitable_is_what_the_index_has() -> None:
    bump = Bump("x", "npm", FILE, "made", ("1.0.0",), "1.0.2", "patch", 1, direct=True)
    assert suitable(bump, ["1.0.0", "1.0.3", "1.1.0"], None) == "1.0.3"


def test_a_file_that_lies_is_left_alone_and_told_once() -> None:
    def lying(_project: Project, path: str, _bumps: Sequence[Bump]) -> Iterator[str]:
        raise LyingError("the digest of core is not that of the index", path)
        yield ""

    found = mend(PARENT, {"web": "1.0.0"}, ways=(replace(PARENT.way(), apply=lying),))
    assert found.lies == (f"{FILE}: the digest of core is not that of the index",)
    assert (found.steps, found.altered) == ((), ())
    table = fixed.as_table(found, Look())
    assert table.startswith("Nothing is changed: a file lies of its packages; 1 vulnerability\n")
    assert table.count("LEFT ALONE: ") == 1
    assert json.decode(fixed.as_json(found))["Lies"] == list(found.lies)
    assert fix._status(found, Settings()) == LyingError.exit_status
