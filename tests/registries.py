"""Real registries on loopback ports, filled with small images, for tests of what reads them."""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from msgspec import Struct

from loopback import Answer, Asked, free_port
from oci_layout import INDEX, Layout
from pratique.model.image import Image
from pratique.model.source import Source
from pratique.sources.registry import Registry

PASSWORD = "correct horse"


class Running(Struct):
    """A registry of Debian's docker-registry."""

    host: str
    root: Path
    layout: Layout
    entries: dict[str, dict[str, Any]]


@contextlib.contextmanager
def running(folder: Path, root: Path, auth: str = "") -> Iterator[str]:
    port = free_port()
    settings = folder / f"{port}.yml"
    settings.write_text(
        f"version: 0.1\nlog: {{level: error, accesslog: {{disabled: true}}}}\n"
        f"storage: {{filesystem: {{rootdirectory: {root}}}}}\n"
        f'http: {{addr: "127.0.0.1:{port}"}}\n{auth}'
    )
    command = ["docker-registry", "serve", str(settings)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            for _ in range(200):
                with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                    break
                time.sleep(0.02)
            yield f"127.0.0.1:{port}"
        finally:
            process.kill()


def copy(layout: Layout, name: str, host: str, to: str = "", *flags: str) -> None:
    command = ["skopeo", "copy", "--quiet", "--insecure-policy", "--dest-tls-verify=false", *flags]
    command += [f"oci:{layout.path}:{name}", f"docker://{host}/lab/{to or name}:1"]
    subprocess.run(command, check=True)


def push(host: str, repository: str, layout: Layout, entry: dict[str, Any], tag: str = "1") -> None:
    """Push as the distribution specification says."""
    document = json.loads(layout.read(entry["digest"]))
    connection = http.client.HTTPConnection(host)

    def ask(
        method: str, path: str, body: bytes = b"", kind: str = "application/octet-stream"
    ) -> Any:
        connection.request(method, path, body, {"Content-Type": kind})
        response = connection.getresponse()
        response.read()
        assert response.status < 300, (method, path, response.status)
        return response

    for child in document.get("manifests", []):
        push(host, repository, layout, child, child["digest"])
    for blob in [document["config"], *document["layers"]] if "config" in document else []:
        place = urlsplit(ask("POST", f"/v2/{repository}/blobs/uploads/").headers["Location"])
        path = f"{place.path}?{place.query}&digest={blob['digest']}"
        ask("PUT", path, layout.read(blob["digest"]))
    path = f"/v2/{repository}/manifests/{tag}"
    ask("PUT", path, layout.read(entry["digest"]), entry["mediaType"])
    connection.close()


Connect = Callable[..., Registry]


def only(source: Source, platform: str = "") -> Image:
    (image,) = source.images(platform)
    return image


def content(source: Source, image: Image) -> list[bytes]:
    return [b"".join(source.open(layer)) for layer in image.layers]


def blobs(running: Running, name: str) -> list[bytes]:
    manifest = json.loads(running.layout.read(running.entries[name]["digest"]))
    return [running.layout.read(layer["digest"]) for layer in manifest["layers"]]


def relay(host: str, cut: int = -1, *, with_ranges: bool = True) -> Callable[[Asked], Answer]:
    """Pass requests on; break the first answer with a blob after some bytes."""
    left = [cut]

    def answer(asked: Asked) -> Answer:
        connection = http.client.HTTPConnection(host)
        ranges = (
            {"Range": asked.headers["range"]} if with_ranges and "range" in asked.headers else {}
        )
        connection.request(
            asked.method, asked.path, headers={"Accept": asked.headers["accept"], **ranges}
        )
        response = connection.getresponse()
        body = response.read()
        connection.close()
        kept = ("Docker-Content-Digest", "Content-Range", "Etag")
        headers = {name: value for name, value in response.headers.items() if name in kept}
        is_big = len(body) > cut > 0
        return Answer(response.status, body, headers, cut=left.pop() if is_big and left else -1)

    return answer


def listing(layout: Layout, onward: Callable[[Asked], Answer]) -> Callable[[Asked], Answer]:
    """Answer as a registry that lists referrers (OCI distribution specification 1.1, 12a).

    Debian's docker-registry does not, but it keeps manifests with a subject as they are.
    """

    def answer(asked: Asked) -> Answer:
        path, _, query = asked.path.partition("?")
        if "/referrers/" not in path:
            return onward(asked)
        found = [*_referring(layout, path.rpartition("/")[2])]
        headers = {"Content-Type": INDEX}
        if kind := dict(parse_qsl(query)).get("artifactType"):
            found = [one for one in found if one["artifactType"] == kind]
            headers["OCI-Filters-Applied"] = "artifactType"
        body = {"schemaVersion": 2, "mediaType": INDEX, "manifests": found}
        return Answer(200, json.dumps(body).encode(), headers)

    return answer


def _referring(layout: Layout, digest: str) -> Iterator[dict[str, Any]]:
    for blob in sorted((layout.path / "blobs/sha256").iterdir()):
        with contextlib.suppress(ValueError, AttributeError):
            document = json.loads(blob.read_bytes())
            if document.get("subject", {}).get("digest") == digest:
                kind = document.get("artifactType") or document["config"]["mediaType"]
                yield {"mediaType": document["mediaType"], "digest": f"sha256:{blob.name}",
                       "size": blob.stat().st_size, "artifactType": kind,
                       "annotations": document.get("annotations", {})}  # fmt: skip
