"""Modules that Deno imports by their address, in lock files and in import maps."""

from __future__ import annotations

import json

from memory import MemoryFile
from pratique.analyzers.deno import deno
from pratique.analyzers.deno_configuration import deno_configuration
from reading import packages_of, read_as_far_as_possible

REMOTE = {
    "https://deno.land/std@0.200.0/http/server.ts": "0" * 64,
    "https://deno.land/std@0.200.0/async/deferred.ts": "0" * 64,
    "https://esm.sh/v135/react@18.2.0/es2022/react.mjs": "0" * 64,
}


def lock(version: str, **members: object) -> bytes:
    return json.dumps({"version": version, **members}, indent=2).encode()


def test_addresses_are_read_in_each_version_of_the_format() -> None:
    for data in (
        lock("2", remote=REMOTE),
        lock("3", packages={}, remote=REMOTE),
        lock("5", remote=REMOTE),
    ):
        packages = packages_of(deno, "deno.lock", data)
        found = {(one.type, one.name, one.version) for one in packages}
        assert found == {("deno", "std", "0.200.0"), ("npm", "react", "18.2.0")}
        assert all(one.path == "deno.lock" and one.line > 2 for one in packages)


def test_hosts_whose_addresses_name_no_package_are_named() -> None:
    remote = {**REMOTE, "https://u:p@my.example/a.ts": "0" * 64}
    packages, error = read_as_far_as_possible(deno, "deno.lock", lock("5", remote=remote))
    assert len(packages) == 2
    assert error == "modules whose address names no package and version: my.example"


def test_a_configuration_names_what_it_gives_one_version_of() -> None:
    data = b"""{
  // as people write it
  "imports": {
    "oak": "https://deno.land/x/oak@v12.6.1/mod.ts",
    "chalk": "npm:chalk@5.3.0",
    "chalk/": "npm:/chalk@5.3.0/",
    "path": "jsr:@std/path@^1.0.0",
    "local": "./local.ts",
  },
  "scopes": {"./old/": {"chalk": "npm:chalk@4.1.0"}},
}"""
    packages = packages_of(deno_configuration, "web/deno.json", data)
    assert [(one.type, one.name, one.version, one.line) for one in packages] == [
        ("deno", "oak", "v12.6.1", 4),
        ("npm", "chalk", "5.3.0", 5),
        ("npm", "chalk", "4.1.0", 0),
    ]


def test_a_configuration_beside_a_lock_file_is_not_read() -> None:
    file = MemoryFile("web/deno.json", b"{", {"web/deno.lock": b"{}"})
    assert list(deno_configuration.analyze(file)) == []
