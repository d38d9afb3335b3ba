"""Go modules that are linked into a program, as its own build information names them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec.structs import replace

from pratique.codecs.executable import programs_of
from pratique.codecs.go_buildinfo import TABLES, BuildInfo, Module, read_build_info
from pratique.codecs.known_programs import GO_PROGRAMS, cpe
from pratique.codecs.program import Program
from pratique.codecs.window import Window
from pratique.errors import MalformedError
from pratique.model.analyzer import Analyzer
from pratique.model.file import File
from pratique.model.inventory import Package

_DEVELOPED = "(devel)"
_GO = re.compile(r"go(\d+(?:\.\d+)*(?:(?:rc|beta)\d+)?)")
# https://go.dev/ref/mod#pseudo-versions
_PSEUDO = re.compile(r"[-.]\d{14}-[0-9a-f]{12}(?:\+\S*)?$")
_SET = re.compile(
    r"""(?:^|\s)--?X[\s=]+(?:'([^'=]+)=([^']*)'|"([^"=]+)=([^"]*)"|([^\s=]+)=(\S*))"""
)
_NUMBERED = re.compile(r"v?\d+(?:\.\d+){0,2}(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?")
_MAJOR = re.compile(r"/v[2-9]\d*$")
_USUAL = ("common", "version", "cmd")


def _analyze(file: File) -> Iterator[Package]:
    """Read Go's build information from an ELF, PE or Mach-O file.

    A program that UPX packed, or one older than Go 1.13, hides what it is made of; that is an
    error, since it would look clean otherwise.
    """
    window = Window(file.open(), file.size, file.path)
    given: set[Package] = set()
    for program in programs_of(file):
        info = read_build_info(window, program)
        packages = list(_packages(file.path, info)) if info else []
        yield from (package for package in packages if package not in given)
        given.update(packages)
        _complain(window, program, known=info is not None)


def _complain(window: Window, program: Program, *, known: bool) -> None:
    if program.packed and not known:
        raise MalformedError("packed with UPX: what it is made of cannot be read", window.where)
    if program.section(*TABLES) and not known:
        raise MalformedError("a Go program without build information", window.where)
    if known and program.end > window.size:
        raise MalformedError("the program is cut short", window.where)


def _packages(path: str, info: BuildInfo) -> Iterator[Package]:
    go = _GO.search(info.go)
    main = info.main if info.main and info.main.path else _unnamed_main(info)
    if main:
        package = _package(path, Module(main.path, _main_version(main, info)), "root")
        product = GO_PROGRAMS.get(_MAJOR.sub("", main.path), "") if package.version else ""
        yield replace(package, cpe=cpe(product, package.version.removeprefix("v")))
    elif go and info.path == "cmd/go":  # vuln.go.dev's name for it
        yield _package(path, Module("toolchain", f"v{go[1]}"), "root")
    if go:
        yield _package(path, Module("stdlib", f"v{go[1]}"), "direct")
    for module in info.modules:
        if module.path:  # some old linkers wrote one without
            yield _package(path, module, "")


def _package(path: str, module: Module, relation: str) -> Package:
    version = "" if module.version == _DEVELOPED else module.version
    return Package(path, "gobinary", "golang", module.path, version, relation=relation)


def _unnamed_main(info: BuildInfo) -> Module | None:
    """Return the main module of a well-known program that was built outside module mode."""
    for module in GO_PROGRAMS if info.path else ():
        if re.match(re.escape(module) + r"(?=/|$)", info.path):
            major = re.match(r"(?:/v[2-9]\d*)?", info.path[len(module) :])
            return Module(module + (major[0] if major else ""), "")
    return None


def _main_version(main: Module, info: BuildInfo) -> str:
    """Return the version of the main module, which a folder or a commit may stand in for.

    Many projects have their linker set it, by a flag such as `-X main.version=1.2.3`; that is
    taken where Go itself knows none, or only a commit, and where the flags agree on one.
    """
    if main.version not in ("", _DEVELOPED) and not _PSEUDO.search(main.version):
        return main.version
    return _linked_version(main.path, info.settings.get("-ldflags", "")) or main.version


def _linked_version(path: str, flags: str) -> str:
    ranked: list[dict[str, None]] = [{}, {}, {}, {}]
    for groups in _SET.findall(flags):
        key, value = next((k, v) for k, v in zip(groups[::2], groups[1::2], strict=True) if k)
        package, _, name = key.rpartition(".")
        if name.lower() in ("version", "ver") and _NUMBERED.fullmatch(value):
            ranked[_rank(package, path)][value] = None
    best = next((versions for versions in ranked if versions), {})
    return next(iter(best)) if len(best) == 1 else ""


def _rank(package: str, path: str) -> int:
    """Order packages by how surely a version set in them is the program's own."""
    if package.startswith(f"{path}/cmd/"):
        return 0
    if package == "main":
        return 1
    return 2 if package.lower().rpartition("/")[2] in _USUAL else 3


go_binary = Analyzer("gobinary", 1, ("<executable>",), _analyze)
