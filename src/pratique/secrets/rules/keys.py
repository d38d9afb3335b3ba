"""Private keys: PEM, OpenSSH, PGP, PuTTY, age, JWK, WireGuard, of crypto-currencies."""

from __future__ import annotations

import re

from pratique.model.secret_rule import SecretRule
from pratique.secrets.proofs import is_base58check, is_bech32, is_private_key, numbered, pem_body
from pratique.secrets.shapes import assigned, token


def _is_pgp(secret: str) -> bool:
    """Tell that a PGP block begins, behind its headers, with a secret key's packet."""
    body = re.split(r"(?:\\n|\r?\n)[ \t]*(?:\\n|\r?\n)", secret.strip(" "))[-1]
    return pem_body(body[:60])[:1] in (b"\x94", b"\x95", b"\x96", b"\xc5")


private_key = SecretRule(
    "private-key",
    "AsymmetricPrivateKey",
    "Private key without a passphrase: signs, decrypts or signs in as its owner",
    "HIGH",
    r"""-----BEGIN (?:RSA |EC |DSA |OPENSSH |ED25519 |ANY |SSL )?PRIVATE KEY-----(?P<secret>[A-Za-z0-9+/=\\ \t\r\n"',;.]{60,12000})-----END""",
    keywords=("private key",),
    holds=is_private_key,
)
encrypted = SecretRule(
    "private-key-encrypted",
    "AsymmetricPrivateKey",
    "Private key that a passphrase protects",
    "LOW",
    r"""-----BEGIN ENCRYPTED PRIVATE KEY-----(?P<secret>[A-Za-z0-9+/=\\ \t\r\n"',;.]{60,12000})-----END""",
    keywords=("encrypted private key",),
    holds=is_private_key,
)
encrypted_old = SecretRule(
    "private-key-encrypted-legacy",
    "AsymmetricPrivateKey",
    "Private key that a passphrase protects, in OpenSSL's old format",
    "LOW",
    r"""-----BEGIN (?:RSA |EC |DSA )PRIVATE KEY-----(?:\\n|\r?\n)[ \t]{0,24}Proc-Type: 4,ENCRYPTED(?:\\n|\r?\n)[ \t]{0,24}DEK-Info: [A-Z0-9-]{6,24},[0-9A-F]{16,32}(?P<secret>[A-Za-z0-9+/=\\ \t\r\n"',;.]{60,12000})-----END""",
    keywords=("encrypted", "private key"),
    least_entropy=4.5,
)
pgp = SecretRule(
    "pgp-private-key",
    "PGP",
    "Private key block of PGP",
    "HIGH",
    r"""-----BEGIN PGP PRIVATE KEY BLOCK-----(?P<secret>(?:\\n|[\r\n \t]){1,40}(?:(?:Version|Comment|Charset|Hash): [ -~]{1,100}(?:\\n|\r?\n)[ \t]{0,24}){0,4}[A-Za-z0-9+/=\\ \t\r\n"',;.]{80,15000})-----END PGP""",
    keywords=("pgp private key block",),
    holds=_is_pgp,
    least_entropy=4.0,
)
putty = SecretRule(
    "putty-private-key",
    "PuTTY",
    "Private key of PuTTY without a passphrase: signs in as its owner",
    "HIGH",
    r"PuTTY-User-Key-File-[23]: [a-z0-9-]{3,40}\r?\nEncryption: none\r?\nComment: [^\r\n]{0,200}\r?\nPublic-Lines: [0-9]{1,3}\r?\n[A-Za-z0-9+/=\r\n]{40,4000}Private-Lines: [0-9]{1,3}\r?\n(?P<secret>[A-Za-z0-9+/=\r\n]{30,4000})Private-",
    keywords=("putty-user-key-file",),
    least_entropy=4.0,
)
age = SecretRule(
    "age-secret-key",
    "Age",
    "Secret key of age: decrypts what was encrypted to it",
    "HIGH",
    token("AGE-SECRET-KEY-1[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}"),
    keywords=("age-secret-key-1",),
    holds=is_bech32,
)
jwk = SecretRule(
    "json-web-key",
    "JWK",
    "Private key in JSON: signs or decrypts as its owner",
    "HIGH",
    r"""\\?"d\\?"[ ]{0,2}:[ ]{0,2}\\?"(?P<secret>[A-Za-z0-9_-]{43}|[A-Za-z0-9_-]{64}|[A-Za-z0-9_-]{86}|[A-Za-z0-9_-]{88}|[A-Za-z0-9_-]{171}|[A-Za-z0-9_-]{342}|[A-Za-z0-9_-]{512}|[A-Za-z0-9_-]{683})\\?\"""",
    holds=numbered,
    least_entropy=4.2,
)
wire_guard = SecretRule(
    "wireguard-private-key",
    "WireGuard",
    "Private or shared key of WireGuard: joins a private network",
    "HIGH",
    r"(?:^|[\r\n])[ \t]{0,8}(?:PrivateKey|PresharedKey)[ \t]{0,4}=[ \t]{0,4}(?P<secret>[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=)",
    keywords=("privatekey", "presharedkey"),
    holds=numbered,
    least_entropy=4.0,
)
bitcoin = SecretRule(
    "bitcoin-extended-private-key",
    "Bitcoin",
    "Extended private key of a Bitcoin wallet: all its money",
    "CRITICAL",
    token("[xyzt]prv[1-9A-HJ-NP-Za-km-z]{107}"),
    keywords=("xprv", "yprv", "zprv", "tprv"),
    holds=is_base58check,
)
ethereum = SecretRule(
    "ethereum-private-key",
    "Ethereum",
    "Private key of an Ethereum account: all its money",
    "CRITICAL",
    assigned(
        "(?:eth(?:ereum)?|wallet|deployer|metamask|account)[A-Za-z_.-]{0,12}(?:private[_.-]?key|secret)",
        "(?:0x)?[0-9a-f]{64}",
    ),
    keywords=("eth", "wallet", "deployer", "metamask", "account"),
    holds=numbered,
    least_entropy=3.4,
)
