"""What registries have under names: tags, and the digests that these have now."""

from __future__ import annotations

from contextlib import closing

from pratique.codecs.reference import parse
from pratique.credentials import given
from pratique.model.settings import Settings
from pratique.sources.registry import Registry
from pratique.target import mirrors


class Tags:
    """Asks each name's own registry, as the settings say."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def of(self, name: str) -> list[str]:
        """Return the tags of the repository of a name; raises SourceError."""
        with closing(self._registry(name)) as registry:
            return registry.tags()

    def digest(self, name: str) -> str:
        """Return the digest that a name with a tag has now; raises SourceError."""
        with closing(self._registry(name)) as registry:
            return registry.digest(name.rpartition(":")[2])

    def _registry(self, name: str) -> Registry:
        asked = self._settings
        who = given(asked, parse(name).registry)
        return Registry(
            name, username=who.username, password=who.password, token=who.registry_token,
            insecure=asked.insecure, cacert=asked.cacert, mirrors=mirrors(asked.registry_mirrors),
            timeout=20,
        )  # fmt: skip
