"""R packages that are installed: the DESCRIPTION of each."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pratique.model.analyzer import Analyzer
from pratique.model.file import File
from pratique.model.inventory import Package

_FIELD = re.compile(r"^([A-Za-z/@]+):[ \t]*(.*(?:\n[ \t]+.*)*)", re.MULTILINE)
_OR = re.compile(r"\s*\|\s*")


def _analyze(file: File) -> Iterator[Package]:
    """Read a package's description (Writing R Extensions, 1.1.1), where R has installed it.

    R adds `Built` when it does; a DESCRIPTION without is a source's, or has nothing to do with R.
    """
    fields = dict(_FIELD.findall(file.read().decode("utf-8", "replace").replace("\r\n", "\n")))
    name, version = (fields.get(key, "").strip() for key in ("Package", "Version"))
    if not name or not version or "Built" not in fields:
        return
    licenses = _OR.split(" ".join(fields.get("License", "").split()))
    yield Package(
        file.path, "r-package", "bioconductor" if "biocViews" in fields else "cran", name, version,
        licenses=tuple(one for one in licenses if one),
    )  # fmt: skip


r_installed = Analyzer("r-package", 1, ("DESCRIPTION",), _analyze)
