"""Image references: `[registry/]repository[:tag][@digest]`, as users write them.

Grammar: https://github.com/distribution/reference. Short names are Docker Hub's, as for Docker.
"""

from __future__ import annotations

import re

from msgspec import Struct

from pratique.errors import UsageError
from pratique.model.image import Digest

HUB = "docker.io"
_NAME_LIMIT = 255
_LIMIT = 600  # a name, a tag and a digest, with room to spare
_PART = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
_LABEL = r"(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])"
_HOST = re.compile(rf"(?:{_LABEL}(?:\.{_LABEL})*|\[[0-9a-fA-F:]+\])(?::[0-9]{{1,5}})?")
_PATH = re.compile(rf"{_PART}(?:/{_PART})*")
_TAG = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}")
_DIGEST = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[+._-][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,128}")
_LENGTHS = {"sha256": 64, "sha384": 96, "sha512": 128}
_IDENTIFIER = re.compile(r"[0-9a-f]{64}")


class Reference(Struct, frozen=True, gc=False):
    """Where an image is; at least one of `tag` and `digest` is there."""

    registry: str
    """Host and port: `docker.io`, `localhost:5000`, `[::1]:5000`."""
    repository: str
    """The full path in the registry: `library/debian`."""
    tag: str = ""
    digest: Digest = Digest("")

    @property
    def name(self) -> str:
        """Registry and repository in the short way that Docker shows them: `debian`."""
        if self.registry != HUB:
            return f"{self.registry}/{self.repository}"
        return self.repository.removeprefix("library/")

    def __str__(self) -> str:
        tag = f":{self.tag}" if self.tag else ""
        return f"{self.name}{tag}" + (f"@{self.digest}" if self.digest else "")


def parse(text: str) -> Reference:
    """Return the reference that a user wrote; `latest` where there is neither tag nor digest.

    Raises UsageError, with advice where the mistake is a usual one.
    """
    if len(text) > _LIMIT:
        raise _nonsense(text[:60] + "…", f"it has more than {_LIMIT} characters")
    rest, at, digest = text.partition("@")
    if at and not is_digest(digest):
        raise _nonsense(text, f"{digest!r} is not a digest", "A digest looks like sha256:4bcf…")
    name, tag = _split_tag(rest)
    if tag is not None and not _TAG.fullmatch(tag):
        raise _nonsense(text, f"{tag!r} is not a tag")
    registry, repository = _split_registry(name)
    _check(text, registry, repository)
    return Reference(registry, repository, tag or ("" if at else "latest"), Digest(digest))


def is_digest(text: str) -> bool:
    """Whether a text is a digest of the OCI image specification, of the right length if known."""
    if not _DIGEST.fullmatch(text):
        return False
    algorithm, _, encoded = text.partition(":")
    return len(encoded) == _LENGTHS.get(algorithm, len(encoded)) and (
        algorithm not in _LENGTHS or encoded == encoded.lower()
    )


def _split_tag(text: str) -> tuple[str, str | None]:
    """A colon after the last slash begins the tag; one before it, a port."""
    slash, colon = text.rfind("/"), text.rfind(":")
    return (text[:colon], text[colon + 1 :]) if colon > slash else (text, None)


def _split_registry(name: str) -> tuple[str, str]:
    """The first part is a host if it looks like one: a dot, a port, capitals, or `localhost`."""
    first, slash, rest = name.partition("/")
    is_host = slash and (
        "." in first or ":" in first or first == "localhost" or first != first.lower()
    )
    registry, repository = (first, rest) if is_host else (HUB, name)
    if registry == "index.docker.io":
        registry = HUB
    if registry == HUB and repository and "/" not in repository:
        repository = f"library/{repository}"
    return registry, repository


def _check(text: str, registry: str, repository: str) -> None:
    name = repository.removeprefix("library/")
    if "://" in text:
        raise _nonsense(text, "it is a URL", "Leave out what is before the host.")
    if not _HOST.fullmatch(registry):
        raise _nonsense(text, f"{registry!r} is not a host")
    if not _PATH.fullmatch(repository):
        advice = (
            "Repositories are written in lower case." if repository.lower() != repository else ""
        )
        raise _nonsense(
            text, f"{repository.removeprefix('library/')!r} is not a repository", advice
        )
    if len(registry) + 1 + len(repository) > _NAME_LIMIT:
        raise _nonsense(text[:60] + "…", f"the name has more than {_NAME_LIMIT} characters")
    if registry == HUB and _IDENTIFIER.fullmatch(name):
        raise _nonsense(text, "it is an image's id, which no registry knows", "Name a repository.")


def _nonsense(text: str, why: str, advice: str = "") -> UsageError:
    return UsageError(f"{text!r} is not an image reference: {why}", advice)
