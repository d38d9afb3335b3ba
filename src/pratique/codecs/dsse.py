"""Signed statements about an image: DSSE envelopes of in-toto, as cosign attaches them.

https://github.com/secure-systems-lab/dsse/blob/master/protocol.md, alone or in a bundle of Sigstore
(https://docs.sigstore.dev/about/bundle/).
"""

from __future__ import annotations

from msgspec import MsgspecError, Struct
from msgspec.json import Decoder

IN_TOTO = "application/vnd.in-toto+json"
_MOST = 100  # signatures, or subjects


class _Signature(Struct):
    sig: bytes


class Envelope(Struct, rename="camel"):
    """What is signed, and its signatures; the bytes are base64 where they are stored."""

    payload: bytes
    payload_type: str
    signatures: list[_Signature] = []

    @property
    def signed(self) -> bytes:
        """The bytes that the signatures are of: the protocol's pre-authentication encoding."""
        kind = self.payload_type.encode()
        return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(self.payload), self.payload)

    @property
    def proofs(self) -> list[bytes]:
        return [one.sig for one in self.signatures[:_MOST]]

    def subjects(self) -> set[str]:
        """Return the digests of what the statement is about, `sha256:<hex>`."""
        if self.payload_type != IN_TOTO:
            return set()
        try:
            statement = _STATEMENT.decode(self.payload)
        except (MsgspecError, UnicodeError, RecursionError):
            return set()
        return {
            f"{algorithm}:{digest}"
            for subject in statement.subject[:_MOST]
            for algorithm, digest in subject.digest.items()
        }


class _Subject(Struct):
    digest: dict[str, str] = {}


class _Statement(Struct):
    subject: list[_Subject] = []


class _Bundle(Struct, rename="camel"):
    dsse_envelope: Envelope


_STATEMENT = Decoder(_Statement)
_ENVELOPE, _BUNDLE = Decoder(Envelope), Decoder(_Bundle)


def envelope_of(data: bytes) -> Envelope | None:
    """Return the envelope that a document is, or that it bundles; None where it is none."""
    try:
        return _BUNDLE.decode(data).dsse_envelope
    except (MsgspecError, UnicodeError, RecursionError):
        pass
    try:
        return _ENVELOPE.decode(data)
    except (MsgspecError, UnicodeError, RecursionError):
        return None
