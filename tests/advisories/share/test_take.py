from __future__ import annotations

import json
import os
import tarfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from cosign import WORD, pair
from images import advisory, feed_mirror, kev
from loopback import free_port
from pratique.advisories.refresh import refresh
from pratique.advisories.shard import shards_in
from pratique.advisories.share.archive import export
from pratique.advisories.share.push import push
from pratique.advisories.share.take import take
from pratique.artifacts.remote import Remote
from pratique.cli import main
from pratique.errors import UsageError
from pratique.model.settings import Settings
from pratique.signing.keys import PASSWORD
from sharing import YESTERDAY, at, before, content, kinds, shard

pytest_plugins = ("registry_fixtures", "share_fixtures")
pytestmark = pytest.mark.registry
Open = Callable[[str], Remote]
ALL = ["Debian:12", "KEV", "npm"]
SHOP = str(Path(__file__).parents[3] / "examples" / "shop.tar")
TRIVYS = "ghcr.io/aquasecurity/trivy-db:2"


@pytest.fixture
def fresh(shared: Path) -> Path:
    """Give the folder of three shards, all looked at just now."""
    for path in shared.iterdir():
        os.utime(path)
    return shared


@pytest.fixture
def mirror(tmp_path: Path) -> Path:
    folder = feed_mirror(tmp_path / "mirror", {
        "npm": [advisory("GHSA-1", "npm", "minimist", "1.2.6", aliases=["CVE-2021-44906"])],
        "PyPI": [advisory("PYSEC-1", "PyPI", "Flask", "2.2.5", aliases=["CVE-2023-30861"])],
        "Maven": [advisory("GHSA-2", "Maven", "a:b", "1")], "Go": [advisory("GO-1", "Go", "x", "1")],
        "Debian": [advisory("DSA-1", "Debian:12", "glibc", "2.36-9+deb12u3",
                            aliases=["CVE-2023-4911"])],
    })  # fmt: skip
    kev(folder, {"CVE-2023-4911": "2023-11-21"})
    return folder


def found(path: Path) -> list[str]:
    results = json.loads(path.read_text())["Results"]
    return sorted(
        f"{v['VulnerabilityID']} {v['PkgName']} {v['Severity']}"
        for result in results
        for v in result.get("Vulnerabilities", ())
    )


def test_a_scan_finds_by_a_shared_database_what_it_finds_by_a_mirror(
    place: str, mirror: Path, tmp_path: Path
) -> None:
    one, two, three = (str(tmp_path / name) for name in ("one", "two", "three"))
    scan = ["image", "--input", SHOP, "-f", "json", "--no-cache", "-o"]
    assert main([*scan, f"{one}.json", "--cache-dir", one, "--feed-mirror", str(mirror)]) in (0, 5)
    assert main(["db", "push", place, "--cache-dir", one]) == 0
    more = ["--db-repository", place, "--insecure"]
    with before(place) as stub:
        words = ["--db-repository", at(stub, place), "--insecure"]
        main([*scan, f"{two}.json", "--cache-dir", two, *words])
        stub.asked.clear()
        main([*scan, f"{three}.json", "--cache-dir", two, *words])
        # only whether what is missing has come: the ratings of NVD, for a finding without any
        assert kinds(stub) == ["GET manifests"]
    assert "CVE-2023-4911 libc6 UNKNOWN" in found(tmp_path / "one.json")
    assert found(tmp_path / "two.json") == found(tmp_path / "one.json")
    assert content(tmp_path / "two" / "db") == content(tmp_path / "one" / "db")
    main(["db", "update", "--cache-dir", three, "--ecosystem", "npm", *more])
    assert shards_in(f"{three}/db") == ["KEV", "npm"]


def test_trivys_own_database_is_said_to_be_none_and_the_feeds_are_asked(
    mirror: Path, tmp_path: Path
) -> None:
    settings = Settings(db_repository=(TRIVYS,), feed_mirror=(str(mirror),))
    [problem] = refresh(str(tmp_path / "db"), ["npm"], settings)
    assert problem.what == f"{TRIVYS} is no database of Pratique's (oci://…): not asked"
    assert shards_in(str(tmp_path / "db")) == ["npm"]
    assert refresh(str(tmp_path / "db"), ["npm"], settings) == []


def test_another_artifact_at_oci_is_said_to_be_none(
    place: str, shared: Path, tmp_path: Path, open_remote: Open
) -> None:
    remote = open_remote(place)
    push(remote, str(shared), ALL)
    data = json.loads(remote.manifest()[0])
    remote.tag(json.dumps({**data, "artifactType": "x/y"}).encode(), data["mediaType"], "other")
    name = place.rpartition(":")[0] + ":other"
    taken = take(str(tmp_path / "db"), ["npm"], Settings(db_repository=(name,)))
    assert taken.problems == [f"{name}: is no database of Pratique's ('x/y')"]
    assert taken.left == ["npm"]


def test_repositories_are_asked_in_turn_for_what_is_still_missing(
    place: str, fresh: Path, tmp_path: Path, open_remote: Open
) -> None:
    away = f"oci://127.0.0.1:{free_port()}/lab/db:1"
    push(open_remote(place), str(fresh), ["npm"])
    push(open_remote(f"{place}-2"), str(fresh), ["Debian:12", "npm"])
    folder = str(tmp_path / "db")
    taken = take(folder, ["npm", "Debian:12"], Settings(db_repository=(away, place, f"{place}-2")))
    assert (sorted(taken.outcomes), taken.left, taken.problems) == (["Debian:12", "npm"], [], [])
    with before(f"{place}-2") as stub:
        names = (place, at(stub, f"{place}-2"))
        taken = take(folder, ["npm", "Hex"], Settings(db_repository=names))
        assert [kind for kind in kinds(stub) if "blobs" in kind] == []
    assert taken.left == ["Hex"]
    taken = take(folder, ["npm"], Settings(db_repository=(away,)))
    assert taken.left == ["npm"]
    [problem] = taken.problems
    assert problem.startswith(f"{away}: ")
    assert "connection refused" in problem


def test_what_a_repository_lacks_comes_from_the_feeds(
    place: str, fresh: Path, mirror: Path, tmp_path: Path, open_remote: Open
) -> None:
    push(open_remote(place), str(fresh), ["npm", "KEV"])
    settings = Settings(db_repository=(place,), feed_mirror=(str(mirror),))
    assert refresh(str(tmp_path / "db"), ["npm", "PyPI", "KEV"], settings) == []
    made = content(tmp_path / "db")
    assert made["npm.db"] == (fresh / "npm.db").read_bytes()
    assert set(made) == {"npm.db", "PyPI.db", "KEV.db"}


def test_a_shared_database_that_is_old_is_used_and_its_age_is_said(
    place: str, shared: Path, mirror: Path, tmp_path: Path, open_remote: Open
) -> None:
    push(open_remote(place), str(shared), ["npm"])
    settings = Settings(db_repository=(place,), feed_mirror=(str(mirror),))
    [problem] = refresh(str(tmp_path / "db"), ["npm"], settings)
    days = (time.time() - YESTERDAY) / 86400
    assert problem.what == f"advisories for npm were last updated {days:.0f} days ago"
    assert content(tmp_path / "db") == {"npm.db": (shared / "npm.db").read_bytes()}


def test_what_is_older_than_what_is_here_is_had_from_the_feeds(
    place: str, shared: Path, mirror: Path, tmp_path: Path, open_remote: Open
) -> None:
    push(open_remote(place), str(shared), ["npm"])
    mine = shard(tmp_path / "db", "npm", 9, at=YESTERDAY + 60)
    settings = Settings(db_repository=(place,), feed_mirror=(str(mirror),))
    refresh(str(mine.parent), ["npm"], settings)
    assert mine.stat().st_mtime > YESTERDAY + 3600


def test_offline_only_a_folder_is_asked(
    place: str, fresh: Path, tmp_path: Path, open_remote: Open
) -> None:
    push(open_remote(place), str(fresh), ALL)
    settings = Settings(db_repository=(place,), offline=True)
    assert refresh(str(tmp_path / "db"), ["npm"], settings) == []
    assert shards_in(str(tmp_path / "db")) == []
    export(str(fresh), ALL, str(tmp_path / "db.tar"))
    with tarfile.open(tmp_path / "db.tar") as archive:
        archive.extractall(tmp_path / "layout", filter="data")
    settings = Settings(db_repository=(place, f"oci-layout:{tmp_path}/layout"), offline=True)
    assert refresh(str(tmp_path / "db"), ["npm", "Hex"], settings) == []
    assert shards_in(str(tmp_path / "db")) == ["npm"]


def test_every_release_of_a_family_can_be_wanted(
    place: str, fresh: Path, tmp_path: Path, open_remote: Open
) -> None:
    shard(fresh, "Debian:11", 5)
    push(open_remote(place), str(fresh), [*ALL, "Debian:11"])
    taken = take(str(tmp_path / "db"), ["Debian:*"], Settings(db_repository=(place,)))
    assert sorted(taken.outcomes) == ["Debian:11", "Debian:12"]
    assert taken.left == []


def test_with_a_key_only_what_is_signed_by_it_is_taken(
    place: str, fresh: Path, mirror: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PASSWORD, WORD)
    private, public = pair(tmp_path, "mine")
    (tmp_path / "cache").mkdir()
    fresh.rename(tmp_path / "cache" / "db")
    words = ["db", "push", place, "--cache-dir", str(tmp_path / "cache")]
    assert main(words) == 0
    settings = Settings(db_repository=(place,), verify_key=public, feed_mirror=(str(mirror),))
    [problem] = refresh(str(tmp_path / "new"), ["npm"], settings)
    assert problem.what == f"{place} is not taken: it is not signed ({public})"
    signed = (tmp_path / "cache" / "db" / "npm.db").read_bytes()
    assert content(tmp_path / "new")["npm.db"] != signed  # it is of the feeds
    assert main([*words, "--sign-key", private]) == 0
    assert refresh(str(tmp_path / "two"), ["npm"], settings) == []
    assert content(tmp_path / "two") == {"npm.db": signed}
    absent = Settings(db_repository=(place,), verify_key=str(tmp_path / "absent"))
    with pytest.raises(UsageError, match="absent: cannot be read"):
        refresh(str(tmp_path / "three"), ["npm"], absent)


def test_the_name_and_the_password_of_the_image_are_not_for_the_database(
    place: str, fresh: Path, tmp_path: Path, open_remote: Open
) -> None:
    push(open_remote(place), str(fresh), ["npm"])
    with before(place) as stub:
        settings = Settings(
            db_repository=(at(stub, place),), username="me", password="secret",
            registry_token="token",
        )  # fmt: skip
        assert refresh(str(tmp_path / "db"), ["npm"], settings) == []
    assert stub.asked
    assert not any("authorization" in asked.headers for asked in stub.asked)
