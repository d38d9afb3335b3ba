"""Key pairs as `cosign generate-key-pair` writes them."""

from __future__ import annotations

import hashlib
import json
import os
from base64 import b64encode
from pathlib import Path
from textwrap import wrap

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from nacl.secret import SecretBox

WORD = "open sesame"
DER, PEM, PKCS8 = Encoding.DER, Encoding.PEM, PrivateFormat.PKCS8


def pair(folder: Path, name: str, kind: str = "cosign") -> tuple[str, str]:
    """Write a private and a public key; return their paths.

    Kinds: cosign, its older header, plain and encrypted PKCS #8, SEC 1, Ed25519 in either way.
    """
    is_ed = kind.endswith("ed25519")
    key = Ed25519PrivateKey.generate() if is_ed else generate_private_key(SECP256R1())
    secret: KeySerializationEncryption = NoEncryption()
    if kind.startswith("cosign"):
        data = sealed(key.private_bytes(DER, PKCS8, secret))
    elif kind == "old":
        data = sealed(key.private_bytes(DER, PKCS8, secret)).replace(b"SIGSTORE", b"COSIGN")
    elif kind == "sec1":
        data = key.private_bytes(PEM, PrivateFormat.TraditionalOpenSSL, secret)
    else:
        secret = BestAvailableEncryption(WORD.encode()) if kind == "encrypted" else secret
        data = key.private_bytes(PEM, PKCS8, secret)
    paths = folder / f"{name}.key", folder / f"{name}.pub"
    paths[0].write_bytes(data)
    info = PublicFormat.SubjectPublicKeyInfo
    paths[1].write_bytes(key.public_key().public_bytes(PEM, info))
    return str(paths[0]), str(paths[1])


def sealed(der: bytes, **cost: int) -> bytes:
    """Encrypt a key as cosign does it."""
    cost = {"N": 65536, "r": 8, "p": 1, **cost}
    salt, nonce = os.urandom(32), os.urandom(24)
    secret = hashlib.scrypt(
        WORD.encode(), salt=salt, n=min(cost["N"], 65536), r=cost["r"], p=cost["p"],
        maxmem=1 << 28, dklen=32,
    )  # fmt: skip
    document = {
        "kdf": {"name": "scrypt", "params": cost, "salt": b64encode(salt).decode()},
        "cipher": {"name": "nacl/secretbox", "nonce": b64encode(nonce).decode()},
        "ciphertext": b64encode(SecretBox(secret).encrypt(der, nonce).ciphertext).decode(),
    }
    text = b64encode(json.dumps(document).encode()).decode()
    lines = ["-----BEGIN ENCRYPTED SIGSTORE PRIVATE KEY-----", *wrap(text, 64),
             "-----END ENCRYPTED SIGSTORE PRIVATE KEY-----", ""]  # fmt: skip
    return "\n".join(lines).encode()
