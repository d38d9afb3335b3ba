"""Repositories that an image of RPMs names: dnf.conf(5), zypper(8); what it holds back."""

from __future__ import annotations

import configparser
import fnmatch
import re
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import urlsplit

from msgspec import Struct

from pratique.errors import UsageError
from pratique.patch.root import Root

_FOLDERS = ("etc/yum.repos.d", "etc/distro.repos.d", "etc/zypp/repos.d")
_MAIN = ("etc/dnf/dnf.conf", "etc/yum.conf", "etc/tdnf/tdnf.conf")
_VARIABLE = re.compile(r"\$\{(\w+)\}|\$(\w+)")
_COMMENTED = re.compile(r"^[#;]\s*(baseurl\s*=)", re.MULTILINE)
Options = Mapping[str, str]


class RpmSource(Struct, frozen=True):
    """One repository."""

    name: str
    urls: tuple[str, ...] = ()
    mirrorlist: str = ""
    metalink: str = ""
    keys: tuple[str, ...] = ()
    """Paths of keys in the image."""
    signed_index: bool = False
    excludes: tuple[str, ...] = ()
    needs_login: bool = False


def sources_of(root: Root, mirrors: Sequence[str], variables: Mapping[str, str]) -> list[RpmSource]:
    """Return the enabled repositories; a mirror stands in for their hosts, or is one itself.

    It is one itself where the image names no path below it that packages could come from.
    """
    host = mirrors[0].strip().rstrip("/") if mirrors else ""
    found = [_source(name, options, variables, host) for name, options in _sections(root)]
    if host and not any(source.urls for source in found):
        found = [RpmSource(one, (one.strip().rstrip("/"),)) for one in mirrors]
    if not found:
        raise UsageError("the image names no repository that packages could come from",
                         "name one: --mirror URL")  # fmt: skip
    return found


def _sections(root: Root) -> Iterator[tuple[str, dict[str, str]]]:
    for folder in _FOLDERS:
        for path in root.files(folder):
            if not path.endswith(".repo"):
                continue
            for name, options in _parsed(root.read(path) or b"", path).items():
                if name != "main" and options.get("enabled", "1").lower() in ("1", "yes", "true"):
                    yield name, options


def _parsed(data: bytes, path: str) -> dict[str, dict[str, str]]:
    """Return the sections; a baseurl that stands as a comment beside a metalink is kept apart."""
    text = _COMMENTED.sub(r"commented-\1", data.decode("utf-8", "replace"))
    parser = configparser.RawConfigParser(strict=False, comment_prefixes=("#", ";"))
    try:
        parser.read_string(text)
    except configparser.Error as error:
        reason = str(error).partition("\n")[0]
        raise UsageError(f"/{path}: {reason}") from error
    return {name: dict(parser[name]) for name in parser.sections()}


def _source(name: str, options: Options, variables: Mapping[str, str], host: str) -> RpmSource:
    def words(key: str) -> tuple[str, ...]:
        text = options.get(key, "").replace(",", " ")
        return tuple(substituted(word, variables, name) for word in text.split())

    path = options.get("path", "").strip("/")
    urls = tuple(url.rstrip("/") + (f"/{path}" if path else "") for url in words("baseurl"))
    if host:
        chosen = urls or tuple(url.rstrip("/") for url in words("commented-baseurl"))
        urls = tuple(host + urlsplit(url).path for url in chosen[:1])
    keys = tuple(urlsplit(k).path.lstrip("/") for k in words("gpgkey") if k.startswith("file:"))
    return RpmSource(
        name, urls, "" if host else next(iter(words("mirrorlist")), ""),
        "" if host else next(iter(words("metalink")), ""), keys,
        options.get("repo_gpgcheck", "0").lower() in ("1", "yes", "true"),
        (*words("exclude"), *words("excludepkgs")),
        bool(options.get("sslclientcert")) and not host,
    )  # fmt: skip


def substituted(text: str, variables: Mapping[str, str], where: str) -> str:
    """Put variables into a text; raise UsageError for one that nobody knows."""

    def value(match: re.Match[str]) -> str:
        name = match[1] or match[2]
        if name not in variables:
            raise UsageError(f"repository {where}: nothing says what ${name} is",
                             "--mirror URL names a repository")  # fmt: skip
        return variables[name]

    return _VARIABLE.sub(value, text)


def variables_of(root: Root, release: str, arch: str) -> dict[str, str]:
    """Return what stands for the variables in names of repositories."""
    base = {"i686": "i386", "i586": "i386", "armv7hl": "armhfp"}.get(arch, arch)
    major, _, minor = release.partition(".")
    found = {"releasever": release, "basearch": base, "arch": arch, "releasever_major": major,
             "releasever_minor": minor}  # fmt: skip
    for folder in ("etc/yum/vars", "etc/dnf/vars", "etc/zypp/vars.d"):
        for path in root.files(folder):
            text = (root.read(path) or b"").decode("utf-8", "replace").strip()
            found[path.rpartition("/")[2]] = text.partition("\n")[0]
    return found


class Held:
    """What the image's settings keep from being upgraded."""

    def __init__(self, root: Root) -> None:
        self._patterns = list(_excluded(root))
        self._locks = list(_locks(root))

    def why(self, name: str, arch: str) -> str:
        """Return what holds a package; empty where nothing does."""
        if excluded(name, arch, self._patterns):
            return "dnf's configuration excludes it"
        return next((why for pattern, why in self._locks if _fits(name, pattern)), "")


def _fits(name: str, pattern: str) -> bool:
    """Tell whether a lock is for a name: `bash`, `bash-5.1.8-4.el9.*`, `0:bash-5.1*`."""
    bare = re.sub(r"(^|-)\d+:", r"\1", pattern)
    return fnmatch.fnmatchcase(name, bare) or bool(re.match(re.escape(name) + r"-\d", bare))


def excluded(name: str, arch: str, patterns: Sequence[str]) -> bool:
    """Tell whether a package is among those that `exclude=` names."""
    return any(
        fnmatch.fnmatchcase(name, one) or fnmatch.fnmatchcase(f"{name}.{arch}", one)
        for one in patterns
    )


def main_options(root: Root) -> dict[str, str]:
    """Return the settings of dnf's `[main]`."""
    found: dict[str, str] = {}
    for path in reversed(_MAIN):
        if data := root.read(path):
            found |= _parsed(data, path).get("main", {})
    return found


def _excluded(root: Root) -> Iterator[str]:
    options = main_options(root)
    for key in ("exclude", "excludepkgs", "excludes"):
        yield from options.get(key, "").replace(",", " ").split()


def _locks(root: Root) -> Iterator[tuple[str, str]]:
    for path in ("etc/dnf/plugins/versionlock.list", "etc/yum/pluginconf.d/versionlock.list"):
        for line in (root.read(path) or b"").decode("utf-8", "replace").splitlines():
            text = line.partition("#")[0].strip()
            if text and not text.startswith("!"):
                yield text, f"/{path} holds it"
    text = (root.read("etc/zypp/locks") or b"").decode("utf-8", "replace")
    for match in re.finditer(r"^solvable_name:\s*(\S+)", text, re.MULTILINE):
        yield match[1], "/etc/zypp/locks holds it"
    locks = (root.read("etc/dnf/versionlock.toml") or b"").decode("utf-8", "replace")
    for match in re.finditer(r'^name\s*=\s*"([^"]+)"', locks, re.MULTILINE):
        yield match[1], "/etc/dnf/versionlock.toml holds it"
