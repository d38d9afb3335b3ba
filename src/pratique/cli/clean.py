"""`clean`: remove what is kept between runs."""

from __future__ import annotations

import shutil

from pratique.advised import database_folder
from pratique.cli.parser import Asked
from pratique.kept_answers import answers_cache
from pratique.scanning import open_cache


def run(asked: Asked) -> int:
    """Remove what layers hold and indexes answered, and with `--all` the advisories; say how much
    there was of layers.
    """
    count = open_cache(asked.settings).clean()
    answers_cache(asked.settings).clean()
    if asked.words.get("all"):
        shutil.rmtree(database_folder(asked.settings), ignore_errors=True)
    if not asked.settings.quiet:
        print(f"{count} layer results removed" + (", advisories too" * bool(asked.words["all"])))
    return 0
