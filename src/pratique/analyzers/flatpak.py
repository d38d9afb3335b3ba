"""Flatpak's applications and runtimes, as they are deployed below an installation's folder.

An application's version is in its AppStream metadata, for Flatpak itself knows branches only
(https://www.freedesktop.org/software/appstream/docs/); a runtime's branch is its version.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pratique.errors import MalformedError
from pratique.model.analyzer import Analyzer
from pratique.model.file import File
from pratique.model.inventory import Package

_LIMIT = 4 << 20
_RELEASE = re.compile(rb"<release\s[^<>]*?\bversion\s*=\s*[\"']([^\"'<>]{1,200})[\"']")


def application(file: File) -> Iterator[Package]:
    """Yield an application, whose folder is `app/ID/ARCHITECTURE/BRANCH/COMMIT`.

    The newest release comes first; metadata without one say nothing of the version.
    """
    parts = file.path.split("/")
    if len(parts) < 9 or not parts[-1].startswith(id_ := parts[-8]):
        return  # of a part of it, an extension's or a translation's
    arch = parts[-7]
    release = _RELEASE.search(file.open().read(_LIMIT))
    if release is None:
        raise MalformedError("names no release of the application", file.path)
    version = release[1].decode("utf-8", "replace").strip()
    yield Package(file.path, "flatpak", "flatpak", id_, version, arch)


def runtime(file: File) -> Iterator[Package]:
    """Yield a runtime, whose folder is `runtime/ID/ARCHITECTURE/BRANCH/COMMIT`."""
    arch, branch = file.path.split("/")[-4:-2]
    section = ""
    for line in file.open().read(_LIMIT).decode("utf-8", "replace").splitlines():
        key, _, value = line.partition("=")
        if line.startswith("["):
            section = line.strip()
        elif section == "[Runtime]" and key == "name" and value.strip():
            yield Package(file.path, "flatpak", "flatpak", value.strip(), branch, arch)
            return
    raise MalformedError("names no runtime", file.path)


_FOLDER = "/var/lib/flatpak/app/*/*/*/*/files/share"
flatpak = Analyzer(
    "flatpak", 1, (f"{_FOLDER}/metainfo/*.xml", f"{_FOLDER}/appdata/*.xml"), application
)
flatpak_runtime = Analyzer(
    "flatpak-runtime", 1, ("/var/lib/flatpak/runtime/*/*/*/*/metadata",), runtime
)
