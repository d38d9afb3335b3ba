from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from images import docker_archive, layer_tar
from memory import MemoryFile
from pratique import scan
from pratique.analyzers.python_origin import python_origin
from pratique.errors import MalformedError
from pratique.model.settings import Settings

PATH = "usr/lib/python3/site-packages/x-1.0.dist-info/direct_url.json"


def text(document: object) -> str:
    data = document if isinstance(document, bytes) else json.dumps(document).encode()
    [remark] = python_origin.analyze(MemoryFile(PATH, data))
    assert getattr(remark, "of", "") == PATH.replace("direct_url.json", "METADATA")
    return str(getattr(remark, "text", ""))


def test_a_repository_is_told_with_its_commit() -> None:
    found = text({
        "url": "https://user:word@example.org/x.git",
        "vcs_info": {"vcs": "git", "requested_revision": "main", "commit_id": "0123abc"},
    })  # fmt: skip
    assert found == "installed from git+https://example.org/x.git@0123abc, not from an index"


def test_an_editable_folder_is_one() -> None:
    found = text({"url": "file:///app", "dir_info": {"editable": True}})
    assert found == "installed from file:///app (editable), not from an index"


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b'{"url": 7}', b"[" * 100_000])
def test_what_is_no_origin_is_malformed(data: bytes) -> None:
    with pytest.raises(MalformedError, match="no direct URL"):
        list(python_origin.analyze(MemoryFile(PATH, data)))


def test_what_pip_writes_is_on_the_package(tmp_path: Path) -> None:
    """A real wheel of no dependencies, installed by pip from a file."""
    wheel = tmp_path / "tiny-1.0-py3-none-any.whl"
    make_wheel(wheel)
    words = [sys.executable, "-m", "pip", "install", "-q", "--no-index", "--no-deps", "--target",
             str(tmp_path / "site"), str(wheel)]  # fmt: skip
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"no pip here: {done.stderr[:200]}")
    info = tmp_path / "site/tiny-1.0.dist-info"
    place = "usr/lib/python3/site-packages/tiny-1.0.dist-info"
    files = {f"{place}/{path.name}": path.read_bytes() for path in info.iterdir() if path.is_file()}
    archive = tmp_path / "x.tar"
    archive.write_bytes(docker_archive([layer_tar(files)]))
    settings = Settings(input=str(archive), cache_dir=str(tmp_path / "c"), offline=True)
    [package] = scan("", settings)[0].inventory.packages
    assert package.name == "tiny"
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    told = f"installed from {wheel.as_uri()} (sha256:{digest}), not from an index"
    assert package.remarks == (told,)


def make_wheel(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("tiny/__init__.py", "")
        archive.writestr("tiny-1.0.dist-info/METADATA",
                         "Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n")  # fmt: skip
        archive.writestr("tiny-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nGenerator: test\n"
                         "Root-Is-Purelib: true\nTag: py3-none-any\n")  # fmt: skip
        archive.writestr("tiny-1.0.dist-info/RECORD", "")
