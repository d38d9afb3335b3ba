"""Look for secrets in one scan: in files, in an image's configuration, and at their providers."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import DecodeError, ValidationError, msgpack

from pratique.cache import Cache
from pratique.codecs.glob import compiled
from pratique.model.analyzer import Analyzer
from pratique.model.image import Image
from pratique.model.secret import Secret
from pratique.model.settings import Settings
from pratique.secrets import custom
from pratique.secrets.configuration import Configured, find
from pratique.secrets.scanner import analyzer, engine

_CONFIGURED = msgpack.Decoder(Configured)


class Search:
    """Our rules and the user's; no rule is imported before there is something to read."""

    def __init__(self, settings: Settings, compiled: Cache) -> None:
        """`compiled` keeps compiled rules. Raises UsageError for a bad file of rules."""
        self._settings = settings
        self._values: dict[tuple[str, str, str], bytes] = {}
        rules = custom.read(settings.secret_config)
        self._engine = engine(rules, compiled, self._keep if settings.secret_verify else None)
        self.analyzer: Analyzer = analyzer(rules, self._engine)

    def _keep(self, secret: Secret, value: bytes) -> None:
        self._values[secret.path, secret.rule, secret.mark] = value

    def in_configuration(self, image: Image, cache: Cache) -> Configured:
        """Return the secrets of an image's environment, labels, commands and history."""
        key = f"secrets of {image.id} {self.analyzer.version}"
        known = None if self._settings.secret_verify else cache.get(key)
        try:
            if known is not None:
                return _CONFIGURED.decode(known)
        except (ValidationError, DecodeError):
            pass
        found = find(image, self._engine)
        if image.id:
            cache.put(key, msgpack.encode(found))
        return found

    def verified(self, secrets: Sequence[Secret]) -> Sequence[Secret]:
        """Return secrets with what their providers say of them, where that is asked for."""
        if not self._settings.secret_verify or self._settings.offline:
            return secrets
        from pratique.secrets.verify import verify  # noqa: PLC0415 - few ask for it

        return verify(secrets, self._values, self._settings)


def wanted(secrets: Sequence[Secret], settings: Settings) -> list[Secret]:
    """Return the secrets of severities and files that the settings ask for."""
    files = [compiled(glob) for glob in settings.skip_files]
    folders = [compiled(glob.rstrip("/") + "/**") for glob in settings.skip_dirs]
    return [
        secret
        for secret in secrets
        if secret.severity in settings.severity
        and not any(matches(secret.path) for matches in (*files, *folders))
    ]
