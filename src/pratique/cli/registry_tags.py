"""What registries have under names: tags, and the digests that these have now."""

from __future__ import annotations

from contextlib import closing

from msgspec.structs import replace

from pratique.codecs.dockerfile.images import reference
from pratique.model.settings import Settings
from pratique.sources.registry import Registry
from pratique.target import mirrors


class Tags:
    """Asks each name's own registry, as the settings say."""

    def __init__(self, settings: Settings, home: str | None = None) -> None:
        """Take the only host that the credentials of the settings are for; None: every one."""
        self._settings, self._home = settings, home

    def settings_for(self, name: str) -> Settings:
        """Return the settings for a name: at another host they have no credentials.

        A base may be named by an image's own label: who made that must not be sent a password.
        """
        found = reference(name)
        if self._home is None or (found and found.registry == self._home):
            return self._settings
        return replace(self._settings, username="", password="", registry_token="")

    def of(self, name: str) -> list[str]:
        """Return the tags of the repository of a name; raises SourceError."""
        with closing(self._registry(name)) as registry:
            return registry.tags()

    def digest(self, name: str) -> str:
        """Return the digest that a name with a tag has now; raises SourceError."""
        with closing(self._registry(name)) as registry:
            return registry.digest(name.rpartition(":")[2])

    def _registry(self, name: str) -> Registry:
        asked = self.settings_for(name)
        return Registry(
            name, username=asked.username, password=asked.password, token=asked.registry_token,
            insecure=asked.insecure, cacert=asked.cacert, mirrors=mirrors(asked.registry_mirrors),
            timeout=20,
        )  # fmt: skip
