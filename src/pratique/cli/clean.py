"""`clean`: remove what is kept between runs."""

from __future__ import annotations

import shutil

from pratique.advised import database_folder
from pratique.cli.parser import Asked
from pratique.scanning import open_cache


def run(asked: Asked) -> int:
    """Remove the layer results, and with `--all` the advisories; say how many there were."""
    count = open_cache(asked.settings).clean()
    if asked.words.get("all"):
        shutil.rmtree(database_folder(asked.settings), ignore_errors=True)
    if not asked.settings.quiet:
        print(f"{count} layer results removed" + (", advisories too" * bool(asked.words["all"])))
    return 0
