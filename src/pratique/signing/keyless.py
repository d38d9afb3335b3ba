"""Signatures without keys of one's own: by an identity, through Sigstore's public authorities.

Who signs shows an OpenID Connect token, of a pipeline for example, gets a certificate for a few
minutes, and the signature is entered in a public log (https://docs.sigstore.dev). Both need the
network. Needs the extra `pratique[keyless]`.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Mapping

from pratique.codecs.dsse import Envelope, Verify
from pratique.errors import Unauthorized, Unavailable, UsageError

try:
    from sigstore.dsse import Statement
    from sigstore.errors import Error, NetworkError, TUFError, VerificationError
    from sigstore.models import Bundle, ClientTrustConfig, InvalidBundle
    from sigstore.oidc import IdentityError, IdentityToken, detect_credential
    from sigstore.sign import SigningContext
    from sigstore.verify import Verifier
    from sigstore.verify.policy import Identity
except ImportError as error:
    raise UsageError(
        f"signatures without a key need the package {error.name}",
        "pip install 'pratique[keyless]', or use --key FILE",
    ) from error

TOKEN = "SIGSTORE_ID_TOKEN"  # noqa: S105 - the name of a variable


def signing(token: str = "", environ: Mapping[str, str] = os.environ) -> Callable[[bytes], bytes]:
    """Return what signs a statement and gives its bundle.

    The identity is that of the token, of the variable SIGSTORE_ID_TOKEN, or of the pipeline that
    this runs in. Raises UsageError where there is none.
    """
    try:
        found = token or environ.get(TOKEN, "") or detect_credential() or ""
        if not found:
            hint = f"--key FILE signs by a key; a token is taken from --identity-token or {TOKEN}."
            raise UsageError(
                "no identity to sign by: this is no pipeline that vouches for us", hint
            )
        identity = IdentityToken(found)
    except IdentityError as error:
        raise UsageError(f"the identity is no use: {_words(error)}") from error

    def sign(statement: bytes) -> bytes:
        try:
            context = SigningContext.from_trust_config(ClientTrustConfig.production())
            with context.signer(identity) as signer:
                return signer.sign_dsse(Statement(statement)).to_json().encode()
        except (NetworkError, TUFError, OSError) as error:
            raise Unavailable(f"Sigstore cannot be reached: {_words(error)}") from error
        except Error as error:
            raise Unauthorized(f"Sigstore did not sign: {_words(error)}") from error

    return sign


def verifying(identity: str, issuer: str, *, offline: bool = False) -> Verify:
    """Return what verifies bundles that an identity signed, vouched for by an issuer.

    `offline` trusts the authorities that the library ships with. Raises Unavailable where those of
    today cannot be had.
    """
    # its warnings are about what was asked for
    logging.getLogger("sigstore").setLevel(logging.ERROR)
    try:
        verifier = Verifier.production(offline=offline)
    except (NetworkError, TUFError, OSError, Error) as error:
        raise Unavailable(f"Sigstore's authorities cannot be had: {_words(error)}") from error
    policy = Identity(identity=identity, issuer=issuer)

    def verify(document: bytes, envelope: Envelope) -> str:
        try:
            bundle = Bundle.from_json(document)
            kind, payload = verifier.verify_dsse(bundle, policy)
        except InvalidBundle:
            return "is no bundle of a keyless signature"
        except (VerificationError, Error) as error:
            return f"was not signed by {identity}: {_words(error)}"
        # what was verified must be what is read: a document may say a thing twice
        same = (kind, payload) == (envelope.payload_type, envelope.payload)
        return "" if same else "can be read in two ways"

    return verify


def _words(error: Exception) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__
