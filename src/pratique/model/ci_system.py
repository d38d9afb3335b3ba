"""The kind of part that writes a pipeline for one CI system."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct


class Pipeline(Struct, frozen=True):
    """What a pipeline is made for."""

    image: str
    """The name under which the image is built."""
    dockerfile: str
    context: str
    gates: str
    """The policy: a ready one's name or a file."""
    version: str
    """Of Pratique: pipelines name the one that wrote them."""

    @property
    def build(self) -> str:
        """The command that builds the image."""
        return f"docker build -t {self.image} -f {self.dockerfile} {self.context}"

    @property
    def install(self) -> str:
        return f"python -m pip install --quiet pratique=={self.version}"

    def scan(self, *more: str) -> str:
        """Return the command that scans the image and fails by the policy."""
        words = (
            "pratique image --input image.tar --scanners vuln,secret,misconfig",
            f"--dockerfile {self.dockerfile}", f"--gates {self.gates}", *more,
        )  # fmt: skip
        return " \\\n  ".join(words)


class Mending(Struct, frozen=True):
    """What a job that opens requests for fixes is made for."""

    folder: str
    group: str
    version: str
    """Of Pratique."""

    @property
    def install(self) -> str:
        return f"python -m pip install --quiet pratique=={self.version}"

    def fix(self, forge: str) -> str:
        group = f" --group {self.group}" if self.group != "all" else ""
        return f"pratique fix fs {self.folder} --pr {forge}{group}"


class Fixes(Struct, frozen=True):
    """A scheduled job in a file of its own, since it alone may write."""

    path: str
    text: Callable[[Mending], str]
    after: str


class System(Struct, frozen=True):
    """A CI system: where its pipeline is written, and what it says."""

    name: str
    path: str
    """Relative to the repository."""
    text: Callable[[Pipeline], str]
    after: str
    """What is left to do, in a sentence."""
    fixes: Fixes | None = None
