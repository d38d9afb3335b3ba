"""Feeds in memory: what a publisher serves, to be changed between updates."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable
from typing import Any

from images import advisory
from pratique.advisories.fetch import Document
from pratique.advisories.update import Outcome, Request, update
from pratique.errors import NotFound

OSV = "https://osv-vulnerabilities.storage.googleapis.com"


class Mirror:
    """Serves documents by their address, with an ETag that is their content's; counts."""

    def __init__(self) -> None:
        self.documents: dict[str, bytes] = {}
        self.asked: list[str] = []
        self.failures: dict[str, Exception] = {}

    def __call__(self, address: str, etag: str) -> Document | None:
        self.asked.append(address)
        if failure := self.failures.get(address):
            raise failure
        data = self.documents.get(address)
        if data is None:
            raise NotFound(f"{address}: not found")
        tag = f'"{hash(data)}"'
        return None if tag == etag else Document(io.BytesIO(data), tag)

    def osv(
        self, ecosystem: str, records: Iterable[dict[str, Any]], *, listed: bool = True
    ) -> None:
        """Serve an ecosystem's records as OSV does: a zip, each by itself, and what changed."""
        written = list(records)
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            for record in written:
                archive.writestr(f"{record['id']}.json", json.dumps(record))
        place = f"{OSV}/{ecosystem}"
        self.documents[f"{place}/all.zip"] = buffer.getvalue()
        if listed:
            newest = sorted(written, key=lambda r: str(r["modified"]), reverse=True)
            lines = "".join(f"{r['modified']},{r['id']}\n" for r in newest)
            self.documents[f"{place}/modified_id.csv"] = lines.encode()
            for record in written:
                data = json.dumps(record).encode()
                self.documents[f"{place}/{record['id']}.json"] = data


def record(id: str, package: str, fixed: str, modified: str, **more: Any) -> dict[str, Any]:
    return advisory(id, "npm", package, fixed, **{"modified": modified, **more})


def updated(folder: str, shards: list[str], mirror: Mirror, **more: Any) -> dict[str, Outcome]:
    request = Request(folder=folder, fetch=mirror, source="test", **more)
    return {outcome.shard: outcome for outcome in update(shards, request)}
