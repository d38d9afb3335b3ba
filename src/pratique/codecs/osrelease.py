"""What /etc/os-release and its older relatives say of the distribution (os-release(5))."""

from __future__ import annotations

import re
from collections.abc import Iterable

from msgspec.structs import replace

from pratique.model.inventory import Distro

_LINE = re.compile(r"^[ \t]*([A-Za-z_][A-Za-z0-9_]*)=(.*)$", re.MULTILINE)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_LIMIT = 64 << 10

# what a `…-release` file of a single line begins with, and the ID that os-release gives it
_TITLES = (
    ("AlmaLinux", "almalinux"), ("Rocky Linux", "rocky"), ("CentOS", "centos"),
    ("Red Hat", "rhel"), ("Oracle Linux", "ol"), ("Fedora", "fedora"), ("Amazon Linux", "amzn"),
    ("VMware Photon", "photon"), ("openSUSE", "opensuse-leap"), ("SUSE Linux", "sles"),
    ("CBL-Mariner", "mariner"), ("Microsoft Azure Linux", "azurelinux"), ("Mageia", "mageia"),
    ("openEuler", "openeuler"), ("Scientific Linux", "scientific"), ("CloudLinux", "cloudlinux"),
    ("Anolis OS", "anolis"), ("Alibaba Cloud Linux", "alinux"), ("Alibaba Group", "alinux"),
)  # fmt: skip
_OLD_DEBIAN = re.compile(r"(\d+)(?:\.\d+)*|([a-z]+/sid)")


def read(path: str, data: bytes) -> Distro | None:
    """Return what one file says, or None where it says nothing."""
    text = data[:_LIMIT].decode("utf-8", "replace")
    name = path.rpartition("/")[2]
    if special := _BY_NAME.get(name):
        return special(path, text)
    first = text.strip().partition("\n")[0].strip()
    return _BY_LINE.get(name, _from_title)(path, first) if first else None


def settle(distros: Iterable[Distro]) -> Distro | None:
    """Return the distribution that several files together tell of.

    os-release names it; a file of its own (debian_version, alpine-release, redhat-release) knows
    the point release, which os-release leaves out, or stands alone on old systems.
    """
    found: dict[str, Distro] = {}
    for distro in sorted(distros, key=_rank):
        found.setdefault(distro.path.rpartition("/")[2], distro)
    if not found:
        return None
    main = next(iter(found.values()))
    for distro in found.values():
        if distro.id == main.id and _refines(distro.version, main.version):
            return replace(main, version=distro.version)
    if main.id == "debian" and not main.version and "debian_version" in found:
        return replace(main, version=found["debian_version"].version)
    return main


def _refines(fuller: str, version: str) -> bool:
    return bool(version) and fuller != version and fuller.startswith(f"{version}.")


def _rank(distro: Distro) -> tuple[int, str]:
    """Put the files that know most first; /etc's copy before /usr/lib's."""
    name = distro.path.rpartition("/")[2]
    order = ("lsb-release", "redhat-release", "debian_version", "os-release")
    specific = 1 if name not in order else 0
    return (-order.index(name) if name in order else -specific, distro.path)


def _from_keys(path: str, text: str) -> Distro | None:
    keys = {key: _unquoted(value) for key, value in _LINE.findall(text.replace("\r", ""))}
    id_ = keys.get("ID", "").lower()
    if not id_:
        return _from_title(path, keys["NAME"]) if keys.get("NAME") else None
    return Distro(
        path,
        id_,
        keys.get("VERSION_ID", ""),
        keys.get("PRETTY_NAME") or keys.get("NAME", ""),
        keys.get("VERSION_CODENAME") or _codename(keys.get("VERSION", "")),
        tuple(keys.get("ID_LIKE", "").split()),
    )


def _codename(version: str) -> str:
    match = re.search(r"\(([a-z/]+)\)", version)
    return match[1] if match else ""


def _unquoted(value: str) -> str:
    """Return a value without its quotes; as in a shell, single ones keep backslashes."""
    value = value.strip()
    if len(value) > 1 and value[0] == value[-1] == "'":
        return value[1:-1]
    if len(value) > 1 and value[0] == value[-1] == '"':
        value = value[1:-1]
    return _ESCAPE.sub(r"\1", value)


def _from_lsb(path: str, text: str) -> Distro | None:
    keys = {key: _unquoted(value) for key, value in _LINE.findall(text.replace("\r", ""))}
    id_ = keys.get("DISTRIB_ID", "").lower()
    if not id_:
        return None
    return Distro(
        path, id_, keys.get("DISTRIB_RELEASE", ""), keys.get("DISTRIB_DESCRIPTION", ""),
        keys.get("DISTRIB_CODENAME", ""),
    )  # fmt: skip


def _from_debian_version(path: str, line: str) -> Distro | None:
    match = _OLD_DEBIAN.fullmatch(line)
    if match is None:
        return None
    if match[2]:
        return Distro(path, "debian", "", f"Debian {line}", line)
    return Distro(path, "debian", line, f"Debian GNU/Linux {match[1]}")


def _from_freebsd(path: str, text: str) -> Distro | None:
    """Return what the script that prints the version says: `USERLAND_VERSION="14.2-RELEASE-p1"`."""
    version = {k: _unquoted(v) for k, v in _LINE.findall(text)}.get("USERLAND_VERSION", "")
    release = version.partition("-")[0]
    return Distro(path, "freebsd", release, f"FreeBSD {version}") if release else None


def _from_title(path: str, line: str) -> Distro | None:
    for title, id_ in _TITLES:
        if line.startswith(title):
            version = re.search(r"\d+(\.\d+)*", line)
            return Distro(path, id_, version[0] if version else "", line)
    return None


def _from_alpine_release(path: str, line: str) -> Distro:
    return Distro(path, "alpine", line, f"Alpine Linux {line}")


_BY_NAME = {
    "os-release": _from_keys, "initrd-release": _from_keys, "lsb-release": _from_lsb,
    "freebsd-version": _from_freebsd,
}  # fmt: skip
_BY_LINE = {"debian_version": _from_debian_version, "alpine-release": _from_alpine_release}
