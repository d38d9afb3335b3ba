"""Advisories of one's own: a folder of OSV records, for internal packages and private findings."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from pratique.advisories.database import Database
from pratique.advisories.place import canonical, family, shard_name
from pratique.codecs import osv
from pratique.errors import MalformedError, NotFound
from pratique.feeds.osv import version_key
from pratique.model.advisory import Advisory, Affected, Flaw, Prose, Shard
from pratique.model.feed import About

_ENDINGS = (".json", ".yaml", ".yml")
_LIMIT = 32 << 20


def read(folder: str) -> list[About]:
    """Return what the records of a folder and its folders say (https://ossf.github.io/osv-schema/).

    Raises NotFound where there is no such folder, MalformedError naming a file that is no record:
    advisories that were asked for are never passed over.
    """
    if not os.path.isdir(folder):
        raise NotFound(f"{folder}: no such folder (--advisories)")
    found: list[About] = []
    for path in _files(folder):
        record = osv.read(_json(path), path)
        abouts = [canonical(about) for about in osv.affected(record, version_key)]
        if not abouts and not record.withdrawn:
            raise MalformedError("names no package with affected versions", path)
        found += abouts
    return found


def _files(folder: str) -> Iterator[str]:
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if name.endswith(_ENDINGS) and not name.startswith("."):
                yield os.path.join(parent, name)


def _json(path: str) -> bytes:
    try:
        if os.path.getsize(path) > _LIMIT:
            raise MalformedError(f"larger than {_LIMIT >> 20} MiB", path)
        with open(path, "rb") as file:
            data = file.read()
    except OSError as error:
        raise MalformedError(f"cannot be read: {error.strerror}", path) from error
    return data if path.endswith(".json") else _from_yaml(data, path)


def _from_yaml(data: bytes, path: str) -> bytes:
    import yaml  # noqa: PLC0415 - 20 ms, only where there is such a file
    from msgspec import json  # noqa: PLC0415

    try:
        return json.encode(yaml.safe_load(data), enc_hook=str)
    except (yaml.YAMLError, UnicodeDecodeError, TypeError, RecursionError) as error:
        raise MalformedError(f"no YAML: {' '.join(str(error).split())}", path) from error


class Own:
    """The database with own records beside it; satisfies Advisories. Their numbers are negative."""

    def __init__(self, database: Database, records: Sequence[About], folder: str) -> None:
        self._database = database
        self._records = records
        self._folder = folder
        self._known: dict[tuple[str, str], list[Affected]] = {}
        for at, record in enumerate(records):
            key = (shard_name(record.ecosystem), record.name)
            numbered = replace(record.affected, number=-1 - at)
            self._known.setdefault(key, []).append(numbered)

    def has(self, ecosystem: str) -> bool:
        return self._database.has(ecosystem)

    def about(self, ecosystem: str, name: str) -> Sequence[Affected] | None:
        known = self._database.about(ecosystem, name)
        own = [
            affected
            for place in dict.fromkeys((ecosystem, family(ecosystem)))
            for affected in self._known.get((place, name), ())
        ]
        return [*own, *(known or ())] if own else known

    def advisory(self, ecosystem: str, number: int) -> Advisory:
        if number < 0:
            return self._records[-1 - number].advisory
        return self._database.advisory(ecosystem, number)

    def prose(self, ecosystem: str, number: int) -> Prose:
        if number < 0:
            return self._records[-1 - number].prose
        return self._database.prose(ecosystem, number)

    def flaw(self, id: str) -> Flaw:
        return self._database.flaw(id)

    def shards(self) -> Sequence[Shard]:
        newest = max((record.advisory.modified for record in self._records), default="")
        count = len({record.advisory.id for record in self._records})
        return [*self._database.shards(), Shard("own", self._folder, newest, newest, count)]
