"""Say which licence each package and file is under: what is stated, and what texts tell."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from pratique.licenses import policy as rules
from pratique.licenses.categories import SEVERITY, category
from pratique.licenses.evaluate import conjuncts, evaluate, leaves
from pratique.licenses.expressions import is_known, normalise, plain_name
from pratique.model.advisory import SEVERITIES
from pratique.model.inventory import SYSTEM_TYPES, Inventory, Package
from pratique.model.license import LicenseFinding, LicenseText
from pratique.model.settings import Settings

UNKNOWN = "unknown"
"""The name of the licence of what states none, as Trivy has it."""
_CHOICE = frozenset({"npm", "composer", "gem", "cran", "maven"})
"""Whose lists of licences are for the user to choose from, as their documentation says."""
_PLACEHOLDERS = ("SEE LICENSE IN", "SEE LICENCE IN", "FILE LICENSE", "LICENSE", "UNKNOWN")
_INCOMPATIBLE = (
    ("GPL-2.0-only", ("Apache-2.0",)),
    ("GPL-2.0-only", ("GPL-3.0-only", "GPL-3.0-or-later", "LGPL-3.0-only", "LGPL-3.0-or-later")),
)
_SAID = (
    "needs {name}, which is {other}: GPL-2.0-only does not allow for its terms "
    "where both make one program"
)


class Licensed(Struct, frozen=True):
    """A package and the files that hold its licences."""

    package: Package
    """With its licences as SPDX expressions, all of which apply."""
    texts: tuple[LicenseText, ...]
    remark: str = ""


def licensed(inventory: Inventory) -> list[Licensed]:
    """Return the packages with normalised licences, those of their files where they state none."""
    places = _Places(inventory.license_texts, inventory.packages)
    return [_licensed(package, places) for package in inventory.packages]


def with_licenses(inventory: Inventory) -> Inventory:
    """Return an inventory whose packages' licences are SPDX expressions wherever they are known."""
    return replace(inventory, packages=tuple(one.package for one in licensed(inventory)))


def findings(
    inventory: Inventory, settings: Settings, today: str
) -> tuple[Inventory, tuple[LicenseFinding, ...]]:
    """Return the inventory with normalised licences, and the licences of packages and of files.

    Files that belong to no package are asked for by `--license-full`.
    """
    every = licensed(inventory)
    conflicts = _conflicts([one.package for one in every])
    found = [*_of_packages(every, conflicts, settings, today)]
    if settings.license_full:
        used = {text.path for one in every for text in one.texts}
        found += _of_files([t for t in inventory.license_texts if t.path not in used], settings)
    packages = tuple(one.package for one in every)
    return replace(inventory, packages=packages), tuple(found)


class _Places:
    """Where licence files are, so that a package finds its own."""

    def __init__(self, texts: Sequence[LicenseText], packages: Sequence[Package]) -> None:
        self._named: dict[str, LicenseText] = {t.package: t for t in texts if t.package}
        self._in_folder: dict[str, list[LicenseText]] = defaultdict(list)
        for text in texts:
            if not text.package:
                self._in_folder[text.path.rpartition("/")[0]].append(text)
        # a documentation folder may be a link to that of a package of the same source, no other
        self._of_source: dict[str, LicenseText] = {}
        for package in packages:
            if package.type == "deb" and (own := self._named.get(package.name)):
                self._of_source.setdefault(package.source, own)

    def of(self, package: Package) -> tuple[LicenseText, ...]:
        if package.type == "deb":
            own = self._named.get(package.name) or self._of_source.get(package.source)
            return (own,) if own else ()
        found = [t for folder in _folders(package) for t in self._in_folder.get(folder, ())]
        return tuple(found)


def _folders(package: Package) -> Iterator[str]:
    """Yield the folders in which a package keeps its licences."""
    folder, _, file = package.path.rpartition("/")
    match package.type:
        case "npm" if file == "package.json":
            yield folder
        case "pypi" if folder.endswith((".dist-info", ".egg-info")):
            yield from (folder, f"{folder}/licenses", f"{folder}/license_files")
        case "gem" if folder.endswith("/specifications"):
            yield f"{folder.removesuffix('specifications')}gems/{file.removesuffix('.gemspec')}"
        case "composer" if folder.endswith("vendor/composer"):
            yield f"{folder.removesuffix('composer')}{package.name}"
        case "golang" if file == "go.mod":
            yield f"{folder}/vendor/{package.name}".lstrip("/")
        case "rpm" | "alpm" | "apk":
            yield f"usr/share/licenses/{package.name}"


def _licensed(package: Package, places: _Places) -> Licensed:
    stated = _stated(package)
    texts = places.of(package)
    told = _parts(one for text in texts for one in text.licenses)
    remark = ""
    exact = [one for one in told if one.startswith("BSD-")]
    if "BSD" in stated and len(exact) == 1:
        stated = tuple(dict.fromkeys(exact[0] if one == "BSD" else one for one in stated))
    if told and _is_vague(stated, told):
        stated = told
    elif told and package.type not in SYSTEM_TYPES:
        remark = _differing(stated, told)
    return Licensed(replace(package, licenses=stated), texts, remark)


def _is_vague(stated: Sequence[str], told: Sequence[str]) -> bool:
    """Tell whether what is stated says less than a file: `BSD`, unless that holds the GPL."""
    if any(is_known(one) for one in stated):
        return False
    kinds = {category(one) for one in stated} - {UNKNOWN}
    return not kinds or not kinds.isdisjoint(map(category, told))


def _stated(package: Package) -> tuple[str, ...]:
    """Return what a package's metadata says, as expressions."""
    names = [
        text
        for text in package.licenses
        if text.strip() and not text.upper().startswith(_PLACEHOLDERS)
    ]  # fmt: skip
    found = [one for one in dict.fromkeys(map(normalise, names)) if one]
    if len(found) > 1 and package.type in _CHOICE and all(is_known(one) for one in found):
        return (normalise(" OR ".join(f"({one})" if " " in one else one for one in found)),)
    return _parts(found)


def _parts(expressions: Iterable[str]) -> tuple[str, ...]:
    """Return the licences that all apply, each once: what AND joins is taken apart."""
    found = (part for one in expressions for part in (conjuncts(one) if " AND " in one else [one]))
    return tuple(dict.fromkeys(map(plain_name, found)))


def _differing(stated: Sequence[str], told: Sequence[str]) -> str:
    """Say where a package's files hold another licence than its metadata names."""
    named = {_plain(leaf) for one in stated for leaf in leaves(one)}
    other = [one for one in told if is_known(one) and not named & {_plain(x) for x in leaves(one)}]
    stricter = [one for one in other if category(one) not in ("permissive", "public-domain")]
    if not stricter:
        return ""
    return f"its files hold {', '.join(stricter[:4])} as well"


def _plain(license_: str) -> str:
    """Return what licences have in common that differ in their version only, of the GNU family."""
    base = license_.partition(" WITH ")[0]
    return base.partition("-")[0] if base.startswith(("GPL-", "LGPL-", "AGPL-", "GFDL-")) else base


def _of_packages(
    every: Sequence[Licensed], conflicts: Mapping[int, str], settings: Settings, today: str
) -> Iterator[LicenseFinding]:
    for number, one in enumerate(every):
        package = one.package
        remark = "; ".join(filter(None, (conflicts.get(number), one.remark)))
        confidence = min((text.confidence for text in one.texts), default=1.0)
        path = "" if package.type in SYSTEM_TYPES else package.path
        for at, name in enumerate(package.licenses or (UNKNOWN,)):
            found = LicenseFinding(
                name, "unknown", "UNKNOWN", package.name, package.version, package.type,
                package.analyzer, path, confidence, package.changed, "" if at else remark,
            )  # fmt: skip
            yield _judged(found, settings, today)


def _of_files(texts: Sequence[LicenseText], settings: Settings) -> Iterator[LicenseFinding]:
    for text in texts:
        if text.confidence >= settings.license_confidence_level and not text.package:
            for name in text.licenses:
                found = LicenseFinding(name, "", "", path=text.path, confidence=text.confidence,
                                       layer=text.layer)  # fmt: skip
                yield _judged(found, settings, "")


def _judged(found: LicenseFinding, settings: Settings, today: str) -> LicenseFinding:
    """Return a finding with its category, and what the policy makes of it."""
    policy = settings.license_policy
    google = rules.class_by(found.name, policy)
    said, rule = rules.verdict(found.name, policy)
    severity = SEVERITY[google]
    if said == "denied":
        severity = "CRITICAL"
    elif said == "needs review":
        severity = max(severity, "MEDIUM", key=SEVERITIES.index)
    reason, remark = "", found.remark
    accepted, expired = rules.exempted(found.package, found.version, found.name, policy, today)
    if rules.is_ignored(found.name, settings.ignored_licenses):
        reason = "ignored by --ignored-licenses"
    elif found.package and accepted:
        reason = f"accepted: {accepted}"
    elif said == "allowed":
        reason = rule
    elif found.package and expired:
        remark = "; ".join(filter(None, (remark, f"its exception ended on {expired}")))
    return replace(
        found, category=category(found.name), google_class=google, severity=severity,
        verdict=said, rule=rule, reason=reason, remark=remark,
    )  # fmt: skip


def _conflicts(packages: Sequence[Package]) -> dict[int, str]:
    """Return a remark for packages that need another whose licence theirs does not allow for.

    Only where a lock file or database says that one needs the other, neither offers a choice, and
    both are libraries: what stands side by side in an image is mere aggregation.
    """
    by_id = {(p.path, f"{p.name}@{p.version}"): p for p in packages if p.type not in SYSTEM_TYPES}
    found = {}
    for number, package in enumerate(packages):
        own = _inevitable(package) if package.depends and package.type not in SYSTEM_TYPES else ()
        for license_, others in _INCOMPATIBLE:
            if license_ not in own:
                continue
            for id in package.depends:
                needed = by_id.get((package.path, id))
                if needed and (clash := [x for x in _inevitable(needed) if x in others]):
                    found[number] = _SAID.format(name=needed.name, other=clash[0])
    return found


def _inevitable(package: Package) -> list[str]:
    """Return the licences that apply whatever a user chooses."""
    return [leaf for one in package.licenses
            for leaf in evaluate(one, lambda leaf: [leaf], _nothing, _all)]  # fmt: skip


def _nothing(_: list[list[str]]) -> list[str]:
    return []


def _all(parts: list[list[str]]) -> list[str]:
    return [leaf for part in parts for leaf in part]
