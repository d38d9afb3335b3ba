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
_FIRST = 3
"""Entries of a package among which its Chart.yaml is; Helm writes it first."""


def _analyze(file: File) -> Iterator[Document]:
    if file.path.rpartition("/")[2] == "Chart.yaml":
        yield Document(file.path, "helm", file.read().decode("utf-8-sig", "replace"))
    elif file.size <= _LARGEST and _is_package(file):
        yield Document(file.path, "helm", "")


def _is_package(file: File) -> bool:
    """Tell whether an archive is a chart: other archives are none of our business."""
    try:
        with tarfile.open(fileobj=file.open(), mode="r:gz") as archive:
            names = [entry.name for entry in islice(archive, _FIRST)]
    except (tarfile.TarError, OSError, EOFError, zlib.error):
        return False
    return any(name.count("/") == 1 and name.endswith("/Chart.yaml") for name in names)


analyzer = Analyzer(
    "helm", 1, ("Chart.yaml", "*.tgz", "*.tar.gz"), _analyze, reads="locked", scanner="misconfig"
)
