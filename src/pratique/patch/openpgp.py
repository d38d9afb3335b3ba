"""Verify OpenPGP signatures (RFC 9580) with the keyrings of an image."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from pratique.errors import MalformedError, UsageError


def certificates(keyrings: Iterable[bytes]) -> list[Any]:
    """Return the certificates of keyrings, binary or in armor; what cannot be read has none."""
    sequoia = _library()
    found = []
    for data in keyrings:
        try:
            found += sequoia.Cert.split_bytes(data)
        except Exception:  # noqa: BLE001, S112 - the library raises what Rust gives it
            continue
    return found


def signed_text(data: bytes, certs: Sequence[Any], where: str) -> bytes:
    """Return what a message in clear text signs; raise MalformedError where nobody known did."""
    if not data.startswith(b"-----BEGIN PGP SIGNED MESSAGE-----"):
        raise MalformedError("it is not signed", where)
    verified = _verify(certs, where, bytes=data)
    text: bytes = verified.bytes
    return text


def verify_detached(data: bytes, signature: bytes, certs: Sequence[Any], where: str) -> None:
    """Raise MalformedError where a detached signature is of nobody known, or of other data."""
    try:
        read = _library().Sig.from_bytes(signature)
    except Exception as error:  # noqa: BLE001
        raise MalformedError(f"no OpenPGP signature: {_line(error)}", where) from None
    _verify(certs, where, bytes=data, signature=read)


def _verify(certs: Sequence[Any], where: str, **what: Any) -> Any:
    asked: list[str] = []

    def known(ids: list[str]) -> list[Any]:
        asked.extend(ids)
        return list(certs)

    try:
        verified = _library().verify(store=known, **what)
    except Exception as error:  # noqa: BLE001
        keys = ", ".join(asked) or "no key"
        raise MalformedError(
            f"the signature is not good: {_line(error)} (signed by {keys}; "
            f"{len(certs)} keys are trusted)", where,
        ) from None  # fmt: skip
    if not verified.valid_sigs:
        raise MalformedError("the signature is not good", where)
    return verified


def _line(error: Exception) -> str:
    return str(error).partition("\n")[0].strip().rstrip(".")[:200]


def _library() -> Any:
    try:
        import pysequoia  # noqa: PLC0415 - 3 MB, for patches alone
    except ImportError:
        raise UsageError("signatures of repositories cannot be verified without pysequoia",
                         "pip install 'pratique[patch]'") from None  # fmt: skip
    return pysequoia
