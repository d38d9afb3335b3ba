"""Packages as they are fetched: each once, into a folder that ends with the patch."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import BinaryIO

from pratique.patch.resolution import Deb


class Downloads:
    """Opens packages, each fetched when it is first asked for."""

    def __init__(self, folder: str, fetch: Callable[[Deb, str], str]) -> None:
        self._folder = folder
        self._fetch = fetch
        self._files: dict[str, str] = {}
        self.digests: dict[str, str] = {}
        """Of what was fetched, `sha256:<hex>` by its URL."""

    def open(self, deb: Deb) -> BinaryIO:
        """Return a package's file, which the caller closes."""
        if deb.at not in self._files:
            path = os.path.join(self._folder, f"{len(self._files)}.package")
            self.digests[deb.at] = f"sha256:{self._fetch(deb, path)}"
            self._files[deb.at] = path
        return open(self._files[deb.at], "rb")
