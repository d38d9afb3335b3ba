"""Small databases, and what stands before a registry, for tests of sharing."""

from __future__ import annotations

import http.client
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from msgspec import Struct, json

from images import advisory
from loopback import Answer, Asked, Stub, serve
from pratique.advisories.shard import Origin, path_of
from pratique.advisories.write import write
from pratique.codecs import osv
from pratique.ecosystems.semver import version_key
from pratique.model.feed import About

YESTERDAY = 1_760_000_000
"""When the shards of the tests were looked at, in seconds since 1970."""
_KEPT = ("Docker-Content-Digest", "Content-Range", "Etag", "Location", "Range", "Content-Type",
         "Www-Authenticate")  # fmt: skip
_PASSED = ("accept", "range", "content-type", "content-range", "authorization", "host")


def records(count: int, fixed: str = "1.0.0") -> Iterator[About]:
    for number in range(count):
        more: dict[str, Any] = {"summary": f"Flaw {number}", "details": f"words {number}" * 9}
        data = advisory(f"GHSA-{number}", "npm", f"package-{number % 50}", fixed, **more)
        yield from osv.affected(osv.read(json.encode(data), "test"), lambda _: version_key)


def shard(
    folder: Path, name: str, count: int = 60, fixed: str = "1.0.0", at: int = YESTERDAY
) -> Path:
    """Write a shard that was last looked at at a time."""
    write(str(folder), name, records(count, fixed), Origin("test"))
    path = Path(path_of(str(folder), name))
    os.utime(path, (at, at))
    return path


def content(folder: Path) -> dict[str, bytes]:
    """Return the shards of a folder by their files; leftovers would show as well."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


class Shelf(Struct):
    """A registry that is empty at first."""

    host: str
    root: Path


def forward(host: str, asked: Asked) -> Answer:
    """Pass a request on to a registry."""
    connection = http.client.HTTPConnection(host)
    headers = {name: value for name, value in asked.headers.items() if name in _PASSED}
    connection.request(asked.method, asked.path, asked.body, headers)
    response = connection.getresponse()
    body = response.read()
    connection.close()
    kept = {name: value for name, value in response.headers.items() if name.title() in _KEPT}
    return Answer(response.status, body, kept)


def before(place: str, answer: Callable[[Asked], Answer | None] = lambda _: None) -> Any:
    """Serve a registry on another port; a function may answer in its place."""
    host = place.removeprefix("oci://").partition("/")[0]
    return serve(lambda asked: answer(asked) or forward(host, asked))


def at(stub: Stub, place: str) -> str:
    """Return the name of a repository as it is at the stub."""
    return f"oci://{stub.host}/{place.removeprefix('oci://').partition('/')[2]}"


def kinds(stub: Stub) -> list[str]:
    """Return what a stub was asked, shortly: `PUT blobs`."""
    return [
        f"{asked.method} {asked.path.rpartition('/db')[2].split('/')[1].partition('?')[0]}"
        for asked in stub.asked
        if asked.path != "/v2/"
    ]
