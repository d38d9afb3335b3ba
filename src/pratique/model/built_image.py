"""A built image as its checks are given it: configuration, history, and what its files tell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from pratique.model.configuration import Mode, Trace
from pratique.model.inventory import Distro


class Step(Struct, frozen=True, gc=False):
    """One line of an image's history, whichever tool wrote it."""

    instruction: str
    """RUN, COPY, ADD, ENV …; empty where the line tells none."""
    text: str
    """What follows the instruction: of RUN the command, without the shell that ran it."""
    arguments: Mapping[str, str]
    """Build arguments with their values, as a builder writes them before the command of a RUN."""
    layer: int
    """Index of the layer that it made; -1 where it made none."""
    created: str
    """RFC 3339; empty where it is not told."""


class BuiltImage(Struct, frozen=True):
    """An image, or an unpacked root file system, which has no configuration."""

    name: str
    config: Mapping[str, object] | None
    """The `config` of the OCI image configuration; None for a root file system."""
    created: str = ""
    today: str = ""
    """`YYYY-MM-DD`."""
    architecture: str = ""
    """Go's name of it: amd64, arm64 …"""
    steps: tuple[Step, ...] = ()
    layers: int = 0
    modes: tuple[Mode, ...] = ()
    traces: tuple[Trace, ...] = ()
    distro: Distro | None = None

    def text(self, key: str) -> str:
        """Return a text of the configuration; an empty one where there is none."""
        value = (self.config or {}).get(key)
        return value.strip() if isinstance(value, str) else ""

    def texts(self, key: str) -> list[str]:
        """Return a list of the configuration; Docker's old images have a text where one item is."""
        value = (self.config or {}).get(key)
        if isinstance(value, str):
            return [value]
        return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []

    def names(self, key: str) -> list[str]:
        """Return the keys of a set of the configuration: ports, volumes."""
        value = (self.config or {}).get(key)
        return sorted(str(one) for one in value) if isinstance(value, dict) else []

    @property
    def environment(self) -> dict[str, str]:
        pairs = (pair.partition("=") for pair in self.texts("Env"))
        return {name: value for name, _, value in pairs}

    @property
    def labels(self) -> dict[str, str]:
        value = (self.config or {}).get("Labels")
        return (
            {k: v for k, v in value.items() if isinstance(v, str)}
            if isinstance(value, dict)
            else {}
        )

    @property
    def command(self) -> list[str]:
        """What a container runs: the entry point, then its default arguments."""
        return [*self.texts("Entrypoint"), *self.texts("Cmd")]

    @property
    def user(self) -> str:
        return self.text("User").partition(":")[0].strip()

    @property
    def runs_as_root(self) -> bool:
        """Tell whether the user is root by name, by id, or by another name for the id 0."""
        known = {trace.detail: trace.number for trace in self.of("user")}
        user = self.user
        return user in ("", "root") or (user.isdigit() and int(user) == 0) or known.get(user) == 0

    @property
    def is_base(self) -> bool:
        """Tell an image that others build on: it starts a shell, and nothing was copied into it."""
        words = [word.rpartition("/")[2] for word in self.command]
        if words and not words[0].startswith((*_INTERPRETERS, _START_SCRIPT)):
            return False
        if len(words) > 2 or self.names("ExposedPorts") or self.names("Volumes"):
            return False
        copied = [step for step in self.steps if step.instruction in ("COPY", "ADD")]
        return all(step.layer <= 0 or _START_SCRIPT in step.text for step in copied)

    def of(self, *what: str) -> Iterator[Trace]:
        """Yield the traces of some kinds."""
        return (trace for trace in self.traces if trace.what in what)

    def programs(self, names: frozenset[str]) -> list[str]:
        """Return the paths of programs by their names."""
        return [trace.path for trace in self.of("program") if trace.detail in names]


_INTERPRETERS = (
    "sh",
    "bash",
    "ash",
    "dash",
    "python",
    "node",
    "irb",
    "jshell",
    "php",
    "perl",
    "iex",
)
_START_SCRIPT = "docker-entrypoint"
