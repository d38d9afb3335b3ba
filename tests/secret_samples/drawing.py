"""Draw secrets to their formats: the alphabets, lengths and checksums of their providers, from a seed.

Nothing here knows the rules that look for them: formats are written down from what providers publish.
"""

from __future__ import annotations

import base64
import json
import random
import string
from hashlib import sha256
from zlib import crc32

from cryptography.hazmat.primitives import serialization as ser
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

_DIGITS, _LOWER, _UPPER = string.digits, string.ascii_lowercase, string.ascii_uppercase
BASE62 = _DIGITS + _UPPER + _LOWER
BASE36 = _DIGITS + _LOWER
_PRIVATE = "PRIVATE" + " KEY"  # no key is written here, whatever reads this file
ALPHABETS = {
    "h": "0123456789abcdef",
    "H": "0123456789ABCDEF",
    "d": _DIGITS,
    "L": _LOWER,
    "l": BASE36,
    "U": _DIGITS + _UPPER,
    "a": _LOWER + "234567",
    "b": BASE62,
    "u": BASE62 + "-_",
    "B": BASE62 + "+/",
    "p": BASE62 + "!*_.-+=~#",
    "s": BASE62 + "!@#%^&*(-_=+)",
}


class Draw(random.Random):
    """Draws the same secrets for the same seed."""

    def fill(self, format: str) -> str:
        """Return a format with what stands in « » drawn, the innermost first."""
        while (end := format.find("»")) >= 0:
            start = format.rindex("«", 0, end)
            kind, _, rest = format[start + 1 : end].partition(" ")
            format = format[:start] + self._one(kind, rest) + format[end + 1 :]
        return format

    def of(self, alphabet: str, length: int) -> str:
        """Return drawn characters; a text that counts on being random is never all letters."""
        while True:
            text = "".join(self.choices(alphabet, k=length))
            digits = sum(c.isdigit() for c in text)
            mixed = (digits > 1 and digits < length) or length < 10
            if alphabet is _DIGITS or alphabet is ALPHABETS["L"] or mixed:
                return text

    def _one(self, kind: str, rest: str) -> str:
        if kind[1:].isdigit():
            return self.of(ALPHABETS[kind[0]], int(kind[1:]))
        return str(getattr(self, f"_{kind}")(*([rest] if rest else [])))

    def _sas(self) -> str:
        return (
            base64.b64encode(self.randbytes(32))
            .decode()
            .replace("+", "%2B")
            .replace("/", "%2F")
            .replace("=", "%3D")
        )

    def _uuid(self) -> str:
        h = self.of("0123456789abcdef", 32)
        return f"{h[:8]}-{h[8:12]}-4{h[13:16]}-a{h[17:20]}-{h[20:]}"

    def _base64(self, text: str) -> str:
        return base64.b64encode(text.encode()).decode()

    def _github(self, rest: str) -> str:
        prefix, length = rest.split()
        body = self.of(BASE62, int(length))
        return prefix + body + in_base(crc32(body.encode()), BASE62).rjust(6, "0")

    def _gitlab(self, prefix: str) -> str:
        payload = base64.urlsafe_b64encode(b"o:1\nu:" + self.randbytes(19)).decode().rstrip("=")
        text = f"{prefix}{payload}.01.{in_base(len(payload), BASE36).rjust(2, '0')}"
        return text + in_base(crc32(text.encode()), BASE36).rjust(7, "0")

    def _grafana(self) -> str:
        text = "glsa_" + self.of(BASE62, 32)
        return f"{text}_{crc32(text.encode()).to_bytes(4, 'little').hex()}"

    def _aws(self, prefix: str) -> str:
        account = self.randrange(10**11, 10**12) << 7 | 1 << 47 | self.getrandbits(7)
        return prefix + base64.b32encode(account.to_bytes(6, "big") + self.randbytes(4)).decode()

    def _pypi(self, location: str) -> str:
        ident = json.dumps({"version": 1, "permissions": "user"}).encode() + self.randbytes(16)
        raw = bytes([2, 1, len(location), *location.encode(), 2, len(ident)]) + ident
        raw += b"\0\0\x06\x20" + self.randbytes(32)
        return "pypi-" + base64.urlsafe_b64encode(raw).decode().rstrip("=")

    def _discord(self) -> str:
        return base64.b64encode(str(self.randrange(10**17, 10**18)).encode()).decode().rstrip("=")

    def _jwt(self, claims: str = "") -> str:
        body = (
            json.loads(claims)
            if claims
            else {"sub": self.of(BASE36, 12), "iat": self.randrange(10**9)}
        )
        header = {"alg": "HS256", "typ": "JWT"}
        parts = (json.dumps(part, separators=(",", ":")).encode() for part in (header, body))
        return ".".join([*(_url(part) for part in parts), _url(self.randbytes(32))])

    def _supabase(self) -> str:
        ref = self.of(BASE36, 20)
        return self._jwt(
            json.dumps(
                {
                    "iss": "supabase",
                    "ref": ref,
                    "role": "service_role",
                    "iat": 1700000000,
                    "exp": 2015500000,
                }
            )
        )

    def _kubernetes(self) -> str:
        name = {
            "kubernetes.io/serviceaccount/namespace": "default",
            "sub": f"system:serviceaccount:{self.of(BASE36, 9)}",
        }
        head, body, _ = self._jwt(json.dumps({"iss": "kubernetes/serviceaccount", **name})).split(
            "."
        )
        return f"{head}.{body}.{_url(self.randbytes(256))}"

    def _age(self) -> str:
        return bech32("age-secret-key-", self.randbytes(32)).upper()

    def _xprv(self) -> str:
        raw = bytes.fromhex("0488ade4") + bytes(9) + self.randbytes(32) + b"\0" + self.randbytes(32)
        return base58(raw + sha256(sha256(raw).digest()).digest()[:4])

    def _pgp(self) -> str:
        return _wrapped(b"\x95\x03\xc5\x04" + self.randbytes(900), 64)

    def _pem(self, kind: str) -> str:
        key = ec.derive_private_key(self.getrandbits(250) | 1, ec.SECP256R1())
        if kind == "openssh":
            own = ed25519.Ed25519PrivateKey.from_private_bytes(self.randbytes(32))
            return own.private_bytes(
                ser.Encoding.PEM, ser.PrivateFormat.OpenSSH, ser.NoEncryption()
            ).decode()
        if kind in ("ec", "pkcs8"):
            form = (
                ser.PrivateFormat.PKCS8 if kind == "pkcs8" else ser.PrivateFormat.TraditionalOpenSSL
            )
            return key.private_bytes(ser.Encoding.PEM, form, ser.NoEncryption()).decode()
        if kind == "encrypted":
            return key.private_bytes(
                ser.Encoding.PEM, ser.PrivateFormat.PKCS8, ser.BestAvailableEncryption(b"x")
            ).decode()
        body = b"\x02\x01\x00" + self.randbytes(1186)  # as long as a key of 2048 bits
        text = _wrapped(b"\x30\x82" + len(body).to_bytes(2, "big") + body, 64)
        head = (
            f"Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,{self.of('0123456789ABCDEF', 32)}\n\n"
            if kind == "legacy"
            else ""
        )
        name = f"RSA {_PRIVATE}"
        return f"-----BEGIN {name}-----\n{head}{text}\n-----END {name}-----\n"

    def _pemline(self) -> str:
        return self._pem("rsa").replace("RSA ", "").replace("\n", "\\n")

    def _pemindented(self) -> str:
        return "".join(f"    {line}\n" for line in self._pem("rsa").splitlines())

    def _pemquoted(self) -> str:
        return "".join(f'    "{line}\\n"\n' for line in self._pem("pkcs8").splitlines())


def in_base(number: int, digits: str) -> str:
    text = ""
    while number:
        number, digit = divmod(number, len(digits))
        text = digits[digit] + text
    return text


def bech32(prefix: str, raw: bytes) -> str:
    """Return bytes in Bech32, as BIP 173 describes it."""
    letters = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
    bits = "".join(f"{byte:08b}" for byte in raw)
    bits += "0" * (-len(bits) % 5)
    data = [int(bits[i : i + 5], 2) for i in range(0, len(bits), 5)]
    codes = [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix] + data + [0] * 6
    check = 1
    for value in codes:
        top, check = check >> 25, (check & 0x1FFFFFF) << 5 ^ value
        for i, generator in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            check ^= generator if top >> i & 1 else 0
    check ^= 1
    return (
        prefix
        + "1"
        + "".join(letters[d] for d in data + [check >> 5 * (5 - i) & 31 for i in range(6)])
    )


def base58(raw: bytes) -> str:
    return in_base(
        int.from_bytes(raw, "big"), "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
    )


def _url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _wrapped(raw: bytes, width: int) -> str:
    text = base64.b64encode(raw).decode()
    return "\n".join(text[i : i + width] for i in range(0, len(text), width))
