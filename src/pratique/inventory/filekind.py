"""Tell by a path what kind of file it is: one that runs, a header, documentation or data.

Two lists that leave a gap between them: a path in neither tells nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pratique import evidence

_ENDINGS = frozenset({
    "so", "py", "pl", "pm", "rb", "jar", "war", "js", "mjs", "cjs", "node", "php", "sh", "ko",
    "lua", "tcl", "beam", "wasm", "dll", "exe", "el", "elc", "scm", "jmod",
})  # fmt: skip
_PROGRAM = re.compile(
    r"(?:^|/)s?bin/[^/]+$|(?:^|/)libexec/|^usr/(?:local/)?games/"
    r"|\.so\.[0-9.]+$|\.ko\.(?:[gx]z|zst)$"
)
_PERHAPS = ("bin/", ".so.", ".ko.", "libexec/", "games/")
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
_MOST_UNCLEAR = 50
_FOR_BUILDING = re.compile(r"-(?:dev|devel|headers)(?:-|$)")
# of a package for building: a link without a version, and what tells a compiler its flags
_BUILD_FILE = re.compile(r"\.so$|(?:^|/)bin/[^/]+-config$")


def is_program(path: str) -> bool:
    """Tell whether a file certainly is a program, a library or a script, by its place or ending.

    Examples and test scripts among documentation are not.
    """
    if path[path.rfind(".") + 1 :] not in _ENDINGS and not (
        any(part in path for part in _PERHAPS) and _PROGRAM.search(path)
    ):
        return False
    return _DOCUMENTATION.match(path) is None


def programs(package: str, files: Sequence[str]) -> Iterator[str]:
    """Yield the files of a package that run; a package for building has links to others'.

    A folder that comes before its content, as lists have it, is none.
    """
    building = _FOR_BUILDING.search(package) is not None
    for path, following in zip(files, (*files[1:], ""), strict=False):
        if (
            is_program(path)
            and not (building and _BUILD_FILE.search(path))
            and not following.startswith(f"{path}/")
        ):
            yield path


def passive(package: str, files: Sequence[str]) -> tuple[str, list[str]]:
    """Return what a package without programs installs, and the files that this is not clear of.

    The first is a remark, empty where no file says so. Empty folders are among the second, for a
    list of files does not tell them apart; a folder with content comes right before that.
    """
    building = _FOR_BUILDING.search(package) is not None
    kinds: set[str] = set()
    unclear: list[str] = []
    for path, following in zip(files, (*files[1:], ""), strict=False):
        if kind := _kind(path, building=building):
            kinds.add(kind)
        elif path in ("", ".") or following.startswith(f"{path}/"):
            continue
        elif len(unclear) < _MOST_UNCLEAR:
            unclear.append(path)
        else:  # that many are no empty folders
            return "", []
    ordered = (evidence.HEADERS, evidence.DATA, evidence.DOCUMENTATION)
    return next((kind for kind in ordered if kind in kinds), ""), unclear


def _kind(path: str, *, building: bool) -> str:
    if _DOCUMENTATION.match(path):
        return evidence.DOCUMENTATION
    if _HEADER.search(path) or (building and _BUILD_FILE.search(path)):
        return evidence.HEADERS
    return evidence.DATA if _DATA.search(path) else ""
