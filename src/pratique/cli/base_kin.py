"""Bases of other repositories, as far as their registries answer.

These are good to have and no more: each is asked once, waited for a little, and is given no
credentials but those that the user's own configuration has for it.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

from pratique.codecs.base_kin import Kin, kin
from pratique.codecs.base_tags import Candidate
from pratique.codecs.reference import Reference
from pratique.errors import PratiqueError, Unauthorized, Unavailable, UsageError
from pratique.model.settings import Settings
from pratique.net import Client
from pratique.sources.registry import Registry
from pratique.target import mirrors

_SECONDS = 4


def asked(base: Reference, settings: Settings, kind: str = "") -> tuple[list[Candidate], list[str]]:
    """Return what can take a base's place, of one kind or of all, and what could not be had.

    All registries are asked at once.
    """
    wanted = [one for one in kin(base.name, base.tag) if kind in ("", one.kind)]
    if not wanted:
        return [], []
    with ThreadPoolExecutor(len(wanted)) as pool:
        answers = list(pool.map(lambda one: _answer(one, base.tag, settings), wanted))
    found = [one for one in answers if isinstance(one, Candidate)]
    return found, [one for one in answers if isinstance(one, str)]


def _answer(one: Kin, own: str, settings: Settings) -> Candidate | str:
    """Return a candidate, or why there is none."""
    try:
        with closing(_registry(one.repository, settings)) as registry:
            if one.tag:
                registry.digest(one.tag)
            tag = one.tag or one.chosen(own, registry.tags())
    except PratiqueError as error:
        why = error.message.removeprefix(f"{one.repository}: ")
        host = one.repository.partition("/")[0]
        advice = f"; `docker login {host}`" if isinstance(error, Unauthorized) else ""
        return f"{one.repository}: {why}{advice}"
    if not tag:
        return f"{one.repository}: has no tag for {own}"
    return Candidate(tag, one.kind, one.repository, one.note)


def _registry(name: str, settings: Settings) -> Registry:
    client = Client(cacert=settings.cacert, insecure=settings.insecure, timeout=_SECONDS, tries=1)
    return Registry(name, mirrors=mirrors(settings.registry_mirrors), client=client)


def first(base: Reference, settings: Settings, kind: str) -> Candidate:
    """Return the nearest of a kind; raises UsageError where none is known, and Unavailable where
    none could be had.
    """
    found, missed = asked(base, settings, kind)
    if found:
        return found[0]
    message = f"--base {kind}: nothing to take the place of {base.name}:{base.tag}"
    if missed:
        raise Unavailable(message, "; ".join(missed))
    raise UsageError(message, "none is known that holds the same versions")
