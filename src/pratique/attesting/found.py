"""Find the statements about an image, and tell those that can be believed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from msgspec import Struct

from pratique.attesting.predicates import decoded, hours_since, made_at
from pratique.codecs.dsse import (
    IN_TOTO,
    RefusedError,
    Statement,
    Verify,
    envelope_of,
    statement_of,
    vouched,
)
from pratique.errors import PratiqueError
from pratique.model.image import Image

_MOST = 256 << 20
Attachment = tuple[str, Callable[[], bytes]]
"""The digest of a document that is attached to an image, and what gives its content."""


class Attestation(Struct, frozen=True):
    """What somebody says of an image."""

    predicate_type: str
    predicate: dict[str, Any]
    made: str
    """When, RFC 3339; empty where it does not tell."""
    where: str
    """The digest of the document."""


class Found(Struct, frozen=True):
    """The statements about an image, the newest first, and what was refused and why."""

    good: tuple[Attestation, ...] = ()
    refused: tuple[str, ...] = ()


def attestations(
    image: Image, attached: Iterable[Attachment], predicates: Sequence[str], verify: Verify | None
) -> Found:
    """Return the statements of some predicates (beginnings of their types) about an image.

    Without `verify` those that nobody signed count as well, as long as they are about this image.
    A statement that is attached in two ways counts once. Past 256 MiB of them no more are read.
    """
    digests = {known.rpartition("@")[2] for known in image.digests}
    good: dict[tuple[str, bytes], Attestation] = {}
    refused: list[str] = []
    size = 0
    for digest, content in attached:
        if size > _MOST:
            refused.append(f"{digest} is not read: too much is attached before it")
            break
        try:
            data = content()
            if not _is_asked_for(data, predicates):
                continue
            statement = _believed(data, digests, verify)
            one = _read(statement, digest)
        except RefusedError as refusal:
            refused.append(f"{digest} {refusal.reason}")
        except PratiqueError as error:
            reason = getattr(error, "reason", error.message)
            refused.append(f"{digest} cannot be read: {reason}")
        else:
            size += len(data)
            good.setdefault((one.predicate_type, bytes(statement.predicate)), one)
    newest = sorted(good.values(), key=_age)
    return Found(tuple(newest), tuple(dict.fromkeys(refused)))


def _age(one: Attestation) -> float:
    """Return the hours from a statement to 1970; what does not tell its time is the oldest."""
    age = hours_since(one.made, 0)
    return float("inf") if age is None else age


def _is_asked_for(data: bytes, predicates: Sequence[str]) -> bool:
    """Tell whether a document may be a statement of some predicates, before it is believed."""
    envelope = envelope_of(data)
    statement = envelope.statement() if envelope else statement_of(data)
    if statement is None or not statement.predicate_type:
        return True  # it was put where such statements are, and is to be named
    return statement.predicate_type.startswith(tuple(predicates))


def _believed(data: bytes, digests: set[str], verify: Verify | None) -> Statement:
    if verify is not None:
        statement = vouched(data, digests, verify).statement()
    else:
        envelope = envelope_of(data)
        statement = envelope.statement() if envelope else statement_of(data)
        if statement is not None and statement.digests.isdisjoint(digests):
            raise RefusedError("is about another image")
    if statement is None or not statement.predicate_type:
        raise RefusedError(f"is no statement of in-toto ({IN_TOTO})")
    return statement


def _read(statement: Statement, digest: str) -> Attestation:
    predicate = decoded(bytes(statement.predicate), digest)
    return Attestation(statement.predicate_type, predicate, made_at(predicate), digest)
