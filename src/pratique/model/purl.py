"""Package URLs (https://github.com/package-url/purl-spec)."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from pratique.model.inventory import Distro, Package

_SAFE = re.compile(r"[^A-Za-z0-9.\-_~:]")


@lru_cache(maxsize=8192)
def purl(package: Package, distro: Distro | None = None) -> str:
    """Return a package's purl: with its distribution for a system's package, as Trivy writes it."""
    namespace, name = _names(package, distro)
    path = "/".join(_quoted(part) for part in (*namespace.split("/"), name) if part)
    version = package.version
    qualifiers: dict[str, str] = {}
    if package.type in ("deb", "rpm", "apk"):
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
    if package.type in ("deb", "rpm", "apk"):
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
    return {"rhel": "redhat", "sles": "suse", "ol": "oracle", "amzn": "amazon"}.get(
        distro.id, distro.id
    )


@lru_cache(maxsize=4096)
def _quoted(text: str) -> str:
    escape: Callable[[re.Match[str]], str] = lambda m: "".join(  # noqa: E731
        f"%{byte:02X}" for byte in m[0].encode()
    )
    return _SAFE.sub(escape, text)
