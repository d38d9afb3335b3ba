"""Signing by an identity, with authorities that are none: what is done around the library."""

from __future__ import annotations

import base64
import json
from contextlib import contextmanager
from typing import Any

import pytest
from sigstore.errors import VerificationError
from sigstore.models import InvalidBundle

from attested import VULN, Published
from pratique.codecs.dsse import IN_TOTO, Envelope
from pratique.errors import Unauthorized, Unavailable, UsageError
from pratique.signing import keyless

pytest_plugins = ["attested_fixtures"]
WHO, ISSUER = "ann@example.com", "https://issuer.example"


class Bundle:
    """A bundle whose signature is the name of who signed."""

    def __init__(self, document: Any) -> None:
        self.document = document

    @classmethod
    def from_json(cls, data: bytes) -> Bundle:
        document = json.loads(data)
        if "certificate" not in document["verificationMaterial"]:
            raise InvalidBundle("no certificate")
        return cls(document)

    def to_json(self) -> str:
        return json.dumps(self.document)


class Authorities:
    """Signs and verifies as the library does, by a word."""

    broken: Exception | None = None

    @classmethod
    def from_trust_config(cls, _: Any) -> Authorities:
        return cls()

    @classmethod
    def production(cls, *, offline: bool = False) -> Authorities:
        return cls()

    @contextmanager
    def signer(self, identity: str) -> Any:
        if self.broken:
            raise self.broken
        self.identity = identity
        yield self

    def sign_dsse(self, statement: bytes) -> Bundle:
        payload = base64.b64encode(statement).decode()
        signatures = [{"sig": base64.b64encode(self.identity.encode()).decode()}]
        envelope = {"payload": payload, "payloadType": IN_TOTO, "signatures": signatures}
        return Bundle({"verificationMaterial": {"certificate": {}}, "dsseEnvelope": envelope})

    def verify_dsse(self, bundle: Bundle, policy: Any) -> tuple[str, bytes]:
        envelope = bundle.document["dsseEnvelope"]
        if base64.b64decode(envelope["signatures"][0]["sig"]).decode() != policy["identity"]:
            raise VerificationError("another identity")
        return envelope["payloadType"], base64.b64decode(envelope["payload"])


@pytest.fixture
def authorities(monkeypatch: pytest.MonkeyPatch) -> type[Authorities]:
    monkeypatch.setattr(keyless, "SigningContext", Authorities)
    monkeypatch.setattr(keyless, "ClientTrustConfig", Authorities)
    monkeypatch.setattr(keyless, "Verifier", Authorities)
    monkeypatch.setattr(keyless, "Bundle", Bundle)
    monkeypatch.setattr(keyless, "Statement", lambda words: words)
    monkeypatch.setattr(keyless, "Identity", dict)
    monkeypatch.setattr(keyless, "IdentityToken", lambda token: token)
    monkeypatch.setattr(Authorities, "broken", None)
    return Authorities


@pytest.mark.registry
@pytest.mark.usefixtures("authorities")
def test_a_bundle_alone_is_attached_and_verified(
    published: Published, capsys: pytest.CaptureFixture[str]
) -> None:
    assert published.run("attest", "--identity-token", WHO) == 0
    assert ".att" not in capsys.readouterr().out
    words = ("--certificate-oidc-issuer", ISSUER, "--certificate-identity")
    assert published.run("verify", *words, WHO) == 0
    assert published.run("verify", *words, "bob@example.com") == 4
    assert "was not signed by bob@example.com: another identity" in capsys.readouterr().err
    assert published.run("verify", "--key", published.public) == 4


@pytest.mark.parametrize(
    ("broken", "kind", "said"),
    [
        (VerificationError("no"), Unauthorized, "Sigstore did not sign: no"),
        (OSError("away"), Unavailable, "Sigstore cannot be reached: away"),
    ],
)
def test_authorities_that_do_not_sign(
    authorities: type[Authorities], broken: Exception, kind: type[Exception], said: str
) -> None:
    authorities.broken = broken
    with pytest.raises(kind, match=said):
        keyless.signing(WHO)(b"{}")


def test_an_identity_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyless, "detect_credential", lambda: None)
    with pytest.raises(UsageError, match="no identity to sign by"):
        keyless.signing("", {})
    with pytest.raises(UsageError, match="the identity is no use"):
        keyless.signing("", {keyless.TOKEN: "nonsense"})


@pytest.mark.usefixtures("authorities")
def test_what_can_be_read_in_two_ways_is_refused() -> None:
    """The library may take the first of two members, and we the last."""
    document = Authorities()
    with document.signer(WHO):
        bundle = document.sign_dsse(b'{"predicateType": "a"}').to_json().encode()
    verify = keyless.verifying(WHO, ISSUER)
    assert verify(bundle, Envelope(b'{"predicateType": "a"}', IN_TOTO)) == ""
    other = Envelope(json.dumps({"predicateType": VULN}).encode(), IN_TOTO)
    assert verify(bundle, other) == "can be read in two ways"
