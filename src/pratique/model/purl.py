"""Package URLs (https://github.com/package-url/purl-spec)."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from msgspec import Struct

from pratique.model.image import Image
from pratique.model.inventory import Distro, Package

# Trivy passes over packages whose namespace is not what it calls their distribution
_NAMESPACES = {
    "rhel": "redhat", "ol": "oracle", "amzn": "amazon", "almalinux": "alma",
    "mariner": "cbl-mariner", "sles": "suse", "sled": "suse", "sle-micro": "suse",
    "sl-micro": "suse", "opensuse-leap": "opensuse", "opensuse-tumbleweed": "opensuse",
}  # fmt: skip
_SAFE = re.compile(r"[^A-Za-z0-9.\-_~:]")


@lru_cache(maxsize=8192)
def purl(package: Package, distro: Distro | None = None) -> str:
    """Return a package's purl: with its distribution for a system's package, as Trivy writes it."""
    namespace, name = _names(package, distro)
    path = "/".join(_quoted(part) for part in (*namespace.split("/"), name) if part)
    version = package.version
    qualifiers: dict[str, str] = {}
    if package.type in ("deb", "rpm", "apk", "alpm"):
        epoch, colon, rest = version.partition(":")
        if colon:
            version = rest
            qualifiers["epoch"] = epoch
        qualifiers["arch"] = package.arch
        if distro is not None:
            qualifiers["distro"] = f"{distro.id}-{distro.version}"
    at = f"@{_quoted(version)}" if version else ""
    ends = "&".join(f"{k}={_quoted(v)}" for k, v in sorted(qualifiers.items()) if v)
    subspec = package.name.partition("/")[2] if package.type == "cocoapods" else ""
    return (
        f"pkg:{package.type}/{path}{at}" + f"?{ends}" * bool(ends) + f"#{subspec}" * bool(subspec)
    )


def _names(package: Package, distro: Distro | None) -> tuple[str, str]:
    name = package.name
    if package.type in ("deb", "rpm", "apk", "alpm"):
        return (_namespace(distro), name)
    if package.type == "maven":
        group, _, artifact = name.rpartition(":")
        return group, artifact
    if package.type == "pypi":
        return "", re.sub(r"[-_.]+", "-", name).lower()
    if package.type == "cocoapods":
        return "", name.partition("/")[0]
    namespace, _, last = name.rpartition("/")
    if package.type in ("golang", "composer"):
        return namespace.lower(), last.lower()
    return namespace, last


def _namespace(distro: Distro | None) -> str:
    if distro is None:
        return ""
    return _NAMESPACES.get(distro.id, distro.id)


@lru_cache(maxsize=4096)
def _quoted(text: str) -> str:
    escape: Callable[[re.Match[str]], str] = lambda m: "".join(  # noqa: E731
        f"%{byte:02X}" for byte in m[0].encode()
    )
    return _SAFE.sub(escape, text)


def image_purl(image: Image, *, every_build: bool = False) -> str:
    """Return `pkg:oci/name@sha256:…?repository_url=…`, by the first digest that it has.

    One of no registry is `pkg:generic/…?checksum=…`, with the digest of its configuration.
    `every_build` leaves the digest out, where there is a repository that tells what is meant.
    """
    repository, at, digest = next(iter(image.digests), "").partition("@")
    if not at:
        return f"pkg:generic/{_quoted(image.name)}?checksum={image.id}"
    name = repository.rpartition("/")[2].lower()
    version = "" if every_build else f"@{digest.replace(':', '%3A')}"
    return f"pkg:oci/{name}{version}?repository_url={repository}"


class Purl(Struct, frozen=True):
    """The parts of a purl, decoded."""

    type: str
    namespace: str
    name: str
    version: str = ""
    qualifiers: dict[str, str] = {}
    subpath: str = ""


_TYPE = re.compile(r"[a-z][a-z0-9.+-]*")
_ENCODED = re.compile(rb"%([0-9A-Fa-f]{2})")


def parse(text: str) -> Purl:
    """Return the parts of a purl; raise ValueError for what is none.

    Lenient where writers are: slashes after `pkg:`, an `@` of a scope that is not encoded.
    """
    rest, _, subpath = text.strip().partition("#")
    rest, _, ends = rest.partition("?")
    scheme, colon, rest = rest.partition(":")
    kind, _, path = rest.strip("/").partition("/")
    kind = kind.lower()
    if scheme.lower() != "pkg" or not colon or not _TYPE.fullmatch(kind):
        raise ValueError(f"{text[:200]!r} is no purl")
    # the @ of a scope follows a slash; that of a version follows the name
    at = path.rfind("@")
    if at <= path.rfind("/") + 1:
        at = -1
    version = path[at + 1 :] if at > 0 else ""
    namespace, _, name = (path[:at] if at > 0 else path).strip("/").rpartition("/")
    if not name:
        raise ValueError(f"{text[:200]!r} is a purl without a name")
    parts = "/".join(_decoded(part) for part in namespace.split("/") if part)
    return Purl(
        kind, parts, _decoded(name), _decoded(version), _qualifiers(ends),
        "/".join(_decoded(part) for part in subpath.split("/") if part not in ("", ".", "..")),
    )  # fmt: skip


def _qualifiers(text: str) -> dict[str, str]:
    pairs = (pair.partition("=") for pair in text.split("&"))
    return {key.lower(): _decoded(value) for key, _, value in pairs if key and value}


def _decoded(text: str) -> str:
    if "%" not in text:
        return text
    plain = _ENCODED.sub(lambda match: bytes.fromhex(match[1].decode()), text.encode())
    return plain.decode("utf-8", "replace")
