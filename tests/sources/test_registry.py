from __future__ import annotations

import concurrent.futures
import json
import shutil
from pathlib import Path

import pytest

from loopback import Answer, Asked, free_port, serve
from oci_layout import sha256
from pratique.errors import (
    DigestMismatch,
    LimitExceeded,
    MalformedError,
    NotFound,
    Unavailable,
    UsageError,
)
from pratique.model.image import Digest, Layer
from registries import Connect, Running, blobs, content, only, running

pytest_plugins = ("registry_fixtures",)
pytestmark = pytest.mark.registry


@pytest.mark.parametrize("name", ["two", "zstd", "plain", "big"])
def test_an_image_and_its_layers_are_read(registry: Running, connect: Connect, name: str) -> None:
    source = connect(f"{registry.host}/lab/{name}:1")
    image = only(source)
    manifest = json.loads(registry.layout.read(registry.entries[name]["digest"]))
    assert image.id == manifest["config"]["digest"]
    assert image.tags == (f"{registry.host}/lab/{name}:1",)
    assert image.digests == (f"{registry.host}/lab/{name}@{registry.entries[name]['digest']}",)
    assert [layer.media_type for layer in image.layers] == [
        x["mediaType"] for x in manifest["layers"]
    ]
    assert [layer.created_by for layer in image.layers] == [
        f"COPY {n} /" for n in range(len(image.layers))
    ]
    assert content(source, image) == blobs(registry, name)


def test_docker_schema_2_is_read_as_well(registry: Running, connect: Connect) -> None:
    source = connect(f"{registry.host}/lab/docker:1")
    image = only(source)
    assert image.layers[0].media_type == "application/vnd.docker.image.rootfs.diff.tar.gzip"
    assert image.layers[0].created_by == "COPY 0 /"
    assert content(source, image) == blobs(registry, "two")


def test_an_image_is_had_by_its_digest(registry: Running, connect: Connect) -> None:
    digest = registry.entries["two"]["digest"]
    assert only(connect(f"{registry.host}/lab/two@{digest}")).tags == ()
    both = connect(f"{registry.host}/lab/two:1@{digest}")
    assert only(both).tags == (f"{registry.host}/lab/two:1",)


@pytest.mark.parametrize("name", ["many", "nested"])
def test_an_index_gives_the_platform_that_is_asked_for(
    registry: Running, connect: Connect, name: str
) -> None:
    source = connect(f"{registry.host}/lab/{name}:1")
    image = only(source, "linux/arm64")
    assert image.platform == "linux/arm64/v8"
    assert image.digests[0] == f"{registry.host}/lab/{name}@{registry.entries[name]['digest']}"
    assert image.digests[-1] != image.digests[0]
    assert b"".join(source.open(image.layers[0]))
    everything = [image.platform for image in source.images("all")]
    assert everything == ["linux/amd64", "linux/arm64/v8"]


def test_a_platform_that_is_not_there_is_not_found(registry: Running, connect: Connect) -> None:
    for name, there in (("many", "linux/amd64, linux/arm64/v8"), ("two", "linux/amd64")):
        with pytest.raises(NotFound, match=f"its platforms are: {there}$"):
            connect(f"{registry.host}/lab/{name}:1").images("linux/s390x")
    with pytest.raises(UsageError):
        connect(f"{registry.host}/lab/many:1").images("toaster")


def test_layers_are_opened_by_several_threads(registry: Running, connect: Connect) -> None:
    source = connect(f"{registry.host}/lab/big:1")
    image = only(source)
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: content(source, image), range(24)))
    assert found == [blobs(registry, "big")] * 24


def test_pieces_are_of_a_mebibyte(registry: Running, connect: Connect) -> None:
    source = connect(f"{registry.host}/lab/big:1")
    sizes = [len(piece) for piece in source.open(only(source).layers[0])]
    assert sizes[:-1] == [1 << 20] * (len(sizes) - 1)
    assert len(sizes) > 2


def test_what_is_not_there_is_not_found(registry: Running, connect: Connect) -> None:
    for name in ("lab/nothing:1", "lab/two:nothing", f"lab/two@sha256:{'0' * 64}"):
        with pytest.raises(NotFound, match=registry.host):
            connect(f"{registry.host}/{name}").images("")
    with pytest.raises(NotFound):
        list(
            connect(f"{registry.host}/lab/two:1").open(
                Layer(Digest(""), Digest(f"sha256:{'0' * 64}"))
            )
        )


def test_no_registry_is_unavailable_and_what_was_tried_is_said(connect: Connect) -> None:
    port = free_port()
    with pytest.raises(Unavailable, match=rf"http://localhost:{port}/.*https://localhost:{port}/"):
        connect(f"localhost:{port}/a").images("")


@pytest.mark.parametrize("change", ["layer", "config"])
def test_blobs_that_were_tampered_with_are_refused(
    registry: Running, connect: Connect, folder: Path, change: str
) -> None:
    """Change a byte where the registry keeps it."""
    store = folder / f"tampered-{change}"
    shutil.copytree(registry.root, store)
    manifest = json.loads(registry.layout.read(registry.entries["two"]["digest"]))
    digest = (manifest["config"] if change == "config" else manifest["layers"][1])["digest"][7:]
    path = store / f"docker/registry/v2/blobs/sha256/{digest[:2]}/{digest}/data"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    with running(folder, store) as host:
        source = connect(f"{host}/lab/two:1")
        with pytest.raises(DigestMismatch, match=digest):
            content(source, only(source))


def test_a_layer_that_is_longer_than_told_is_refused_early(
    registry: Running, connect: Connect
) -> None:
    source = connect(f"{registry.host}/lab/big:1")
    layer = only(source).layers[0]
    pieces = source.open(Layer(layer.diff_id, layer.digest, size=1 << 20))
    next(pieces)
    with pytest.raises(DigestMismatch, match="more than the 1048576 bytes"):
        next(pieces)


def test_a_manifest_has_the_digest_that_was_asked_for(connect: Connect) -> None:
    data = b'{"schemaVersion": 2, "manifests": []}'
    with serve(lambda _: Answer(body=data)) as stub:
        with pytest.raises(DigestMismatch, match=sha256(data)):
            connect(f"{stub.host}/a@sha256:{'0' * 64}").images("")
        with pytest.raises(NotFound, match="no image"):
            connect(f"{stub.host}/a@{sha256(data)}").images("")


@pytest.mark.parametrize("stated", [f"sha256:{'0' * 64}", "nonsense", "sha256:../x"])
def test_a_manifest_has_the_digest_that_the_registry_states(connect: Connect, stated: str) -> None:
    headers = {"Docker-Content-Digest": stated}
    with (
        serve(lambda _: Answer(body=b"{}", headers=headers)) as stub,
        pytest.raises(DigestMismatch),
    ):
        connect(f"{stub.host}/a").images("")


def test_a_manifest_is_bounded(connect: Connect) -> None:
    with serve(lambda _: Answer(body=b" " * (9 << 20))) as stub, pytest.raises(LimitExceeded):
        connect(f"{stub.host}/a").images("")


def test_indexes_in_indexes_have_an_end(connect: Connect) -> None:
    """A server can make them up without end by the digest, so that the depth is bounded."""
    layout: dict[str, bytes] = {}
    data = b'{"manifests": []}'
    for _ in range(9):
        layout[sha256(data)] = data
        data = json.dumps({"manifests": [{"digest": sha256(data)}]}).encode()

    def answer(asked: Asked) -> Answer:
        return Answer(body=layout.get(asked.path.rpartition("/")[2], data))

    with serve(answer) as stub, pytest.raises(MalformedError, match="too deep"):
        connect(f"{stub.host}/a").images("")


def test_a_foreign_layer_is_not_fetched(registry: Running, connect: Connect) -> None:
    layer = Layer(
        Digest(""), Digest(f"sha256:{'0' * 64}"), urls=("https://mcr.example/x?sig=secret",)
    )
    with pytest.raises(
        NotFound, match=r"not in the registry but at https://mcr\.example/x"
    ) as caught:
        connect(f"{registry.host}/lab/two:1").open(layer)
    assert "secret" not in str(caught.value)
