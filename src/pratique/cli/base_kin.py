"""Bases of other repositories, as far as their registries answer."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from pratique.cli.registry_tags import Tags
from pratique.codecs.base_kin import Kin, kin
from pratique.codecs.base_tags import Candidate
from pratique.codecs.reference import Reference
from pratique.errors import PratiqueError, Unauthorized, Unavailable, UsageError


def asked(base: Reference, tags: Tags, kind: str = "") -> tuple[list[Candidate], list[str]]:
    """Return what can take a base's place, of one kind or of all, and what could not be had.

    All registries are asked at once.
    """
    wanted = [one for one in kin(base.name, base.tag) if kind in ("", one.kind)]
    if not wanted:
        return [], []
    with ThreadPoolExecutor(len(wanted)) as pool:
        answers = list(pool.map(lambda one: _answer(one, base.tag, tags), wanted))
    found = [one for one in answers if isinstance(one, Candidate)]
    return found, [one for one in answers if isinstance(one, str)]


def _answer(one: Kin, own: str, tags: Tags) -> Candidate | str:
    """Return a candidate, or why there is none."""
    try:
        if one.tag:
            tags.digest(f"{one.repository}:{one.tag}")
        tag = one.tag or one.chosen(own, tags.of(one.repository))
    except PratiqueError as error:
        why = error.message.removeprefix(f"{one.repository}: ")
        host = one.repository.partition("/")[0]
        advice = f"; `docker login {host}`" if isinstance(error, Unauthorized) else ""
        return f"{one.repository}: {why}{advice}"
    if not tag:
        return f"{one.repository}: has no tag for {own}"
    return Candidate(tag, one.kind, one.repository, one.note)


def first(base: Reference, tags: Tags, kind: str) -> Candidate:
    """Return the nearest of a kind; raises UsageError where none is known, and Unavailable where
    none could be had.
    """
    found, missed = asked(base, tags, kind)
    if found:
        return found[0]
    message = f"--base {kind}: nothing to take the place of {base.name}:{base.tag}"
    if missed:
        raise Unavailable(message, "; ".join(missed))
    raise UsageError(message, "none is known that holds the same versions")
