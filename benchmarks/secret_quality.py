"""Measure what the rules of secrets find and what they find wrongly, beside Trivy.

    python benchmarks/secret_quality.py --trivy trivy [--tree PLACE=FOLDER …] [--rules]

True secrets are drawn to their formats (`tests/secret_samples`), each in a file of its own.
A tree is read as if it lay at PLACE in an image: `usr/lib/python3/dist-packages=site-packages`.
Everything found in one is wrong, for what everybody can download is no secret. Lines of the trees
that look like secrets (keys, hashes, digests, UUIDs, base 64) are also judged by themselves, in the
file of an application, where no path excuses them. `--rules` prints the recall of each rule.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from hashlib import sha256

sys.path.insert(0, os.path.join(os.path.dirname(__file__), os.pardir, "tests"))

from pratique.model.secret import Secret
from secret_samples.finding import engine, rules
from secret_samples.labelled import near_misses, samples

Found = dict[str, list[tuple[str, int]]]
"""The rules that found something in a file, and the lines."""
_LIKE = re.compile(
    rb"[A-Za-z0-9+/_=-]{20,}|-----BEGIN|://[^\s/]+:[^\s/]+@"
    rb"|(?i:passw|secret|token|api.?key|auth)\w{0,12}[\"']?\s?[:=]\s?[\"'][^\s\"']{6,}"
)
_NEGATIVES_A_TREE = 2000
_NEGATIVES_A_FILE = 5


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--trivy", default="")
    parser.add_argument("--tree", action="append", default=[], metavar="PLACE=FOLDER")
    parser.add_argument("--rules", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        recall(folder, options.trivy, each=options.rules)
        trees = [tree.partition("=")[::2] for tree in options.tree]
        for number, (place, tree) in enumerate(trees):
            unmodified(os.path.join(folder, f"tree{number}"), place, tree, options.trivy)
        if trees:
            negatives(os.path.join(folder, "lines"), [tree for _, tree in trees], options.trivy)


def recall(folder: str, trivy: str, *, each: bool) -> None:
    """Print how many true secrets are found, and how many near misses are taken for one."""
    drawn = list(samples())
    names = [_write(folder, f"true/{n:04d}/{one.path}", one.text) for n, one in enumerate(drawn)]
    ours = _ours(os.path.join(folder, "true"))
    theirs = _trivy(os.path.join(folder, "true"), trivy)
    by_rule: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    any_of = [0, 0]
    for name, one in zip(names, drawn, strict=True):
        path = name.removeprefix("true/")
        counts = by_rule[one.rule]
        counts[0] += 1
        for number, found in enumerate((ours, theirs)):
            counts[1 + number] += any(rule == one.rule for rule, _ in found.get(path, ()))
            any_of[number] += path in found
    if each:
        for rule, (total, mine, other) in sorted(by_rule.items()):
            print(f"{rule:44} {mine}/{total}  Trivy {other}/{total}")
    total, mine = (sum(counts[n] for counts in by_rule.values()) for n in (0, 1))
    print(f"true secrets: {total} of {len(by_rule)} rules; by the rule meant {_share(mine, total)}")
    print(f"  by any rule: {_share(any_of[0], total)}; Trivy {_share(any_of[1], total)}")
    shared = [counts for counts in by_rule.values() if counts[2]]
    total, mine, other = (sum(counts[n] for counts in shared) for n in (0, 1, 2))
    print(f"  of the {len(shared)} rules that found anything at Trivy:", end=" ")
    print(f"{_share(mine, total)}; Trivy {_share(other, total)}")
    missed = list(near_misses())
    wrong = [
        one for one in missed if any(s.rule == one.rule for s in _find(one.text.encode(), one.path))
    ]
    print(f"near misses: {len(missed)}; taken for a secret by the rule meant: {len(wrong)}")


def unmodified(folder: str, place: str, tree: str, trivy: str) -> None:
    """Print what is found in a tree that holds no secret."""
    inside = os.path.join(folder, place)
    os.makedirs(os.path.dirname(inside.rstrip("/")) or folder, exist_ok=True)
    shutil.copytree(tree, inside, symlinks=True, dirs_exist_ok=True, copy_function=os.link)
    ours, theirs = _ours(folder), _trivy(folder, trivy)
    print(f"{place or '/'} ({sum(len(files) for _, _, files in os.walk(folder))} files)")
    for tool, found in (("ours", ours), ("Trivy", theirs)):
        counted = Counter(rule for every in found.values() for rule, _ in every)
        print(f"  {tool}: {counted.total()} false findings {dict(counted.most_common())}")
    for path, every in sorted(ours.items()):
        print(*(f"    {rule} {path}:{line}" for rule, line in every), sep="\n")


def negatives(folder: str, trees: Iterable[str], trivy: str) -> None:
    """Print what is found in single lines that look like secrets and are none."""
    count = 0
    for tree in trees:
        for line, ending in _lines(tree):
            _write(folder, f"{count:05d}/app/config{ending}", line.decode("utf-8", "replace"))
            count += 1
    ours, theirs = _ours(folder), _trivy(folder, trivy)
    print(f"hard negatives: {count} lines out of the trees, each in a file of its own")
    for tool, found in (("ours", ours), ("Trivy", theirs)):
        counted = Counter(rule for every in found.values() for rule, _ in every)
        print(f"  {tool}: {counted.total()} false findings {dict(counted.most_common())}")


def _lines(tree: str) -> Iterator[tuple[bytes, str]]:
    """Yield lines of a tree that look like secrets: some of a file, chosen by their digests."""
    chosen = []
    for path in _files(tree):
        with open(path, "rb") as file:
            data = file.read(1 << 20)
        if b"\0" in data[:8192]:
            continue
        like = [line for line in set(data.split(b"\n")) if 24 < len(line) < 600 and _is_like(line)]
        picked = sorted((sha256(line).digest(), line) for line in like)[:_NEGATIVES_A_FILE]
        chosen += [(digest, line, os.path.splitext(path)[1]) for digest, line in picked]
    seen = {line: (line, ending) for _, line, ending in sorted(chosen)}
    yield from list(seen.values())[:_NEGATIVES_A_TREE]


def _is_like(line: bytes) -> bool:
    """Tell that a line has a name and a value, or something long with digits that looks drawn."""
    return any(
        not re.fullmatch(rb"[\w+/=-]+", text)
        or (_entropy(text) > 3.5 and len(re.findall(rb"\d", text)) > 3)
        for text in (match[0] for match in _LIKE.finditer(line))
    )


def _entropy(text: bytes) -> float:
    return -sum(n / len(text) * math.log2(n / len(text)) for n in Counter(text).values())


def _files(folder: str) -> Iterator[str]:
    for place, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = os.path.join(place, name)
            if os.path.isfile(path) and not os.path.islink(path):
                yield path


def _ours(folder: str) -> Found:
    found: Found = {}
    for path in _files(folder):
        with open(path, "rb") as file:
            data = file.read(10 << 20)
        if b"\0" in data[:8192] and not path.endswith(".bin"):
            continue
        name = os.path.relpath(path, folder)
        place = re.sub(r"^\d{4,5}/", "", name)  # each line and sample is in a folder of its own
        if every := [(one.rule, one.line) for one in _find(data, place)]:
            found[name] = every
    return found


def _find(data: bytes, path: str) -> list[Secret]:
    return [one for one in engine().find(data, path) if isinstance(one, Secret)]


def _trivy(folder: str, trivy: str) -> Found:
    if not trivy:
        return {}
    command = [trivy, "--quiet", "fs", "--scanners", "secret", "--format", "json", folder]
    report = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    return {
        result["Target"]: [(one["RuleID"], one["StartLine"]) for one in result["Secrets"]]
        for result in report.get("Results") or ()
        if result.get("Secrets")
    }


def _write(folder: str, name: str, text: str) -> str:
    path = os.path.join(folder, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8", newline="") as file:
        file.write(text)
    return name


def _share(part: int, whole: int) -> str:
    return f"{part} ({part / whole:.1%})" if whole else "none"


if __name__ == "__main__":
    assert rules()
    main()
