"""Which Maven artifact a jar is, by its own metadata, its manifest and its file name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from msgspec import Struct

from pratique.codecs.maven_groups import known_group

_POM = re.compile(r"(?:^|/)META-INF/maven/([^/]+)/([^/]+)/pom\.properties$")
_PROPERTY = re.compile(r"^[ \t]*([\w.]+)[ \t]*[=:][ \t]*([^\r\n]*)", re.MULTILINE)
_ID = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.\-]*")
_GROUP = re.compile(r"[a-z][a-z0-9_\-]*(?:\.[a-zA-Z0-9_\-]+)+")
# Gradle's nebula plugins, which build many of Netflix's, Micrometer's and Spring's archives
_NEBULA = re.compile(r"([^#;\s]+)#([^#;\s]+);([^#;\s]+)")
_QUALIFIER = re.compile(
    r"(?i:alpha|beta|m|rc|cr|b|ga|final|release|sp|snapshot|jre|android|incubating|ea|pre|preview"
    r"|build|dev|milestone|redhat|jdk|stable)[.\d]*"
)
_UMBRELLAS = ("org.apache", "org.eclipse", "org.codehaus", "org.jboss", "com.google", "com.sun",
              "com.oracle")  # fmt: skip
"""Vendors of many groups."""
_NO_CODE = ("-sources", "-javadoc")
_LONGEST_NAME = 255
_VERSIONS = ("implementation-version", "bundle-version", "specification-version")


_CLAUSE = re.compile(r",\s*(?=https?://|www\.|\w+\s*;)")
_MOST_OF_LICENSE = 2000


class Artifact(Struct, frozen=True, gc=False):
    group: str
    """Empty where no evidence names one."""
    artifact: str
    version: str

    @property
    def name(self) -> str:
        return f"{self.group}:{self.artifact}" if self.group else self.artifact


def read_manifest(data: bytes) -> dict[str, str]:
    """Read the main section of a manifest (JAR file specification), keys in lower case."""
    lines = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").partition(b"\n\n")[0]
    text = lines.replace(b"\n ", b"").decode("utf-8", "replace")  # a fold may split a character
    fields = (line.partition(":") for line in text.split("\n"))
    return {key.strip().lower(): value.strip() for key, _, value in fields}


def bundle_licenses(manifest: dict[str, str]) -> tuple[str, ...]:
    """Return what OSGi's Bundle-License names: addresses, names, or SPDX ids (OSGi Core, 3.2.1.8).

    A clause may have a `link` and a `description`, which are left out.
    """
    value = manifest.get("bundle-license", "")[:_MOST_OF_LICENSE]
    clauses = _CLAUSE.split(value) if "://" in value else [value]
    names = (clause.partition(";")[0].strip(' "') for clause in clauses)
    return tuple(dict.fromkeys(name for name in names if name and not name.startswith("<<")))


def is_pom_properties(entry: str) -> bool:
    """Tell by its path whether an entry is what Maven writes about an artifact."""
    return _POM.search(entry) is not None


def read_pom_properties(entry: str, data: bytes) -> Artifact | None:
    """Read what Maven writes into every jar; the entry's path says what the file does not."""
    path = _POM.search(entry)
    found: dict[str, str] = dict(_PROPERTY.findall(data.decode("utf-8", "replace")))
    group = found.get("groupId", path[1] if path else "").strip()
    artifact = found.get("artifactId", path[2] if path else "").strip()
    version = found.get("version", "").strip()
    if not artifact or not version or "$" in version:
        return None
    return Artifact(group, artifact, version)


def identify(
    file_name: str, poms: Iterable[Artifact], manifest: dict[str, str], classes: bytes
) -> Iterator[Artifact]:
    """Yield every artifact that is in one archive, the archive's own included, each once.

    Several pom.properties are shaded content. The archive's own identity is one of them where its
    file name or its manifest agree; otherwise it comes from these two, and needs a version.
    """
    known = list(dict.fromkeys(poms))
    yield from known
    stem = file_name.rpartition(".")[0]
    versions = [manifest[key] for key in _VERSIONS if manifest.get(key)]
    artifact, version = split_name(stem, versions)
    if stem.endswith(_NO_CODE) or any(_agrees(pom, stem, artifact, versions) for pom in known):
        return
    own = _nebula(manifest) or _own(artifact, version, versions, manifest, classes)
    if own and own not in known:
        yield own


def _agrees(pom: Artifact, stem: str, artifact: str, versions: list[str]) -> bool:
    if artifact == pom.artifact or stem.startswith(f"{pom.artifact}-{pom.version}"):
        return True
    # renamed: nothing in the file name, so the manifest's version must do
    return artifact == "" and pom.version in versions


def _nebula(manifest: dict[str, str]) -> Artifact | None:
    match = _NEBULA.fullmatch(manifest.get("implementation-title", ""))
    return Artifact(*match.groups()) if match else None


def _own(
    artifact: str, version: str, versions: list[str], manifest: dict[str, str], classes: bytes
) -> Artifact | None:
    if not version:
        artifact, version = _titled(manifest), next(iter(versions), "")
    if not artifact or not version or not version[0].isdigit():
        return None
    application = b"BOOT-INF/" in classes or b"WEB-INF/" in classes
    group = "" if application else _group(artifact, version, manifest, classes)
    return Artifact(group, artifact, version)


def _titled(manifest: dict[str, str]) -> str:
    title = manifest.get("implementation-title", "")
    if _ID.fullmatch(title) and not _GROUP.fullmatch(title):
        return title
    return _symbolic_name(manifest).rpartition(".")[2]


def _symbolic_name(manifest: dict[str, str]) -> str:
    return manifest.get("bundle-symbolicname", "").partition(";")[0].strip()


def _group(artifact: str, version: str, manifest: dict[str, str], classes: bytes) -> str:
    """Return the group where there is evidence for it, not a guess.

    A wrong group would make a package look checked that was not.
    """
    described = re.search(
        rb"META-INF/maven/([^/]+)/%b/pom\.xml" % re.escape(artifact).encode(), classes
    )
    if described:
        return described[1].decode("utf-8", "replace")
    module = manifest.get("automatic-module-name", "")
    group = known_group(artifact, version, classes + b"\n" + module.encode())
    if group:
        return group
    symbolic = _symbolic_name(manifest)
    named = symbolic.removesuffix(f".{artifact}")
    if named not in (symbolic, *_UMBRELLAS):
        return named
    vendor = manifest.get("implementation-vendor-id", "")
    folder = vendor.replace(".", "/") + "/"
    if _GROUP.fullmatch(vendor) and vendor not in _UMBRELLAS and folder.encode() in classes:
        return vendor
    return ""


def split_name(stem: str, versions: Iterable[str] = ()) -> tuple[str, str]:
    """Split `artifact-version[-classifier]`; both empty where there is no version.

    A version that the manifest names decides; else it is the last part that begins with a digit,
    with the qualifiers after it and the digits before it.
    """
    for version in versions:
        artifact, found, rest = stem.rpartition(f"-{version}")
        if found and artifact and (not rest or rest[0] == "-"):
            return artifact, version
    parts = stem.split("-")
    digits = [i for i, part in enumerate(parts) if i and part[:1].isdigit()]
    if not digits or len(stem) > _LONGEST_NAME or not _ID.fullmatch(stem):
        return "", ""
    starts = frozenset(digits)
    start = next((i for i in reversed(digits) if "." in parts[i]), digits[-1])
    while start - 1 in starts or (start - 2 in starts and _QUALIFIER.fullmatch(parts[start - 1])):
        start -= 1 if start - 1 in starts else 2
    end = start + 1
    while end < len(parts) and (end in starts or _QUALIFIER.fullmatch(parts[end])):
        end += 1
    return "-".join(parts[:start]), "-".join(parts[start:end])
