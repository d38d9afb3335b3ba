"""What others say of flaws: read leniently, applied strictly."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pratique.codecs.vex import read
from pratique.errors import MalformedError
from pratique.model.finding import Finding
from pratique.model.image import Digest, Image
from pratique.model.inventory import Distro, Inventory, Package
from pratique.model.report import Report
from pratique.vex import apply, is_image

CORPUS = Path(os.environ.get("PRATIQUE_CORPUS", Path(__file__).parents[1].parent / "shared"))
DIGEST = "sha256:" + "2" * 64
IMAGE = Image(
    "registry.example/team/shop:1", Digest("sha256:" + "1" * 64), (),
    tags=("registry.example/team/shop:1",), digests=(f"registry.example/team/shop@{DIGEST}",),
)  # fmt: skip
DEBIAN = Distro("etc/os-release", "debian", "12")


def package(type_: str, name: str, version: str, path: str = "x") -> Package:
    return Package(path, "a", type_, name, version, "amd64" if type_ == "deb" else "")


def finding(of: Package, id: str = "CVE-1", *aliases: str) -> Finding:
    return Finding(of, id, aliases, (), (), "", (), (), "HIGH", "", (), "affected")


def judged(document: dict[str, Any], *found: Finding, image: Image | None = IMAGE) -> Report:
    packages = tuple(dict.fromkeys(f.package for f in found))
    report = Report("x", "container_image", Inventory(packages, DEBIAN), found, image)
    return apply(report, read(json.dumps(document).encode(), "vex.json")).report


def openvex(*products: Any, status: str = "not_affected", flaw: Any = "CVE-1", **more: Any) -> Any:
    statement = {
        "vulnerability": flaw, "products": list(products), "status": status,
        "justification": "vulnerable_code_not_in_execute_path",
    } | more  # fmt: skip
    return {"@context": "https://openvex.dev/ns/v0.2.0", "author": "Ann", "statements": [statement]}


OPENSSL = package("deb", "openssl", "3.0.9-1")
REQUESTS = package("pypi", "requests", "2.0.0")


@pytest.mark.parametrize("product", [
    "pkg:deb/debian/openssl@3.0.9-1", "pkg:deb/debian/openssl", "pkg:oci/shop",
    "pkg:deb/debian/openssl@3.0.9-1?arch=amd64", f"pkg:oci/shop@{DIGEST.replace(':', '%3A')}",
    "pkg:oci/shop?repository_url=registry.example/team/shop", DIGEST and IMAGE.digests[0],
    {"@id": "pkg:oci/shop", "subcomponents": [{"@id": "pkg:deb/debian/openssl"}]},
    {"@id": "https://x", "identifiers": {"purl": "pkg:deb/debian/openssl"}},
])  # fmt: skip
def test_products_that_are_meant(product: Any) -> None:
    report = judged(openvex(product), finding(OPENSSL))
    assert not report.findings
    [left] = report.suppressed
    assert left.status == "not_affected"
    assert left.reason == "not_affected by Ann (vex.json): vulnerable_code_not_in_execute_path"


@pytest.mark.parametrize("product", [
    "pkg:deb/debian/openssl@3.0.9-2", "pkg:deb/ubuntu/openssl", "pkg:pypi/openssl",
    "pkg:deb/debian/openssl?arch=arm64", "pkg:oci/other", f"pkg:oci/shop@sha256%3A{'3' * 64}",
    "pkg:oci/shop?repository_url=elsewhere.example/shop", "openssl", "pkg:", "",
    {"@id": "pkg:oci/shop", "subcomponents": [{"@id": "pkg:deb/debian/curl"}]},
    {"@id": "pkg:oci/other", "subcomponents": [{"@id": "pkg:deb/debian/openssl"}]},
])  # fmt: skip
def test_products_that_are_others(product: Any) -> None:
    assert judged(openvex(product), finding(OPENSSL)).findings


def test_a_part_of_a_program_is_meant_in_that_program_alone() -> None:
    inside = package("golang", "stdlib", "v1.22.7", "app/extension")
    program = package("golang", "example.com/extension", "v1", "app/extension")
    elsewhere = package("golang", "stdlib", "v1.22.7", "app/other")
    product = {"@id": "pkg:golang/example.com/extension",
               "subcomponents": [{"@id": "pkg:golang/stdlib@v1.22.7"}]}  # fmt: skip
    report = judged(openvex(product), finding(inside), finding(program), finding(elsewhere))
    assert [f.package.path for f in report.suppressed] == ["app/extension"]
    assert {f.package.name for f in report.findings} == {"example.com/extension", "stdlib"}


@pytest.mark.parametrize("flaw", [
    "CVE-1", {"name": "CVE-1"}, {"@id": "https://nvd.nist.gov/vuln/detail/CVE-1"},
    {"name": "CGA-1", "aliases": ["GHSA-1"]}, {"@id": "CVE-1"},
])  # fmt: skip
def test_flaws_by_any_of_their_names(flaw: Any) -> None:
    report = judged(openvex("pkg:pypi/requests", flaw=flaw), finding(REQUESTS, "CVE-1", "GHSA-1"))
    assert report.suppressed


@pytest.mark.parametrize(("status", "kept"), [
    ("not_affected", False), ("fixed", False), ("affected", True), ("under_investigation", True),
])  # fmt: skip
def test_statuses(status: str, kept: bool) -> None:
    report = judged(openvex("pkg:pypi/requests", status=status), finding(REQUESTS))
    assert bool(report.findings) is kept
    if kept:
        assert f"{status} by Ann" in report.findings[0].remarks[0]


def test_the_latest_statement_counts() -> None:
    document = openvex("pkg:pypi/requests", timestamp="2026-01-02T00:00:00Z")
    later = openvex("pkg:pypi/requests", status="affected", timestamp="2026-01-03T00:00:00Z")
    document["statements"] += later["statements"]
    assert judged(document, finding(REQUESTS)).findings


def test_cyclonedx() -> None:
    document = {
        "bomFormat": "CycloneDX", "components": [{"bom-ref": "r", "purl": "pkg:pypi/requests"}],
        "vulnerabilities": [
            {"id": "CVE-1", "affects": [{"ref": "r"}], "analysis": {
                "state": "not_affected", "justification": "code_not_reachable", "detail": "no"}},
            {"id": "CVE-2", "affects": [{"ref": "urn:cdx:1-2/1#pkg:pypi/requests@2.0.0"}],
             "analysis": {"state": "false_positive"}},
            {"id": "CVE-3", "affects": [{"ref": "r"}]},
        ],
    }  # fmt: skip
    report = judged(document, *(finding(REQUESTS, f"CVE-{n}") for n in (1, 2, 3)))
    assert [f.id for f in report.findings] == ["CVE-3"]
    assert "vulnerable_code_not_in_execute_path: no" in report.suppressed[0].reason


def test_csaf_with_components_of_an_image() -> None:
    def product(id: str, purl: str) -> dict[str, Any]:
        helper = {"product_identification_helper": {"purl": purl}}
        return {"category": "x", "name": id, "product": {"product_id": id, "name": id} | helper}

    document = {
        "document": {"csaf_version": "2.0", "publisher": {"name": "Ann"}},
        "product_tree": {
            "branches": [product("i", "pkg:oci/shop"), product("p", "pkg:pypi/requests")],
            "relationships": [{"product_reference": "p", "relates_to_product_reference": "i",
                               "full_product_name": {"product_id": "i:p", "name": "x"}}],
        },
        "vulnerabilities": [{
            "cve": "CVE-1", "product_status": {"known_not_affected": ["i:p"]},
            "flags": [{"label": "component_not_present", "product_ids": ["i:p"]}],
        }],
    }  # fmt: skip
    report = judged(document, finding(REQUESTS), finding(package("pypi", "flask", "1")))
    assert [f.package.name for f in report.findings] == ["flask"]
    assert "component_not_present" in report.suppressed[0].reason


def test_statements_in_an_attestation() -> None:
    statement = {"_type": "https://in-toto.io/Statement/v1", "predicateType": "x",
                 "predicate": openvex("pkg:pypi/requests")}  # fmt: skip
    assert judged(statement, finding(REQUESTS)).suppressed


@pytest.mark.parametrize("data", [
    b"", b"[]", b"{}", b"\xff", b'{"@context": "openvex", "statements": 3}', b"[" * 100_000,
    b'{"@context": "openvex", "statements": [{"status": "maybe"}]}',
    b'{"bomFormat": "CycloneDX", "vulnerabilities": [3]}',
    b'{"document": {"csaf_version": "2.0"}, "vulnerabilities": [[]]}',
])  # fmt: skip
def test_what_is_no_vex_document(data: bytes) -> None:
    with pytest.raises(MalformedError) as raised:
        read(data, "x.json")
    assert raised.value.message.startswith("x.json: ")


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(
        st.sampled_from(["statements", "products", "vulnerability", "status", "vulnerabilities",
                         "analysis", "affects", "ref", "document", "csaf_version", "product_tree",
                         "branches", "components", "predicate", "predicateType"]), inner),
    max_leaves=20,
)  # fmt: skip


@given(_JSON, st.sampled_from(["openvex", "CycloneDX", "2.0", ""]))
def test_nothing_but_malformed_error(document: Any, kind: str) -> None:
    if isinstance(document, dict):
        document |= {"@context": kind, "bomFormat": kind}
    with suppress(MalformedError):
        read(json.dumps(document).encode(), "x")


def test_real_documents() -> None:
    """Rancher's hub, OASIS' CSAF examples and CycloneDX's use cases are read without a loss."""
    root = CORPUS / "feeds" / "mirror-dev" / "raw.githubusercontent.com"
    hub = sorted((root / "rancher" / "vexhub").rglob("*.openvex.json"))
    if not hub:
        pytest.skip(f"needs {root} (PRATIQUE_CORPUS)")
    for path in hub[:200]:
        document = json.loads(path.read_bytes())
        assert len(read(path.read_bytes(), str(path))) == len(document["statements"])
    others = [*root.rglob("csaf_vex/*.json"), *root.rglob("Use-Cases/*/vex*.json")]
    assert len(others) > 20
    assert all(read(path.read_bytes(), str(path)) for path in others)


def test_an_image_without_a_registry() -> None:
    local = Image("shop.tar", Digest("sha256:" + "1" * 64), (), tags=("example.com/shop:1",))
    assert is_image("pkg:oci/shop", local)
    assert is_image("pkg:oci/shop?repository_url=example.com/shop", local)
    assert not is_image("pkg:oci/other", local)
