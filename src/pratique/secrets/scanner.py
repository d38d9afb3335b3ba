"""Make what looks for secrets in a scan: an analyzer of all texts, keyed by its rules."""

from __future__ import annotations

import hashlib
import os
from functools import lru_cache

from pratique.cache import Cache
from pratique.model.analyzer import Analyzer
from pratique.secrets.custom import Custom
from pratique.secrets.engine import Engine, Keep


def engine(custom: Custom, cache: Cache, keep: Keep | None = None) -> Engine:
    """Return what finds secrets by our rules and the user's; no rule is imported before a text
    must be read. The cache is for compiled rules.
    """
    return Engine(custom.ruleset, cache, keep, str(version(custom)))


def analyzer(custom: Custom, finder: Engine) -> Analyzer:
    """Return the analyzer whose version says by which rules it judges."""
    return Analyzer(
        "secret", version(custom), ("<text>",), finder.analyze, "both", "secret", finder.search
    )  # fmt: skip


def version(custom: Custom) -> int:
    """Return what tells our rules and the user's from all others."""
    digest = hashlib.sha256(f"{_sources()} {custom.digest}".encode()).digest()
    return int.from_bytes(digest[:8], "big")


@lru_cache(1)
def _sources() -> str:
    """Return a digest of this package: what it finds depends on nothing else."""
    digest = hashlib.sha256()
    folder = os.path.dirname(__file__)
    for part in (folder, os.path.join(folder, "rules")):
        for name in sorted(os.listdir(part)):
            if name.endswith(".py"):
                with open(os.path.join(part, name), "rb") as file:
                    digest.update(file.read())
    return digest.hexdigest()
