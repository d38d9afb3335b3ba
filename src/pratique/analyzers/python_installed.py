"""Python packages that are installed: wheels and eggs in site-packages."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pratique.errors import MalformedError
from pratique.model.analyzer import Analyzer
from pratique.model.file import File
from pratique.model.inventory import Package

_BLANK = re.compile(rb"\n\r?\n")
# group 2 goes on where the following lines are indented, as RFC 822 folds them
_FIELD = re.compile(
    rb"^(Name|Version|License|License-Expression|Classifier)[ \t]*:[ \t]*"
    rb"([^\r\n]*(?:\r?\n[ \t]+[^\r\n]*)*)",
    re.MULTILINE | re.IGNORECASE,
)
_LICENSE = "License :: "
_LONGEST_TITLE = 60
_NO_LICENSE = ("", "UNKNOWN", "License :: OSI Approved")


def read_metadata(data: bytes, where: str) -> Package:
    """Read the headers of a METADATA or PKG-INFO file (core metadata specification, PyPA).

    The license is the SPDX expression, else what the classifiers name, else the License field
    where that is one line, or the title of a text that is there in full. There are no digests:
    RECORD has those of the files that were installed, and nothing the archive's.
    """
    blank = _BLANK.search(data)
    fields: dict[str, list[str]] = {}
    for key, value in _FIELD.findall(data, 0, blank.end() if blank else len(data)):
        fields.setdefault(key.decode().lower(), []).append(value.decode("utf-8", "replace").strip())
    name, version = (fields.get(key, [""])[0] for key in ("name", "version"))
    if not name or not version:
        raise MalformedError("metadata without a name and a version", where)
    return Package(where, "python-pkg", "pypi", name, version, licenses=_licenses(fields))


def _licenses(fields: dict[str, list[str]]) -> tuple[str, ...]:
    classifiers = [
        classifier.rpartition(" :: ")[2]
        for classifier in fields.get("classifier", ())
        if classifier.startswith(_LICENSE) and classifier not in _NO_LICENSE
    ]
    texts = [_title(text) for text in fields.get("license", ())]
    named = fields.get("license-expression") or classifiers or texts
    return tuple(name for name in dict.fromkeys(named) if name not in _NO_LICENSE)


def _title(text: str) -> str:
    """Return a License field of one line; of a whole text its title, where it begins with one."""
    first, _, rest = text.partition("\n")
    is_title = len(first) < _LONGEST_TITLE and "icense" in first and "opyright" not in first
    return first.strip() if not rest or is_title else ""


def _analyze(file: File) -> Iterator[Package]:
    yield read_metadata(file.read(), file.path)


python_installed = Analyzer(
    "python-pkg",
    1,
    ("*.dist-info/METADATA", "*.egg-info/PKG-INFO", "*.egg-info", "EGG-INFO/PKG-INFO"),
    _analyze,
)
