"""What registries have under names: tags, and the digests that these have now."""

from __future__ import annotations

from contextlib import closing

from pratique.model.settings import Settings
from pratique.sources.registry import Registry


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
        return Registry(
            name, username=asked.username, password=asked.password, token=asked.registry_token,
            insecure=asked.insecure, cacert=asked.cacert, timeout=20,
        )  # fmt: skip
