"""What an image's settings say about how rpm unpacks: documentation, languages, vendors."""

from __future__ import annotations

import re

from msgspec import Struct

from pratique.patch.root import Root
from pratique.patch.rpmsources import main_options

_FOLDERS = ("usr/lib/rpm/macros.d", "etc/rpm")
_MACRO = re.compile(r"^\s*%(_excludedocs|_install_langs)\s+(\S+)", re.MULTILINE)


class Settings(Struct, frozen=True):
    """How rpm is told to unpack."""

    nodocs: bool = False
    langs: frozenset[str] = frozenset()
    """Languages whose files are installed; all of them where it is empty."""
    keeps_vendor: bool = False
    """zypper does not change the vendor of a package."""


def settings_of(root: Root) -> Settings:
    """Return what macros of rpm, dnf.conf and zypp.conf say."""
    macros: dict[str, str] = {}
    for folder in _FOLDERS:
        for path in root.files(folder):
            if path.rpartition("/")[2].startswith("macros") or folder.endswith("macros.d"):
                text = (root.read(path) or b"").decode("utf-8", "replace")
                macros |= dict(_MACRO.findall(text))
    zypp = (root.read("etc/zypp/zypp.conf") or b"").decode("utf-8", "replace")
    flags = re.split(r"[\s,]+", main_options(root).get("tsflags", ""))
    langs = macros.get("_install_langs", "all")
    return Settings(
        "nodocs" in flags or macros.get("_excludedocs", "0") not in ("0", "%{nil}")
        or bool(re.search(r"^\s*rpm\.install\.excludedocs\s*=\s*yes", zypp, re.MULTILINE)),
        frozenset() if langs in ("all", "%{nil}") else frozenset(langs.split(":")),
        root.node("etc/zypp") is not None,
    )  # fmt: skip
