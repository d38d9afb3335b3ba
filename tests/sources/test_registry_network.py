from __future__ import annotations

from pathlib import Path

import pytest

from loopback import Answer, Asked, certificate, free_port, serve
from oci_layout import MANIFEST
from pratique.errors import (
    MalformedError,
    NotFound,
    Unavailable,
)
from registries import PASSWORD, Connect, Running, blobs, content, only, push, relay

pytest_plugins = ("registry_fixtures",)
pytestmark = pytest.mark.registry


@pytest.mark.parametrize("with_ranges", [True, False])
def test_a_layer_that_breaks_off_goes_on(
    registry: Running, connect: Connect, *, with_ranges: bool
) -> None:
    with serve(relay(registry.host, 1_500_000, with_ranges=with_ranges)) as flaky:
        source = connect(f"{flaky.host}/lab/big:1")
        assert content(source, only(source)) == blobs(registry, "big")
        assert flaky.asked[-1].headers["range"] == "bytes=1500000-"


def test_a_registry_that_is_busy_is_waited_for(registry: Running, connect: Connect) -> None:
    busy = [Answer(429, headers={"Retry-After": "7"})] * 2
    onward = relay(registry.host)
    waits: list[float] = []

    def answer(asked: Asked) -> Answer:
        return busy.pop() if busy and "manifests" in asked.path else onward(asked)

    with serve(answer) as stub:
        assert only(connect(f"{stub.host}/lab/two:1", waits=waits))
    assert waits == [7, 7]


def test_a_registry_may_speak_https_with_a_certificate_of_its_own(
    registry: Running, connect: Connect, folder: Path, tmp_path: Path
) -> None:
    pair = certificate(tmp_path)
    with serve(relay(registry.host), pair) as stub:
        for flags in ({"cacert": str(pair[0])}, {"insecure": True}):
            assert only(connect(f"{stub.host}/lab/two:1", **flags))
        with pytest.raises(Unavailable, match="certificate is not trusted"):
            connect(f"{stub.host}/lab/two:1").images("")


def test_only_this_machine_is_spoken_to_in_the_clear(connect: Connect) -> None:
    def schemes(name: str, *, insecure: bool = False) -> tuple[str, ...]:
        return connect(name, insecure=insecure)._endpoints[0]._schemes

    assert schemes("localhost:5000/a") == schemes("[::1]:5000/a") == ("http", "https")
    assert (
        schemes("r.example/a") == schemes("127.0.0.1.example/a") == schemes("debian") == ("https",)
    )
    assert schemes("r.example/a", insecure=True) == ("https", "http")


def test_mirrors_are_asked_before_the_origin(registry: Running, connect: Connect) -> None:
    with serve(lambda _: Answer(404)) as empty:
        source = connect(
            "origin.invalid/two:1",
            mirrors={"origin.invalid": [f"http://{empty.host}", f"{registry.host}/lab"]},
        )
        image = only(source)
        assert image.tags == ("origin.invalid/two:1",)
        assert content(source, image) == blobs(registry, "two")
        assert empty.paths() == ["/v2/two/manifests/1"]


def test_docker_hub_has_mirrors_as_well(registry: Running, connect: Connect) -> None:
    source = connect("lab/two:1", mirrors={"docker.io": [registry.host]})
    assert only(source).digests == (f"lab/two@{registry.entries['two']['digest']}",)


def test_what_a_mirror_lacks_comes_from_the_origin(registry: Running, connect: Connect) -> None:
    onward = relay(registry.host)

    def answer(asked: Asked) -> Answer:
        return Answer(404) if "/blobs/" in asked.path else onward(asked)

    with serve(answer) as mirror:
        source = connect(f"{registry.host}/lab/two:1", mirrors={registry.host: [mirror.host]})
        assert content(source, only(source)) == blobs(registry, "two")


def test_a_mirror_that_lies_is_passed_over(registry: Running, connect: Connect) -> None:
    digest = registry.entries["two"]["digest"]
    with serve(lambda _: Answer(body=b"{}")) as liar:
        source = connect(f"{registry.host}/lab/two@{digest}", mirrors={registry.host: [liar.host]})
        assert content(source, only(source)) == blobs(registry, "two")


def test_given_credentials_never_go_to_a_mirror(basic: str, connect: Connect) -> None:
    denied = Answer(401, headers={"WWW-Authenticate": "Basic realm=x"})
    with serve(lambda _: denied) as mirror:
        flags = {"username": "me", "password": PASSWORD, "mirrors": {basic: [mirror.host]}}
        assert only(connect(f"{basic}/lab/two:1", **flags))
    assert mirror.asked
    assert not any("authorization" in asked.headers for asked in mirror.asked)


def test_what_every_mirror_said_is_told(registry: Running, connect: Connect) -> None:
    port = free_port()
    with serve(lambda _: Answer(403)) as mirror:
        mirrors = {registry.host: [f"http://localhost:{port}", mirror.host]}
        source = connect(f"{registry.host}/lab/nothing:1", mirrors=mirrors)
        with pytest.raises(NotFound) as caught:
            source.images("")
    for part in (registry.host, f"localhost:{port}", "connection refused", mirror.host, "HTTP 403"):
        assert part in str(caught.value)


def test_an_artifact_is_no_image(registry: Running, connect: Connect) -> None:
    config = registry.layout.document({}, "application/vnd.cncf.helm.config.v1+json")
    chart = registry.layout.blob(b"x", "application/vnd.cncf.helm.chart.content.v1.tar+gzip")
    manifest = {"schemaVersion": 2, "mediaType": MANIFEST, "config": config, "layers": [chart]}
    push(registry.host, "lab/chart", registry.layout, registry.layout.document(manifest, MANIFEST))
    with pytest.raises(MalformedError, match="helm"):
        connect(f"{registry.host}/lab/chart:1").images("")
