"""Files that hold a licence: LICENSE, COPYING, NOTICE and their like, told by their text."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from pratique.licenses.documents import stated
from pratique.model.analyzer import Analyzer
from pratique.model.file import File
from pratique.model.license import LicenseText

_MOST, _MOST_TEXT = 2 << 20, 128 << 10
_STEMS = """
LICENSE LICENCE License Licence license licence LICENSES COPYING copying UNLICENSE
"""
_OTHERS = """
COPYING.LIB COPYING.LESSER COPYING3 COPYING3.LIB COPYING.LGPL COPYING.GPL COPYING.BSD
COPYING.MIT COPYINGv2 COPYINGv3 NOTICE NOTICE.txt NOTICE.md notice.txt COPYRIGHT COPYRIGHT.txt
COPYRIGHT.md Copyright.txt copyright.txt MIT-LICENSE MIT-LICENSE.txt MIT-LICENCE BSD-LICENSE
GPL-LICENSE APACHE-LICENSE APL.txt LICENSE_1_0.txt LEGAL.txt LEGAL LICENSE.python
ThirdPartyNotices.txt THIRD-PARTY-NOTICES.txt
"""
_VARIANTS = """
MIT APACHE APACHE2 APACHE-2.0 BSD BSD3 ISC GPL GPL2 GPL3 GPLv2 GPLv3 LGPL MPL mit apache ZLIB
PSF
"""
_VARIED = ("LICENSE", "LICENCE", "license", "COPYING")
_ENDINGS = ("", ".txt", ".md", ".rst", ".TXT", ".html", ".markdown")
_NAMES = tuple(dict.fromkeys([
    *(stem + ending for stem, ending in product(_STEMS.split(), _ENDINGS)),
    *(f"{stem}{joint}{variant}{ending}" for stem, joint, variant, ending
      in product(_VARIED, "-._", _VARIANTS.split(), ("", ".txt", ".md"))),
    *_OTHERS.split(),
]))  # fmt: skip


def analyze(file: File) -> Iterator[LicenseText]:
    """Yield what the file holds or names; nothing where that is no licence."""
    return _read(file, with_text=False)


def analyze_with_text(file: File) -> Iterator[LicenseText]:
    """Yield it with its text, also where no licence is told: an attribution repeats it."""
    return _read(file, with_text=True)


def _read(file: File, *, with_text: bool) -> Iterator[LicenseText]:
    data = file.open().read(_MOST)
    if b"\0" in data[:1024]:
        return
    text = data.decode("utf-8", "replace")
    found = stated(text)
    if found.licenses or with_text:
        yield LicenseText(
            file.path, found.licenses, found.confidence, copyrights=found.copyrights,
            text=text[:_MOST_TEXT] if with_text else "",
        )  # fmt: skip


license_file = Analyzer("license-file", 1, _NAMES, analyze, "both", scanner="license")
license_file_text = Analyzer(
    "license-file-text", 1, _NAMES, analyze_with_text, "both", scanner="notice"
)  # fmt: skip
