from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pratique.codecs import oci
from pratique.errors import MalformedError, NotFound, UsageError
from pratique.model.image import Image

Entry = dict[str, Any]

A, B, C = (f"sha256:{letter * 64}" for letter in "abc")
CONFIG = "application/vnd.docker.container.image.v1+json"
GZIP = "application/vnd.docker.image.rootfs.diff.tar.gzip"


def encode(**document: Any) -> bytes:
    return json.dumps(document).encode()


def blob(digest: str, media_type: str = GZIP, size: Any = 10, **more: Any) -> Entry:
    return {"digest": digest, "mediaType": media_type, "size": size, **more}


def manifest(*layers: Entry, config: Entry | None = None, **more: Any) -> bytes:
    return encode(schemaVersion=2, config=config or blob(A, CONFIG), layers=list(layers), **more)


def config(*diff_ids: str, history: object = None, **more: Any) -> bytes:
    return encode(
        os="linux",
        architecture="amd64",
        rootfs={"diff_ids": list(diff_ids)},
        history=history,
        **more,
    )


def assemble(manifest_bytes: bytes, config_bytes: bytes) -> Image:
    return oci.assemble("x", oci.read_manifest(manifest_bytes, "m"), config_bytes, "m")


def index(*platforms: Entry | None, others: tuple[Entry, ...] = ()) -> oci.Index:
    entries = [
        blob(f"sha256:{number:064x}", oci.ACCEPT.split(", ")[0], platform=p or None)
        for number, p in enumerate(platforms)
    ]
    return oci.read_index(encode(schemaVersion=2, manifests=[*entries, *others]), "i")


def named(os: str, architecture: str, variant: str = "") -> Entry:
    return {"os": os, "architecture": architecture, **({"variant": variant} if variant else {})}


def chosen(found: oci.Index, platform: str) -> list[int]:
    return [int(entry.digest[7:], 16) for entry in oci.choose(found, platform)]


def test_layers_are_paired_with_diff_ids_and_the_lines_that_made_them() -> None:
    history = [
        {"created_by": "ADD"},
        {"created_by": "ENV", "empty_layer": True},
        {"created_by": "RUN"},
    ]
    image = assemble(manifest(blob(B), blob(C, size=5)), config(C, B, history=history))
    assert [(layer.digest, layer.diff_id, layer.created_by) for layer in image.layers] == [
        (B, C, "ADD"),
        (C, B, "RUN"),
    ]
    assert (image.id, image.platform, image.size) == (A, "linux/amd64", 15)
    assert image.config["rootfs"] == {"diff_ids": [C, B]}


@pytest.mark.parametrize("history", [None, [], [{"created_by": "RUN"}], [{}, {}, {}]])
def test_a_history_that_does_not_fit_names_no_line(history: list[dict[str, Any]] | None) -> None:
    image = assemble(manifest(blob(B), blob(C)), config(C, B, history=history))
    assert [layer.created_by for layer in image.layers] == ["", ""]


def test_null_is_the_same_as_absent() -> None:
    data = manifest(blob(B, urls=None, annotations=None), annotations=None, mediaType=None)
    image = assemble(data, config(C, history=None, variant=None))
    assert image.layers[0].urls == ()


def test_an_image_from_scratch_has_no_layers() -> None:
    assert assemble(encode(config=blob(A, CONFIG), layers=None), config()).layers == ()


def test_foreign_layers_keep_their_urls_and_unknown_types_stay_as_they_are() -> None:
    foreign = "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip"
    layers = blob(B, foreign, urls=["https://x/y"]), blob(C, "application/vnd.new.thing")
    image = assemble(manifest(*layers), config(B, C))
    assert image.layers[0].urls == ("https://x/y",)
    assert [layer.media_type for layer in image.layers] == [foreign, "application/vnd.new.thing"]


def test_counts_that_differ_are_malformed() -> None:
    with pytest.raises(MalformedError, match="2 layers but 1 diff ids"):
        assemble(manifest(blob(B), blob(C)), config(B))


def test_schema_1_is_refused_with_advice() -> None:
    with pytest.raises(MalformedError, match="schema 1") as caught:
        oci.read(encode(schemaVersion=1, name="x", fsLayers=[]), "m")
    assert caught.value.hint


@pytest.mark.parametrize(
    ("data", "settings"),
    [
        (manifest(blob(B, "application/vnd.cncf.helm.chart.content.v1.tar+gzip"),
                  config=blob(A, "application/vnd.cncf.helm.config.v1+json")), encode(name="chart")),
        (manifest(blob(B, "application/vnd.in-toto+json")), config(B)),
        (manifest(blob(B, "application/vnd.dev.cosign.simplesigning.v1+json")), config(B)),
        (manifest(blob(B, "text/plain"), artifactType="application/x",
                  config=blob(A, "application/vnd.oci.empty.v1+json")), b"{}"),
    ],
)  # fmt: skip
def test_artifacts_are_not_images(data: bytes, settings: bytes) -> None:
    with pytest.raises(MalformedError, match="not a container image"):
        assemble(data, settings)


def test_an_artifact_manifest_is_not_an_image() -> None:
    kind = "application/vnd.oci.artifact.manifest.v1+json"
    with pytest.raises(MalformedError, match="text/sbom"):
        oci.read(encode(mediaType=kind, artifactType="text/sbom", blobs=[]), "m")


def test_a_document_that_is_both_is_refused() -> None:
    with pytest.raises(MalformedError, match="both"):
        oci.read(encode(manifests=[], layers=[], config=blob(A)), "m")


def test_a_manifest_is_told_from_an_index_by_what_is_in_it() -> None:
    assert isinstance(oci.read(encode(manifests=None), "i"), oci.Index)
    assert isinstance(oci.read(manifest(blob(B)), "m"), oci.Manifest)


@pytest.mark.parametrize(
    "digest",
    ["sha256:../../x", "sha256:" + "a" * 63, "sha256:" + "A" * 64, A + "\n", "md5:abc", ""],
)
def test_digests_that_cannot_be_paths_are_refused(digest: str) -> None:
    with pytest.raises(MalformedError):
        oci.read_manifest(manifest(blob(digest)), "m")


@pytest.mark.parametrize(
    "data", [b"", b"[]", b"null", b"\xff", b"{", b"[" * 100_000, b'{"a":' * 5000,
             encode(config={}), encode(config=blob(A), layers=[blob(B, size=-1)]),
             encode(config=blob(A), layers={}), manifest(blob(B, size=2.5))]
)  # fmt: skip
def test_what_is_no_manifest_is_malformed(data: bytes) -> None:
    with pytest.raises(MalformedError):
        oci.read(data, "m")


@pytest.mark.parametrize(
    ("platform", "expected"),
    [
        ("linux/amd64", [0]),
        ("linux/arm64", [1]),
        ("linux/arm64/v8", [1]),
        ("linux/arm/v7", [3]),
        ("linux/arm", [3]),
        ("linux/arm/v6", [2]),
        ("windows/amd64", [4]),
        ("all", [0, 1, 2, 3, 4]),
    ],
)
def test_an_index_gives_the_entry_of_a_platform(platform: str, expected: list[int]) -> None:
    found = index(
        named("linux", "amd64"),
        named("linux", "arm64", "v8"),
        named("linux", "arm", "v6"),
        named("linux", "arm", "v7"),
        named("windows", "amd64"),
    )
    assert chosen(found, platform) == expected


def test_attestations_are_no_images() -> None:
    marked = blob(A, annotations={"vnd.docker.reference.type": "attestation-manifest"})
    found = index(named("linux", "amd64"), named("unknown", "unknown"), others=(marked,))
    assert chosen(found, "all") == [0]


def test_a_platform_that_is_not_there_is_not_found_and_those_there_are_named() -> None:
    found = index(named("linux", "s390x"), named("linux", "arm", "v6"), named("unknown", "unknown"))
    with pytest.raises(NotFound, match=r"its platforms are: linux/s390x, linux/arm/v6$") as caught:
        oci.choose(found, "linux/riscv64")
    assert "--platform" in caught.value.hint


def test_the_only_image_serves_where_none_was_asked_for() -> None:
    assert chosen(index(named("linux", "s390x"), named("unknown", "unknown")), "") == [0]


def test_entries_without_a_platform_are_left_to_their_configurations() -> None:
    assert chosen(index(None, {}, named("linux", "s390x")), "linux/mips64") == [0, 1]


def test_an_index_without_images_says_so() -> None:
    for platform in ("", "all", "linux/amd64"):
        with pytest.raises(NotFound, match="no image"):
            oci.choose(index(named("unknown", "unknown")), platform)


def test_a_wrong_platform_is_the_users_mistake() -> None:
    with pytest.raises(UsageError):
        oci.choose(index(named("linux", "amd64")), "toaster")


def test_configurations_have_the_last_word_on_platforms() -> None:
    image = assemble(manifest(blob(B)), config(B))
    assert oci.matching((image,), "linux/amd64") == (image,)
    assert oci.matching((image, image), "all") == (image, image)
    with pytest.raises(NotFound, match="linux/amd64"):
        oci.matching((image,), "linux/arm64")


def test_an_image_that_stands_alone_serves_on_any_machine() -> None:
    data = encode(os="plan9", architecture="mips", rootfs={"diff_ids": [B]})
    image = assemble(manifest(blob(B)), data)
    assert oci.matching((image,), "") == (image,)


@given(st.binary(max_size=200))
def test_random_bytes_are_malformed(data: bytes) -> None:
    for read in (oci.read, oci.read_index, oci.read_manifest, oci.read_config):
        with pytest.raises(MalformedError):
            read(b"x" + data, "m")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from([A, B, GZIP, "linux"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(["config", "layers", "digest", "size", "mediaType", "rootfs", "diff_ids", "history",
                         "manifests", "platform", "os", "annotations", "schemaVersion"]), inner, max_size=5),
    max_leaves=12,
)  # fmt: skip


@given(JSON, JSON)
def test_any_json_is_an_image_or_malformed(first: object, second: object) -> None:
    try:
        document = oci.read(json.dumps(first).encode(), "m")
        if isinstance(document, oci.Manifest):
            oci.assemble("x", document, json.dumps(second).encode(), "m")
    except MalformedError:
        pass
