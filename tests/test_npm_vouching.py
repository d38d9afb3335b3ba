"""A lock file that lies of what it locks is not changed; mirrors and aliases are no lies."""

from __future__ import annotations

import binascii
import hashlib
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import DecodeError, json

from pratique.codecs.node_locked import Locked, npm_locked, pnpm_locked, yarn_locked
from pratique.errors import MalformedError
from pratique.npm_vouching import vouched
from pratique.package_json import effective
from projects import Memory, bump

LOCK = "package-lock.json"
QS = bump("qs", "6.5.1", "6.5.3", LOCK)


def sri(data: bytes) -> str:
    return "sha512-" + binascii.b2a_base64(hashlib.sha512(data).digest(), newline=False).decode()


def lock(place: str = "node_modules/qs", **entry: object) -> str:
    own = {"version": "6.5.1", "integrity": sri(b"qs"), **entry}
    return json.encode({"packages": {"": {}, place: own}}).decode()


def registry() -> Memory:
    dist = {"integrity": sri(b"qs"), "shasum": hashlib.sha1(b"qs").hexdigest()}
    answer = json.encode({"versions": {"6.5.1": {"dist": dist}}})
    return Memory({}, {}, {"/qs": answer})


def told(text: str, manifest: str = "", memory: Memory | None = None) -> str:
    try:
        vouched(memory or registry(), LOCK, npm_locked(text), [QS], {"package.json": manifest})
    except MalformedError as error:
        return error.reason
    return ""


@pytest.mark.parametrize(("text", "said"), [
    (lock(), ""),
    (lock(resolved="http://registry.npmjs.org/qs/-/qs-6.5.1.tgz"), ""),
    (lock(resolved="https://mirror.example/qs.tgz"), ""),
    (lock(resolved="git+ssh://git@example.org/qs.git#1"), ""),
    (lock(version="6.5.0", integrity=sri(b"gone")), ""),
    (lock("node_modules/old", name="qs"), ""),
    (lock(integrity=sri(b"x")), "the lock file's digest of qs 6.5.1 is not that of the registry"),
    (lock("node_modules/old", name="qs", integrity=sri(b"x")), "the lock file's digest of qs"),
    (lock(integrity="", resolved="https://evil.example/qs.tgz"), "qs 6.5.1 comes from evil.example"),
    (lock("node_modules/ms", resolved="http://[/ms.tgz"), "ms 6.5.1 comes from ?, and the registry"),
    (lock("node_modules/a b"), "has 'a b', which is no package's name"),
    (lock("node_modules/--registry=x"), "which is no package's name"),
    (lock("node_modules/a\nb", name="qs"), "which is no package's name"),
    (lock("node_modules/../../x", name="qs"), "which is no package's name"),
    (lock(name="../x"), "which is no package's name"),
])  # fmt: skip
def test_what_a_lock_says_is_compared(text: str, said: str) -> None:
    found = told(text)
    assert said in found
    assert bool(said) is bool(found)


def test_archives_that_the_project_asks_for_are_its_own() -> None:
    url = "https://example.org/ms.tgz"
    assert "example.org" in told(lock("node_modules/ms", resolved=url))
    assert not told(lock("node_modules/ms", resolved=url), f'{{"dependencies": {{"ms": "{url}"}}}}')


def test_nothing_of_a_lock_that_lies_is_changed_later() -> None:
    memory = registry()
    assert told(lock(integrity=sri(b"x")), memory=memory)
    assert told(lock(), memory=memory)


def test_offline_no_registry_is_asked() -> None:
    memory = Memory({})
    memory.is_offline = True
    assert not told(lock(resolved="https://evil.example/qs.tgz"), memory=memory)


def test_the_older_form_of_npm() -> None:
    inner = {"ms": {"version": "npm:qs@6.5.1", "integrity": sri(b"qs")}}
    text = json.encode(
        {"dependencies": {"a": {"version": "1.0.0", "dependencies": inner}}}
    ).decode()
    [first, second] = npm_locked(text)
    assert (first.name, second.name, second.alias, second.version) == ("a", "qs", "ms", "6.5.1")


def test_yarn_and_pnpm() -> None:
    url = "https://registry.yarnpkg.com/qs/-/qs-6.5.1.tgz"
    sha1 = hashlib.sha1(b"qs").hexdigest()
    classic = f'"old@npm:qs@^6.0.0":\n  version "6.5.1"\n  resolved "{url}#{sha1}"\n  integrity x\n'
    assert list(yarn_locked(classic)) == [Locked("qs", "6.5.1", url, (f"sha1:{sha1}",), "old")]
    archive = "::__archiveUrl=https%3A%2F%2Fevil.example%2Fqs.tgz"
    berry = f'__metadata:\n  version: 8\n\n"qs@npm:1":\n  resolution: "@s/qs@npm:6.5.1{archive}"\n'
    assert list(yarn_locked(berry)) == [Locked("@s/qs", "6.5.1", "https://evil.example/qs.tgz")]
    hashes = npm_locked(lock())[0].hashes
    for key in ("/qs/6.5.1_ms@1.0.0", "/qs@6.5.1(ms@1.0.0)", "qs@6.5.1"):
        text = f"packages:\n\n  {key}:\n    resolution: {{integrity: {sri(b'qs')}}}\n"
        assert list(pnpm_locked(text)) == [Locked("qs", "6.5.1", "", hashes)]
    text = "packages:\n\n  '@s/qs@6.5.1':\n    resolution: {tarball: https://evil.example/x}\n"
    assert list(pnpm_locked(text)) == [Locked("@s/qs", "6.5.1", "https://evil.example/x")]


@given(st.text() | st.dictionaries(st.text(), st.dictionaries(st.text(), st.text())).map(
    lambda value: json.encode({"packages": value, "dependencies": value}).decode()
))  # fmt: skip
def test_any_text_is_read(text: str) -> None:
    list(yarn_locked(text))
    list(pnpm_locked(text))
    with suppress(DecodeError):
        npm_locked(text)


@pytest.mark.parametrize("text", [
    "packages:\n  a/1" + "1" * 10**6 + "\n", '"a@' + ": " * 500_000 + "\n  x",
    'a@1:\n  version "' + " " * 10**6 + "x\n", '  resolution: "' + "a" * 10**6,
])  # fmt: skip
def test_no_text_takes_long_to_read(text: str) -> None:
    assert len([*yarn_locked(text), *pnpm_locked(text)]) == 0


def test_an_override_that_changes_nothing_is_refused() -> None:
    with pytest.raises(MalformedError, match="an override of qs changes nothing"):
        effective(LOCK, npm_locked(lock()), [QS])
    effective(LOCK, npm_locked(lock(version="6.5.3")), [QS])
