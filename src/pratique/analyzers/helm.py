"""Helm charts: the file that names one, in a folder or in a package (`helm package`)."""

from __future__ import annotations

import tarfile
import zlib
from collections.abc import Iterator
from itertools import islice

from pratique.model.analyzer import Analyzer
from pratique.model.configuration import Document
from pratique.model.file import File

_LARGEST = 64 << 20
_MOST = 1 << 20
_FIRST = 3
"""Entries of a package among which its Chart.yaml is; Helm writes it first."""


def _analyze(file: File) -> Iterator[Document]:
    if file.path.rpartition("/")[2] == "Chart.yaml":
        yield Document(file.path, "helm", file.read().decode("utf-8-sig", "replace"))
    elif file.size <= _LARGEST and (text := _packed(file)):
        yield Document(file.path, "helm", text)


def _packed(file: File) -> str:
    """Return the Chart.yaml of a package; empty for other archives, which are none of ours."""
    try:
        with tarfile.open(fileobj=file.open(), mode="r:gz") as archive:
            for entry in islice(archive, _FIRST):
                if entry.name.count("/") == 1 and entry.name.endswith("/Chart.yaml"):
                    member = archive.extractfile(entry)
                    return member.read(_MOST).decode("utf-8-sig", "replace") if member else ""
    except (tarfile.TarError, OSError, EOFError, zlib.error):
        return ""
    return ""


analyzer = Analyzer(
    "helm", 1, ("Chart.yaml", "*.tgz", "*.tar.gz"), _analyze, reads="locked", scanner="misconfig"
)
