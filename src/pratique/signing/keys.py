"""Key pairs as cosign keeps them, for signing and for verifying without any network.

ECDSA on P-256 with SHA-256, or Ed25519, in PEM. A private key may be encrypted as cosign does it:
scrypt and NaCl's secretbox, https://github.com/sigstore/cosign/blob/main/USAGE.md. Needs the extra
`pratique[sign]`.
"""

from __future__ import annotations

import hashlib
import os
from base64 import b64decode
from collections.abc import Mapping
from typing import Literal

from msgspec import MsgspecError, Struct, json

from pratique.errors import UsageError

try:
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ec import (
        ECDSA,
        SECP256R1,
        EllipticCurvePrivateKey,
        EllipticCurvePublicKey,
    )
    from cryptography.hazmat.primitives.asymmetric.ed25519 import (
        Ed25519PrivateKey,
        Ed25519PublicKey,
    )
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import (
        Encoding,
        PublicFormat,
        load_der_private_key,
        load_pem_private_key,
        load_pem_public_key,
    )
    from nacl.exceptions import CryptoError
    from nacl.secret import SecretBox
except ImportError as error:
    raise UsageError(
        f"signatures need the package {error.name}", "pip install 'pratique[sign]'"
    ) from error

PASSWORD = "COSIGN_PASSWORD"  # noqa: S105 - the name of a variable
_HEADS = (b"ENCRYPTED SIGSTORE PRIVATE KEY", b"ENCRYPTED COSIGN PRIVATE KEY")
_LIMIT = 64 << 10
_COSTLIEST = 1 << 20  # N of scrypt; cosign writes 65536


class Key(Struct, frozen=True):
    """A public key."""

    public: EllipticCurvePublicKey | Ed25519PublicKey

    @property
    def fingerprint(self) -> bytes:
        """The SHA-256 of the key (SubjectPublicKeyInfo in DER), by which others know it."""
        info = self.public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return hashlib.sha256(info).digest()

    def verifies(self, signature: bytes, data: bytes) -> bool:
        """Tell whether a signature of data is of this key."""
        try:
            if isinstance(self.public, Ed25519PublicKey):
                self.public.verify(signature, data)
            else:
                self.public.verify(signature, data, ECDSA(SHA256()))
        except InvalidSignature:
            return False
        return True


class Signer(Struct, frozen=True):
    """A private key."""

    private: EllipticCurvePrivateKey | Ed25519PrivateKey

    @property
    def key(self) -> Key:
        return Key(self.private.public_key())

    def sign(self, data: bytes) -> bytes:
        """Return a signature; the same for the same data where OpenSSL can (RFC 6979)."""
        if isinstance(self.private, Ed25519PrivateKey):
            return self.private.sign(data)
        try:
            return self.private.sign(data, ECDSA(SHA256(), deterministic_signing=True))
        except UnsupportedAlgorithm:
            return self.private.sign(data, ECDSA(SHA256()))


class _Kdf(Struct):
    class Cost(Struct):
        """https://www.rfc-editor.org/rfc/rfc7914."""

        N: int
        r: int
        p: int

    name: Literal["scrypt"]
    params: Cost
    salt: str


class _Cipher(Struct):
    name: Literal["nacl/secretbox"]
    nonce: str


class _Sealed(Struct):
    """What is in the PEM of an encrypted key."""

    kdf: _Kdf
    cipher: _Cipher
    ciphertext: str


def public_key(path: str) -> Key:
    """Return the key of a file; raise UsageError where there is none that can be used."""
    try:
        found = load_pem_public_key(_content(path))
    except (ValueError, UnsupportedAlgorithm):
        raise UsageError(f"{path}: holds no public key in PEM") from None
    is_p256 = isinstance(found, EllipticCurvePublicKey) and isinstance(found.curve, SECP256R1)
    if not is_p256 and not isinstance(found, Ed25519PublicKey):
        raise UsageError(f"{path}: not a key of ECDSA on P-256, nor of Ed25519")
    assert isinstance(found, (EllipticCurvePublicKey, Ed25519PublicKey))
    return Key(found)


def private_key(path: str, environ: Mapping[str, str] = os.environ) -> Signer:
    """Return the key of a file, whose password is in COSIGN_PASSWORD where it is encrypted.

    Raises UsageError where there is none that can be used, or the password is wrong.
    """
    data = _content(path)
    password = environ.get(PASSWORD)
    try:
        if any(head in data for head in _HEADS):
            found = load_der_private_key(_opened(data, path, password), None)
        else:
            secret = (password or "").encode() if b"ENCRYPTED" in data else None
            found = load_pem_private_key(data, secret or None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        hint = f"Is {PASSWORD} right?" if b"ENCRYPTED" in data else ""
        raise UsageError(f"{path}: holds no private key that can be read", hint) from None
    is_p256 = isinstance(found, EllipticCurvePrivateKey) and isinstance(found.curve, SECP256R1)
    if not is_p256 and not isinstance(found, Ed25519PrivateKey):
        raise UsageError(f"{path}: not a key of ECDSA on P-256, nor of Ed25519")
    assert isinstance(found, (EllipticCurvePrivateKey, Ed25519PrivateKey))
    return Signer(found)


def _opened(data: bytes, path: str, password: str | None) -> bytes:
    """Return the DER (PKCS #8) of an encrypted key."""
    if password is None:
        raise UsageError(f"{path}: is encrypted", f"Set {PASSWORD} to its password.")
    body = b"".join(line for line in data.splitlines() if not line.startswith(b"-----"))
    try:
        sealed = json.decode(b64decode(body, validate=True), type=_Sealed)
        cost = sealed.kdf.params
        if not (1 < cost.N <= _COSTLIEST and 0 < cost.r <= 32 and 0 < cost.p <= 16):
            raise UsageError(f"{path}: asks for a costlier scrypt than is done here")
        secret = hashlib.scrypt(
            password.encode(), salt=b64decode(sealed.kdf.salt), n=cost.N, r=cost.r, p=cost.p,
            maxmem=256 * cost.N * cost.r, dklen=SecretBox.KEY_SIZE,
        )  # fmt: skip
        box = SecretBox(secret)
        opened: bytes = box.decrypt(b64decode(sealed.ciphertext), b64decode(sealed.cipher.nonce))
    except CryptoError:
        raise UsageError(f"{path}: the password does not fit", f"Is {PASSWORD} right?") from None
    except (MsgspecError, ValueError) as error:
        raise UsageError(f"{path}: is no key of cosign's: {error}") from None
    return opened


def _content(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read(_LIMIT)
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}") from None
