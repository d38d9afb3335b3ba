"""What else must hold of text that looks like a secret: checksums, structure, no placeholder."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Callable
from hashlib import sha256
from typing import Any
from zlib import crc32

_BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_BASE36 = "0123456789abcdefghijklmnopqrstuvwxyz"

_MADE_UP = re.compile(
    r"example|sample|placeholder|dummy|change.?(?:me|it)|your[-_ ]?|xxxx|replace|insert|redacted"
    r"|\*\*\*|\.\.\.|foobar|foo.?bar|notreal|not.?real|notasecret|fake|123456|abcdef0|abcdefg|deadbeef"
    r"|qwerty|asdf|lorem|(?:test|my|the|some|a)[-_]?(?:secret|token|key|password|passwd|pass)"
    r"|[<>{}]|\$\(|%\(|%s|#\{|@@",
    re.IGNORECASE,
)
_REPEATED = re.compile(r"(.)\1{5}|(..)\2{3}|(...)\3{3}")


def genuine(secret: str) -> bool:
    """Tell that a text is no placeholder: no `your-token`, no `xxxx`, no counting, no template."""
    return not (_MADE_UP.search(secret) or _REPEATED.search(secret))


def mixed(secret: str) -> bool:
    """Tell that a text is genuine and has lower and upper case letters and digits."""
    return genuine(secret) and all(re.search(kind, secret) for kind in ("[a-z]", "[A-Z]", "[0-9]"))


def numbered(secret: str) -> bool:
    """Tell that a text is genuine and has both letters and at least two digits."""
    return (
        genuine(secret)
        and bool(re.search("[A-Za-z]", secret))
        and len(re.findall("[0-9]", secret)) > 1
    )


def is_github(secret: str) -> bool:
    """Check the CRC-32 in base 62 of a token of GitHub or npm: its last six characters."""
    random = secret[secret.index("_") + 1 : -6]
    return _in_base(crc32(random.encode()), _BASE62).rjust(6, "0") == secret[-6:]


def is_routable(secret: str) -> bool:
    """Check a routable token of GitLab: it ends in a length and a CRC-32, both in base 36.

    https://handbook.gitlab.com/handbook/engineering/architecture/design-documents/cells/routable_tokens/
    """
    if "." not in secret:
        return genuine(secret)
    return _in_base(crc32(secret[:-7].encode()), _BASE36).rjust(7, "0") == secret[-7:]


def is_grafana(secret: str) -> bool:
    """Check the CRC-32 of a service account token of Grafana, least significant byte first."""
    body, _, checksum = secret.rpartition("_")
    return crc32(body.encode()).to_bytes(4, "little").hex() == checksum.lower()


def is_aws_key_id(secret: str) -> bool:
    """Tell that an access key id names a possible account.

    Its last 16 characters are base 32. In newer ids the first bit is set and 40 bits behind it are
    the number of the account, which has twelve decimal digits.
    """
    bits = int.from_bytes(base64.b32decode(secret[4:])[:6], "big")
    return genuine(secret) and (bits >> 47 == 0 or (bits & 0x7FFFFFFFFF80) >> 7 < 10**12)


def is_macaroon(secret: str) -> bool:
    """Tell that a token of PyPI holds a macaroon, version 2, of pypi.org or test.pypi.org."""
    raw = decoded(secret.removeprefix("pypi-"))
    location = raw[3 : 3 + raw[2]] if len(raw) > 60 else b""
    return raw[:2] == b"\x02\x01" and location in (b"pypi.org", b"test.pypi.org")


def claims(secret: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return header and claims of a JSON Web Token; two empty ones where it is none."""
    try:
        header, body = (json.loads(decoded(part)) for part in secret.split(".")[:2])
    except (ValueError, RecursionError):
        return {}, {}
    return (header, body) if isinstance(header, dict) and isinstance(body, dict) else ({}, {})


_CLAIMS = {"iss", "sub", "aud", "exp", "iat", "nbf", "jti", "id", "uid", "user", "email", "role"}
_EXAMPLES = {"1234567890", "John Doe", "Abe Lincoln", "joe"}  # jwt.io's, Microsoft's, the RFC's


def is_jwt(secret: str) -> bool:
    """Tell that the header of a JSON Web Token names an algorithm, and that it is no example."""
    header, body = claims(secret)
    algorithm = header.get("alg")
    known = (body.get("sub"), body.get("name"), body.get("iss"))
    if not isinstance(algorithm, str) or algorithm.lower() == "none" or not _CLAIMS & body.keys():
        return False
    return not (_EXAMPLES.intersection(map(str, known)) or "EXAMPLE" in str(body))


def decoded(text: str) -> bytes:
    """Return what base 64 of either alphabet stands for, or nothing where it is none."""
    plain = re.sub(r"\s|\\[nr]", "", text).translate({45: "+", 95: "/"}).rstrip("=")
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4))
    except (binascii.Error, ValueError):
        return b""


def starts(*beginnings: bytes) -> Callable[[str], bool]:
    """Return a check that base 64 stands for bytes with one of some beginnings."""
    return lambda secret: decoded(secret).startswith(beginnings)


def is_basic(secret: str) -> bool:
    """Tell that base 64 stands for a user, a colon and a password that is no placeholder."""
    user, colon, password = decoded(secret).partition(b":")
    printable = all(32 <= byte < 127 for byte in user + password)
    known = user in (b"Aladdin", b"s6BhdRkqt3", b"username", b"user", b"foo")  # the RFCs'
    whole = bool(user and colon and len(password) > 3 and printable and not known)
    return whole and is_password(password.decode())


def _in_base(number: int, digits: str) -> str:
    text = ""
    while number:
        number, digit = divmod(number, len(digits))
        text = digits[digit] + text
    return text


_BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATORS = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)


def is_bech32(text: str) -> bool:
    """Check the checksum of a text in Bech32 (BIP 173), as age's keys have it."""
    prefix, _, data = text.lower().rpartition("1")
    codes = [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix]
    check = 1
    for value in codes + [_BECH32.find(c) for c in data]:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate(_GENERATORS):
            check ^= generator if top >> bit & 1 else 0
    return check == 1


_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def is_base58check(text: str) -> bool:
    """Check the checksum of a text in Base58Check, as keys of Bitcoin have it."""
    number = 0
    for character in text:
        number = number * 58 + _BASE58.find(character)
    raw = number.to_bytes(len(text), "big").lstrip(b"\0")
    return sha256(sha256(raw[:-4]).digest()).digest()[:4] == raw[-4:]


def pem_body(text: str) -> bytes:
    """Return the bytes of a PEM block, also where its lines are strings of a program."""
    joined = re.sub(r"""["'][ \t]*[+.]?[ \t]*\\?(?=[\r\n])|\\[nrt]|\\(?=[\r\n])""", "", text)
    return decoded(re.sub(r"[^A-Za-z0-9+/]", "", joined))


def is_private_key(text: str) -> bool:
    """Tell that a PEM block holds a whole private key that no passphrase protects.

    A DER sequence is as long as it says; OpenSSH's own format names its cipher, here `none`.
    """
    raw = pem_body(text)
    if raw.startswith(b"openssh-key-v1\0"):
        return raw[15:23] == b"\0\0\0\4none"
    size = raw[1] & 127 if len(raw) > 40 and raw[0] == 0x30 and raw[1] & 128 else 0
    length = int.from_bytes(raw[2 : 2 + size], "big") if size else raw[1] if len(raw) > 40 else 0
    return raw[:1] == b"\x30" and 0 <= len(raw) - 2 - size - length < 3


_WORD = re.compile(r"[A-Z]?[a-z]{3,}|[A-Z]{4,}")


def random_looking(text: str) -> bool:
    """Tell that a text looks drawn by lot: letters and digits, and not made of words."""
    words = sum(len(word) for word in _WORD.findall(text))
    return numbered(text) and words * 3 < len(text) * 2 and not re.search(r"^[/.]|://|[ ()]", text)


_COMMON = (
    " password passwd passw0rd p@ssw0rd password1 password123 pass1234 secret secret1 secret123"
    " admin admin123 root toor tiger scott letmein welcome1 user pass guest guest123 postgres"
    " mysql redis mongo rabbitmq test test123 test1234 testing example changeme default null"
    " none true false "
)


def is_password(text: str) -> bool:
    """Tell that a text may be a password in use: no common or made-up one, no template, no name.

    It has letters and something else; what is joined by `_`, `-` or `.` alone is a name.
    """
    plain = text.isalpha() or not re.search(r"[0-9]|[^A-Za-z0-9_.-]", text)
    common = f" {text.lower()} " in _COMMON or text.startswith("tiger")  # of scott
    return not (plain or common or text[0] in "$%[") and not text.isdigit() and genuine(text)
