"""Yarn's and pnpm's locks are made by them; what nothing names is locked anew, then overridden."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from msgspec import json
from msgspec.structs import replace

from pratique.errors import MalformedError
from pratique.model.remedy import Bump
from pratique.npm_registry import raised
from pratique.package_json import with_entry
from pratique.remedy.pnpm import pnpm
from pratique.remedy.yarn import yarn
from projects import Memory, bump

CLASSIC = (
    '# yarn lockfile v1\n\n\n"@a/b@^1.0.0", "@a/b@^1.1.0":\n  version "1.1.0"\n  dependencies:\n'
    '    qs "^6.0.0"\n\nqs@^6.0.0:\n  version "6.5.1"\n  resolved "https://registry.yarnpkg.com/qs.tgz#1"\n'
)
BERRY = (
    '# by yarn\n\n__metadata:\n  version: 8\n\n"qs@npm:^6.0.0":\n  version: 6.5.1\n'
    '  resolution: "qs@npm:6.5.1"\n\n"shop@workspace:.":\n  version: 0.0.0-use.local\n'
    '  resolution: "shop@workspace:."\n\n"web@workspace:web":\n  resolution: "web@workspace:web"\n'
)
TEXT = '{\n  "name": "shop",\n  "dependencies": {\n    "@a/b": "^1.0.0"\n  }\n}\n'
QS = bump("qs", "6.5.1", "6.5.3", "yarn.lock", direct=False)


def _yarn(lock: str, version: str, seen: list[str] | None = None) -> Memory:
    def run(words: Sequence[str]) -> str:
        if "--version" in words:
            return version
        if seen is not None:
            seen.append(memory.texts["yarn.lock"])
        return ""

    memory = Memory({"package.json": TEXT, "yarn.lock": lock}, {"yarn": run})
    return memory


@pytest.mark.parametrize(("lock", "version", "mark"), [
    (CLASSIC, "1.22.22", "--ignore-scripts"), (BERRY, "4.5.3", "--mode=update-lockfile"),
])  # fmt: skip
def test_yarn(lock: str, version: str, mark: str) -> None:
    seen: list[str] = []
    memory = _yarn(lock, version, seen)
    list(yarn.apply(memory, "yarn.lock", [replace(QS, attempt=1)]))
    assert mark in memory.ran[-1]
    assert "qs@" not in seen[-1].replace('"qs@npm:6.5.1"', "")
    assert memory.texts["package.json"] == TEXT
    with_others = replace(QS, attempt=2, beside=("2.0.0",), needed_by=("@a/b",))
    list(yarn.apply(memory, "yarn.lock", [with_others]))
    key = "@a/b/qs" if lock is BERRY else "**/@a/b/qs"
    assert json.decode(memory.texts["package.json"])["resolutions"] == {key: "^6.5.3"}


def test_another_yarn_than_the_locks_does_nothing() -> None:
    with pytest.raises(MalformedError, match=r"Yarn 1\.22\.0 is here, and the lock is of another"):
        list(yarn.apply(_yarn(BERRY, "1.22.0"), "yarn.lock", [QS]))


def test_workspaces_of_yarn_1_are_found_by_their_globs() -> None:
    memory = _yarn(CLASSIC, "1.22.0")
    memory.texts["package.json"] = '{"workspaces": {"packages": ["packages/*"]}}'
    memory.texts["packages/web/package.json"] = '{"dependencies": {"qs": "~6.5.1"}}'
    list(yarn.apply(memory, "yarn.lock", [replace(QS, direct=True)]))
    assert '"qs": "~6.5.3"' in memory.texts["packages/web/package.json"]


def _pnpm(version: str, form: str = "9.0", **more: str) -> Memory:
    texts = {"package.json": TEXT, "pnpm-lock.yaml": f"lockfileVersion: '{form}'\n"} | more
    return Memory(texts, {"pnpm": lambda words: version if "--version" in words else ""})


def test_pnpm_overrides_where_this_version_reads_them() -> None:
    last = replace(QS, path="pnpm-lock.yaml", attempt=2)
    scoped = replace(last, name="ms", to="2.1.3", beside=("1.0.0",), needed_by=("debug", "send"))
    nine = _pnpm("9.15.0")
    list(pnpm.apply(nine, "pnpm-lock.yaml", [last, scoped]))
    assert json.decode(nine.texts["package.json"])["pnpm"]["overrides"] == {
        "qs": "^6.5.3", "debug>ms": "^2.1.3", "send>ms": "^2.1.3",
    }  # fmt: skip
    ten = _pnpm(
        "10.1.0", **{"pnpm-workspace.yaml": "packages:\n  - web\noverrides:\n  'qs': '1'\n"}
    )
    list(pnpm.apply(ten, "pnpm-lock.yaml", [last]))
    assert ten.texts["pnpm-workspace.yaml"].endswith("overrides:\n  'qs': '^6.5.3'\n")
    assert ten.texts["package.json"] == TEXT


def test_pnpm_that_would_write_another_form_does_nothing() -> None:
    with pytest.raises(MalformedError, match="another form than 6"):
        list(pnpm.apply(_pnpm("9.1.0", "6.0"), "pnpm-lock.yaml", [QS]))


def test_another_pnpm_than_is_asked_for_does_nothing() -> None:
    text = '{"packageManager": "pnpm@9.0.0", "dependencies": {"qs": "^6.5.1"}}'
    with pytest.raises(
        MalformedError, match=r"pnpm 10\.1\.0 is here, and package.json asks for pnpm 9"
    ):
        list(pnpm.apply(_pnpm("10.1.0", **{"package.json": text}), "pnpm-lock.yaml", [QS]))
    list(pnpm.apply(_pnpm("9.15.0", **{"package.json": text}), "pnpm-lock.yaml", [QS]))


def test_pnpms_catalogs() -> None:
    memory = _pnpm("9.15.0", **{"pnpm-workspace.yaml": "catalog:\n  qs: ^6.5.1 # parser\n"})
    memory.texts["package.json"] = '{"dependencies": {"qs": "catalog:"}}'
    list(pnpm.apply(memory, "pnpm-lock.yaml", [replace(QS, direct=True)]))
    assert memory.texts["pnpm-workspace.yaml"] == "catalog:\n  qs: ^6.5.3 # parser\n"
    assert memory.texts["package.json"] == '{"dependencies": {"qs": "catalog:"}}'


def _registry(versions: dict[str, dict[str, str]]) -> Memory:
    document = {"versions": {v: {"dependencies": needs} for v, needs in versions.items()}}
    return Memory({}, {}, {"https://registry.npmjs.org/mkdirp": json.encode(document)})


def _raised(registry: Memory, child: Bump, *loose: str) -> dict[str, str]:
    return dict(raised(registry, "yarn.lock", child, {"mkdirp": "0.5.1"}, loose))


def test_the_lowest_parent_that_leaves_the_flawed_version() -> None:
    registry = _registry({
        "0.5.10": {"minimist": "^1.2.5"}, "0.5.1": {"minimist": "0.0.8"}, "1.0.0": {},
        "0.5.2": {"minimist": "^1.2.5"}, "0.5.0": {}, "0.6.0-beta.1": {},
    })  # fmt: skip
    child = replace(bump("minimist", "0.0.8", "0.2.4", "yarn.lock", direct=False),
                    needed_by=("mkdirp",))  # fmt: skip
    assert _raised(registry, child, "mkdirp") == {"mkdirp": "0.5.2"}
    assert _raised(registry, child) == {}
    assert _raised(registry, replace(child, needed_by=("mkdirp", "other")), "mkdirp") == {}


def test_an_object_is_made_where_there_is_none() -> None:
    assert json.decode(with_entry("{}", ("pnpm", "overrides"), "a", "1")) == {
        "pnpm": {"overrides": {"a": "1"}}
    }
    text = with_entry(TEXT, ("overrides", "send"), "ms", "2")
    assert json.decode(text) == {**json.decode(TEXT), "overrides": {"send": {"ms": "2"}}}
    assert text.startswith(TEXT[:-3])
