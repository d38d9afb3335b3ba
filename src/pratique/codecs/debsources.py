"""Where apt gets packages from: sources.list(5), in one line a source and in deb822."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from pratique.codecs.debcontrol import paragraphs
from pratique.errors import MalformedError

_LINE = re.compile(r"deb\s+(?:\[([^]]*)\]\s*)?(\S+)\s+(\S+)((?:\s+\S+)*)\s*")
_OPTIONS = {"signed-by": "Signed-By", "arch": "Architectures", "trusted": "Trusted",
            "check-valid-until": "Check-Valid-Until"}  # fmt: skip


class AptSource(Struct, frozen=True):
    """One suite of one archive."""

    url: str
    suite: str
    """A release's name; with a slash at its end the path of a flat archive."""
    components: tuple[str, ...]
    signed_by: str = ""
    """Paths of keyrings and fingerprints, or a key itself, in armor."""
    architectures: tuple[str, ...] = ()
    checks_date: bool = True
    """Whether Valid-Until counts."""

    @property
    def place(self) -> str:
        """The address below which the suite's Release is."""
        base = self.url.rstrip("/")
        if self.suite.endswith("/"):
            return f"{base}/{self.suite.strip('/')}".rstrip("/").removesuffix("/.")
        return f"{base}/dists/{self.suite.strip('/')}"

    def __str__(self) -> str:
        return f"{self.url} {self.suite}"


def one_line(data: bytes, where: str) -> Iterator[AptSource]:
    """Yield the sources of a `.list`; raise MalformedError for a line that is none."""
    for number, line in enumerate(data.decode("utf-8", "replace").splitlines(), 1):
        text = line.partition("#")[0].strip()
        if text.startswith(("deb ", "deb\t")):
            yield line_source(text, f"{where}:{number}")


def line_source(text: str, where: str) -> AptSource:
    """Return the source of one line, `deb [options] URL SUITE COMPONENT…`."""
    match = _LINE.fullmatch(text)
    if not match:
        raise MalformedError(f"{text[:80]!r} is no line of sources.list", where)
    pairs = (pair.partition("=") for pair in (match[1] or "").split())
    fields = {_OPTIONS[name]: value.replace(",", " ") for name, _, value in pairs
              if name in _OPTIONS}  # fmt: skip
    return _source(match[2], match[3], tuple(match[4].split()), fields)


def deb822(data: bytes) -> Iterator[AptSource]:
    """Yield the sources of a `.sources` that are switched on."""
    for fields in paragraphs(data):
        if fields.get("Enabled", "yes").lower() in ("no", "false", "0"):
            continue
        if "deb" in fields.get("Types", "").split():
            components = tuple(fields.get("Components", "").split())
            for url in fields.get("URIs", "").split():
                for suite in fields.get("Suites", "").split():
                    yield _source(url, suite, components, fields)


def _source(url: str, suite: str, components: tuple[str, ...], fields: dict[str, str]) -> AptSource:
    checks = fields.get("Check-Valid-Until", "yes").lower() not in ("no", "false", "0")
    return AptSource(
        url, suite, components, fields.get("Signed-By", "").strip(),
        tuple(fields.get("Architectures", "").split()), checks,
    )  # fmt: skip
