from __future__ import annotations

import base64
import hashlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from loopback import Answer, Asked
from oci_layout import sha256
from pratique.advisories.shard import check, path_of, seal, shards_in, unseal
from pratique.advisories.share.artifact import Entry
from pratique.advisories.share.pull import listed, pull
from pratique.advisories.share.push import push
from pratique.artifacts.remote import Remote
from pratique.cli import main
from pratique.errors import (
    DatabaseError,
    MalformedError,
    NotFound,
    SourceError,
    Unauthorized,
    UsageError,
)
from registries import PASSWORD, running
from sharing import YESTERDAY, Shelf, at, before, content, kinds, shard

pytest_plugins = ("registry_fixtures", "share_fixtures")
pytestmark = pytest.mark.registry
Open = Callable[[str], Remote]
ALL = ["Debian:12", "KEV", "npm"]


def taken(remote: Remote, folder: Path, **more: Any) -> dict[str, str]:
    """Pull everything; return for each shard what became of it."""
    outcomes = pull(remote, listed(remote), str(folder), **more)
    return {
        o.shard: o.error or "".join(o.notes) or ("changed" if o.changed else "same")
        for o in outcomes
    }


def test_what_is_pushed_comes_out_with_its_bytes_and_its_age(
    place: str, shared: Path, tmp_path: Path, open_remote: Open
) -> None:
    assert push(open_remote(place), str(shared), ALL).sent == tuple(ALL)
    assert taken(open_remote(place), tmp_path / "new") == dict.fromkeys(ALL, "changed")
    assert content(tmp_path / "new") == content(shared)
    assert {p.stat().st_mtime for p in (tmp_path / "new").glob("*.db")} == {YESTERDAY}


def test_nothing_moves_the_second_time(
    place: str, shared: Path, tmp_path: Path, open_remote: Open
) -> None:
    push(open_remote(place), str(shared), ALL)
    taken(open_remote(place), tmp_path / "new")
    with before(place) as stub:
        assert not push(open_remote(at(stub, place)), str(shared), ALL).changed
        assert taken(open_remote(at(stub, place)), tmp_path / "new") == dict.fromkeys(ALL, "same")
    assert kinds(stub) == ["GET manifests", "GET manifests"]
    assert sum(len(asked.body) for asked in stub.asked) == 0


def test_one_changed_shard_is_one_layer(
    place: str, shared: Path, tmp_path: Path, open_remote: Open
) -> None:
    push(open_remote(place), str(shared), ALL)
    taken(open_remote(place), tmp_path / "new")
    changed = shard(shared, "npm", 70, "2.0.0", YESTERDAY + 60)
    with before(place) as stub:
        assert push(open_remote(at(stub, place)), str(shared), ALL).sent == ("npm",)
        sent = kinds(stub)
        stub.asked.clear()
        found = taken(open_remote(at(stub, place)), tmp_path / "new")
    assert sent == ["GET manifests", "HEAD blobs", "POST blobs", "PUT blobs", "PUT manifests"]
    assert found == {"Debian:12": "same", "KEV": "same", "npm": "changed"}
    assert [asked.path.rpartition("/")[2] for asked in stub.asked if "/blobs/" in asked.path] == [
        sha256(changed.read_bytes())
    ]
    assert content(tmp_path / "new") == content(shared)


def test_a_shard_that_was_only_looked_at_again_moves_no_bytes(
    place: str, shared: Path, tmp_path: Path, open_remote: Open
) -> None:
    push(open_remote(place), str(shared), ALL)
    taken(open_remote(place), tmp_path / "new")
    os.utime(shared / "npm.db", (YESTERDAY + 99, YESTERDAY + 99))
    with before(place) as stub:
        assert push(open_remote(at(stub, place)), str(shared), ALL).sent == ()
        taken(open_remote(at(stub, place)), tmp_path / "new")
    assert kinds(stub) == ["GET manifests", "PUT manifests", "GET manifests"]
    assert (tmp_path / "new" / "npm.db").stat().st_mtime == YESTERDAY + 99


def test_a_digest_names_a_database_for_good(
    place: str, shared: Path, tmp_path: Path, open_remote: Open
) -> None:
    old = content(shared)
    digest = push(open_remote(place), str(shared), ALL).digest
    shard(shared, "npm", 70, "2.0.0")
    push(open_remote(place), str(shared), ALL)
    name, _, _ = place.rpartition(":")
    taken(open_remote(f"{name}@{digest}"), tmp_path / "new")
    assert content(tmp_path / "new") == old
    with pytest.raises(UsageError, match="pushed to a tag"):
        push(open_remote(f"{name}@{digest}"), str(shared), ALL)


def test_an_older_shard_is_taken_by_force_only(
    place: str, shared: Path, tmp_path: Path, open_remote: Open
) -> None:
    push(open_remote(place), str(shared), ALL)
    mine = shard(tmp_path / "new", "npm", 10, "9.0.0", YESTERDAY + 60)
    kept = mine.read_bytes()
    assert "newer than that of 2025-10-09 08:53" in taken(open_remote(place), mine.parent)["npm"]
    assert mine.read_bytes() == kept
    assert taken(open_remote(place), mine.parent, force=True)["npm"] == "changed"
    assert content(mine.parent) == content(shared)


def test_a_time_to_come_is_now(place: str, shared: Path, tmp_path: Path, open_remote: Open) -> None:
    shard(shared, "npm", at=4_000_000_000)
    push(open_remote(place), str(shared), ["npm"])
    taken(open_remote(place), tmp_path / "new")
    assert (tmp_path / "new" / "npm.db").stat().st_mtime <= time.time()


def test_a_registry_that_lost_a_blob_gets_it_again(
    place: str, shared: Path, open_remote: Open
) -> None:
    push(open_remote(place), str(shared), ALL)
    shard(shared, "KEV", 33)
    refused: list[str] = []

    def answer(asked: Asked) -> Answer | None:
        if asked.method == "PUT" and "/manifests/" in asked.path and not refused:
            refused.append(asked.path)
            return Answer(404, b'{"errors": [{"message": "blob unknown to registry"}]}')
        return None

    with before(place, answer) as stub:
        assert push(open_remote(at(stub, place)), str(shared), ALL).changed
    assert kinds(stub).count("HEAD blobs") == 1 + 4  # with the configuration
    assert kinds(stub)[-1] == "PUT manifests"


def test_a_large_blob_goes_in_pieces_and_a_lost_piece_is_sent_again(
    place: str, open_remote: Open
) -> None:
    data = hashlib.shake_256(b"seed").digest(40_000_000)
    path = Path(os.path.join(os.environ["HOME"], "blob"))
    path.write_bytes(data)
    lost: list[int] = []

    def answer(asked: Asked) -> Answer | None:
        if asked.method == "PATCH" and asked.headers["content-range"].startswith("16777216-"):
            lost.append(len(asked.body))
            return Answer(500) if len(lost) == 1 else None
        return None

    with before(place, answer) as stub, path.open("rb") as file:
        open_remote(at(stub, place)).upload(sha256(data), file, len(data))
    assert kinds(stub) == [
        "POST blobs", "PATCH blobs", "PATCH blobs", "GET blobs", "PATCH blobs", "PUT blobs"
    ]  # fmt: skip
    assert len(lost) == 2
    assert open_remote(place).has(sha256(data))
    assert b"".join(open_remote(place).blob(sha256(data), len(data), 39_999_990)) == data[-10:]


def test_what_the_registry_gets_is_verified_by_it(place: str, open_remote: Open) -> None:
    path = Path(os.environ["HOME"]) / "blob"
    path.write_bytes(b"other")
    with path.open("rb") as file, pytest.raises(SourceError, match="did not match"):
        open_remote(place).upload(sha256(b"what was said"), file, 5)


def test_a_broken_download_goes_on_in_another_process(
    place: str, shared: Path, tmp_path: Path, open_remote: Open
) -> None:
    data = shard(shared, "npm", 3000).read_bytes()
    push(open_remote(place), str(shared), ["npm"])
    half = len(data) // 2

    def cut(asked: Asked) -> Answer | None:
        if "/blobs/" not in asked.path:
            return None
        start = int(asked.headers.get("range", "bytes=0-")[6:-1])
        return Answer(200, data, cut=half) if not start else Answer(503)

    with before(place, cut) as stub:
        assert "in trouble" in taken(open_remote(at(stub, place)), tmp_path / "new")["npm"]
    assert shards_in(str(tmp_path / "new")) == []
    [part] = (tmp_path / "new" / "parts").glob("*.part")
    assert part.stat().st_size == half
    with before(place) as stub:
        assert taken(open_remote(at(stub, place)), tmp_path / "new") == {"npm": "changed"}
    assert stub.asked[-1].headers["range"] == f"bytes={half}-"
    assert content(tmp_path / "new") == {"npm.db": data}
    assert list((tmp_path / "new" / "parts").iterdir()) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda data: data[:-1] + bytes([data[-1] ^ 1]), "gave sha256:"),
        (lambda data: data[:-7], "bytes instead of"),
        (lambda data: data + b"more", "holds more than"),
        (lambda _: b"", "0 bytes instead of"),
    ],
)
def test_other_bytes_than_were_asked_for_are_refused(
    place: str, shared: Path, tmp_path: Path, open_remote: Open,
    change: Callable[[bytes], bytes], said: str,
) -> None:  # fmt: skip
    data = shard(shared, "npm", 3000).read_bytes()
    push(open_remote(place), str(shared), ["npm"])
    old = shard(tmp_path / "new", "npm", 5, at=1).read_bytes()

    def answer(asked: Asked) -> Answer | None:
        return Answer(200, change(data)) if "/blobs/" in asked.path else None

    with before(place, answer) as stub:
        assert said in taken(open_remote(at(stub, place)), tmp_path / "new")["npm"]
    assert content(tmp_path / "new") == {"npm.db": old}
    assert list((tmp_path / "new" / "parts").iterdir()) == []


def damage(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[2000] ^= 1
    path.write_bytes(data)


def add_view(path: Path) -> None:
    unseal(str(path))
    connection = sqlite3.connect(path)
    connection.executescript(
        "ALTER TABLE meta RENAME TO other; CREATE VIEW meta AS WITH RECURSIVE"
        " n(key, value) AS (SELECT 1, 1 UNION ALL SELECT key + 1, 1 FROM n) SELECT * FROM n;"
    )
    connection.close()
    seal(str(path))


def other_schema(path: Path) -> None:
    unseal(str(path))
    connection = sqlite3.connect(path)
    connection.execute("UPDATE meta SET value = '99' WHERE key = 'schema'")
    connection.commit()
    connection.close()
    seal(str(path))


def publish(remote: Remote, path: Path, name: str = "npm", **more: Any) -> None:
    """Push a layer as it is, with what `push` would say of it."""
    data = path.read_bytes()
    with path.open("rb") as file:
        remote.upload(sha256(data), file, len(data))
    empty = Path(os.environ["HOME"]) / "empty"
    empty.write_bytes(b"{}")
    with empty.open("rb") as file:
        remote.upload(sha256(b"{}"), file, 2)
    said = {"org.opencontainers.image.title": name, "vnd.pratique.records": "60",
            "vnd.pratique.checked": "2025-10-09T08:53:20Z", "vnd.pratique.newest": "",
            "vnd.pratique.schema": "4", **more}  # fmt: skip
    kind = "application/vnd.pratique.db.shard.v1"
    layer = {"mediaType": kind, "digest": sha256(data), "size": len(data), "annotations": said}
    manifest = {
        "schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "artifactType": "application/vnd.pratique.db.v1", "layers": [layer],
        "config": {"mediaType": "application/vnd.oci.empty.v1+json", "digest": sha256(b"{}"), "size": 2},
    }  # fmt: skip
    remote.tag(json.dumps(manifest).encode(), str(manifest["mediaType"]))


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (damage, "its seal does not fit"),
        (add_view, "its tables are others"),
        (other_schema, "of another schema"),
        (lambda path: path.write_bytes(b"no SQLite at all" * 9), "damaged, or no shard"),
    ],
)
def test_a_bad_shard_whose_digest_fits_is_refused(
    place: str, shared: Path, tmp_path: Path, open_remote: Open,
    spoil: Callable[[Path], None], said: str,
) -> None:  # fmt: skip
    old = shard(tmp_path / "new", "npm", 5, at=1).read_bytes()
    spoil(shared / "npm.db")
    publish(open_remote(place), shared / "npm.db")
    assert said in taken(open_remote(place), tmp_path / "new")["npm"]
    assert content(tmp_path / "new") == {"npm.db": old}


def test_a_shard_of_another_schema_is_not_even_fetched(
    place: str, shared: Path, tmp_path: Path, open_remote: Open
) -> None:
    publish(open_remote(place), shared / "npm.db", **{"vnd.pratique.schema": "5"})
    with before(place) as stub:
        found = taken(open_remote(at(stub, place)), tmp_path / "new")
    assert "npm is of another schema (5, this version reads 4)" in found["npm"]
    assert kinds(stub) == ["GET manifests"]


def test_a_name_with_a_slash_is_refused(place: str, shared: Path, open_remote: Open) -> None:
    publish(open_remote(place), shared / "npm.db", "../../etc/passwd")
    with pytest.raises(MalformedError, match=r"'\.\./\.\./etc/passwd' is no name of a shard"):
        listed(open_remote(place))


def test_a_damaged_shard_is_not_pushed(place: str, shared: Path, open_remote: Open) -> None:
    damage(shared / "npm.db")
    with pytest.raises(DatabaseError, match=r"npm\.db: damaged"):
        push(open_remote(place), str(shared), ALL)
    with pytest.raises(NotFound):
        listed(open_remote(place))


def test_a_tag_of_something_else_is_not_taken_over_unasked(
    place: str, shared: Path, open_remote: Open
) -> None:
    remote = open_remote(place)
    publish(remote, shared / "npm.db")
    document = json.loads(remote.manifest()[0])
    image = json.dumps({**document, "artifactType": "application/vnd.other"}).encode()
    remote.tag(image, document["mediaType"])
    with pytest.raises(MalformedError, match=r"no database of Pratique's .*vnd\.other") as caught:
        push(remote, str(shared), ALL)
    assert "--force" in caught.value.hint
    assert remote.manifest()[0] == image
    assert push(remote, str(shared), ALL, force=True).changed


def test_the_command_says_what_was_not_taken(
    place: str, shared: Path, tmp_path: Path, open_remote: Open,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    push(open_remote(place), str(shared), ALL)
    words = ["db", "pull", place, "--cache-dir", str(tmp_path), "--ecosystem"]
    assert main([*words, "Debian", "--ecosystem", "Hex"]) == 5
    assert capsys.readouterr().out.splitlines() == [
        "Debian:12                61 records",
        "KEV                      62 records",
        f"Hex                      not taken: {place} does not have it",
    ]
    shard(tmp_path / "db", "KEV", 3, at=YESTERDAY + 1)
    assert main([*words, "Debian:12"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "Debian:12                unchanged",
        "KEV                      the one here is newer than that of 2025-10-09 08:53 (--force takes it)",
    ]
    assert main([*words, "npm", "--force"]) == 0
    assert content(tmp_path / "db") == content(shared)


def test_who_may_not_push_is_told(
    shelf: Shelf, shared: Path, tmp_path: Path, nobody: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    entry = subprocess.run(["htpasswd", "-Bbn", "me", PASSWORD], check=True, capture_output=True)
    (tmp_path / "htpasswd").write_bytes(entry.stdout)
    auth = f"auth: {{htpasswd: {{realm: lab, path: {tmp_path}/htpasswd}}}}\n"
    (tmp_path / "cache").mkdir()
    shared.rename(tmp_path / "cache" / "db")
    with running(tmp_path, tmp_path / "store", auth) as host:
        words = ["db", "push", f"oci://{host}/lab/db:1", "--cache-dir", str(tmp_path / "cache")]
        assert main(words) == 3
        assert f"docker login {host}" in capsys.readouterr().err
        login = base64.b64encode(f"me:{PASSWORD}".encode()).decode()
        nobody.write_text(json.dumps({"auths": {host: {"auth": login}}}))
        assert main(words) == 0
        assert "3 of 3 shards sent" in capsys.readouterr().out
        nobody.unlink()
        words = ["db", "pull", f"oci://{host}/lab/db:1", "--cache-dir", str(tmp_path / "two"),
                 "--all", "--username", "me", "--password", PASSWORD]  # fmt: skip
        assert main(words) == 0
    assert shards_in(str(tmp_path / "two" / "db")) == ALL


SMALL = """
import resource, sys
from pratique.cli import main
resource.setrlimit(resource.RLIMIT_FSIZE, (30_000, 30_000))
sys.exit(main(["db", "pull", sys.argv[1], "--all", "--cache-dir", sys.argv[2]]))
"""


def test_a_disk_that_is_full_keeps_the_old_shard(
    place: str, shared: Path, tmp_path: Path, open_remote: Open
) -> None:
    assert shard(shared, "npm", 3000).stat().st_size > 30_000
    push(open_remote(place), str(shared), ALL)
    folder = tmp_path / "cache" / "db"
    old = shard(folder, "npm", 5, at=1).read_bytes()
    words = [sys.executable, "-c", SMALL, place, str(tmp_path / "cache")]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (5, "")
    assert "cannot be written: File too large" in done.stdout
    assert set(content(folder)) == {"Debian%3A12.db", "KEV.db", "npm.db"}
    assert content(folder)["npm.db"] == old


def test_a_folder_that_cannot_be_is_said(
    place: str, shared: Path, tmp_path: Path, open_remote: Open
) -> None:
    push(open_remote(place), str(shared), ["npm"])
    (tmp_path / "file").write_text("")
    found = taken(open_remote(place), tmp_path / "file" / "db")
    assert "cannot be read: Not a directory" in found["npm"]


PULL = """
import sys
from pratique.cli import main
while True:
    for place in sys.argv[2:]:
        main(["db", "pull", place, "--all", "--force", "--quiet", "--cache-dir", sys.argv[1]])
        print("pulled", flush=True)
"""


def test_a_killed_pull_leaves_whole_shards(
    place: str, shared: Path, tmp_path: Path, open_remote: Open
) -> None:
    versions = []
    places = (f"{place}-one", f"{place}-two")
    for number, name in enumerate(places):
        for one in ALL:
            shard(shared, one, 2000 + number, f"{number + 1}.0.0")
        push(open_remote(name), str(shared), ALL)
        versions.append(content(shared))
    folder = tmp_path / "cache" / "db"
    words = [sys.executable, "-c", PULL, str(tmp_path / "cache"), *places]
    for number in range(30):
        child = subprocess.Popen(words, stdout=subprocess.PIPE)
        assert child.stdout is not None
        assert child.stdout.readline() == b"pulled\n"
        time.sleep(0.01 * number)
        child.send_signal(signal.SIGKILL)
        child.communicate()
        found = {name: data for name, data in content(folder).items() if name.endswith(".db")}
        for name, data in found.items():
            assert data in (versions[0][name], versions[1][name])
            check(str(folder / name))
    assert taken(open_remote(places[0]), folder, force=True).keys() == set(ALL)
    assert {n: d for n, d in content(folder).items() if n.endswith(".db")} == versions[0]


def test_an_entry_says_its_date() -> None:
    entry = Entry("npm", sha256(b""), 1, 1, "", YESTERDAY, "4")
    assert entry.date == "2025-10-09 08:53"
    assert path_of("f", entry.shard) == "f/npm.db"


def test_a_wrong_password_is_refused(
    shared: Path, tmp_path: Path, nobody: Path, open_remote: Open
) -> None:
    entry = subprocess.run(["htpasswd", "-Bbn", "me", PASSWORD], check=True, capture_output=True)
    (tmp_path / "htpasswd").write_bytes(entry.stdout)
    auth = f"auth: {{htpasswd: {{realm: lab, path: {tmp_path}/htpasswd}}}}\n"
    with running(tmp_path, tmp_path / "store", auth) as host, pytest.raises(Unauthorized):
        push(open_remote(f"oci://{host}/lab/db:1"), str(shared), ALL)
