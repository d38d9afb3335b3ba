"""`--scanners license` on images and projects: reports, policy, SBOMs and attribution."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import pytest

from archives import jar, pom
from images import DEBIAN, docker_archive, dpkg_status, layer_tar
from pratique.cli import main

Run = Callable[..., tuple[int, str, str]]
APACHE = (Path(__file__).parents[1] / "LICENSE").read_bytes()
COPYRIGHT = b"""Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/

Files: *
Copyright: 1998 Jo Example
License: GPL-2+

Files: debian/*
Copyright: 1999 Maintainer
License: GPL-3+
"""
SITE = "usr/local/lib/python3.12/site-packages"


def mit() -> bytes:
    [path] = (f for f in distribution("pytest").files or () if f.name == "LICENSE")
    return Path(str(path.locate())).read_bytes()


def package_json(name: str, **more: Any) -> bytes:
    return json.dumps({"name": name, "version": "1.0.0", **more}).encode()


def metadata(name: str, *lines: str) -> bytes:
    return "\n".join(
        ("Metadata-Version: 2.1", f"Name: {name}", "Version: 1.0", *lines, "")
    ).encode()


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    base = {
        "etc/os-release": DEBIAN,
        "var/lib/dpkg/status": dpkg_status([("bash", "5.2-1"), ("libbash", "5.2-1")]).replace(
            b"Package: libbash\n", b"Package: libbash\nSource: bash\n"
        ),
        "usr/share/doc/bash/copyright": COPYRIGHT,
    }
    own = {
        "app/node_modules/a/package.json": package_json("a", license="MIT"),
        "app/node_modules/b/package.json": package_json("b", license="SEE LICENSE IN LICENSE"),
        "app/node_modules/b/LICENSE": mit(),
        "app/node_modules/c/package.json": package_json("c", licenses=[{"type": "MIT"}, {"type": "GPL-2.0"}]),
        "app/node_modules/d/package.json": package_json("d", license="AGPL-3.0"),
        "app/node_modules/e/package.json": package_json("e"),
        f"{SITE}/x-1.0.dist-info/METADATA": metadata("x", "License: BSD"),
        f"{SITE}/x-1.0.dist-info/licenses/LICENSE": APACHE,
        f"{SITE}/y-1.0.dist-info/METADATA": metadata("y", "License: GPLv3"),
        f"{SITE}/z-1.0.dist-info/METADATA": metadata("z", "License-Expression: MIT AND Zlib"),
        "opt/vendor/LICENSE": APACHE,
        "opt/vendor/README": b"Nothing about terms.",
    }  # fmt: skip
    path = tmp_path / "x.tar"
    path.write_bytes(
        docker_archive([layer_tar(base), layer_tar(own)], history=["ADD rootfs", "COPY app"])
    )
    return path


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")

    def run_(*words: str) -> tuple[int, str, str]:
        status = main([*words, "--cache-dir", str(tmp_path / "cache"), "--offline"])
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return run_


def licenses(out: str) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for result in json.loads(out).get("Results", ()):
        for one in result.get("Licenses", ()):
            found.setdefault(one.get("PkgName") or one["FilePath"], []).append(one)
    return found


def scan(run: Run, archive: Path, *more: str) -> dict[str, list[dict[str, Any]]]:
    status, out, err = run(
        "image", "--input", str(archive), "--scanners", "license", "-f", "json", *more
    )
    assert (status, err) == (0, "")
    return licenses(out)


def test_each_package_has_its_licences(run: Run, archive: Path) -> None:
    found = scan(run, archive)
    assert {name: [one["Name"] for one in some] for name, some in found.items()} == {
        "bash": ["GPL-2.0-or-later"], "libbash": ["GPL-2.0-or-later"],
        "a": ["MIT"], "b": ["MIT"], "c": ["MIT OR GPL-2.0-only"], "d": ["AGPL-3.0-only"],
        "e": ["unknown"], "x": ["Apache-2.0"], "y": ["GPL-3.0-only"], "z": ["MIT", "Zlib"],
    }  # fmt: skip
    assert (found["d"][0]["Severity"], found["d"][0]["Category"]) == ("CRITICAL", "forbidden")
    assert found["d"][0]["Pratique"]["Category"] == "network-copyleft"
    assert (found["c"][0]["Severity"], found["c"][0]["Category"]) == ("LOW", "notice")
    assert (found["e"][0]["Severity"], found["e"][0]["Category"]) == ("UNKNOWN", "unknown")
    assert found["a"][0]["FilePath"] == "app/node_modules/a/package.json"
    assert "FilePath" not in found["bash"][0]


def test_files_of_no_package_are_asked_for(run: Run, archive: Path) -> None:
    found = scan(run, archive, "--license-full")
    assert [one["Name"] for one in found["opt/vendor/LICENSE"]] == ["Apache-2.0"]
    assert found["opt/vendor/LICENSE"][0]["Confidence"] > 0.9
    assert not any("node_modules/b/LICENSE" in name for name in found)


def test_severities_and_ignored_licences_choose_what_fails(run: Run, archive: Path) -> None:
    found = scan(
        run, archive, "--severity", "HIGH,CRITICAL", "--ignored-licenses", "AGPL-3.0,GPL-3.0"
    )
    assert set(found) == {"bash", "libbash"}
    asked = ("image", "--input", str(archive), "--scanners", "license", "--exit-code", "9")
    assert run(*asked, "--severity", "CRITICAL")[0] == 9
    assert run(*asked, "--severity", "CRITICAL", "--ignored-licenses", "AGPL-3.0-only")[0] == 0


def test_a_policy_accepts_denies_and_excepts(run: Run, archive: Path, tmp_path: Path) -> None:
    (tmp_path / "pratique.yaml").write_text(
        "license:\n  allowed: [permissive, GPL-2.0-or-later]\n  denied: [network-copyleft]\n"
        "  review: [unknown]\n  exceptions:\n"
        "    - {package: d, reason: bought, until: 2020-01-01}\n"
        "    - {package: y, reason: a tool of ours}\n"
    )
    found = scan(run, archive)
    assert set(found) == {"d", "e"}
    assert found["d"][0]["Severity"] == "CRITICAL"
    assert found["d"][0]["Pratique"]["Verdict"] == "denied"
    assert found["d"][0]["Pratique"]["Rule"] == "license.denied: network-copyleft"
    assert "its exception ended on 2020-01-01" in found["d"][0]["Pratique"]["Remark"]
    assert found["e"][0]["Pratique"]["Verdict"] == "needs review"
    status, out, _ = run("image", "--input", str(archive), "--scanners", "license")
    assert "denied: license.denied: network-copyleft" in out
    assert "accepted by the policy" in out
    (tmp_path / "pratique.yaml").write_text("license: {allowed: yes}\n")
    status, _, err = run("image", "--input", str(archive), "--scanners", "license")
    assert status == 2
    assert "license.allowed must be a list" in err


def test_trivys_lists_in_the_configuration_file(run: Run, archive: Path, tmp_path: Path) -> None:
    (tmp_path / "pratique.yaml").write_text(
        "license:\n  forbidden: [MIT]\n  unencumbered: [AGPL-3.0-only]\n  full: true\n  ignored: [GPL-3.0]\n"
    )
    found = scan(run, archive)
    assert found["a"][0]["Category"] == "forbidden"
    assert found["d"][0]["Category"] == "unencumbered"
    assert "y" not in found
    assert "opt/vendor/LICENSE" in found


def test_the_table_leads_with_what_needs_attention(run: Run, archive: Path) -> None:
    _, out, _ = run("image", "--input", str(archive), "--scanners", "license")
    lines = out.splitlines()
    section = lines[next(i for i, line in enumerate(lines) if line.startswith("Licences")) :]
    assert section[0] == "Licences: of 10 packages"
    assert section[2].startswith("AGPL-3.0-only")
    assert any(line.startswith("(none stated)") and " e 1.0.0" in line for line in section)
    assert not any(line.startswith("MIT") for line in section)
    assert any(line.startswith("  permissive: 6 (MIT 3") for line in section)


@pytest.mark.parametrize("name", ["cyclonedx", "cyclonedx-xml", "spdx", "spdx-json", "spdx3-json"])
def test_sboms_carry_expressions(run: Run, archive: Path, name: str) -> None:
    status, out, _ = run("image", "--input", str(archive), "-f", name)
    assert status == 0
    assert "GPL-2.0-or-later" in out
    assert "MIT OR GPL-2.0-only" in out
    assert "SEE LICENSE" not in out
    Path("x.sbom").write_text(out)
    status, report, _ = run("sbom", "x.sbom", "--scanners", "license", "-f", "json")
    names = {key: [one["Name"] for one in some] for key, some in licenses(report).items()}
    assert names == {key: [one["Name"] for one in some] for key, some in scan(run, archive).items()}


def test_an_attribution_names_who_and_has_the_texts_once(run: Run, archive: Path) -> None:
    status, out, _ = run("image", "--input", str(archive), "-f", "notice")
    assert status == 0
    assert out == run("image", "--input", str(archive), "-f", "notice")[1]
    assert "bash 5.2-1 (deb)\nlibbash 5.2-1 (deb)\nLicence: GPL-2.0-or-later" in out
    assert "Copyright 1998 Jo Example" in out
    assert out.count("TERMS AND CONDITIONS FOR USE, REPRODUCTION, AND DISTRIBUTION") == 1
    assert "opt/vendor/LICENSE" in out
    assert "] app/node_modules/b/LICENSE\n" in out
    assert "Text: https://spdx.org/licenses/AGPL-3.0-only.html (the image holds none)" in out


def test_a_deleted_licence_is_not_told(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "y.tar"
    layers = [{"opt/LICENSE": APACHE}, {"opt/.wh.LICENSE": b""}]
    path.write_bytes(docker_archive([layer_tar(files) for files in layers], history=["a", "b"]))
    assert scan(run, path, "--license-full") == {}


def test_a_project_on_disk(run: Run, tmp_path: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    (project / "COPYING").write_bytes(APACHE)
    (project / "package-lock.json").write_text(json.dumps({
        "lockfileVersion": 3, "packages": {
            "": {"name": "p"},
            "node_modules/g": {"version": "1.0.0", "license": "GPL-2.0-only", "dependencies": {"h": "1"}},
            "node_modules/h": {"version": "1.0.0", "license": "Apache-2.0"},
        },
    }))  # fmt: skip
    status, out, _ = run(
        "fs", str(project), "--scanners", "license", "--license-full", "-f", "json"
    )
    assert status == 0
    found = licenses(out)
    assert [one["Name"] for one in found["COPYING"]] == ["Apache-2.0"]
    assert "needs h, which is Apache-2.0" in found["g"][0]["Pratique"]["Remark"]
    assert "Remark" not in found["h"][0]["Pratique"]


def test_jars_and_whole_texts_in_metadata(run: Run, tmp_path: Path) -> None:
    bundle = "Bundle-License: https://www.apache.org/licenses/LICENSE-2.0.txt"
    files = {
        "app/q-1.2.jar": jar({
            "META-INF/MANIFEST.MF": f"Manifest-Version: 1.0\nImplementation-Version: 1.2\n{bundle}\n",
            **pom("org.example", "q", "1.2"),
        }),
        f"{SITE}/v-1.0.dist-info/METADATA": metadata("v", "License: BSD"),
        f"{SITE}/v-1.0.dist-info/LICENSE": b"One script of the tests is licensed under the GPL.",
        f"{SITE}/w-1.0.dist-info/METADATA": metadata(
            "w", "License: MIT License", "        ", "        Copyright (c) 2020 Jo Example"
        ),
    }  # fmt: skip
    path = tmp_path / "y.tar"
    path.write_bytes(docker_archive([layer_tar(files)], history=["a"]))
    found = scan(run, path)
    assert {name: one[0]["Name"] for name, one in found.items()} == {
        "org.example:q": "Apache-2.0", "v": "BSD", "w": "MIT",
    }  # fmt: skip
