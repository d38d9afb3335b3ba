"""Secrets by the command line: images, directories, every format, own rules, what is kept."""

from __future__ import annotations

import io
import json
import os
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from commands import run
from images import docker_archive, layer_tar
from pratique.option_values import FORMATS
from secret_tokens import github, pem

TOKEN, OLD, OTHER, BUILD = github(1), github(2), github(3), github(4)
PASSWORD = "Xk9v" + "Pq2LmTz7"
SBOMS = ("cyclonedx", "cyclonedx-xml", "spdx", "spdx-json", "spdx3-json")
"""They report no findings, so that nothing is looked for; labels are copied as they are."""
SECRETS = (TOKEN, OLD, OTHER, BUILD, PASSWORD, pem().split("\n")[3])


def image() -> bytes:
    first = layer_tar({
        "app/config.py": f"import os\nTOKEN = '{TOKEN}'\n".encode(),
        "app/old.env": f"GITHUB_TOKEN={OLD}\n".encode(),
        "app/server.key": pem().encode(),
        "app/logo.png": b"\x89PNG\r\n\x1a\n\0\0" + TOKEN.encode(),
        "app/empty": b"",
    })  # fmt: skip
    second = layer_tar({"app/.wh.old.env": b"", "app/config.py": f"TOKEN = '{TOKEN}'\n".encode()})
    third = layer_tar({"app/other.txt": f"token: {OTHER}\n".encode()})
    config: dict[str, Any] = {
        "config": {
            "Env": ["PATH=/usr/bin", f"DB_PASSWORD={PASSWORD}"],
            "Labels": {"maintainer": "me", "build.token": OTHER},
            "Healthcheck": {
                "Test": ["CMD", "curl", "-u", f"health:{PASSWORD}", "http://localhost"]
            },
        },
        "history": [
            {"created_by": "ADD rootfs.tar /"},
            {"created_by": f"/bin/sh -c #(nop)  ENV DB_PASSWORD={PASSWORD}", "empty_layer": True},
            {"created_by": f"|1 TOKEN={BUILD} /bin/sh -c make"},
            {"created_by": "COPY other.txt /app"},
        ],
    }
    return docker_archive([first, second, third], **config)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("image") / "image.tar"
    path.write_bytes(image())
    return path


@pytest.fixture(scope="module")
def cache_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


def scan(*words: str | Path, cache: Path, check: bool = True) -> Any:
    done = run(
        *map(str, words), "--scanners", "secret", "--cache-dir", str(cache), "-q", check=check
    )
    return done.stdout


def found(document: str) -> dict[tuple[str, str], dict[str, Any]]:
    results = json.loads(document)["Results"]
    return {(r["Target"], s["RuleID"]): s for r in results for s in r.get("Secrets", ())}


def test_files_deleted_files_and_configuration(archive: Path, cache_folder: Path) -> None:
    report = scan("image", "--input", archive, "-f", "json", cache=cache_folder)
    secrets = found(report)
    assert secrets["app/config.py", "github-pat"]["StartLine"] == 1
    deleted = secrets["app/old.env", "github-pat"]
    assert deleted["Layer"]["DiffID"] != deleted["Pratique"]["RemovedIn"]["DiffID"]
    assert secrets["app/server.key", "private-key"]["Severity"] == "HIGH"
    assert ("app/logo.png", "github-pat") not in secrets
    matches = [s["Match"] for (path, _), s in secrets.items() if path == "image configuration"]
    assert "ENV DB_PASSWORD=********" in matches
    whole = json.loads(report)["Results"]
    configured = [
        s["Match"] for r in whole if r["Target"] == "image configuration" for s in r["Secrets"]
    ]
    assert "LABEL build.token=********" in configured
    assert any(match.startswith("HEALTHCHECK ") for match in configured)
    (step,) = [s for r in whole for s in r.get("Secrets", ()) if s["Match"].startswith("history")]
    assert step["Match"].startswith("history step 3: |1 TOKEN=********")
    assert step["Layer"]["DiffID"] == json.loads(report)["Metadata"]["DiffIDs"][1]


def test_the_table_says_where_a_deleted_secret_still_is(archive: Path, cache_folder: Path) -> None:
    table = scan("image", "--input", archive, cache=cache_folder)
    assert "app/old.env:1 (deleted by #2, still in #1)" in table


def test_no_format_and_no_cache_file_holds_a_secret(archive: Path, tmp_path: Path) -> None:
    import zlib  # noqa: PLC0415

    for name in (name for name in FORMATS if name not in SBOMS):
        for _ in range(2):  # read, and from the cache
            text = scan(
                "image", "--input", archive, "-f", name, "--show-suppressed",
                "--template", "{{ reports }}", cache=tmp_path,
            )  # fmt: skip
            assert not any(secret in text for secret in SECRETS), name
    for folder, _, names in os.walk(tmp_path):
        for name in names:
            data = (Path(folder) / name).read_bytes()
            for text in (data, zlib.decompress(data[8:]) if data.startswith(b"PRQ1") else b""):
                assert not any(secret.encode() in text for secret in SECRETS)


def test_an_sbom_does_not_tell_what_a_step_was_given(archive: Path, tmp_path: Path) -> None:
    for name in SBOMS:
        text = scan("image", "--input", archive, "-f", name, cache=tmp_path)
        assert BUILD not in text, name


def test_a_warm_scan_says_the_same_and_other_rules_read_again(
    archive: Path, tmp_path: Path
) -> None:
    own = tmp_path / "own.yaml"
    own.write_text(
        "rules: [{id: path, regex: '/usr/bin', severity: LOW}, {id: imp, regex: 'import'}]"
    )
    first = scan("image", "--input", archive, "-f", "csv", cache=tmp_path)
    assert scan("image", "--input", archive, "-f", "csv", cache=tmp_path) == first
    more = scan("image", "--input", archive, "-f", "json", "--secret-config", own, cache=tmp_path)
    assert ("image configuration", "path") in found(more)
    assert found(more)["app/config.py", "imp"]["Severity"] == "UNKNOWN"


def test_severity_ignore_file_and_exit_status(
    archive: Path, tmp_path: Path, cache_folder: Path
) -> None:
    words = ("image", "--input", archive, "-f", "json", "--exit-code", "7")
    done = run(
        *map(str, words), "--scanners", "secret", "--cache-dir", str(cache_folder), check=False
    )
    assert done.returncode == 7
    high = scan("image", "--input", archive, "-f", "json", "-s", "HIGH", cache=cache_folder)
    assert {s["Severity"] for s in found(high).values()} == {"HIGH"}
    ignored = tmp_path / ".trivyignore.yaml"
    ignored.write_text("secrets:\n  - {id: github-pat, paths: ['app/**'], statement: revoked}\n")
    chosen = scan("image", "--input", archive, "-f", "json", "--ignorefile", ignored,
                  "--show-suppressed", cache=cache_folder)  # fmt: skip
    paths = {path for path, rule in found(chosen) if rule == "github-pat"}
    assert paths == {"image configuration"}
    assert "ignored: revoked" in chosen
    skipped = scan(
        "image", "--input", archive, "-f", "json", "--skip-dirs", "app", cache=cache_folder
    )
    assert {path for path, _ in found(skipped)} == {"image configuration"}


def test_rootfs_and_project(tmp_path: Path, cache_folder: Path) -> None:
    project = tmp_path / "project"
    (project / "sub").mkdir(parents=True)
    (project / "sub" / "a.py").write_text(f"\n\nT = '{TOKEN}'\n")
    (project / "large.log").write_text("x\n" * (9 << 19) + f"t={OTHER}\n")
    (project / "package-lock.json").write_text("{")
    for command in ("rootfs", "fs"):
        secrets = found(scan(command, project, "-f", "json", cache=cache_folder))
        assert secrets["sub/a.py", "github-pat"]["StartLine"] == 3
        assert secrets["large.log", "github-pat"]["StartLine"] == (9 << 19) + 1
    alone = scan("fs", project / "sub" / "a.py", "-f", "json", cache=cache_folder)
    assert ("a.py", "github-pat") in found(alone)


def test_other_scanners_find_what_they_did(archive: Path, cache_folder: Path) -> None:
    """One walk for all: a file that an analyzer wants is searched as well."""
    done = run("fs", str(Path(__file__).parent), "--scanners", "vuln,secret", "--offline",
               "--cache-dir", str(cache_folder), "-f", "json", check=False)  # fmt: skip
    assert done.returncode in (0, 5)


def test_an_sbom_says_that_it_cannot_be_done(tmp_path: Path, cache_folder: Path) -> None:
    sbom = tmp_path / "a.cdx.json"
    sbom.write_text('{"bomFormat": "CycloneDX", "specVersion": "1.6", "components": []}')
    assert "secrets cannot be looked for" in scan("sbom", sbom, cache=cache_folder)


def test_a_bad_file_of_rules_is_told_in_one_line(archive: Path, tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text("rules: [{id: a, regex: 'a(?=b)'}]")
    done = run("image", "--input", str(archive), "--scanners", "secret", "--secret-config", str(own),
               check=False)  # fmt: skip
    assert done.returncode == 2
    assert "own.yaml: rule a: 'a(?=b)': (?= is not known to Go" in done.stderr
    assert done.stderr.count("\n") == 1


def test_nobody_is_asked_offline(archive: Path, tmp_path: Path) -> None:
    text = scan("image", "--input", archive, "-f", "json", "--verify", "--offline", cache=tmp_path)
    assert "Verified" not in text


def hard_linked() -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        data = f"t = '{TOKEN}'".encode()
        entry = tarfile.TarInfo("app/a")
        entry.size = len(data)
        archive.addfile(entry, io.BytesIO(data))
        link = tarfile.TarInfo("app/b")
        link.type, link.linkname = tarfile.LNKTYPE, "app/a"
        archive.addfile(link)
    return buffer.getvalue()


def chunked() -> Iterator[bytes]:
    """Layers whose files end just before, at and behind the borders of what is read at a time."""
    for less in range(-1030, 600, 257):
        filler = b"#" * ((1 << 20) - 512 - less)
        yield layer_tar({"a": filler, "app/x.py": f"t = '{TOKEN}'".encode(), "z": b"end"})


def test_hard_links_and_borders_of_chunks(tmp_path: Path, cache_folder: Path) -> None:
    layers = [hard_linked(), *chunked()]
    (tmp_path / "image.tar").write_bytes(docker_archive(layers))
    report = scan("image", "--input", tmp_path / "image.tar", "-f", "json", cache=cache_folder)
    secrets = [(r["Target"], s["Layer"]["DiffID"]) for r in json.loads(report)["Results"]
               for s in r["Secrets"]]  # fmt: skip
    assert {path for path, _ in secrets} == {"app/a", "app/b", "app/x.py"}
