"""RPM's relations, in the words of the resolver: `name`, `name >= 1:2.3-4`, files, rich ones.

https://rpm-software-management.github.io/rpm/manual/dependencies.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pratique.codecs.debrelation import Relation
from pratique.codecs.rpmheader import (
    ARCH,
    EPOCH,
    NAME,
    RELEASE,
    REQUIRE_NAMES,
    VERSION,
    Header,
)
from pratique.patch.resolution import Deb

_LESS, _GREATER, _EQUAL = 2, 4, 8
_SIGNS = {_LESS: "<<", _GREATER: ">>", _EQUAL: "=", _LESS | _EQUAL: "<=", _GREATER | _EQUAL: ">="}
_NAMES_FLAGS_VERSIONS = {
    "requires": (1049, 1048, 1050), "provides": (1047, 1112, 1113),
    "conflicts": (1054, 1053, 1055), "obsoletes": (1090, 1114, 1115),
}  # fmt: skip


def relation(name: str, flags: int, version: str) -> Relation:
    """Return a relation; the empty version is any."""
    sign = _SIGNS.get(flags & (_LESS | _GREATER | _EQUAL), "") if version else ""
    return Relation(name, "", sign, version if sign else "")


def is_checked(one: Relation) -> bool:
    """Tell whether a need is for the resolver: rpm's own features and files are not."""
    return not one.name.startswith(("rpmlib(", "/"))


def is_rich(one: Relation) -> bool:
    return one.name.startswith("(")


def evr(header: Header) -> str:
    """Return `epoch:version-release`, the epoch left out where it is 0."""
    epoch = header.numbers(EPOCH)[:1]
    front = f"{epoch[0]}:" if epoch and epoch[0] else ""
    return f"{front}{header.text(VERSION)}-{header.text(RELEASE)}"


def deb_of(header: Header) -> Deb:
    """Return an installed package; what it needs in rich words is taken as given."""
    found = {kind: list(_relations(header, *tags)) for kind, tags in _NAMES_FLAGS_VERSIONS.items()}
    return package(
        header.text(NAME), evr(header), header.text(ARCH), found["requires"],
        [*found["conflicts"], *found["obsoletes"]], found["provides"],
    )  # fmt: skip


def rich_of(header: Header) -> frozenset[str]:
    """Return the needs in rich words, as they are written."""
    return frozenset(name for name in header.texts(REQUIRE_NAMES) if name.startswith("("))


def package(
    name: str, version: str, arch: str, needs: Iterable[Relation], refuses: Iterable[Relation],
    provides: Iterable[Relation],
) -> Deb:  # fmt: skip
    """Return a package for the resolver: any architecture's capabilities serve, as in RPM."""
    own = "all" if arch in ("noarch", "") else arch
    needed = tuple((one,) for one in needs if is_checked(one) and not is_rich(one))
    refused = tuple(one for one in refuses if is_checked(one) and not is_rich(one))
    return Deb(name, version, own, version, needed, refused, tuple(provides), "foreign")


def _relations(header: Header, names: int, flags: int, versions: int) -> Iterator[Relation]:
    numbers, texts = header.numbers(flags), header.texts(versions)
    for index, name in enumerate(header.texts(names)):
        flag = numbers[index] if index < len(numbers) else 0
        yield relation(name, flag, texts[index] if index < len(texts) else "")
