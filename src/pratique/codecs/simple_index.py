"""Read what an index of Python packages has (PEP 503, PEP 691, PEP 592 for what is withdrawn)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import unescape
from typing import Any

from msgspec import DecodeError, Struct, ValidationError, field
from msgspec.json import Decoder

from pratique.codecs.addresses import without_user
from pratique.errors import MalformedError

ACCEPT = "application/vnd.pypi.simple.v1+json, text/html;q=0.1"
_LINK = re.compile(r"<a\s([^>]{0,4000})>([^<]{1,500})</a", re.IGNORECASE)
_HASH = re.compile(r"#sha256=([0-9a-f]{64})")
_HREF = re.compile(r"""\bhref=["']([^"']*)""")
_PYTHON = re.compile(r"""data-requires-python=["']([^"']*)""")
_WHEEL = re.compile(r"[^-]+-([^-]+)-.+\.whl")
_SOURCE = re.compile(r".+-(\d[^-]*)\.(?:tar\.(?:gz|bz2|xz)|tgz|zip)")


class Archive(Struct, frozen=True, gc=False):
    """One file of an index."""

    version: str
    sha256: str
    yanked: bool
    name: str = ""
    """Of the file."""
    url: str = ""
    """Where it is, as the page says."""
    python: str = ""
    """Which versions of Python it is for (Requires-Python)."""


class _File(Struct):
    filename: str
    hashes: dict[str, str] = {}
    yanked: Any = False
    url: str = ""
    requires_python: str | None = field(default=None, name="requires-python")


class _Page(Struct):
    files: list[_File] = []


_PAGE = Decoder(_Page)


def archives(data: bytes, where: str) -> list[Archive]:
    """Return the files of a project's page, JSON or HTML; raises MalformedError for neither."""
    if data.lstrip()[:1] == b"{":
        try:
            files = _PAGE.decode(data).files
        except (DecodeError, ValidationError) as error:
            raise MalformedError(
                f"is no page of a package index: {error}", without_user(where)
            ) from error
    else:
        files = [
            _File(name.strip(), dict.fromkeys(("sha256",), found[1])
                  if (found := _HASH.search(attributes)) else {}, "data-yanked" in attributes,
                  _of(_HREF, attributes), _of(_PYTHON, attributes))
            for attributes, name in _LINK.findall(data.decode("utf-8", "replace"))
        ]  # fmt: skip
    named = ((one, _version(one.filename)) for one in files)
    return [
        Archive(
            version,
            one.hashes.get("sha256", ""),
            one.yanked is not False,
            one.filename,
            one.url,
            one.requires_python or "",
        )
        for one, version in named
        if version
    ]


def _of(attribute: re.Pattern[str], text: str) -> str:
    found = attribute.search(text)
    return unescape(found[1]) if found else ""


def versions(found: Sequence[Archive]) -> list[str]:
    """Return the versions of which a file is there that is not withdrawn."""
    return list(dict.fromkeys(one.version for one in found if not one.yanked))


def _version(filename: str) -> str:
    match = _WHEEL.fullmatch(filename) or _SOURCE.fullmatch(filename)
    return match[1].replace("_", "-") if match else ""
