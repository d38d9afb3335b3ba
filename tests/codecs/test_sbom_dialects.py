"""Purls and properties as other tools write them."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import json

from pratique.model.inventory import Distro, Package
from sboms import scanned


def cyclonedx(*components: dict[str, Any], **more: Any) -> bytes:
    return json.encode(
        {"bomFormat": "CycloneDX", "specVersion": "1.5", "components": components} | more
    )


def component(purl: str, name: str = "", **more: Any) -> dict[str, Any]:
    return {"type": "library", "name": name or "x", "purl": purl} | more


def properties(**named: str) -> list[dict[str, str]]:
    return [{"name": name.replace("__", ":"), "value": text} for name, text in named.items()]


def one(*components: dict[str, Any], **more: Any) -> Package:
    [found] = scanned(cyclonedx(*components, **more))
    [package] = found.inventory.packages
    return package


def distro(*components: dict[str, Any]) -> Distro | None:
    [found] = scanned(cyclonedx(*components))
    return found.inventory.distro


@pytest.mark.parametrize(
    ("purl", "name", "expected"),
    [
        # Trivy keeps Go's case in the name, purls lose it
        ("pkg:golang/github.com/azure/go-autorest@v1.0.0", "github.com/Azure/go-autorest",
         "github.com/Azure/go-autorest"),
        # Syft's subpath belongs to the module, the specification's to a package of it
        ("pkg:golang/github.com/aws/sdk@v1#config", "github.com/aws/sdk/config",
         "github.com/aws/sdk/config"),
        ("pkg:golang/github.com/aws/sdk@v1#config", "github.com/aws/sdk", "github.com/aws/sdk"),
        ("pkg:golang/stdlib@1.21.3", "stdlib", "stdlib"),
        ("pkg:npm/%40angular/core@1", "core", "@angular/core"),
        ("pkg:npm/angular/core@1", "core", "@angular/core"),
        ("pkg:pypi/flask-login@1", "Flask_Login", "Flask_Login"),
        ("pkg:maven/org.x/a@1", "a", "org.x:a"),
        ("pkg:composer/symfony/http@1", "http", "symfony/http"),
        ("pkg:cocoapods/AppCenter@1#Analytics", "AppCenter", "AppCenter/Analytics"),
        ("pkg:swift/github.com/apple/nio@1", "nio", "github.com/apple/nio"),
        ("pkg:bitnami/redis@7?arch=amd64", "redis", "redis"),
        ("pkg:deb/debian/libstdc%2B%2B6@1", "something else", "libstdc++6"),
    ],
)  # fmt: skip
def test_names(purl: str, name: str, expected: str) -> None:
    assert one(component(purl, name)).name == expected


def test_a_group_is_part_of_the_name() -> None:
    scoped = component("pkg:npm/%40babel/core@7", "core", group="@babel")
    assert one(scoped).name == "@babel/core"
    jar = component("pkg:maven/com.Acme/Tool@1", "Tool", group="com.Acme")
    assert one(jar).name == "com.Acme:Tool"


def test_an_action_of_github_is_told_from_a_repository() -> None:
    purl = "pkg:github/actions/checkout@v4"
    action = component(purl, properties=properties(syft__package__type="github-action"))
    assert (one(action).type, one(action).name) == ("githubactions", "actions/checkout")
    assert one(component(purl)).type == "github"


@pytest.mark.parametrize(
    ("purl", "version"),
    [
        ("pkg:rpm/redhat/bind@9.11-4.el8?arch=x86_64&epoch=32&distro=rhel-8.4", "32:9.11-4.el8"),
        ("pkg:rpm/redhat/bind@32:9.11-4.el8?epoch=32", "32:9.11-4.el8"),
        ("pkg:deb/ubuntu/a@1%3A2.3-4", "1:2.3-4"),
        ("pkg:deb/ubuntu/a@0%3A2.3-4", "2.3-4"),
        ("pkg:deb/ubuntu/a@2.3-4?epoch=0", "2.3-4"),
        ("pkg:golang/x.y/z@(devel)", ""),
        ("pkg:golang/stdlib@1.21.3", "v1.21.3"),
    ],
)
def test_versions(purl: str, version: str) -> None:
    assert one(component(purl)).version == version


@pytest.mark.parametrize(
    ("purl", "more", "source"),
    [
        ("pkg:deb/debian/libc6@2.36-9", properties(aquasecurity__trivy__SrcName="glibc",
         aquasecurity__trivy__SrcVersion="2.36", aquasecurity__trivy__SrcRelease="9",
         aquasecurity__trivy__SrcEpoch="2"), ("glibc", "2:2.36-9")),
        ("pkg:deb/debian/libc6@2.36-9?upstream=glibc", [], ("glibc", "2.36-9")),
        ("pkg:deb/debian/libgcc@12-1?upstream=gcc%4011.9", [], ("gcc", "11.9")),
        ("pkg:rpm/rocky/bind-libs@9.11-4.el8?epoch=32&upstream=bind-9.11-4.el8.src.rpm", [],
         ("bind", "32:9.11-4.el8")),
        ("pkg:deb/debian/libc6@2.36-9", properties(syft__metadata__source="glibc",
         syft__metadata__sourceVersion="2.35"), ("glibc", "2.35")),
        ("pkg:apk/alpine/ssl_client@1-r0", properties(syft__metadata__originPackage="busybox"),
         ("busybox", "1-r0")),
        ("pkg:rpm/rocky/x@1-2", properties(syft__metadata__sourceRpm="y-1-2.src.rpm"), ("y", "1-2")),
        ("pkg:deb/debian/adduser@3.134", [], ("adduser", "3.134")),
    ],
)  # fmt: skip
def test_source_packages(purl: str, more: Any, source: tuple[str, str]) -> None:
    package = one(component(purl, properties=more))
    assert (package.source, package.source_version) == source


@pytest.mark.parametrize("more", [
    {"properties": properties(aquasecurity__trivy__Modularitylabel="nodejs:18")},
    {"properties": properties(syft__metadata__modularityLabel="nodejs:18")},
    {"purl": "pkg:rpm/rocky/nodejs@18-1?rpmmod=nodejs%3A18"},
])  # fmt: skip
def test_modularity(more: dict[str, Any]) -> None:
    assert one(component("pkg:rpm/rocky/nodejs@18-1") | more).module == "nodejs:18"


@pytest.mark.parametrize(
    ("purl", "id", "version"),
    [
        ("pkg:deb/debian/a@1?distro=debian-12.5", "debian", "12.5"),
        ("pkg:deb/ubuntu/a@1?distro=ubuntu-22.04", "ubuntu", "22.04"),
        ("pkg:apk/alpine/a@1?distro=3.20.1", "alpine", "3.20.1"),
        ("pkg:apk/alpine/a@1?distro=alpine-3.20.1", "alpine", "3.20.1"),
        ("pkg:rpm/redhat/a@1?distro=redhat-9.4", "rhel", "9.4"),
        ("pkg:rpm/rhel/a@1?distro=rhel-9.4", "rhel", "9.4"),
        ("pkg:rpm/suse/a@1?distro=sles-15.6", "sles", "15.6"),
        ("pkg:rpm/opensuse/a@1?distro=opensuse-leap-15.6", "opensuse-leap", "15.6"),
        ("pkg:rpm/amazon/a@1?distro=amzn-2023", "amzn", "2023"),
        ("pkg:rpm/alma/a@1?distro=alma-9.4", "almalinux", "9.4"),
        ("pkg:deb/debian/a@1?os_distro=bookworm&os_name=debian&os_version=12", "debian", "12"),
        ("pkg:deb/debian/a@1?distro=debian-12&distro_name=bookworm", "debian", "12"),
        ("pkg:apk/wolfi/a@1", "wolfi", ""),
    ],
)
def test_distributions(purl: str, id: str, version: str) -> None:
    found = distro(component(purl))
    assert found
    assert (found.id, found.version) == (id, version)


def test_a_codename_alone_tells_the_release() -> None:
    found = distro(component("pkg:deb/debian/a@1?distro=bookworm"))
    assert found
    assert (found.id, found.version, found.codename) == ("debian", "", "bookworm")


def test_most_purls_decide_and_a_component_decides_more() -> None:
    purls = [component(f"pkg:deb/debian/a@{n}?distro=debian-{12 if n else 11}") for n in range(3)]
    found = distro(*purls)
    assert found
    assert found.version == "12"
    system = {"type": "operating-system", "name": "ubuntu", "version": "24.04"}
    assert distro(*purls, system) == Distro("etc/os-release", "ubuntu", "24.04")


@pytest.mark.parametrize(
    ("more", "place"),
    [
        ({"properties": properties(aquasecurity__trivy__FilePath="app/a.jar/BOOT-INF/lib/b.jar")},
         ("app/a.jar", "BOOT-INF/lib/b.jar")),
        ({"properties": properties(syft__metadata__virtualPath="/app/a.jar:BOOT-INF/lib/b.jar",
                                   syft__location__0__path="/app/a.jar")},
         ("app/a.jar", "BOOT-INF/lib/b.jar")),
        ({"properties": properties(syft__location__0__path="/app/b.jar")}, ("app/b.jar", "")),
        ({"properties": properties(SrcFile="/app/b.jar")}, ("app/b.jar", "")),
        ({"evidence": {"occurrences": [{"location": "/x/b.jar", "line": 3}]}}, ("x/b.jar", "")),
        ({}, ("x.sbom", "")),
    ],
)  # fmt: skip
def test_places(more: dict[str, Any], place: tuple[str, str]) -> None:
    package = one(component("pkg:maven/org.x/b@1") | more)
    assert (package.path, package.inner) == place


def test_what_a_program_links_belongs_to_it() -> None:
    program = {"type": "application", "bom-ref": "f", "name": "usr/bin/x",
               "properties": properties(aquasecurity__trivy__Type="gobinary")}  # fmt: skip
    main, needed = component("pkg:golang/m@v1", "m"), component("pkg:golang/n@v2", "n")
    [found] = scanned(cyclonedx(
        program, main | {"bom-ref": "m"}, needed | {"bom-ref": "n"},
        dependencies=[{"ref": "f", "dependsOn": ["m"]}, {"ref": "m", "dependsOn": ["n"]}],
    ))  # fmt: skip
    assert [(p.name, p.path, p.depends) for p in found.inventory.packages] == [
        ("m", "usr/bin/x", ("n@v2",)), ("n", "usr/bin/x", ()),
    ]  # fmt: skip


def test_nested_components_and_cycles_are_read_once() -> None:
    inner = component("pkg:npm/b@1", "b") | {"bom-ref": "b"}
    outer = component("pkg:npm/a@1", "a") | {"bom-ref": "a", "components": [inner]}
    links = [{"ref": "a", "dependsOn": ["b"]}, {"ref": "b", "dependsOn": ["a", "b", "gone"]}]
    [found] = scanned(cyclonedx(outer, outer, dependencies=links))
    assert [p.name for p in found.inventory.packages] == ["a", "a", "b", "b"]


def test_what_no_purl_identifies_is_a_problem() -> None:
    [found] = scanned(cyclonedx(
        {"type": "library", "name": "zlib", "version": "1"}, component("no purl", "broken"),
        {"type": "file", "name": "/etc/passwd"}, component("pkg:oci/image@sha256:0", "i"),
    ))  # fmt: skip
    assert found.inventory.packages == ()
    assert [problem.what for problem in found.inventory.problems] == [
        "components without package URL, not checked: zlib",
        "components with a broken package URL, not checked: broken",
    ]


def test_githubs_export_is_read() -> None:
    package = {"SPDXID": "SPDXRef-1", "name": "actions/checkout", "versionInfo": "4.*.*",
               "externalRefs": [{"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl",
                                 "referenceLocator": "pkg:githubactions/actions/checkout@4"}]}  # fmt: skip
    document = {"spdxVersion": "SPDX-2.3", "SPDXID": "SPDXRef-DOCUMENT", "name": "com.github.a/b",
                "packages": [package]}  # fmt: skip
    [found] = scanned(json.encode({"sbom": document}))
    assert [(p.type, p.name, p.version) for p in found.inventory.packages] == [
        ("githubactions", "actions/checkout", "4")
    ]


def test_syfts_own_format_is_read() -> None:
    layer = "sha256:" + "1" * 64
    document = {
        "schema": {"version": "16.0.0"},
        "source": {"type": "image", "name": "x", "metadata": {
            "userInput": "x:1", "imageID": "sha256:" + "a" * 64, "tags": ["x:1"], "os": "linux",
            "architecture": "amd64", "layers": [{"digest": layer, "size": 5}]}},
        "distro": {"id": "debian", "versionID": "12", "prettyName": "Debian 12"},
        "artifacts": [
            {"id": "1", "name": "libc6", "version": "2.36-9", "type": "deb",
             "purl": "pkg:deb/debian/libc6@2.36-9?arch=amd64&distro=debian-12&upstream=glibc",
             "locations": [{"path": "/var/lib/dpkg/status", "layerID": layer}],
             "licenses": ["GPL-2", {"value": "LGPL-2.1-only", "spdxExpression": ""}],
             "metadata": {"source": "glibc", "sourceVersion": ""}},
            {"id": "2", "name": "bash", "version": "5", "purl": "pkg:deb/debian/bash@5"},
        ],
        "artifactRelationships": [{"parent": "1", "child": "2", "type": "dependency-of"}],
    }  # fmt: skip
    [found] = scanned(json.encode(document))
    assert found.name == "x:1"
    assert found.image
    assert (found.image.platform, found.image.size) == ("linux/amd64", 5)
    assert found.inventory.distro == Distro("etc/os-release", "debian", "12", "Debian 12")
    bash, libc = found.inventory.packages
    assert bash.depends == ("libc6@2.36-9",)
    assert (libc.source, libc.changed, libc.licenses) == ("glibc", 0, ("GPL-2", "LGPL-2.1-only"))
