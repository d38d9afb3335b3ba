"""What a Gradle build script declares, Groovy or Kotlin, and where its versions are written.

What stands there as a literal, or as a property that is one, is found; what is computed is not.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from pratique.codecs.gradle_statements import Literal, Statement, statements

_COORDINATES = re.compile(r"([\w.-]+):([\w.-]+)(?::([^:@\s]*))?(?::[\w.-]+)?(?:@\w+)?")
_REFERENCE = re.compile(r"\$(?:\{([^{}]+)\}|(\w+(?:\.\w+)*))")
_INDEX = re.compile(r"\s*[(\[]\s*[\"']([\w.-]+)[\"']\s*[)\]](?:\s+as\s+String)?\s*\Z")
_OWNERS = re.compile(r"\A(?:(?:rootProject|project|ext|extra)\.)+")
_LOOKUPS = ("property", "findProperty", "extra", "ext", "properties")
_LABEL = re.compile(r"\b(group|name|version)\s*[:=]\s*\Z")
_PATH = r"([A-Za-z_]\w*(?:\.\w+)*)"
_HELD = re.compile(rf"\bversion\s*[:=(]?\s*{_PATH}\s*\)*\s*\Z")
_ADDED = re.compile(rf"\A\s*\+\s*{_PATH}")
_ASSIGNED = re.compile(
    r"""(?:\b(?:ext|extra)\s*\.\s*(?:set\s*\(\s*)?|\b(?:def|val|var|String)\s+|\A\s*)
    ([A-Za-z_]\w*(?:\.\w+)*)\s*(?::\s*String\s*)?(?:=|\bby\s+extra\s*\()\s*\(?\s*\Z""",
    re.VERBOSE,
)
_KEYED = re.compile(r"\b(?:ext|extra|set|this)(?:\s*\.\s*set)?\s*[\[(]\s*\Z")
_VALUE = re.compile(r"\A\s*\]?\s*[=,]\s*\Z")
_MAP = re.compile(r"\b([A-Za-z_]\w*)\s*=\s*\[")
_ENTRY = re.compile(r"(?:\A|[\[,\n])\s*([\w-]+)\s*:\s*\Z")
_BY_EXTRA = re.compile(r"\bval\s+(\w+)\s+by\s+extra\s*\Z")
_PLUGIN_VERSION = re.compile(r"\)?\s*version\s*\(?\s*\Z")
_ACCESSOR = re.compile(r"(latform\s*\(\s*)?\blibs\.([\w.]+)")
_STRENGTHS = ("strictly", "require", "prefer")
_NEVER = ("exclude", "because", "url", "project", "description", "println", "include")


class Module(Struct, frozen=True):
    """A module, or a plugin, that a script names."""

    name: str
    """`group:artifact`; of a plugin its id."""
    version: str
    """As it is written; empty where it is a reference, or left to a platform."""
    reference: str
    """The property that holds the version."""
    start: int
    end: int
    """Where the version is; the same where it is not written."""
    verb: str
    """implementation, classpath, mavenBom, force …"""
    blocks: tuple[str, ...]
    line: int
    is_platform: bool = False


class Held(Struct, frozen=True):
    """A property that is a literal."""

    name: str
    value: str
    start: int
    end: int


class Script(Struct, frozen=True):
    """What a script declares."""

    modules: tuple[Module, ...]
    plugins: tuple[Module, ...]
    properties: tuple[Held, ...]
    applied: tuple[str, ...]
    """Other scripts, as it names them."""
    accessors: tuple[tuple[str, str], ...]
    """Verbs with words of the catalog: implementation, log4j.core."""


def read_script(text: str) -> Script:
    """Return what is declared; any text is a script, so that nothing is raised."""
    modules: list[Module] = []
    plugins: list[Module] = []
    properties: list[Held] = []
    applied: list[str] = []
    accessors: list[tuple[str, str]] = []
    for one in statements(text):
        if "version" in one.names and one.verb in _STRENGTHS and modules and one.strings:
            modules[-1] = _rich(modules[-1], one)
        elif "plugins" in one.names:
            plugins += _plugins(one)
        elif one.verb == "apply" and "from" in one.text:
            applied += [string.value for string in one.strings]
        elif one.verb not in _NEVER:
            modules += _modules(one)
            properties += _properties(one)
        if {"dependencies", "plugins"} & set(one.names):
            accessors += [
                ("platform" if found[1] else one.verb, found[2])
                for found in _ACCESSOR.finditer(one.text)
            ]
    newlines = [found.start() for found in re.finditer("\n", text)]

    def lined(found: list[Module]) -> tuple[Module, ...]:
        """Make lines of the places that are kept there while a script is read."""
        return tuple(replace(one, line=bisect(newlines, one.line - 1) + 1) for one in found)

    return Script(lined(modules), lined(plugins), tuple(properties), tuple(applied),
                  tuple(accessors))  # fmt: skip


def reference(text: str) -> str:
    """Return the property that a piece of code stands for, without who owns it."""
    text = text.strip()
    if found := _INDEX.search(text):
        owner = _OWNERS.sub("", text[: found.start()].strip() + ".").rstrip(".")
        owner = "" if owner in _LOOKUPS else owner
        return f"{owner}.{found[1]}" if owner else found[1]
    return _OWNERS.sub("", text) if re.fullmatch(_PATH, text) else ""


def _modules(one: Statement) -> Iterator[Module]:
    labels = [found[1] if (found := _LABEL.search(one.before(i))) else ""
              for i in range(len(one.strings))]  # fmt: skip
    if "group" in labels and ("name" in labels or "version" in labels):
        yield from _mapped(one, labels)
    elif len(one.strings) > 1 and one.code[1].strip() == "," and _is_kotlin_call(one):
        group, artifact, *rest = one.strings
        version = rest[0] if rest and one.code[2].strip() == "," else Literal(artifact.end, "")
        yield _module(one, f"{group.value}:{artifact.value}", version)
    else:
        yield from _coordinates(one)


def _coordinates(one: Statement) -> Iterator[Module]:
    """Yield what is written `group:artifact:version`."""
    for index, string in enumerate(one.strings):
        found = _COORDINATES.fullmatch(re.sub(_REFERENCE, _masked, string.value))
        if found and _is_module(one, found[1], found[2]):
            start, end = found.span(3) if found[3] else (0, 0)
            version = Literal(string.start + start, string.value[start:end])
            added = _ADDED.match(one.code[index + 1]) if found[3] == "" else None
            module = _module(one, f"{found[1]}:{found[2]}", version, added[1] if added else "")
            is_platform = re.search(r"latform\s*\(\s*\Z", one.before(index)) is not None
            yield replace(module, is_platform=True) if is_platform else module


def _masked(found: re.Match[str]) -> str:
    """Hide what may have colons and quotes of its own, of the same length."""
    return "$" + "_" * (len(found[0]) - 1)


def _mapped(one: Statement, labels: list[str]) -> Iterator[Module]:
    by = dict(zip(labels, one.strings, strict=True))
    if "name" in by:
        version = by.get("version", Literal(by["name"].start, ""))
        held = None if version.value else _HELD.search(one.text.rstrip(" )\n")[-200:])
        name = f"{by['group'].value}:{by['name'].value}"
        yield _module(one, name, version, held[1] if held else "")


def _is_kotlin_call(one: Statement) -> bool:
    words = [string.value for string in one.strings]
    return "dependencies" in one.names and one.code[0].rstrip().endswith("(") and not any(
        ":" in word or not re.fullmatch(r"[\w.$-]+", word) for word in words
    )  # fmt: skip


def _is_module(one: Statement, group: str, artifact: str) -> bool:
    """Tell a module from other words with colons: by where it stands, or by its look."""
    within = {"dependencies", "imports", "resolutionStrategy", "constraints"} & set(one.names)
    return bool(within) or "." in group or group == artifact


def _module(one: Statement, name: str, version: Literal, held: str = "") -> Module:
    """Return a module of a version as it is written, or of one that a word of the code holds."""
    found = _REFERENCE.fullmatch(version.value)
    named = reference(found[1] or found[2]) if found else reference(held)
    if "$" in version.value and not named:
        named = version.value  # computed; nothing is called so
    written = "" if named else version.value
    return Module(name, written, named, version.start, version.start + len(written), one.verb,
                  one.names, version.start, one.verb == "mavenBom")  # fmt: skip


def _rich(module: Module, one: Statement) -> Module:
    """Give a module the version that the block after it says."""
    string = one.strings[0]
    if module.reference or (module.version and module.version[:1] not in "[("):
        return module
    return replace(module, version=string.value, start=string.start, end=string.end)


def _plugins(one: Statement) -> Iterator[Module]:
    if one.verb not in ("id", "kotlin") or not one.strings:
        return
    id = ("org.jetbrains.kotlin." if one.verb == "kotlin" else "") + one.strings[0].value
    if len(one.strings) > 1 and _PLUGIN_VERSION.search(one.code[1]):
        yield _module(one, id, one.strings[1])
    else:
        held = re.search(rf"\bversion\s*\(?\s*{_PATH}", one.code[1])
        nothing = Literal(one.strings[0].start, "")
        yield _module(one, id, nothing, held[1] if held else "")


def _properties(one: Statement) -> Iterator[Held]:
    mapped = _MAP.search(one.text)
    for index, string in enumerate(one.strings):
        if ":" in string.value or "$" in string.value:
            continue
        before, name = one.before(index), ""
        if mapped and (entry := _ENTRY.search(before)):
            name = f"{mapped[1]}.{entry[1]}"
        elif found := _ASSIGNED.search(before):
            name = _OWNERS.sub("", found[1])
        elif index and _VALUE.match(before) and _KEYED.search(one.before(index - 1)):
            name = one.strings[index - 1].value
        elif one.names[-1:] == ("extra",) and not before.strip():
            by = _BY_EXTRA.search(one.blocks[-1].header.text)
            name = by[1] if by else ""
        if name:
            yield Held(name, string.value, string.start, string.end)
