"""Broken and hostile SBOMs: MalformedError and nothing else, in bounded time."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import json

from pratique.errors import MalformedError
from pratique.model.inventory import Distro, Package
from sboms import FORMATS, report, scanned, written


def attempt(data: bytes) -> str:
    """Give what is said against a document; empty where it was read."""
    try:
        scanned(data)
    except MalformedError as error:
        said = error.message
    else:
        return ""
    assert "\n" not in said.strip()
    return said


@cache
def good(name: str) -> bytes:
    """A small document of each format that is read."""
    packages = (
        Package(
            "var/lib/dpkg/status", "dpkg", "deb", "a", "1:2-3", "amd64", "s", "1", ("MIT", "x")
        ),
        Package("a.jar", "jar", "maven", "g:b", "1", inner="b.jar", hashes=("md5:" + "0" * 32,)),
        Package("f", "npm", "npm", "c", "1", depends=("d@2",), line=3),
        Package("f", "npm", "npm", "d", "2", remarks=("r",)),
    )
    if name == "syft":
        artifact = {"id": "1", "name": "a", "version": "1", "purl": "pkg:npm/a@1",
                    "locations": [{"path": "/a"}], "licenses": [{"value": "MIT"}], "metadata": {}}  # fmt: skip
        source = {"type": "image", "metadata": {"layers": [{"digest": "sha256:0", "size": 1}]}}
        return json.encode({"artifacts": [artifact], "source": source, "distro": {"id": "debian"},
                            "artifactRelationships": [{"parent": "1", "child": "1"}]})  # fmt: skip
    return written(name, report(*packages, distro=Distro("e", "debian", "12"), layers=2))


EVERY = (*FORMATS, "json", "syft")


@pytest.mark.parametrize("name", EVERY)
def test_every_truncation_is_one_line(name: str) -> None:
    data = good(name)
    assert attempt(data) == ""
    for size in range(0, len(data) - 2, max(1, len(data) // 150)):
        said = attempt(data[:size])
        assert said or name == "spdx"  # lines that are there are a document as well


@pytest.mark.parametrize("name", EVERY)
@given(st.data())
@settings(max_examples=80, deadline=None)
def test_no_mutation_is_more_than_malformed(name: str, data: st.DataObject) -> None:
    mutated = bytearray(good(name))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(mutated) - 1))
        size = data.draw(st.integers(0, 40))
        mutated[at : at + size] = data.draw(
            st.one_of(
                st.binary(max_size=8), st.sampled_from([b"null", b'"', b"{}", b"[]", b"-1e999"])
            )
        )
    attempt(bytes(mutated))


_texts = st.one_of(
    st.text(max_size=6), st.sampled_from(["pkg:npm/a@1", "container", "a", "SPDXRef-DOCUMENT"])
)
_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), _texts),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from([
            "components", "metadata", "component", "dependencies", "ref", "dependsOn", "bom-ref", "type",
            "name", "version", "purl", "properties", "value", "licenses", "license", "hashes", "evidence",
            "packages", "relationships", "SPDXID", "externalRefs", "annotations", "files", "@graph",
            "spdxId", "from", "to", "artifacts", "source", "distro", "locations", "Results", "Packages",
            "Metadata", "Layers", "payload", "predicate", "sbom", "dsseEnvelope", "Data", "occurrences",
        ]), inner, max_size=4),
    ), max_leaves=20,
)  # fmt: skip


@given(st.sampled_from(["bomFormat", "spdxVersion", "@graph", "artifacts", "SchemaVersion", "payload",
                        "predicate", "sbom", "dsseEnvelope"]),
       st.dictionaries(st.sampled_from(["components", "packages", "@graph", "artifacts", "Results",
                                        "metadata", "source", "relationships", "payload"]), _values))  # fmt: skip
@settings(max_examples=150, deadline=None)
def test_no_other_shape_is_more_than_malformed(kind: str, members: dict[str, Any]) -> None:
    attempt(json.encode({kind: "x"} | members))


BOMBS = {
    "entities": b'<!DOCTYPE b [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><bom>&b;</bom>',
    "external": b'<!DOCTYPE b SYSTEM "file:///etc/passwd"><bom/>',
    "deep xml": b"<bom><components>" + b"<component><components>" * 50_000,
    "deep json": b'{"bomFormat":"CycloneDX","components":' + b'[{"components":' * 50_000,
    "deep brackets": b'{"bomFormat":"CycloneDX","components":' + b"[" * 200_000,
    "envelopes": b'{"predicate":' * 10 + b"{}" + b"}" * 10,
    "many envelopes": b'{"predicate":' * 30_000 + b"1" + b"}" * 30_000,
    "not base64": b'{"payload":"%%%"}',
    "binary payload": b'{"payload":"AAECAw=="}',
    "text without end": b"SPDXVersion: SPDX-2.3\nPackageComment: <text>" + b"a\n" * 100_000,
    "no tag": b"SPDXVersion: SPDX-2.3\nnonsense\n",
    "relationship": b"SPDXVersion: SPDX-2.3\nRelationship: a b\n",
    "other xml": b"<html/>",
    "nothing": b"",
    "white": b"   \n",
    "number": b"1",
    "list": b"[]",
    "object": b"{}",
    "zeros": bytes(1000),
    "report without packages": b'{"SchemaVersion":2,"Results":[{"Class":"os-pkgs"}]}',
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_hostile_document_is_one_clear_line(name: str) -> None:
    said = attempt(BOMBS[name])
    assert said.startswith("x.sbom")
    assert len(said) < 300


def test_huge_numbers_and_bad_text_do_no_harm() -> None:
    document = b"""{"bomFormat": "CycloneDX", "components": [{"type": "library", "name": "\xff\xfe",
      "version": 1.50, "purl": "pkg:npm/a@1", "evidence": {"occurrences": [{"location": "x",
      "line": 99999999999999999999}]}}]}"""
    said = attempt(document)
    assert said == "" or "line" in said


def test_a_component_that_contains_itself_is_read_once() -> None:
    document = json.encode({
        "bomFormat": "CycloneDX",
        "metadata": {"component": {"type": "container", "bom-ref": "r", "name": "i"}},
        "components": [{"type": "library", "bom-ref": "a", "name": "a", "purl": "pkg:npm/a@1"}],
        "dependencies": [{"ref": "r", "dependsOn": ["r", "a"]}, {"ref": "a", "dependsOn": ["a", "r"]}],
    })  # fmt: skip
    [found] = scanned(document)
    assert len(found.inventory.packages) == 1
