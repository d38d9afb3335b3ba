"""What Debian's packages state in `/usr/share/doc/PACKAGE/copyright`."""

from __future__ import annotations

from collections.abc import Iterator

from pratique.codecs.debcopyright import read
from pratique.model.analyzer import Analyzer
from pratique.model.file import File
from pratique.model.license import LicenseText

_MOST, _MOST_TEXT = 4 << 20, 128 << 10
_PATHS = ("/usr/share/doc/*/copyright",)


def analyze(file: File) -> Iterator[LicenseText]:
    """Yield the licences of one package, under the name of its folder."""
    return _read(file, with_text=False)


def analyze_with_text(file: File) -> Iterator[LicenseText]:
    return _read(file, with_text=True)


def _read(file: File, *, with_text: bool) -> Iterator[LicenseText]:
    text = file.open().read(_MOST).decode("utf-8", "replace")
    found = read(text)
    yield LicenseText(
        file.path, found.licenses, found.confidence, file.path.split("/")[-2],
        copyrights=found.copyrights, text=text[:_MOST_TEXT] if with_text else "",
    )  # fmt: skip


deb_copyright = Analyzer("dpkg-license", 1, _PATHS, analyze, scanner="license")
deb_copyright_text = Analyzer(
    "dpkg-license-text", 1, _PATHS, analyze_with_text, scanner="notice"
)  # fmt: skip
