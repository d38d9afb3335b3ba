"""package.json: ranges keep their style, overrides are the last resort, the rest stays."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from msgspec import json

from pratique.errors import MalformedError
from pratique.remedy.npm import npm
from projects import Memory, bump, refuse

LOCK = "package-lock.json"
TEXT = (
    '{\n\t"name": "shop",\n\t"lodash": "4.17.4",\n\t"dependencies": {"lodash": "4.17.4",\n'
    '\t\t"express" : "~4.16.0", "any": "*"},\n\t"devDependencies": {\n\t\t"jest": "^27.0.0"\n\t}\n}\n'
)


def project(text: str = TEXT, seen: list[str] | None = None) -> Memory:
    def run(_words: Sequence[str]) -> str:
        if seen is not None:
            seen.append(memory.texts["package.json"])
        return ""

    memory = Memory({"package.json": text, LOCK: '{"packages": {"": {}}}'}, {"npm": run})
    return memory


def test_ranges_keep_their_style_and_the_lock_is_made_of_the_lowest() -> None:
    seen: list[str] = []
    memory = project(seen=seen)
    bumps = [bump("lodash", "4.17.4", "4.17.21", LOCK), bump("express", "4.16.4", "4.17.3", LOCK),
             bump("jest", "27.0.0", "27.1.0", LOCK), bump("any", "1.0.0", "1.0.1", LOCK)]  # fmt: skip
    assert list(npm.apply(memory, LOCK, bumps)) == []
    expected = TEXT.replace('{"lodash": "4.17.4"', '{"lodash": "4.17.21"')
    expected = expected.replace("~4.16.0", "~4.17.3").replace("^27.0.0", "^27.1.0")
    assert memory.texts["package.json"] == seen[-1] == expected
    assert '"express" : "4.17.3", "any": "1.0.1"' in seen[0]
    assert all("--ignore-scripts" in words for words in memory.ran)


def test_what_nothing_names_is_updated_then_overridden() -> None:
    memory = project()
    list(npm.apply(memory, LOCK, [bump("qs", "6.5.1", "6.5.3", LOCK, direct=False)]))
    list(npm.apply(memory, LOCK, [bump("qs", "6.5.1", "6.5.3", LOCK, direct=False, attempt=1)]))
    assert memory.texts["package.json"] == TEXT
    assert [words[1] for words in memory.ran] == ["install"] * 3 + ["update", "install"]
    for to in ("6.5.3", "6.5.5"):
        list(npm.apply(memory, LOCK, [bump("qs", "6.5.1", to, LOCK, direct=False, attempt=2)]))
    list(npm.apply(memory, LOCK, [bump("a", "1.0.0", "1.0.1", LOCK, direct=False, attempt=2)]))
    assert json.decode(memory.texts["package.json"])["overrides"] == {"qs": "^6.5.5", "a": "^1.0.1"}
    assert memory.texts["package.json"].startswith(TEXT[:-3])


def test_workspaces_are_changed_where_they_are() -> None:
    memory = project()
    memory.texts[LOCK] = '{"packages": {"": {}, "web": {}, "node_modules/web": {}}}'
    memory.texts["web/package.json"] = '{"dependencies": {"qs": "^6.0.0"}}'
    list(npm.apply(memory, LOCK, [bump("qs", "6.0.0", "6.0.4", LOCK)]))
    assert memory.texts["web/package.json"] == '{"dependencies": {"qs": "^6.0.4"}}'
    assert memory.texts["package.json"] == TEXT


@pytest.mark.parametrize(
    "asked", ["file:../lodash", "npm:other@1", "workspace:*", "git+https://x/y.git"]
)
def test_what_comes_from_elsewhere_is_not_changed(asked: str) -> None:
    memory = project(TEXT.replace('{"lodash": "4.17.4"', f'{{"lodash": "{asked}"'))
    with pytest.raises(MalformedError, match="lodash is asked for as"):
        list(npm.apply(memory, LOCK, [bump("lodash", "4.17.4", "4.17.21", LOCK)]))


@pytest.mark.parametrize(("asked", "becomes"), [
    ('"old": "npm:qs@6.0.0"', '"old": "npm:qs@6.0.4"'),
    ('"qs": "npm:^6.0.0"', '"qs": "npm:^6.0.4"'),
    ('"qs": "~6.0.0", "new": "npm:qs@^7.1.0"', '"qs": "~6.0.4", "new": "npm:qs@^7.1.0"'),
])  # fmt: skip
def test_aliases_and_other_versions_beside(asked: str, becomes: str) -> None:
    memory = project(f'{{"dependencies": {{{asked}}}}}')
    list(npm.apply(memory, LOCK, [bump("qs", "6.0.0", "6.0.4", LOCK)]))
    assert memory.texts["package.json"] == f'{{"dependencies": {{{becomes}}}}}'


def test_a_workspace_outside_of_the_project_is_named() -> None:
    memory = project()
    memory.texts[LOCK] = '{"packages": {"": {}, "../shared": {}}}'
    with pytest.raises(MalformedError, match=r"'\.\./shared' is outside of the project"):
        list(npm.apply(memory, LOCK, [bump("qs", "6.0.0", "6.0.4", LOCK)]))


@pytest.mark.parametrize("lock", ["", "[]", '{"packages": []', '{"packages": {"../../x": {}}}'])
def test_a_lock_that_is_none_is_an_error(lock: str) -> None:
    memory = Memory({"package.json": TEXT, LOCK: lock}, {"npm": refuse})
    with pytest.raises(MalformedError):
        list(npm.apply(memory, LOCK, [bump("lodash", "4.17.4", "4.17.21", LOCK)]))


def test_without_npm_the_lock_is_said_to_be_made_anew() -> None:
    memory = Memory({"package.json": TEXT, LOCK: '{"packages": {"": {}}}'})
    [remark] = npm.apply(memory, LOCK, [bump("lodash", "4.17.4", "4.17.21", LOCK)])
    assert "to be made anew" in remark
