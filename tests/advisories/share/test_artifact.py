from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oci_layout import sha256
from pratique.advisories.share.artifact import Entry, entry_of, manifest_of, read, selected
from pratique.errors import DatabaseError, MalformedError
from sharing import YESTERDAY, shard

NAMES = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9 .:_+-]{0,40}", fullmatch=True)
ENTRIES = st.builds(
    Entry, NAMES, st.binary(max_size=3).map(sha256), st.integers(1, 1 << 30),
    st.integers(0, 10**9), st.sampled_from(["", "2026-01-01"]), st.integers(0, 4_000_000_000),
    st.just("4"),
)  # fmt: skip


@settings(deadline=None)
@given(st.lists(ENTRIES, unique_by=lambda entry: entry.shard, max_size=5))
def test_what_a_manifest_lists_is_read_again(entries: list[Entry]) -> None:
    found = read(manifest_of(entries), "x")
    assert found == sorted(entries, key=lambda entry: entry.shard)
    assert manifest_of(reversed(found)) == manifest_of(entries)


def test_a_manifest_is_as_other_tools_expect_it(tmp_path: Path) -> None:
    path = shard(tmp_path, "Debian:12", 5)
    document = json.loads(manifest_of([entry_of(str(tmp_path), "Debian:12")]))
    assert document == {
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "artifactType": "application/vnd.pratique.db.v1",
        "config": {
            "mediaType": "application/vnd.oci.empty.v1+json",
            "digest": "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
            "size": 2,
        },
        "layers": [{
            "mediaType": "application/vnd.pratique.db.shard.v1",
            "digest": sha256(path.read_bytes()),
            "size": path.stat().st_size,
            "annotations": {
                "org.opencontainers.image.title": "Debian:12",
                "vnd.pratique.checked": "2025-10-09T08:53:20Z",
                "vnd.pratique.newest": "2026-01-01T00:00:00Z",
                "vnd.pratique.records": "5",
                "vnd.pratique.schema": "4",
            },
        }],
        "annotations": {"vnd.pratique.schema": "4"},
    }  # fmt: skip


def entry(**more: Any) -> bytes:
    """Return a manifest of one shard that says something else."""
    document = json.loads(manifest_of([Entry("npm", sha256(b""), 9, 9, "", YESTERDAY, "4")]))
    said = more.pop("annotations", {})
    document["layers"][0].update(more)
    document["layers"][0]["annotations"].update(said)
    return json.dumps(document).encode()


def says(**more: str) -> bytes:
    return entry(annotations={f"vnd.pratique.{name}": value for name, value in more.items()})


def named(name: str) -> bytes:
    return entry(annotations={"org.opencontainers.image.title": name})


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (b"", "no JSON"),
        (b"[]", "not an object"),
        (b"[" * 100_000, "no JSON"),
        (b'{"manifests": []}', "an index"),
        (b'{"layers": 7, "config": {"digest": "x"}}', "x: "),
        (named(""), "'' is no name"),
        (named("a/b"), "'a/b' is no name"),
        (named("../npm"), "no name of a shard"),
        (named(".hidden"), "no name of a shard"),
        (named("npm\n"), "no name of a shard"),
        (named("n" * 101), "n…' is no name"),
        (named(":" * 90), "no name of a shard"),
        (entry(mediaType="text/html"), "a layer is no shard but 'text/html'"),
        (entry(size=0), "a size or a digest that cannot be"),
        (entry(size=1 << 40), "a size or a digest that cannot be"),
        (entry(size=-1), "x: "),
        (entry(size="9"), "x: "),
        (entry(digest="sha256:.."), "x: "),
        (entry(digest=f"sha512:{'0' * 128}"), "a size or a digest that cannot be"),
        (says(records="many"), "does not say how many records"),
        (says(records="9" * 12), "does not say how many records"),
        (says(records="٣"), "does not say how many records"),
        (says(checked="yesterday"), "does not say when"),
        (says(checked="2025-13-09T08:53:20Z"), "does not say when"),
    ],
)
def test_what_cannot_be_a_database_is_refused_in_one_line(document: bytes, said: str) -> None:
    with pytest.raises(MalformedError, match=said) as caught:
        read(document, "x")
    assert "\n" not in caught.value.message
    assert len(caught.value.message) < 300


def test_another_artifact_is_said_to_be_none_of_ours() -> None:
    document = json.loads(entry())
    document["artifactType"] = ""
    document["config"]["mediaType"] = "application/vnd.aquasec.trivy.config.v1+json"
    with pytest.raises(MalformedError, match=r"no database of Pratique's .*trivy\.config"):
        read(json.dumps(document).encode(), "x")


def test_a_name_twice_is_refused() -> None:
    document = json.loads(entry())
    document["layers"] *= 2
    with pytest.raises(MalformedError, match="a shard twice"):
        read(json.dumps(document).encode(), "x")
    document["layers"] *= 10_001
    with pytest.raises(MalformedError, match="more than 20000 shards"):
        read(json.dumps(document).encode(), "x")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["layers", "config", "digest", "annotations", "mediaType", "size",
                         "artifactType", "org.opencontainers.image.title"]), inner, max_size=4),
)  # fmt: skip


@settings(deadline=None)
@given(st.binary() | JSON.map(lambda value: json.dumps(value).encode()))
def test_anything_is_read_or_refused(data: bytes) -> None:
    try:
        read(data, "x")
    except MalformedError as error:
        assert error.message.startswith("x: ")  # noqa: PT017 - that it is said where


def test_a_name_means_its_releases() -> None:
    there = ["CVE:2024", "Debian:11", "Debian:12", "npm"]
    assert selected(there, ["Debian"]) == ["Debian:11", "Debian:12"]
    assert selected(there, ["Debian:*", "npm"]) == ["Debian:11", "Debian:12", "npm"]
    assert selected(there, ["Debian:1", "np"]) == []


def test_a_name_that_is_no_file_of_anybody_elses_is_not_shared(tmp_path: Path) -> None:
    shard(tmp_path, "a/b", 1)
    with pytest.raises(DatabaseError, match="'a/b' is no name that can be shared"):
        entry_of(str(tmp_path), "a/b")
