from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from cosign import WORD, pair, sealed
from pratique.errors import UsageError
from pratique.signing.keys import PASSWORD, private_key, public_key

KINDS = ["cosign", "old", "cosign-ed25519", "plain", "encrypted", "sec1", "ed25519"]
OPENS = {PASSWORD: WORD}


@pytest.mark.parametrize("kind", KINDS)
def test_a_key_signs_what_its_other_half_verifies(tmp_path: Path, kind: str) -> None:
    private, public = pair(tmp_path, "one", kind)
    signer, key = private_key(private, OPENS), public_key(public)
    signature = signer.sign(b"data")
    assert key.verifies(signature, b"data")
    assert signer.key.verifies(signature, b"data")
    assert not key.verifies(signature, b"date")
    assert not key.verifies(signature[:-1], b"data")
    assert not key.verifies(b"", b"data")
    other = public_key(pair(tmp_path, "two", kind)[1])
    assert not other.verifies(signature, b"data")
    assert signer.sign(b"data") == signature


def test_openssl_agrees(tmp_path: Path) -> None:
    private, public = pair(tmp_path, "one")
    (tmp_path / "sig").write_bytes(private_key(private, OPENS).sign(b"data"))
    words = ["openssl", "dgst", "-sha256", "-verify", public, "-signature", str(tmp_path / "sig")]
    done = subprocess.run(words, input=b"data", capture_output=True, check=True)
    assert done.stdout == b"Verified OK\n"


@pytest.mark.parametrize("kind", ["cosign", "encrypted"])
def test_a_password_that_does_not_fit_is_said(tmp_path: Path, kind: str) -> None:
    private, _ = pair(tmp_path, "one", kind)
    with pytest.raises(UsageError, match=r"one\.key") as caught:
        private_key(private, {PASSWORD: "wrong"})
    assert caught.value.hint == "Is COSIGN_PASSWORD right?"
    with pytest.raises(UsageError, match=r"one\.key"):
        private_key(private, {})


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "no private key"),
        (b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "no private key"),
        (sealed(b"no key at all"), "no private key"),
        (sealed(b"", N=1 << 40), "a costlier scrypt"),
        (sealed(b"").replace(b"\n", b"\n!", 1), "no key of cosign's"),
        (b"-----BEGIN ENCRYPTED SIGSTORE PRIVATE KEY-----\ne30=\n", "no key of cosign's"),
    ],
)
def test_what_is_no_private_key_is_said(tmp_path: Path, data: bytes, said: str) -> None:
    (tmp_path / "key").write_bytes(data)
    with pytest.raises(UsageError, match=said):
        private_key(str(tmp_path / "key"), OPENS)


def test_keys_of_other_kinds_are_refused(tmp_path: Path) -> None:
    for number, words in enumerate((
        ["openssl", "genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
        ["openssl", "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"],
    )):  # fmt: skip
        path = tmp_path / f"{number}.key"
        path.write_bytes(subprocess.run(words, capture_output=True, check=True).stdout)
        public = ["openssl", "pkey", "-pubout", "-in", str(path), "-out", f"{path}.pub"]
        subprocess.run(public, check=True)
        with pytest.raises(UsageError, match="not a key of ECDSA on P-256, nor of Ed25519"):
            private_key(str(path))
        with pytest.raises(UsageError, match="not a key of ECDSA on P-256, nor of Ed25519"):
            public_key(f"{path}.pub")
    with pytest.raises(UsageError, match="no public key in PEM"):
        public_key(str(tmp_path / "0.key"))
    with pytest.raises(UsageError, match="No such file"):
        public_key(str(tmp_path / "absent"))


def test_nothing_of_it_is_imported_unless_it_is_asked_for() -> None:
    code = (
        "import sys, pratique.cli.share, pratique.cli.db, pratique.advisories.share.take;"
        "print([m for m in sys.modules if m.partition('.')[0] in ('cryptography', 'nacl')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert done.stdout == b"[]\n"


def test_without_the_extra_it_is_said_what_to_install() -> None:
    code = (
        "import sys; sys.modules['nacl'] = None\n"
        "from pratique.cli import main\n"
        "sys.exit(main(['db', 'import', 'x', '--verify-key', 'k']))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert b"x: No such file" in done.stderr
    code = "import sys; sys.modules['nacl'] = None; import pratique.signing.keys"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert b"signatures need the package nacl" in done.stderr
