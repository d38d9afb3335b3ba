from __future__ import annotations

import io
import json
import os
import subprocess
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from oci_layout import sha256
from pratique.advisories.share.archive import export, import_
from pratique.advisories.share.pull import listed, pull
from pratique.advisories.share.repository import open_repository
from pratique.artifacts.remote import Remote
from pratique.cli import main
from pratique.errors import DatabaseError, NotFound, PratiqueError, UsageError
from pratique.model.settings import Settings
from sharing import YESTERDAY, content, shard

pytest_plugins = ("registry_fixtures", "share_fixtures")
ALL = ["Debian:12", "KEV", "npm"]
Members = list[tuple[tarfile.TarInfo, bytes]]


@pytest.fixture
def archive(shared: Path, tmp_path: Path) -> Path:
    path = tmp_path / "db.tar"
    export(str(shared), ALL, str(path))
    return path


def members(path: Path) -> Members:
    with tarfile.open(path) as opened:
        return [(m, (opened.extractfile(m) or io.BytesIO()).read()) for m in opened]


def rewrite(path: Path, new: Members) -> None:
    with tarfile.open(path, "w") as opened:
        for member, data in new:
            member.size = len(data)
            opened.addfile(member, io.BytesIO(data))


def test_what_is_exported_is_imported_with_its_bytes_and_its_age(
    archive: Path, shared: Path, tmp_path: Path
) -> None:
    done = import_(str(archive), str(tmp_path / "new"))
    assert [(o.shard, o.records, o.changed) for o in done.outcomes] == [
        ("Debian:12", 61, True), ("KEV", 62, True), ("npm", 60, True)
    ]  # fmt: skip
    assert done.unused == 0
    assert content(tmp_path / "new") == content(shared)
    assert {p.stat().st_mtime for p in (tmp_path / "new").glob("*.db")} == {YESTERDAY}
    again = import_(str(archive), str(tmp_path / "new"))
    assert not any(outcome.changed for outcome in again.outcomes)


def test_the_same_shards_are_the_same_file(archive: Path, shared: Path, tmp_path: Path) -> None:
    assert export(str(shared), list(reversed(ALL)), str(tmp_path / "two.tar"))
    assert (tmp_path / "two.tar").read_bytes() == archive.read_bytes()


def test_a_part_can_be_exported_and_a_part_imported(shared: Path, tmp_path: Path) -> None:
    path = str(tmp_path / "db.tar")
    export(str(shared), ["Debian:12", "npm"], path)
    import_(path, str(tmp_path / "new"), ["Debian"])
    assert list(content(tmp_path / "new")) == ["Debian%3A12.db"]
    with pytest.raises(UsageError, match="has none of Hex, but Debian:12, npm"):
        import_(path, str(tmp_path / "new"), ["Hex"])


def test_a_newer_shard_stays(archive: Path, tmp_path: Path) -> None:
    mine = shard(tmp_path / "new", "npm", 7, at=YESTERDAY + 9)
    kept = mine.read_bytes()
    done = import_(str(archive), str(mine.parent))
    assert ["newer" in "".join(o.notes) for o in done.outcomes] == [False, False, True]
    assert mine.read_bytes() == kept
    import_(str(archive), str(mine.parent), force=True)
    assert mine.read_bytes() != kept


def add(name: str, kind: bytes = tarfile.REGTYPE) -> Callable[[Members], Members]:
    def change(found: Members) -> Members:
        member = tarfile.TarInfo(name)
        member.type, member.linkname = kind, "/etc/passwd"
        return [*found, (member, b"" if kind != tarfile.REGTYPE else b"x")]

    return change


def spoil(at: int) -> Callable[[Members], Members]:
    """Flip a bit in the last member, which is a shard."""

    def change(found: Members) -> Members:
        member, data = found[-1]
        new = bytearray(data)
        new[at] ^= 1
        return [*found[:-1], (member, bytes(new))]

    return change


def manifest(edit: Callable[[dict[str, object]], object]) -> Callable[[Members], Members]:
    """Change the manifest, so that its digest fits again."""

    def change(found: Members) -> Members:
        index = json.loads(found[1][1])
        document = json.loads(found[2][1])
        edit(document)
        data = json.dumps(document).encode()
        index["manifests"][0].update(digest=sha256(data), size=len(data))
        named = tarfile.TarInfo(f"blobs/sha256/{sha256(data)[7:]}")
        return [found[0], (found[1][0], json.dumps(index).encode()), (named, data), *found[3:]]

    return change


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (spoil(5000), "gave sha256:"),
        (lambda found: found[:-1], "blobs/sha256/[0-9a-f]{64} is missing"),
        (lambda found: found[:1] + found[2:], r"index\.json is missing"),
        (lambda found: found[:2] + found[3:], "is missing"),
        (lambda _: [], "no tar of an OCI layout"),
        (lambda found: [*found, found[-1]], "twice"),
        (add("../../evil"), r"has '\.\./\.\./evil', which is of no OCI layout"),
        (add("/etc/cron.d/x"), r"has '/etc/cron\.d/x'"),
        (add("blobs/sha256/../../x"), "which is of no OCI layout"),
        (add("blobs/sha256/" + "A" * 64), "which is of no OCI layout"),
        (add("README"), "has 'README', which is of no OCI layout"),
        (add("index.json", tarfile.SYMTYPE), "has 'index.json', which is of no OCI layout"),
        (add("blobs/sha256/" + "a" * 64, tarfile.LNKTYPE), "which is of no OCI layout"),
        (add("dev", tarfile.CHRTYPE), "has 'dev'"),
        (manifest(lambda d: d.update(artifactType="other/type")), "no database of Pratique's"),
        (manifest(lambda d: d["layers"][0]["annotations"].update({"vnd.pratique.schema": "3"})),  # type: ignore[index]
         r"Debian:12 is of another schema \(3, this version reads 4\)"),
        (manifest(lambda d: d["layers"][2].update(size=9)), "bytes instead of 9"),  # type: ignore[index]
        (manifest(lambda d: d["layers"][2]["annotations"].update(  # type: ignore[index]
            {"org.opencontainers.image.title": "a/b"})), "'a/b' is no name"),
    ],
)  # fmt: skip
def test_a_bad_archive_changes_nothing(
    archive: Path, tmp_path: Path, change: Callable[[Members], Members], said: str
) -> None:
    rewrite(archive, change(members(archive)))
    shard(tmp_path / "new", "npm", 5, at=1)
    old = content(tmp_path / "new")
    with pytest.raises(PratiqueError, match=said) as caught:
        import_(str(archive), str(tmp_path / "new"))
    assert str(archive) in caught.value.message
    assert "\n" not in caught.value.message
    assert content(tmp_path / "new") == old


@pytest.mark.parametrize("length", [0, 100, 511, 1024, 5000, -2000])
def test_an_archive_that_is_cut_short_changes_nothing(
    archive: Path, tmp_path: Path, length: int
) -> None:
    data = archive.read_bytes().rstrip(b"\0")
    archive.write_bytes(data[:length])
    with pytest.raises(PratiqueError, match=r"db\.tar"):
        import_(str(archive), str(tmp_path / "new"))
    assert not (tmp_path / "new").exists() or content(tmp_path / "new") == {}


def test_no_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="No such file"):
        import_(str(tmp_path / "absent.tar"), str(tmp_path / "new"))


def test_blobs_of_nothing_are_counted(archive: Path, tmp_path: Path) -> None:
    rewrite(archive, add(f"blobs/sha256/{sha256(b'x')[7:]}")(members(archive)))
    assert import_(str(archive), str(tmp_path / "new")).unused == 1


def test_an_export_is_whole_or_not_there(shared: Path, tmp_path: Path) -> None:
    path = tmp_path / "db.tar"
    path.write_bytes(b"old")
    data = bytearray((shared / "npm.db").read_bytes())
    data[3000] ^= 1
    (shared / "npm.db").write_bytes(data)
    with pytest.raises(DatabaseError, match=r"npm\.db: damaged"):
        export(str(shared), ALL, str(path))
    with pytest.raises(DatabaseError, match="cannot be written: No such file"):
        export(str(shared), ["KEV"], str(tmp_path / "absent" / "db.tar"))
    assert path.read_bytes() == b"old"


@pytest.mark.registry
def test_other_tools_can_move_it(
    archive: Path, place: str, shared: Path, tmp_path: Path, open_remote: Callable[[str], Remote]
) -> None:
    words = ["skopeo", "copy", "--quiet", "--insecure-policy"]
    to = f"docker://{place.removeprefix('oci://')}"
    subprocess.run([*words, "--dest-tls-verify=false", f"oci-archive:{archive}:db", to], check=True)
    remote = open_remote(place)
    pull(remote, listed(remote), str(tmp_path / "one"))
    assert content(tmp_path / "one") == content(shared)
    subprocess.run(
        [*words, "--src-tls-verify=false", to, f"oci-archive:{tmp_path}/back.tar"], check=True
    )
    import_(f"{tmp_path}/back.tar", str(tmp_path / "two"))
    assert content(tmp_path / "two") == content(shared)


def test_an_unpacked_archive_is_a_layout(archive: Path, shared: Path, tmp_path: Path) -> None:
    with tarfile.open(archive) as opened:
        opened.extractall(tmp_path / "lay:out", filter="data")
    for name in (f"oci-layout:{tmp_path}/lay:out", f"oci-layout:{tmp_path}/lay:out:db"):
        layout = open_repository(name, Settings())
        pull(layout, listed(layout), str(tmp_path / "new"))
        assert content(tmp_path / "new") == content(shared)
    with pytest.raises(NotFound, match="other is not there, but db"):
        open_repository(f"oci-layout:{tmp_path}/lay:out:other", Settings()).manifest()
    with pytest.raises(NotFound, match=r"no OCI layout is there"):
        open_repository(f"oci-layout:{tmp_path}", Settings())
    with pytest.raises(UsageError, match="no place of a database"):
        open_repository("docker://x", Settings())


def test_the_commands_say_what_they_did(
    shared: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "one").mkdir()
    os.rename(shared, tmp_path / "one" / "db")
    path = str(tmp_path / "db.tar")
    assert main(["db", "export", path, "--cache-dir", str(tmp_path / "one")]) == 0
    assert f"{path}: 3 shards, 0.0 MB" in capsys.readouterr().out
    assert main(["db", "import", path, "--cache-dir", str(tmp_path / "two")]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "Debian:12                61 records",
        "KEV                      62 records",
        "npm                      60 records",
    ]
    for words, said in (
        (["export"], "db export needs a file"),
        (["push"], "db push needs a place"),
        (["export", path, "--ecosystem", "Hex"], "no shard of Hex is here"),
        (["push", "registry/x:1"], "no place to push to"),
        (["pull", "registry/x:1", "--all"], "no place of a database"),
    ):
        assert main(["db", *words, "--cache-dir", str(tmp_path / "one")]) == 2
        assert said in capsys.readouterr().err
    assert main(["db", "export", path, "--cache-dir", str(tmp_path / "none")]) == 2
    assert "no shard is here" in capsys.readouterr().err
    assert main(["db", "pull", "oci://127.0.0.1:9/x", "--cache-dir", str(tmp_path / "none")]) == 2
    assert "no shard is here yet" in capsys.readouterr().err
