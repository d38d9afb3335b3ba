"""Tell by a path what kind of file it is: one that runs, a header, documentation or data.

Two lists that leave a gap between them: a path in neither tells nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pratique import evidence

_PROGRAM = re.compile(
    r"(?:^|/)(?:s?bin|libexec|games)/[^/]+$"
    r"|\.so(?:\.[0-9.]+)?$"
    r"|\.(?:py|pl|pm|rb|jar|war|js|mjs|cjs|node|php|sh|ko(?:\.[gx]z|\.zst)?|lua|tcl|beam|wasm|dll"
    r"|exe|elc?|scm|jmod)$"
)
_DOCUMENTATION = re.compile(
    r"(?:usr/(?:local/)?)?share/(?:doc|man|info|gtk-doc|help|licenses|lintian|bug|doc-base|reportbug)"
    r"(?:/|$)"
)
_HEADER = re.compile(
    r"(?:^|/)(?:include|pkgconfig|cmake|aclocal|gir-1\.0|vala)/"
    r"|\.(?:h|hh|hpp|hxx|ipp|inl|tcc|a|la|o|pc|cmake|m4|gir|vapi|deps|prl|pri|mod)$"
)
_DATA = re.compile(
    r"(?:^|/)(?:zoneinfo|locale|i18n|icons|fonts|pixmaps|terminfo|tabset|keyrings|common-licenses"
    r"|iso-codes|hwdata|sounds|backgrounds|themes|dict)/"
    r"|\.(?:png|svg|ttf|otf|pfb|pem|crt|gpg|asc|txt|html|css|dtd|xsd|mo|gz)$"
)
_FOR_BUILDING = re.compile(r"-(?:dev|devel|headers)(?:-|$)")
# of a package for building: a link without a version, and what tells a compiler its flags
_BUILD_FILE = re.compile(r"\.so$|(?:^|/)bin/[^/]+-config$")


def is_program(path: str) -> bool:
    """Tell whether a file certainly is a program, a library or a script, by its place or ending.

    Examples and test scripts among documentation are not.
    """
    return _PROGRAM.search(path) is not None and _DOCUMENTATION.match(path) is None


def programs(package: str, files: Sequence[str]) -> Iterator[str]:
    """Yield the files of a package that run; a package for building has links to others'."""
    building = _FOR_BUILDING.search(package) is not None
    for path in files:
        if is_program(path) and not (building and _BUILD_FILE.search(path)):
            yield path


def passive(package: str, files: Sequence[str]) -> tuple[str, list[str]]:
    """Return what a package without programs installs, and the files that this is not clear of.

    The first is a remark, empty where no file says so. Folders are among the second, for a list
    of files does not tell them apart.
    """
    folders = {path.rpartition("/")[0] for path in files}
    building = _FOR_BUILDING.search(package) is not None
    kinds: set[str] = set()
    unclear = []
    for path in files:
        if path in folders or path in ("", "."):
            continue
        if kind := _kind(path, building=building):
            kinds.add(kind)
        else:
            unclear.append(path)
    ordered = (evidence.HEADERS, evidence.DATA, evidence.DOCUMENTATION)
    return next((kind for kind in ordered if kind in kinds), ""), unclear


def _kind(path: str, *, building: bool) -> str:
    if _DOCUMENTATION.match(path):
        return evidence.DOCUMENTATION
    if _HEADER.search(path) or (building and _BUILD_FILE.search(path)):
        return evidence.HEADERS
    return evidence.DATA if _DATA.search(path) else ""
