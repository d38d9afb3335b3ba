from __future__ import annotations

import json
import shutil
import subprocess
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path

import pytest

from cosign import WORD, pair
from oci_layout import sha256
from pratique.advisories.share import signature
from pratique.advisories.share.archive import export, import_
from pratique.advisories.share.pull import listed
from pratique.advisories.share.push import push
from pratique.artifacts.remote import Remote
from pratique.cli import main
from pratique.errors import DatabaseError
from pratique.signing.keys import PASSWORD
from sharing import at, before, content, kinds, shard

pytest_plugins = ("registry_fixtures", "share_fixtures")
pytestmark = pytest.mark.registry
ALL = ["Debian:12", "KEV", "npm"]
Open = Callable[[str], Remote]


@pytest.fixture(autouse=True)
def _password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PASSWORD, WORD)


def signed(remote: Remote, shared: Path, key: str) -> str:
    digest = push(remote, str(shared), ALL).digest
    signature.attach(remote, digest, key)
    return digest


@pytest.mark.parametrize("kind", ["cosign", "ed25519"])
def test_a_signed_database_is_taken_with_its_key(
    place: str, shared: Path, tmp_path: Path, open_remote: Open, kind: str
) -> None:
    private, public = pair(tmp_path, "mine", kind)
    signed(open_remote(place), shared, private)
    assert len(listed(open_remote(place), public)) == 3
    _, other = pair(tmp_path, "other", kind)
    with pytest.raises(DatabaseError, match="none of its signatures is of that key"):
        listed(open_remote(place), other)


def test_an_unsigned_database_is_refused_and_nothing_changes(
    place: str, shared: Path, tmp_path: Path, open_remote: Open, capsys: pytest.CaptureFixture[str]
) -> None:
    private, public = pair(tmp_path, "mine")
    push(open_remote(place), str(shared), ALL)
    words = ["db", "pull", place, "--all", "--cache-dir", str(tmp_path), "--verify-key", public]
    assert main(words) == 5
    assert "is not taken: it is not signed" in capsys.readouterr().err
    assert not (tmp_path / "db").exists()
    signed(open_remote(place), shared, private)
    assert main(words) == 0
    assert content(tmp_path / "db") == content(shared)
    # the next push has another digest, which the old signature is not of
    shard(shared, "npm", 77, "3.0.0")
    push(open_remote(place), str(shared), ALL)
    before_ = content(tmp_path / "db")
    assert main(words) == 5
    assert content(tmp_path / "db") == before_


def test_a_signature_of_another_digest_is_none(
    place: str, shared: Path, tmp_path: Path, open_remote: Open
) -> None:
    """A manifest that was altered, with the signatures of the old one put beside it."""
    private, public = pair(tmp_path, "mine")
    remote = open_remote(place)
    old = signed(remote, shared, private)
    data, _ = remote.manifest(signature.tag_of(old))
    shard(shared, "npm", 77, "3.0.0")
    new = push(remote, str(shared), ALL).digest
    remote.tag(data, "application/vnd.oci.image.manifest.v1+json", signature.tag_of(new))
    with pytest.raises(DatabaseError, match="none of its signatures"):
        listed(open_remote(place), public)


def test_signing_twice_is_once_and_others_signatures_stay(
    place: str, shared: Path, tmp_path: Path, open_remote: Open
) -> None:
    mine, others = pair(tmp_path, "mine"), pair(tmp_path, "others", "ed25519")
    digest = signed(open_remote(place), shared, mine[0])
    with before(place) as stub:
        assert not signature.attach(open_remote(at(stub, place)), digest, mine[0])
    assert kinds(stub) == ["GET manifests", "GET blobs"]
    assert signature.attach(open_remote(place), digest, others[0])
    for _, public in (mine, others):
        assert listed(open_remote(place), public)


def test_signatures_that_cannot_be_read_are_passed_over(
    place: str, shared: Path, tmp_path: Path, open_remote: Open
) -> None:
    private, public = pair(tmp_path, "mine")
    remote = open_remote(place)
    digest = signed(remote, shared, private)
    tag = signature.tag_of(digest)
    good = json.loads(remote.manifest(tag)[0])
    layer = good["layers"][0]
    strange = b'{"critical": 7}'
    remote.write(strange)
    bad = [
        {**layer, "mediaType": "text/plain"},
        {**layer, "size": 1 << 20},
        {**layer, "annotations": {}},
        {**layer, "annotations": {signature.SIGNATURE: "no base64!"}},
        {**layer, "annotations": {signature.SIGNATURE: b64encode(b"no DER").decode()}},
        {**layer, "digest": sha256(strange), "size": len(strange)},
    ]
    for layers, is_good in ((bad, False), ([*bad, layer], True)):
        data = json.dumps({**good, "layers": layers}).encode()
        remote.tag(data, good["mediaType"], tag)
        if is_good:
            assert listed(remote, public)
        else:
            with pytest.raises(DatabaseError, match="is not taken"):
                listed(remote, public)


def test_a_signed_file_is_imported_with_its_key_alone(
    shared: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    private, public = pair(tmp_path, "mine")
    _, other = pair(tmp_path, "other")
    path, folder = str(tmp_path / "db.tar"), tmp_path / "new"
    export(str(shared), ALL, path)
    with pytest.raises(DatabaseError, match=r"db\.tar is not taken: it is not signed"):
        import_(path, str(folder), verify_key=public)
    export(str(shared), ALL, path, private)
    first = Path(path).read_bytes()
    with pytest.raises(DatabaseError, match="none of its signatures"):
        import_(path, str(folder), verify_key=other)
    assert not folder.exists()
    done = import_(path, str(folder), verify_key=public)
    assert (len(done.outcomes), done.unused) == (3, 0)
    assert content(folder) == content(shared)
    export(str(shared), ALL, path, private)
    assert Path(path).read_bytes() == first


@pytest.fixture
def cosign(tmp_path: Path) -> Callable[..., str]:
    """Run cosign in a folder of its own, without any transparency log."""
    if not shutil.which("cosign"):
        pytest.skip("cosign is not installed (go install github.com/sigstore/cosign/v2/cmd/cosign)")

    def run(*words: str) -> str:
        done = subprocess.run(
            ["cosign", *words], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        return done.stdout + done.stderr + ("" if done.returncode else "\nDONE")

    return run


VERIFY = ("verify", "--insecure-ignore-tlog=true", "--allow-insecure-registry", "--key")
SIGN = ("sign", "--yes", "--tlog-upload=false", "--allow-insecure-registry", "--key")


@pytest.mark.parametrize("kind", ["cosign", "ed25519"])
def test_cosign_verifies_what_we_sign(
    place: str, shared: Path, tmp_path: Path, open_remote: Open, cosign: Callable[..., str],
    kind: str,
) -> None:  # fmt: skip
    private, public = pair(tmp_path, "mine", kind)
    _, other = pair(tmp_path, "other", kind)
    signed(open_remote(place), shared, private)
    name = place.removeprefix("oci://")
    assert cosign(*VERIFY, public, name).endswith("DONE")
    assert not cosign(*VERIFY, other, name).endswith("DONE")


def test_we_verify_what_cosign_signs_with_a_key_that_it_made(
    place: str, shared: Path, tmp_path: Path, open_remote: Open, cosign: Callable[..., str]
) -> None:
    assert cosign("generate-key-pair").endswith("DONE")
    key, public = str(tmp_path / "cosign.key"), str(tmp_path / "cosign.pub")
    digest = push(open_remote(place), str(shared), ALL).digest
    name = place.removeprefix("oci://").rpartition(":")[0]
    assert cosign(*SIGN, key, f"{name}@{digest}").endswith("DONE")
    assert len(listed(open_remote(place), public)) == 3
    assert not signature.attach(open_remote(place), digest, key)
    mine, ours = pair(tmp_path, "mine")
    assert signature.attach(open_remote(place), digest, mine)
    for one in (public, ours):
        assert cosign(*VERIFY, one, f"{name}@{digest}").endswith("DONE")
