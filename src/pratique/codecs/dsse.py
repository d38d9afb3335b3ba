"""Signed statements about an image: DSSE envelopes of in-toto, as cosign attaches them.

https://github.com/secure-systems-lab/dsse/blob/master/protocol.md, alone or in a bundle of Sigstore
(https://docs.sigstore.dev/about/bundle/); the statements are those of
https://github.com/in-toto/attestation/tree/main/spec/v1.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Protocol

from msgspec import MsgspecError, Raw, Struct, field, json
from msgspec.json import Decoder

IN_TOTO = "application/vnd.in-toto+json"
STATEMENT = "https://in-toto.io/Statement/v1"
BUNDLE = "application/vnd.dev.sigstore.bundle.v0.3+json"
ENVELOPE = "application/vnd.dsse.envelope.v1+json"
_MOST = 100  # signatures, or subjects


class RefusedError(Exception):
    """What was attached is not to be believed; `reason` follows what it is called."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class _Subject(Struct):
    digest: dict[str, str] = {}


class Statement(Struct, rename="camel"):
    """What is said of some subjects."""

    subject: list[_Subject] = []
    predicate_type: str = ""
    predicate: Raw = field(default_factory=Raw)
    """JSON."""

    @property
    def digests(self) -> set[str]:
        """The digests of what it is about, `sha256:<hex>`."""
        return {
            f"{algorithm}:{digest}"
            for subject in self.subject[:_MOST]
            for algorithm, digest in subject.digest.items()
        }


class _Signature(Struct):
    sig: bytes
    keyid: str = ""


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

    def statement(self) -> Statement | None:
        """Return the statement that is signed; None where it is something else."""
        return statement_of(self.payload) if self.payload_type == IN_TOTO else None

    def subjects(self) -> set[str]:
        """Return the digests of what the statement is about, `sha256:<hex>`."""
        statement = self.statement()
        return statement.digests if statement else set()


class _Bundle(Struct, rename="camel"):
    dsse_envelope: Envelope


_STATEMENT = Decoder(Statement)
_ENVELOPE, _BUNDLE = Decoder(Envelope), Decoder(_Bundle)


def statement_of(data: bytes) -> Statement | None:
    """Return the statement that a document is; None where it is none."""
    try:
        return _STATEMENT.decode(data)
    except (MsgspecError, UnicodeError, RecursionError):
        return None


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


Verify = Callable[[bytes, Envelope], str]
"""Tells of a document and the envelope in it why its signature is no good; empty where it is."""


class Key(Protocol):
    """A public key."""

    def verifies(self, signature: bytes, data: bytes) -> bool:
        """Tell whether a signature of data is of this key."""


def by_key(key: Key) -> Verify:
    """Return what verifies by a public key: one good signature is enough."""

    def verify(_document: bytes, envelope: Envelope) -> str:
        if any(key.verifies(proof, envelope.signed) for proof in envelope.proofs):
            return ""
        return "has the signature of another key, or was changed"

    return verify


def vouched(document: bytes, digests: Collection[str], verify: Verify) -> Envelope:
    """Return the envelope of a document that is signed, and about one of some digests.

    Raises RefusedError, which says what is wrong with it.
    """
    envelope = envelope_of(document)
    if envelope is None or not envelope.proofs:
        raise RefusedError("is not signed")
    if reason := verify(document, envelope):
        raise RefusedError(reason)
    if envelope.payload_type != IN_TOTO:
        raise RefusedError(f"signs no in-toto statement, but {envelope.payload_type[:80]!r}")
    if envelope.subjects().isdisjoint(digests):
        raise RefusedError("is about another image")
    return envelope


class Signer(Protocol):
    """A private key."""

    def sign(self, data: bytes) -> bytes:
        """Return the signature of data."""


def sealed(statement: bytes, signer: Signer) -> Envelope:
    """Return a statement with its signature."""
    envelope = Envelope(statement, IN_TOTO)
    envelope.signatures = [_Signature(signer.sign(envelope.signed))]
    return envelope


def bundled(envelope: Envelope, hint: str) -> bytes:
    """Return the bundle of Sigstore that holds an envelope; `hint` tells the key that signed it."""
    return json.encode({
        "mediaType": BUNDLE,
        "verificationMaterial": {"publicKey": {"hint": hint}, "tlogEntries": []},
        "dsseEnvelope": envelope,
    })  # fmt: skip
