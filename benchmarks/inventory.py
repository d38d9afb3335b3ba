"""Compare the packages that Pratique, Trivy and Syft see in the same files and images.

    python benchmarks/inventory.py --trivy PATH --syft PATH [--fixtures FOLDER] [--lab FOLDER]
        [--peers FILE] [--judged benchmarks/inventory.toml] [IMAGE.tar …]

The reference is what Trivy and Syft see together. --judged holds what a person made of each
difference: which of the peers' packages are none, and which of ours they miss. What is left counts
against recall or precision, is printed, and makes the exit status 1 where a kind is below 99 %.
--peers keeps what the peers saw, and takes it from there the next time.

Of a folder of fixtures (`<kind>/<repository>/<path>`) the projects are scanned as one tree, files
of other names copied to the one their kind has; of systems every root is scanned by itself. Trivy
is given `--offline-scan` and looks for its cache where TRIVY_CACHE_DIR says.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, NamedTuple

from pratique.inventory import Analyzers
from pratique.inventory.directory import read_directory
from pratique.inventory.wanted import Wanted
from pratique.model.analyzer import Analyzer
from pratique.model.purl import parse, purl
from pratique.model.settings import Settings
from pratique.plugins import load

WANTED = 0.99
SYSTEMS = {
    "apk": ("lib/apk/db/installed", "ID=alpine\nVERSION_ID=3.19.1\n"),
    "dpkg": ("var/lib/dpkg/status", "ID=debian\nVERSION_ID=12\n"),
    "rpm": ("var/lib/rpm/Packages", "ID=rhel\nVERSION_ID=8.4\n"),
}
NAMES = {
    "bun": "bun.lock", "cargo": "Cargo.lock", "composer": "composer.lock", "conan": "conan.lock",
    "dart": "pubspec.lock", "gem": "Gemfile.lock", "gomod": "go.mod", "gradle": "gradle.lockfile",
    "hex": "mix.lock", "julia": "Manifest.toml", "npm": "package-lock.json", "pdm": "pdm.lock",
    "pipenv": "Pipfile.lock", "pnpm": "pnpm-lock.yaml", "pods": "Podfile.lock",
    "poetry": "poetry.lock", "pom": "pom.xml", "swift": "Package.resolved", "uv": "uv.lock",
    "yarn": "yarn.lock", "metadata": "x.dist-info/METADATA", "pylock": "pylock.toml",
}  # fmt: skip
SIBLINGS = {"go.sum", "package.json", "installed.json", "modules.txt", "parent"}
LEFT_OUT = {"os-release", "kubernetes", "license", "sbom", *SYSTEMS}


class Seen(NamedTuple):
    """A package, and where: the folder or file below the target, or nothing for an image's."""

    kind: str
    name: str
    version: str


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--trivy", required=True)
    parser.add_argument("--syft", required=True)
    parser.add_argument("--fixtures", type=Path)
    parser.add_argument("--lab", type=Path)
    parser.add_argument("--peers", type=Path)
    parser.add_argument("--judged", type=Path, default=Path(__file__).with_suffix(".toml"))
    parser.add_argument("images", nargs="*", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        lab = asked.lab or Path(scratch)
        targets = [*_laid_out(asked.fixtures, lab)] if asked.fixtures else []
        targets += [("image", image) for image in asked.images]
        kept = json.loads(asked.peers.read_text()) if asked.peers and asked.peers.exists() else {}
        tables = {str(path): _three(kind, path, asked, kept) for kind, path in targets}
        if asked.peers:
            asked.peers.write_text(json.dumps(kept))
    return _report(tables, tomllib.loads(asked.judged.read_text()) if asked.judged.exists() else {})


def _laid_out(fixtures: Path, lab: Path) -> Iterator[tuple[str, Path]]:
    """Copy fixtures to where each tool looks for them; yield what is to be scanned, and how."""
    every = load("pratique.analyzers", Analyzer)
    wanted = Wanted([analyzer for analyzer in every if analyzer.scanner == "package"])
    for kind in sorted(path for path in fixtures.iterdir() if path.is_dir()):
        if kind.name in SYSTEMS:
            yield from _roots(kind, lab)
            continue
        if kind.name in LEFT_OUT:
            continue
        shutil.copytree(kind, lab / kind.name, dirs_exist_ok=True)
        for number, path in enumerate(sorted(p for p in kind.rglob("*") if p.is_file())):
            known = wanted.by(path.relative_to(fixtures).as_posix().encode())
            if not known and kind.name in NAMES and path.name not in SIBLINGS:
                to = lab / kind.name / "renamed" / str(number) / NAMES[kind.name]
                to.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(path, to)
        yield "project", lab / kind.name


def _roots(kind: Path, lab: Path) -> Iterator[tuple[str, Path]]:
    place, release = SYSTEMS[kind.name]
    for number, path in enumerate(sorted(p for p in kind.rglob("*") if p.is_file())):
        root = lab / kind.name / str(number)
        inside = path.as_posix()
        at = max(inside.rfind(f"/{top}/") for top in ("var/lib", "lib/apk", "usr/share/rpm"))
        to = root / (inside[at + 1 :] if at >= 0 else place)
        to.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, to)
        (root / "etc").mkdir(exist_ok=True)
        (root / "etc/os-release").write_text(release)
        yield "root", root


def _three(
    kind: str, path: Path, asked: argparse.Namespace, kept: dict[str, list[list[list[str]]]]
) -> tuple[set[Seen], ...]:
    print(f"# {kind} {path}", file=sys.stderr)
    if str(path) not in kept:
        peers = _trivys(kind, path, asked.trivy), _syfts(kind, path, asked.syft)
        kept[str(path)] = [sorted(map(list, seen)) for seen in peers]
    trivys, syfts = ({Seen(*one) for one in seen} for seen in kept[str(path)])
    return _ours(kind, path), trivys, syfts


def _ours(kind: str, path: Path) -> set[Seen]:
    settings = Settings(include_dev_deps=True, no_cache=True, scanners=(), input=str(path))
    if kind == "image":
        from pratique.scanning import take  # noqa: PLC0415

        inventories = take("", settings)[1]
    else:
        reads = ("installed", "locked") if kind == "project" else ("installed",)
        inventories = [read_directory(str(path), Analyzers(one), settings) for one in reads]
    return {
        _seen(purl(package, inventory.distro), package.version)
        for inventory in inventories
        for package in inventory.packages
    }


def _trivys(kind: str, path: Path, trivy: str) -> set[Seen]:
    commands = {
        "image": [("image", "--input")], "root": [("rootfs",)],
        "project": [("fs", "--include-dev-deps"), ("rootfs",)],
    }[kind]  # fmt: skip
    asked = ("-q", "-f", "json", "--scanners", "license", "--list-all-pkgs", "--offline-scan")
    results = [
        result
        for command in commands
        for result in _run(trivy, *command, str(path), *asked).get("Results", [])
    ]
    return {
        _seen(package["Identifier"]["PURL"], package.get("Version", ""))
        for result in results
        for package in result.get("Packages", [])
        if package.get("Identifier", {}).get("PURL")
    }


def _syfts(kind: str, path: Path, syft: str) -> set[Seen]:
    scheme = "docker-archive" if kind == "image" else "dir"
    everything = ["--override-default-catalogers", "all"] if kind == "project" else []
    found = _run(syft, "scan", f"{scheme}:{path}", *everything, "-q", "-o", "json")
    return {
        _seen(artifact["purl"], artifact["version"])
        for artifact in found.get("artifacts", [])
        if artifact.get("purl")
    }


def _run(*words: str) -> dict[str, Any]:
    environment = {**os.environ, "SYFT_CHECK_FOR_APP_UPDATE": "false"}
    done = subprocess.run(words, capture_output=True, text=True, check=False, env=environment)
    if done.returncode:
        print(f"! {words[0]}: {done.stderr.strip()[-300:]}", file=sys.stderr)
    return json.loads(done.stdout) if done.stdout.startswith("{") else {}


def _seen(text: str, version: str) -> Seen:
    """Return a package without what the tools write in different ways."""
    found = parse(text)
    name = f"{found.namespace}/{found.name}" if found.namespace else found.name
    if found.type in ("deb", "rpm", "apk"):
        name = found.name
    if found.type in ("cocoapods", "golang") and found.subpath:
        name = f"{name}/{found.subpath}"
    version = (found.version or version).removeprefix("0:")
    epoch = found.qualifiers.get("epoch", "0")
    if found.type in ("deb", "rpm") and epoch != "0" and not version.startswith(f"{epoch}:"):
        version = f"{epoch}:{version}"
    version = version.removeprefix("v") if found.type in ("golang", "swift") else version
    name = re.sub(r"[-_.]+", "-", name) if found.type == "pypi" else name
    return Seen(found.type, name.lower().replace("_", "-"), "" if version == "UNKNOWN" else version)


def _report(tables: dict[str, tuple[set[Seen], ...]], judged: dict[str, Any]) -> int:
    counts: dict[str, list[int]] = defaultdict(lambda: [0] * 6)
    rules = judged.get("rule", [])
    for target, (ours, trivys, syfts) in sorted(tables.items()):
        for one in ours | trivys | syfts:
            count = counts[one.kind]
            in_peers = one in trivys or one in syfts
            agreed = in_peers and one in ours  # only differences are judged
            why = None if agreed else next((r for r in rules if _fits(r["match"], one, target)), {})
            is_one = why["verdict"] == "is one" if why else in_peers
            count[0] += one in ours
            count[1] += one in ours and is_one
            count[2] += is_one
            count[3] += one in ours and is_one
            count[4] += one in trivys
            count[5] += one in syfts
            if is_one != (one in ours):
                by = {"us": ours, "trivy": trivys, "syft": syfts}
                told = "+".join(name for name, seen in by.items() if one in seen)
                print(f"only {told}  {target}: {one}")
    failed = False
    print("\n| type | packages | Trivy sees | Syft sees | we see | recall | precision |")
    print("|---|---|---|---|---|---|---|")
    for kind, (ours, right, reference, found, trivys, syfts) in sorted(counts.items()):
        recall, precision = found / (reference or 1), right / (ours or 1)
        failed |= bool(reference) and min(recall, precision) < WANTED
        print(f"| {kind} | {reference} | {trivys} | {syfts} | {ours} | "
              f"{100 * recall:.1f} % | {100 * precision:.1f} % |")  # fmt: skip
    return int(failed)


def _fits(match: dict[str, str | list[str]], one: Seen, target: str) -> bool:
    said = {**one._asdict(), "target": target}
    return all(
        any(fnmatchcase(said[key], glob) for glob in ([globs] if isinstance(globs, str) else globs))
        for key, globs in match.items()
    )


if __name__ == "__main__":
    sys.exit(main())
