"""SBOMs by the command line: written, scanned again, found in images, refused."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from images import DEBIAN, advisory, docker_archive, dpkg_status, feed_mirror, layer_tar
from pratique.cli import main
from sboms import FORMATS

SHOP = str(Path(__file__).parents[1] / "examples" / "shop.tar")
Run = Callable[..., Any]


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command with a small mirror; give status, output and errors."""
    mirror = feed_mirror(tmp_path / "mirror", {
        "PyPI": [advisory("PYSEC-1", "PyPI", "flask", "2.2.5", aliases=["CVE-2023-30861"])],
        "npm": [advisory("GHSA-jf85", "npm", "minimist", "1.2.6", aliases=["CVE-2021-44906"])],
        "Maven": [advisory("GHSA-jfh8", "Maven", "org.apache.logging.log4j:log4j-core", "2.15.0",
                           aliases=["CVE-2021-44228"])],
        "Go": [advisory("GO-2021-113", "Go", "golang.org/x/text", "0.3.7"),
               advisory("GO-2023-1", "Go", "stdlib", "1.20.0")],
        "Debian": [advisory("DEBIAN-CVE-2023-4911", "Debian:12", "glibc", "2.36-9+deb12u3",
                            upstream=["CVE-2023-4911"]),
                   advisory("DEBIAN-CVE-1", "Debian:12", "util-linux", "1:99", upstream=["CVE-2023-1"])],
        "AlmaLinux": [advisory(f"ALSA-{name}", "AlmaLinux:8", name, "99:9-9", upstream=["CVE-2024-1"])
                      for name in ("libuuid", "bind-libs", "openssl", "glibc", "bash")],
        "Alpine": [advisory(f"ALPINE-{name}", "Alpine:v3.20", name, "99-r0", upstream=["CVE-2025-1"])
                   for name in ("musl", "busybox", "openssl", "apk-tools", "zlib")],
    })  # fmt: skip
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")
    options = ["--cache-dir", str(tmp_path / "cache")]

    def run_(*words: str) -> Any:
        places = [] if words[0] == "clean" else ["--feed-mirror", str(mirror)]
        status = main([*words, *options, *places])
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return run_


def comparable(out: str) -> Any:
    """A report without what an SBOM does not hold: the image's whole configuration."""
    document = json.loads(out)
    document["Metadata"].pop("ImageConfig", None)
    return document


def assert_survives(run: Run, archive: str, name: str) -> Any:
    """Scan an image and its SBOM; the reports must be the same."""
    asked = (
        "--scanners",
        "vuln,license",
    )  # licences in SBOMs are SPDX's, not as packages spell them
    status, expected, _ = run("image", "--input", archive, "-f", "json", *asked)
    assert status == 0
    assert run("image", "--input", archive, "-f", name, "-o", "x.sbom")[0] == 0
    status, found, _ = run("sbom", "x.sbom", "-f", "json", *asked)
    assert status == 0
    assert comparable(found) == comparable(expected)
    return json.loads(found)


@pytest.mark.parametrize("name", FORMATS)
def test_the_scan_of_an_sbom_is_that_of_its_image(run: Run, name: str) -> None:
    document = assert_survives(run, SHOP, name)
    found = {v["PkgName"]: v for r in document["Results"] for v in r.get("Vulnerabilities", [])}
    assert set(found) == {"Flask", "minimist", "org.apache.logging.log4j:log4j-core", "libc6",
                          "golang.org/x/text", "stdlib", "libc-bin", "bsdutils"}  # fmt: skip
    log4j = found["org.apache.logging.log4j:log4j-core"]
    assert log4j["PkgPath"] == "app/shop.jar/BOOT-INF/lib/log4j-core-2.14.1.jar"
    assert log4j["Layer"]["CreatedBy"] == "COPY target/shop.jar /app/shop.jar # buildkit"
    assert found["libc6"]["Pratique"]["FromBase"] is True


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize(
    ("release", "path", "database"),
    [
        (b'ID="almalinux"\nVERSION_ID="8.5"\n', "var/lib/rpm/Packages",
         "rpm/knqyf263+go-rpmdb/pkg/testdata/libuuid/Packages"),
        (b'ID="almalinux"\nVERSION_ID="8.5"\n', "var/lib/rpm/Packages",
         "rpm/google+osv-scalibr/extractor/filesystem/os/rpm/testdata/Packages_epoch"),
        (b"ID=alpine\nVERSION_ID=3.20.1\n", "lib/apk/db/installed",
         "apk/aquasecurity+trivy/pkg/fanal/analyzer/testdata/lib/apk/db/installed"),
    ],
)  # fmt: skip
def test_databases_of_real_systems_survive(
    run: Run, tmp_path: Path, corpus: Callable[[str], Path], name: str,
    release: bytes, path: str, database: str,
) -> None:  # fmt: skip
    archive = tmp_path / "x.tar"
    layers = [
        layer_tar({"etc/os-release": release}),
        layer_tar({path: corpus(database).read_bytes()}),
    ]
    archive.write_bytes(docker_archive(layers, history=["ADD rootfs", "RUN install"]))
    document = assert_survives(run, str(archive), name)
    assert document["Results"][0]["Packages"]


def test_files_of_system_packages_are_not_packages_of_python_again(
    run: Run, tmp_path: Path
) -> None:
    metadata = "usr/lib/python3/dist-packages/flask-1.dist-info/METADATA"
    archive = tmp_path / "x.tar"
    archive.write_bytes(docker_archive([layer_tar({
        "etc/os-release": DEBIAN, metadata: b"Metadata-Version: 2.1\nName: flask\nVersion: 1\n",
        "var/lib/dpkg/status": dpkg_status([("python3-flask", "1-1")]),
        "var/lib/dpkg/info/python3-flask.list": f"/.\n/{metadata}\n".encode(),
    })]))  # fmt: skip
    for name in FORMATS:
        document = assert_survives(run, str(archive), name)
        assert [p["Name"] for r in document["Results"] for p in r.get("Packages", ())] == [
            "python3-flask"
        ]


def test_a_directory_and_a_project_survive(run: Run, tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    lock = {"name": "x", "version": "1", "lockfileVersion": 3, "packages": {
        "": {"name": "x", "version": "1", "dependencies": {"minimist": "1"}},
        "node_modules/minimist": {"version": "1.2.0"}}}  # fmt: skip
    (root / "package-lock.json").write_text(json.dumps(lock, indent=1))
    (root / "requirements.txt").write_text("flask==2.0.1\n")
    expected = json.loads(run("fs", "root", "-f", "json", "--scanners", "vuln")[1])
    assert expected["ArtifactType"] == "filesystem"
    for name in FORMATS:
        assert run("fs", "root", "-f", name, "-o", "x.sbom")[0] == 0
        assert json.loads(run("sbom", "x.sbom", "-f", "json")[1]) == expected


def test_an_sbom_is_the_same_to_the_byte_and_needs_no_advisories(run: Run, tmp_path: Path) -> None:
    for name in FORMATS:
        first = run("image", "--input", SHOP, "-f", name)
        assert first[0] == 0
        assert run("image", "--input", SHOP, "-f", name, "--no-cache") == first
    assert not (tmp_path / "cache" / "db").exists()


def test_the_version_of_cyclonedx_is_chosen(run: Run) -> None:
    assert json.loads(run("image", "--input", SHOP, "-f", "cyclonedx")[1])["specVersion"] == "1.6"
    newer = ("--cyclonedx-version", "1.7")
    out = run("image", "--input", SHOP, "-f", "cyclonedx", *newer)[1]
    assert json.loads(out)["specVersion"] == "1.7"
    assert 'bom/1.7"' in run("image", "--input", SHOP, "-f", "cyclonedx-xml", *newer)[1]
    assert run("image", "--input", SHOP, "-f", "cyclonedx", "--cyclonedx-version", "1.0")[0] == 2


def test_an_sbom_may_come_by_standard_input(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    out = run("image", "--input", SHOP, "-f", "spdx")[1]
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(out.encode())))
    status, report, _ = run("sbom", "-", "--severity", "UNKNOWN", "--exit-code", "9")
    assert status == 9
    assert report.startswith(f"{SHOP}\n  Debian GNU/Linux 12 (bookworm) (12.0) · linux/amd64")


@pytest.mark.parametrize(
    "content",
    [b"", b"{}", b"no SBOM", b'{"bomFormat": "CycloneDX", "components": [', b"[" * 100_000,
     b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><bom>&b;</bom>', b"\xff\xfe\x00",
     b"SPDXVersion: SPDX-2.3\nx\n", b'{"spdxVersion": 2, "packages": {"a": 1}}'],
)  # fmt: skip
def test_what_is_no_sbom_is_one_clear_line_and_status_4(
    run: Run, tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "x.json").write_bytes(content)
    status, out, err = run("sbom", "x.json")
    assert (status, out) == (4, "")
    assert err.startswith("pratique: x.json:")
    assert err.count("\n") == 1
    assert len(err) < 300


def test_an_sbom_that_is_too_large_is_refused(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pratique.sources.sbom._LIMIT", 1 << 20)
    (tmp_path / "x.json").write_bytes(b'{"bomFormat": "CycloneDX"}' + b" " * (1 << 20))
    status, _, err = run("sbom", "x.json")
    assert status == 4
    assert "larger than the limit of 1 MiB" in err


def test_no_file_is_status_3(run: Run) -> None:
    status, _, err = run("sbom", "absent.json")
    assert (status, err) == (3, "pratique: absent.json: no such file\n")


def test_an_sbom_in_an_image_names_what_leaves_no_other_trace(run: Run, tmp_path: Path) -> None:
    components = [
        {"type": "library", "name": name, "version": version, "purl": f"pkg:{purl}@{version}"}
        for name, version, purl in (("flask", "2.0.1", "pypi/flask"), ("text", "v0.3.5", "golang/golang.org/x/text"),
                                    ("bash", "9", "deb/debian/bash"))
    ]  # fmt: skip
    sbom = json.dumps({"bomFormat": "CycloneDX", "specVersion": "1.5", "components": components})
    archive = tmp_path / "x.tar"
    archive.write_bytes(docker_archive([
        layer_tar({"etc/os-release": DEBIAN, "var/lib/dpkg/status": dpkg_status([("bash", "5")])}),
        layer_tar({"usr/local/share/sbom/app": sbom.encode(), "srv/bom.json": b'{"not": "one"}',
                   "srv/flask-2.0.1.dist-info/METADATA": b"Name: Flask\nVersion: 2.0.1\n"}),
    ]))  # fmt: skip
    status, out, _ = run("image", "--input", str(archive), "-f", "json")
    assert status == 0
    document = json.loads(out)
    packages = {p["Name"]: p for r in document["Results"] for p in r["Packages"]}
    assert set(packages) == {"bash", "Flask", "golang.org/x/text"}
    assert packages["bash"]["Version"] == "5"
    found = [v for r in document["Results"] for v in r.get("Vulnerabilities", [])]
    assert {(v["VulnerabilityID"], v["PkgPath"]) for v in found} == {
        ("CVE-2023-30861", "srv/flask-2.0.1.dist-info/METADATA"),
        ("GO-2021-113", "usr/local/share/sbom/app"),
    }
    problems = document["Pratique"]["Reports"][0].get("Problems", [])
    assert not [p for p in problems if "not updated" not in p["What"]]


def test_a_broken_sbom_in_an_image_is_a_problem(run: Run, tmp_path: Path) -> None:
    archive = tmp_path / "x.tar"
    archive.write_bytes(docker_archive([layer_tar({
        "a.cdx.json": b'{"bomFormat": "CycloneDX", "components": [', "b.spdx.json": b"{}",
        "opt/bitnami/x/.spdx-x.spdx": b"{", "usr/share/doc/license.spdx": b"text",
    })]))  # fmt: skip
    document = json.loads(run("image", "--input", str(archive), "-f", "json")[1])
    problems = document["Pratique"]["Reports"][0]["Problems"]
    assert {p["Where"] for p in problems if p.get("Where")} == {
        "a.cdx.json",
        "b.spdx.json",
        "opt/bitnami/x/.spdx-x.spdx",
    }
