from __future__ import annotations

import json
import time

import pytest

from pratique.analyzers.node_installed import is_package_root, node_installed
from reading import packages_of, read_as_far_as_possible

ROOT = "app/node_modules/a/package.json"


def licenses(**fields: object) -> tuple[str, ...]:
    data = json.dumps({"name": "a", "version": "1.0.0", **fields}).encode()
    (package,) = packages_of(node_installed, ROOT, data)
    return package.licenses


@pytest.mark.parametrize(
    "path",
    [
        "package.json",
        "app/package.json",
        "node_modules/a/package.json",
        "app/node_modules/@s/a/package.json",
        "app/node_modules/a/node_modules/b/package.json",
        "app/node_modules/.pnpm/a@1.0.0/node_modules/a/package.json",
        "usr/share/nodejs/undici/package.json",
        "my_node_modules/a/b/package.json",
    ],
)
def test_a_package_is_where_node_looks_for_it(path: str) -> None:
    assert is_package_root(path)


@pytest.mark.parametrize(
    "path",
    [
        "node_modules/package.json",
        "node_modules/resolve/test/resolver/mylib/package.json",
        "node_modules/terser/dist/package.json",
        "node_modules/@s/a/lib/package.json",
        "node_modules/.pnpm/a@1.0.0/package.json/package.json",
    ],
)
def test_what_lies_inside_a_package_is_no_package(path: str) -> None:
    assert not is_package_root(path)
    assert packages_of(node_installed, path, b'{"name":"a","version":"1"}') == []


def test_name_and_version_are_read_behind_a_byte_order_mark() -> None:
    data = b'\xef\xbb\xbf{"version": "1.2.3", "name": "@s/a", "scripts": {"x": [1, null]}}'
    (package,) = packages_of(node_installed, ROOT, data)
    assert (package.name, package.version, package.type) == ("@s/a", "1.2.3", "npm")


@pytest.mark.parametrize(
    "manifest",
    [b"{}", b'{"type":"module"}', b'{"name":"a"}', b'{"name":"a","version":1}', b'{"name":[]}'],
)
def test_a_manifest_without_a_name_and_a_version_is_no_package(manifest: bytes) -> None:
    assert packages_of(node_installed, ROOT, manifest) == []


def test_licenses_have_several_shapes() -> None:
    assert licenses(license="MIT") == ("MIT",)
    assert licenses(license={"type": "BSD", "url": "x"}) == ("BSD",)
    assert licenses(licenses=[{"type": "MIT"}, "ISC", {"type": "MIT"}]) == ("MIT", "ISC")
    assert licenses(license=["MIT", {"name": "ISC"}]) == ("MIT", "ISC")
    assert licenses(license=7, licenses=[None, [], {"type": 1}]) == ()


@pytest.mark.parametrize("manifest", [b"", b"[]", b"{", b'{"name":' + b"[" * 100_000])
def test_what_is_no_json_object_is_malformed(manifest: bytes) -> None:
    assert read_as_far_as_possible(node_installed, ROOT, manifest)[1]


def test_invalid_utf8_is_replaced() -> None:
    data = b'{"name":"a","version":"1","license":"\xff"}'
    (package,) = packages_of(node_installed, ROOT, data)
    assert package.licenses == ("\N{REPLACEMENT CHARACTER}",)


def test_two_thousand_files_take_some_ten_milliseconds() -> None:
    manifest = {"name": "a", "version": "1", "license": "MIT", "scripts": {"x": "y"}}
    data = json.dumps({**manifest, "dependencies": {f"d{n}": "^1.0.0" for n in range(100)}})
    start = time.perf_counter()
    for _ in range(2000):
        packages_of(node_installed, ROOT, data.encode())
    assert time.perf_counter() - start < 0.3
