"""Images of a Docker or Podman engine on this machine, asked for over its socket.

Docker's Engine API (https://docs.docker.com/reference/api/engine/), which Podman speaks as well:
`/images/{name}/json` and `/images/{name}/get`, the latter being what `docker save` writes. Nothing
is ever sent to another machine, nor is anything changed.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import BinaryIO

import msgspec
from msgspec import Struct

from pratique.errors import (
    LimitExceeded,
    MalformedError,
    NotFound,
    PratiqueError,
    SourceError,
    Unavailable,
    UsageError,
)
from pratique.net import UNIX, Client, Request, is_loopback

_NAME = re.compile(r"[A-Za-z0-9\[][A-Za-z0-9._/:@\[\]+-]*")
_INSPECTION_LIMIT = 16 << 20
_SAVE_TIMEOUT = 600.0  # an engine packs an image before it sends the first byte


class Socket(Struct, frozen=True):
    """Where an engine may listen."""

    address: str
    """`unix:///path` or `tcp://host:port`."""
    origin: str
    """Why it is looked for there."""
    problem: str = ""
    """Why it is not asked, if it is not."""


class Inspection(Struct, frozen=True, rename="pascal"):
    """What an engine knows of an image and its archive does not say."""

    id: str = ""
    repo_tags: tuple[str, ...] | None = None
    repo_digests: tuple[str, ...] | None = None
    size: int = 0


def find_sockets(environ: Mapping[str, str] = os.environ) -> list[Socket]:
    """Return where engines may listen, in the order in which they are asked.

    What DOCKER_HOST and CONTAINER_HOST name comes first, then the usual paths. A host that is not
    this machine has a `problem`.
    """
    home = environ.get("HOME") or os.path.expanduser("~")
    run = environ.get("XDG_RUNTIME_DIR", "")
    found = [_named(variable, environ.get(variable, "")) for variable in _VARIABLES]
    paths = [
        ("/var/run/docker.sock", "Docker"),
        (f"{home}/.docker/run/docker.sock", "Docker Desktop"),
        (f"{run}/docker.sock" if run else "", "Docker without root"),
        (f"{run}/podman/podman.sock" if run else "", "Podman without root"),
        ("/run/podman/podman.sock", "Podman"),
    ]
    found += [Socket(f"unix://{path}", origin) for path, origin in paths if path]
    first: dict[str, Socket] = {}
    for socket in found:
        first.setdefault(socket.address, socket)
    return [socket for address, socket in first.items() if address]


def fetch(
    name: str, target: BinaryIO, environ: Mapping[str, str] = os.environ, limit: int = 0
) -> Inspection:
    """Write an image's archive to a file, from the first engine that has it.

    Raises NotFound, or Unavailable where no engine answers; the message lists what was tried.
    """
    tried: list[tuple[Socket, PratiqueError]] = []
    for socket in find_sockets(environ):
        try:
            if socket.problem:
                raise Unavailable(socket.problem)
            inspection = inspect(name, socket.address)
        except (SourceError, MalformedError) as error:
            tried.append((socket, error))
            continue
        save(name, socket.address, target, limit)
        return inspection
    reasons = "; ".join(f"{socket.origin} ({socket.address}): {e.message}" for socket, e in tried)
    kind = NotFound if any(isinstance(error, NotFound) for _, error in tried) else Unavailable
    raise kind(f"{name}: no engine on this machine has it. Tried {reasons}")


def inspect(name: str, socket_path: str) -> Inspection:
    """Return what an engine knows of an image; NotFound where it has none of that name."""
    client = Client()
    try:
        response = client.send(_request(name, socket_path, "json", _INSPECTION_LIMIT))
        return msgspec.json.decode(response.read(), type=Inspection)
    except (msgspec.MsgspecError, UnicodeError) as error:
        raise MalformedError(f"not the answer of an engine: {error}", socket_path) from None
    except NotFound:
        raise NotFound("it has no such image") from None
    finally:
        client.close()


def save(name: str, socket_path: str, target: BinaryIO, limit: int = 0) -> None:
    """Write an image's archive, a tar as of `docker save`, to a file.

    `socket_path` is a path, or an address as of `Socket`. Raises LimitExceeded past `limit` bytes
    and where the disk is full.
    """
    client = Client(timeout=_SAVE_TIMEOUT)
    try:
        response = client.send(_request(name, socket_path, "get", limit))
        for piece in response.chunks():
            _write(target, piece)
    finally:
        client.close()


_VARIABLES = ("DOCKER_HOST", "CONTAINER_HOST")


def _named(variable: str, address: str) -> Socket:
    scheme, _, rest = address.partition("://")
    if not address or (scheme == "unix" and rest):
        return Socket(address, variable)
    host = re.sub(r":\d+$", "", rest.split("/", 1)[0])
    if scheme not in ("tcp", "http"):
        return Socket(address, variable, f"{scheme!r} is not spoken here, only unix and tcp are")
    if not is_loopback(host):
        return Socket(address, variable, "it is another machine, which is not asked")
    return Socket(f"tcp://{rest}".rstrip("/"), variable)


def _request(name: str, address: str, what: str, limit: int) -> Request:
    """Return a request to an engine; it is not repeated, since a saved archive may differ."""
    if not _NAME.fullmatch(name) or ".." in name:
        raise UsageError(f"{name!r} is not the name of an image")
    from urllib.parse import quote  # noqa: PLC0415 - http.client needs it too

    scheme, separator, rest = address.rpartition("://")
    path = quote(rest if separator else address, safe="")
    base = f"http://{rest}" if scheme in ("tcp", "http") else f"{UNIX}://{path}"
    return Request(f"{base}/images/{name}/{what}", limit=limit, is_resumable=False, tries=1)


def _write(target: BinaryIO, piece: bytes) -> None:
    try:
        target.write(piece)
    except OSError as error:
        raise LimitExceeded(f"the image's archive cannot be kept: {error.strerror}") from error
