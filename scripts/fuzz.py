"""Give each parser mutated copies of real files, and report what it does not take as it should.

    python scripts/fuzz.py [--count 100000] [--seed 1] [--only NAME,NAME] [--slow 1.0] [FOLDER …]

Files are taken from the folders (the tests' lock files where none is given) and given to the
analyzers that want them, and to the readers of SBOMs, tar archives and OCI documents. Whatever
they hold, a parser may raise MalformedError or LimitExceeded and nothing else, and must take less
than --slow seconds of CPU. Each failure is printed with the file and the seed that make it again;
the exit status is then 1. Parsers that no file was found for are named at the end.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import resource
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

TESTS = Path(__file__).resolve().parent.parent / "tests"
sys.path.insert(0, str(TESTS))

from memory import MemoryFile  # noqa: E402
from mutation import mutated  # noqa: E402
from pratique.codecs import oci, tar  # noqa: E402
from pratique.codecs.bytestream import ByteStream  # noqa: E402
from pratique.codecs.compression import inflate  # noqa: E402
from pratique.codecs.sbom.inventories import described  # noqa: E402
from pratique.codecs.sbom.reading import is_likely, read  # noqa: E402
from pratique.errors import LimitExceeded, MalformedError, NotFound  # noqa: E402
from pratique.inventory.wanted import Wanted, is_executable  # noqa: E402
from pratique.model.analyzer import Analyzer  # noqa: E402
from pratique.plugins import load  # noqa: E402

Parse = Callable[[str, bytes], object]
LARGEST, MOST_FILES, MEMORY = 4 << 20, 60, 8 << 30
NAMED = 20  # failures of one parser


class Input(NamedTuple):
    path: str
    place: Path


class Failure(NamedTuple):
    file: Input
    seed: int
    what: str


def main() -> int:
    asked = _arguments()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    inputs = _inputs(asked.folders or [TESTS / "analyzers/locks"])
    failed = 0
    for name, (parse, files) in sorted(inputs.items()):
        if asked.only and name not in asked.only:
            continue
        started = time.perf_counter()
        failures = _fuzz(parse, files[:MOST_FILES], asked)
        taken = time.perf_counter() - started
        print(f"{name}: {asked.count} inputs of {len(files[:MOST_FILES])} files, {taken:.0f} s, "
              f"{len(failures)} failures", flush=True)  # fmt: skip
        for failure in failures:
            print(f"  {failure.file.place} seed {failure.seed}: {failure.what}", flush=True)
        failed += len(failures)
    every = {analyzer.name for analyzer in load("pratique.analyzers", Analyzer)}
    if not asked.only and (left := sorted(every - inputs.keys())):
        print(f"no file for {', '.join(left)}")
    return 1 if failed else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=lambda names: names.split(","), default=[])
    parser.add_argument("--slow", type=float, default=1.0)
    return parser.parse_args()


def _inputs(folders: list[Path]) -> dict[str, tuple[Parse, list[Input]]]:
    """Map each parser's name to what it is given: the smallest files come first."""
    analyzers = load("pratique.analyzers", Analyzer)
    wanted = Wanted(analyzers)
    found: dict[str, tuple[Parse, list[Input]]] = {}
    seen: set[tuple[str, bytes]] = set()
    for folder in folders:
        for path, place in sorted(_files(folder), key=lambda pair: pair[1].stat().st_size):
            data = place.read_bytes()
            digest = hashlib.sha256(data).digest()
            for name, parse in _parsers(wanted, path, data):
                if (name, digest) not in seen:
                    seen.add((name, digest))
                    found.setdefault(name, (parse, []))[1].append(Input(path, place))
    return found


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    for root, _, names in os.walk(folder):
        for name in names:
            place = Path(root, name)
            if place.is_file() and not place.is_symlink() and place.stat().st_size <= LARGEST:
                yield place.relative_to(folder).as_posix(), place


def _parsers(wanted: Wanted, path: str, data: bytes) -> Iterator[tuple[str, Parse]]:
    chosen = [*wanted.by(path.encode("utf-8", "replace"))]
    chosen += wanted.executables if is_executable(data) else ()
    for analyzer in dict.fromkeys(chosen):
        yield analyzer.name, _analyzing(analyzer)
    if not chosen:  # of a system that was unpacked deeper in the folder
        yield from (
            (analyzer.name, _analyzing(analyzer))
            for at in range(path.count("/") + 1)
            for analyzer in wanted.by(path.split("/", at)[-1].encode("utf-8", "replace"))
        )
    if is_likely(data[:4096]):
        yield "SBOM", lambda path, data: described(read(data, path), path)
    if data[257:262] == b"ustar" or path.endswith((".tgz", ".tar.gz", ".tar.zst", ".tar.bz2")):
        yield "tar", _walk
    if b"mediaType" in data[:4096] and b'"schemaVersion"' in data[:4096]:
        yield "OCI", lambda path, data: oci.read(data, path)


def _analyzing(analyzer: Analyzer) -> Parse:
    return lambda path, data: [*analyzer.analyze(MemoryFile(path, data))]


def _walk(path: str, data: bytes) -> None:
    stream = ByteStream(inflate(iter([data]), path), path)
    for member in tar.walk(stream):
        for _ in tar.content(stream, member) if member.kind == "file" else ():
            pass


def _fuzz(parse: Parse, files: list[Input], asked: argparse.Namespace) -> list[Failure]:
    contents = [file.place.read_bytes() for file in files]
    failures: list[Failure] = []
    for number in range(asked.count):
        which = number % len(files)
        seed = asked.seed * 1_000_000_007 + number
        what = _failure(parse, files[which].path, mutated(contents[which], seed), asked.slow)
        if what:
            failures.append(Failure(files[which], seed, what))
            if len(failures) == NAMED:
                break
    return failures


def _failure(parse: Parse, path: str, data: bytes, slow: float) -> str:
    started = time.process_time()
    try:
        with suppress(MalformedError, LimitExceeded, NotFound):
            parse(path, data)
    except Exception as error:  # noqa: BLE001 - what escapes is what is looked for
        at = traceback.extract_tb(error.__traceback__)[-1]
        return f"{type(error).__name__}: {error} ({Path(at.filename).name}:{at.lineno})"[:200]
    taken = time.process_time() - started
    return f"{taken:.1f} s for {len(data)} bytes" if taken > slow else ""


if __name__ == "__main__":
    sys.exit(main())
