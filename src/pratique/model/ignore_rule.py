"""A rule of the user's: findings that are not to count, where, until when, and why."""

from __future__ import annotations

from msgspec import Struct

from pratique.model.entry import Kind

KINDS: tuple[Kind, ...] = ("vulnerability", "misconfiguration", "secret", "license")


class Rule(Struct, frozen=True):
    """What it names must all be so of a finding; what it leaves empty may be anything."""

    id: str = ""
    """Any id of the flaw, the check, the secret's rule or the licence."""
    until: str = ""
    """The first day, `YYYY-MM-DD`, on which it no longer applies."""
    paths: tuple[str, ...] = ()
    """Globs of the target, the file, or the package's file."""
    purls: tuple[str, ...] = ()
    """Without a version all of them are meant."""
    statement: str = ""
    kinds: tuple[Kind, ...] = KINDS
    package: str = ""
    """A glob of its name, or of `name@version`."""
    layer: str = ""
    """Its number from 1, a digest or diff id, or `base` for all of the base image's."""
    owner: str = ""
    ticket: str = ""
    where: str = ""
    """The file and line that it stands on."""
    scope: tuple[str, ...] = ()
    """Globs of the images, or of what else is scanned, that it is for; none: all."""
    approver: str = ""
