"""The report of one image or directory: what it holds, what is wrong, what could not be judged."""

from __future__ import annotations

from msgspec import Struct

from pratique.model.advisory import Shard
from pratique.model.baseline import Baseline
from pratique.model.finding import Finding
from pratique.model.ignore_rule import Rule
from pratique.model.image import Image
from pratique.model.inventory import Inventory, Problem
from pratique.model.license import LicenseFinding
from pratique.model.misconfiguration import Examined
from pratique.model.origin import Origin
from pratique.model.policy import Verdict
from pratique.model.runtimes import Runtime
from pratique.model.secret import Secret


class Base(Struct, frozen=True):
    """How many layers come from the base image, and how that is known."""

    layers: int
    name: str
    """As a label of the image or its distribution names it; may be empty."""
    known_by: str


class Lifecycle(Struct, frozen=True):
    """Whether the distribution's release still gets fixes."""

    ended: bool | None
    """None where the release is not known; that is never shown as clean."""
    date: str = ""
    """When it ended or ends, `YYYY-MM-DD`."""


class Report(Struct, frozen=True):
    """Everything a format needs; a format adds nothing of its own."""

    name: str
    kind: str
    """`container_image` or `filesystem`, as in Trivy's ArtifactType."""
    inventory: Inventory
    findings: tuple[Finding, ...]
    image: Image | None = None
    suppressed: tuple[Finding, ...] = ()
    """Findings that evidence or an ignore file judged away, each with its reason."""
    problems: tuple[Problem, ...] = ()
    """What could not be read or judged."""
    missing: tuple[str, ...] = ()
    """Shards that were needed and are not there: their packages were not checked."""
    shards: tuple[Shard, ...] = ()
    base: Base = Base(0, "", "")
    lifecycle: Lifecycle = Lifecycle(None)
    runtimes: tuple[Runtime, ...] = ()
    """Runtimes and servers that no distribution maintains."""
    secrets: tuple[Secret, ...] = ()
    """Secrets that count; those with a reason do not, and formats show them where asked to."""
    examined: tuple[Examined, ...] = ()
    """Configuration that was judged, each with what is wrong with it."""
    licenses: tuple[LicenseFinding, ...] = ()
    scanners: tuple[str, ...] = ()
    """What was looked for, in the words of `--scanners`."""
    created: str = ""
    """When the report was made, RFC 3339."""
    applied: tuple[Rule, ...] = ()
    """Rules of the user's that name anything here, those that have expired as well."""
    images: tuple[str, ...] = ()
    """References to images that Compose files name and that nothing here builds."""
    baseline: Baseline | None = None
    origins: dict[int, Origin] = {}
    """Which instruction of the user's Dockerfile made a layer, by its index."""
    verdicts: tuple[Verdict, ...] = ()
    """What policies say of it."""
