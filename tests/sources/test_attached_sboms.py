"""SBOMs that are attached to images, in a real registry."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cosign import WORD, pair
from loopback import serve
from oci_layout import Layout
from pratique.codecs.dsse import envelope_of
from pratique.errors import MalformedError
from pratique.model.inventory import Package
from pratique.model.settings import Settings
from pratique.scanning import scan
from pratique.signing.keys import private_key
from pratique.sources.registry import Registry
from pratique.sources.sbom import read_attached
from registries import Running, listing, only, push, relay
from sboms import report, written

pytest_plugins = ["registry_fixtures"]
pytestmark = pytest.mark.registry

IN_TOTO = "application/vnd.in-toto+json"
BUNDLE = "application/vnd.dev.sigstore.bundle.v0.3+json"
DSSE = "application/vnd.dsse.envelope.v1+json"
ARTIFACT = "application/vnd.oci.image.manifest.v1+json"
FLASK = report(Package("app/METADATA", "python-pkg", "pypi", "Flask", "2.0.1", introduced=0,
                       changed=0), layers=1)  # fmt: skip
SPDX = json.loads(written("spdx-json", FLASK))
CYCLONEDX = json.loads(written("cyclonedx", FLASK))


def statement(predicate: Any, kind: str = "https://spdx.dev/Document") -> dict[str, Any]:
    return {"_type": "https://in-toto.io/Statement/v0.1", "predicateType": kind, "subject": [],
            "predicate": predicate}  # fmt: skip


def envelope(document: dict[str, Any]) -> dict[str, Any]:
    payload = base64.b64encode(json.dumps(document).encode()).decode()
    return {"payloadType": IN_TOTO, "payload": payload, "signatures": []}


def artifact(layout: Layout, *blobs: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Write a manifest that holds documents."""
    empty = layout.blob(b"{}", "application/vnd.oci.empty.v1+json")
    manifest = {"schemaVersion": 2, "mediaType": ARTIFACT, "config": empty, "layers": blobs, **more}
    return layout.document(manifest, ARTIFACT)


class Attached:
    """An image in the registry, to which tests attach things."""

    def __init__(self, registry: Running, layout: Layout) -> None:
        self.host, self.layout = registry.host, layout
        self.repository = f"lab/{layout.path.parent.name.lower()}"
        self.image = layout.image({"etc/os-release": b"ID=alpine\nVERSION_ID=3.20.0\n"})
        self.name = f"{self.host}/{self.repository}:1"

    def push(self, entry: dict[str, Any], tag: str = "1") -> None:
        push(self.host, self.repository, self.layout, entry, tag)

    @property
    def tag(self) -> str:
        digest: str = self.image["digest"]
        return digest.replace(":", "-")


@pytest.fixture
def attached(registry: Running, tmp_path: Any, nobody: Any) -> Attached:
    return Attached(registry, Layout(tmp_path / "layout"))


def found(attached: Attached, connect: Callable[..., Registry]) -> list[str]:
    """Give the packages that the attached SBOM names."""
    source = connect(attached.name)
    image = only(source, "linux/amd64")
    inventory = read_attached(image, source.attached(image))
    return [package.name for package in inventory.packages] if inventory else []


def test_an_image_without_attachments_has_none(
    attached: Attached, connect: Callable[..., Registry]
) -> None:
    attached.push(attached.image)
    assert found(attached, connect) == []


def test_what_buildkit_attaches_is_read(
    attached: Attached, connect: Callable[..., Registry]
) -> None:
    layout = attached.layout
    provenance = {"in-toto.io/predicate-type": "https://slsa.dev/provenance/v0.2"}
    kind = {"in-toto.io/predicate-type": "https://spdx.dev/Document"}
    blobs = [
        layout.document({"predicateType": "x"}, IN_TOTO, annotations=provenance),
        layout.document(statement(SPDX), IN_TOTO, annotations=kind),
    ]
    attestation = artifact(layout, *blobs) | {
        "platform": {"os": "unknown", "architecture": "unknown"},
        "annotations": {
            "vnd.docker.reference.type": "attestation-manifest",
            "vnd.docker.reference.digest": attached.image["digest"],
        },
    }
    other = layout.image({"a": b"arm"}, platform="linux/arm64")
    attached.push(layout.index(attached.image, other, attestation))
    assert found(attached, connect) == ["Flask"]
    source = connect(attached.name)
    image = only(source, "linux/arm64")
    assert read_attached(image, source.attached(image)) is None


def test_referrers_are_found_by_the_tag_of_registries_that_cannot_list_them(
    attached: Attached, connect: Callable[..., Registry]
) -> None:
    layout = attached.layout
    attached.push(attached.image)
    blob = layout.document(CYCLONEDX, "application/vnd.cyclonedx+json")
    referrer = artifact(
        layout, blob, subject=attached.image, artifactType="application/vnd.cyclonedx+json"
    ) | {"artifactType": "application/vnd.cyclonedx+json"}
    signature = artifact(layout, layout.blob(b"x", "application/x-signature")) | {
        "artifactType": "application/x-signature"
    }
    attached.push(layout.index(signature, referrer), attached.tag)
    assert found(attached, connect) == ["Flask"]


@pytest.mark.parametrize("kind", ["application/vnd.cyclonedx+json", BUNDLE])
def test_referrers_are_found_by_the_list_of_a_registry(
    attached: Attached, connect: Callable[..., Registry], kind: str
) -> None:
    layout = attached.layout
    attached.push(attached.image)
    document = CYCLONEDX if kind != BUNDLE else {"dsseEnvelope": envelope(statement(SPDX))}
    signature = layout.blob(b"x", "application/x-signature")
    for content, told in ((signature, "application/x-signature"),
                          (layout.document(document, kind), kind)):  # fmt: skip
        referrer = artifact(layout, content, subject=attached.image, artifactType=told)
        attached.push(referrer, referrer["digest"])
    assert found(attached, connect) == []
    with serve(listing(layout, relay(attached.host))) as registry:
        attached.name = attached.name.replace(attached.host, registry.host)
        assert found(attached, connect) == ["Flask"]


@pytest.mark.parametrize(
    ("ending", "kind", "document"),
    [
        ("sbom", "application/vnd.cyclonedx+json", CYCLONEDX),
        ("sbom", "text/spdx+json", SPDX),
        ("att", DSSE, envelope(statement(SPDX))),
        ("att", DSSE, envelope(statement({"Data": json.dumps(SPDX)}))),
        ("att", DSSE, envelope(statement({"Data": CYCLONEDX}, "https://cyclonedx.org/bom"))),
        ("att", "application/vnd.dev.sigstore.bundle.v0.3+json",
         {"mediaType": "x", "dsseEnvelope": envelope(statement(SPDX))}),
    ],
)  # fmt: skip
def test_what_cosign_attaches_is_read(
    attached: Attached, connect: Callable[..., Registry], ending: str, kind: str, document: Any
) -> None:
    attached.push(attached.image)
    blob = attached.layout.document(document, kind)
    attached.push(artifact(attached.layout, blob), f"{attached.tag}.{ending}")
    assert found(attached, connect) == ["Flask"]


def test_a_broken_attachment_does_not_hide_a_good_one(
    attached: Attached, connect: Callable[..., Registry]
) -> None:
    layout = attached.layout
    attached.push(attached.image)
    broken = layout.blob(
        b'{"bomFormat": "CycloneDX", "components": [', "application/vnd.cyclonedx+json"
    )
    good = layout.document(CYCLONEDX, "application/vnd.cyclonedx+json")
    attached.push(artifact(layout, broken, good), f"{attached.tag}.sbom")
    source = connect(attached.name)
    image = only(source)
    inventory = read_attached(image, source.attached(image))
    assert inventory
    assert [p.name for p in inventory.packages] == ["Flask"]
    assert [p.what.partition(":")[0] for p in inventory.problems] == [
        "taken from an attached SBOM, unverified; no layer was read",
        "an attached SBOM cannot be read",
    ]


def test_a_scan_takes_what_is_attached_only_where_it_is_asked_to(attached: Attached) -> None:
    attached.push(attached.image)
    blob = attached.layout.document(SPDX, "text/spdx+json")
    attached.push(artifact(attached.layout, blob), f"{attached.tag}.sbom")
    plain = Settings(no_cache=True, scanners=())
    [by_layers] = scan(attached.name, plain)
    assert by_layers.inventory.packages == ()
    assert by_layers.inventory.distro
    [by_sbom] = scan(attached.name, Settings(no_cache=True, scanners=(), sbom_source=("oci",)))
    assert [p.name for p in by_sbom.inventory.packages] == ["Flask"]
    assert by_sbom.image == by_layers.image
    assert "unverified" in by_sbom.problems[0].what


def signed(document: dict[str, Any], private: str) -> dict[str, Any]:
    """Give the envelope of a statement as cosign signs it, by the protocol's own words."""
    payload = json.dumps(document).encode()
    parts = (b"DSSEv1", str(len(IN_TOTO)).encode(), IN_TOTO.encode(),
             str(len(payload)).encode(), payload)  # fmt: skip
    signature = private_key(private, {"COSIGN_PASSWORD": WORD}).sign(b" ".join(parts))
    encoded = [{"keyid": "", "sig": base64.b64encode(signature).decode()}]
    return envelope(document) | {"signatures": encoded}


def about(digest: str) -> dict[str, Any]:
    subject = [{"name": "x", "digest": {"sha256": digest.removeprefix("sha256:")}}]
    return statement(SPDX) | {"subject": subject}


@pytest.mark.parametrize("kind", ["cosign", "ed25519"])
@pytest.mark.parametrize("bundled", [False, True])
def test_what_a_key_signed_of_an_image_is_taken(
    attached: Attached, tmp_path: Path, kind: str, *, bundled: bool
) -> None:
    private, public = pair(tmp_path, "k", kind)
    attached.push(attached.image)
    document = signed(about(attached.image["digest"]), private)
    blob = attached.layout.document({"dsseEnvelope": document} if bundled else document, DSSE)
    attached.push(artifact(attached.layout, blob), f"{attached.tag}.att")
    [found] = scan(attached.name, Settings(no_cache=True, scanners=(), sbom_key=public))
    assert [p.name for p in found.inventory.packages] == ["Flask"]
    assert "its signature verified; no layer was read" in found.problems[0].what


def test_what_another_key_signed_is_refused_and_so_is_what_no_key_did(
    attached: Attached, tmp_path: Path
) -> None:
    private, public = pair(tmp_path, "k")
    _, other = pair(tmp_path, "other")
    attached.push(attached.image)
    good = signed(about(attached.image["digest"]), private)
    changed = good | {"payload": envelope(about(attached.image["digest"]) | {"x": 1})["payload"]}
    foreign = signed(about("sha256:" + "0" * 64), private)
    plain = envelope(about(attached.image["digest"]))
    raw = SPDX | {"dsseEnvelope": good}  # the SBOM around the envelope is not what was signed
    for document, key, said in (
        (good, other, "has the signature of another key, or was changed"),
        (changed, public, "has the signature of another key, or was changed"),
        (foreign, public, "is about another image"),
        (plain, public, "is not signed"),
        (SPDX, public, "is not signed"),
    ):
        blob = attached.layout.document(document, DSSE)
        attached.push(artifact(attached.layout, blob), f"{attached.tag}.att")
        with pytest.raises(MalformedError, match=f"no attached SBOM is signed by that key.*{said}"):
            scan(attached.name, Settings(no_cache=True, scanners=(), sbom_key=key))
    blob = attached.layout.document(raw | {"packages": []}, DSSE)
    attached.push(artifact(attached.layout, blob), f"{attached.tag}.att")
    [found] = scan(attached.name, Settings(no_cache=True, scanners=(), sbom_key=public))
    assert [p.name for p in found.inventory.packages] == ["Flask"]


def test_with_a_key_and_nothing_attached_the_layers_are_read(
    attached: Attached, tmp_path: Path
) -> None:
    _, public = pair(tmp_path, "k")
    attached.push(attached.image)
    [found] = scan(attached.name, Settings(no_cache=True, scanners=(), sbom_key=public))
    assert found.inventory.distro


@pytest.mark.parametrize(
    "data", [b"", b"[]", b"{}", b'{"payload": "!", "payloadType": "x"}', b"[" * 9999, b"\xff"]
)
def test_what_is_no_envelope_is_none(data: bytes) -> None:
    assert envelope_of(data) is None


def test_an_envelope_of_something_else_is_about_nothing() -> None:
    found = envelope_of(b'{"payload": "e30=", "payloadType": "text/plain", "signatures": []}')
    assert found
    assert found.subjects() == set()
    assert found.signed == b"DSSEv1 10 text/plain 2 {}"
