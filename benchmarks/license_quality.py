"""How many of SPDX's licence texts are told right, plain and with usual edits; beside Trivy's.

    python benchmarks/license_quality.py [--trivy PROGRAM] [--texts FOLDER]

The texts are those of the npm package spdx-license-list (fetched with `npm pack`), each a LICENSE
file in a folder of its own. A text counts as right where the first licence named is the one it is
of, or one that SPDX gives the same words (GPL-2.0-only and GPL-2.0-or-later).
"""

from __future__ import annotations

import argparse
import glob
import json
import os
import random
import re
import subprocess
import tempfile
import textwrap
import time
from collections.abc import Callable, Iterator

from pratique.licenses import texts as told
from pratique.licenses.expressions import current
from pratique.licenses.words import words

PACKAGE = "spdx-license-list@6.12.0"


def plain(text: str) -> str:
    return text


def filled(text: str) -> str:
    text = re.sub(r"<year>|\[yyyy\]|\[year\]|<yyyy>|\(c\) year", "2024", text, flags=re.IGNORECASE)
    holder = (
        r"<(?:copyright holders?|owner|name of author|fullname)>"
        r"|\[(?:name of copyright owner|fullname|owner)\]"
    )
    return re.sub(holder, "Example Works GmbH and others", text, flags=re.IGNORECASE)


def renamed(text: str) -> str:
    """Put a name where people put theirs: where endorsement is ruled out, and in disclaimers."""
    pairs = (
        (r"the copyright holders? and contributors", "Example Works GmbH and contributors"),
        (r"the copyright (?:holders?|owner) or contributors", "Example Works GmbH or its people"),
        (r"neither the name of the copyright holder", "Neither the name of Example Works"),
        (r"(?:the )?(?:authors or )?copyright holders be liable", "Example Works be liable"),
        (r"the (?:regents and contributors|author) (?=``?as is|\"as is)", "Example Works "),
    )
    for pattern, name in pairs:
        text = re.sub(pattern.replace(" ", r"\s+"), name, text, flags=re.IGNORECASE)
    return filled(text)


def reflowed(text: str) -> str:
    parts = re.split(r"\n[ \t]*\n", text)
    return "\n\n".join(textwrap.fill(" ".join(part.split()), 62) for part in parts)


def commented(text: str) -> str:
    return "/*\n" + "\n".join(" * " + line for line in text.splitlines()) + "\n */\n"


def hashed(text: str) -> str:
    return "\n".join("# " + line for line in text.splitlines())


def curly(text: str) -> str:
    text = re.sub(r'"([^"\n]*)"', "\u201c\\1\u201d", text).replace("'", "\u2019")
    return text.replace(" - ", " \u2013 ")


def british(text: str) -> str:
    pairs = (("License", "Licence"), ("license", "licence"), ("organization", "organisation"),
             ("authorized", "authorised"), ("acknowledgment", "acknowledgement"))  # fmt: skip
    for american, other in pairs:
        text = text.replace(american, other)
    return text


def untitled(text: str) -> str:
    first, _, rest = text.strip().partition("\n")
    is_title = len(first) < 80 and re.search(
        r"licen[cs]e|public|agreement|version", first, re.IGNORECASE
    )
    return rest if is_title and len(rest) > 100 else text


def shouted(text: str) -> str:
    first, _, rest = text.strip().partition("\n")
    return f"{first.upper()}\n{rest}"


def framed(text: str) -> str:
    before = (
        "Frobnicator 2.1\n===============\n\nWritten by Jo Example. It comes with the terms below."
    )
    return f"{before}\n\n{text}\n\nThanks to all who sent patches, and to the users.\n"


def retyped(text: str) -> str:
    """Change one word in a hundred, as hands do."""
    chance = random.Random(len(text))
    found = text.split(" ")
    for _ in range(len(found) // 100):
        at = chance.randrange(len(found))
        found[at] = found[at][::-1]
    return " ".join(found)


EDITS: tuple[Callable[[str], str], ...] = (
    plain, filled, renamed, reflowed, commented, hashed, curly, british, untitled, shouted, framed,
    retyped,
)  # fmt: skip


def fetched() -> dict[str, str]:
    folder = tempfile.mkdtemp(prefix="texts-")
    subprocess.run(
        ["npm", "pack", PACKAGE, "--silent"], cwd=folder, check=True, capture_output=True
    )
    subprocess.run("tar xzf *.tgz", shell=True, cwd=folder, check=True)
    return read(os.path.join(folder, "package/licenses"))


def read(folder: str) -> dict[str, str]:
    texts = {}
    for path in sorted(glob.glob(os.path.join(folder, "*.json"))):
        with open(path, encoding="utf-8") as file:
            texts[os.path.basename(path).removesuffix(".json")] = json.load(file)["licenseText"]
    return texts


def equals(texts: dict[str, str]) -> dict[str, set[str]]:
    """Map each id to those with the same words."""
    by_words: dict[tuple[str, ...], set[str]] = {}
    for id, text in texts.items():
        by_words.setdefault(tuple(words(text)), set()).add(name_of(id))
    return {id: by_words[tuple(words(text))] for id, text in texts.items()}


def name_of(id: str) -> str:
    id = current(id).partition(" WITH ")[0]
    return told.family(id)


def ours(texts: dict[str, str]) -> tuple[dict[str, str], float]:
    begun = time.process_time()
    found = {id: told.identify(text) for id, text in texts.items()}
    spent = time.process_time() - begun
    return {id: matches[0].id if matches else "" for id, matches in found.items()}, spent


def trivys(program: str, texts: dict[str, str]) -> tuple[dict[str, str], float]:
    folder = tempfile.mkdtemp(prefix="trivy-")
    for id, text in texts.items():
        os.makedirs(os.path.join(folder, id))
        with open(os.path.join(folder, id, "LICENSE"), "w", encoding="utf-8") as file:
            file.write(text)
    begun = os.times()
    done = subprocess.run(
        [program, "fs", "--scanners", "license", "--license-full", "-f", "json", "-q",
         "--skip-version-check", "--cache-dir", os.path.join(tempfile.gettempdir(), "tc"), folder],
        check=True, capture_output=True)  # fmt: skip
    spent = os.times()
    found: dict[str, tuple[float, str]] = {}
    for result in json.loads(done.stdout).get("Results", ()):
        for one in result.get("Licenses", ()):
            id = one["FilePath"].partition("/")[0]
            found[id] = max(found.get(id, (0.0, "")), (one["Confidence"], one["Name"]))
    cpu = spent.children_user + spent.children_system - begun.children_user - begun.children_system
    return {id: found.get(id, (0, ""))[1] for id in texts}, cpu


def none_in() -> Iterator[tuple[str, str]]:
    """Yield files that hold no licence: sources and documentation of Python itself."""
    library = os.path.dirname(os.__file__)
    for path in sorted(glob.glob(os.path.join(library, "*.py")))[:200]:
        with open(path, encoding="utf-8", errors="replace") as file:
            yield path, file.read()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--trivy", default="")
    parser.add_argument("--texts", default="")
    parser.add_argument("--edits", default="", help="only these, with commas")
    parser.add_argument("--show", action="store_true", help="name what is told wrong")
    chosen = parser.parse_args()
    texts = read(chosen.texts) if chosen.texts else fetched()
    same = equals(texts)
    total = right = 0
    wanted = chosen.edits.split(",") if chosen.edits else [edit.__name__ for edit in EDITS]
    for edit in (edit for edit in EDITS if edit.__name__ in wanted):
        edited = {id: edit(text) for id, text in texts.items()}
        told._identified.cache_clear()  # noqa: SLF001
        columns = [ours(edited)] + ([trivys(chosen.trivy, edited)] if chosen.trivy else [])
        line = f"{edit.__name__:10}"
        for number, (found, spent) in enumerate(columns):
            wrong = {id: name for id, name in found.items() if name_of(name) not in same[id]}
            share = 1 - len(wrong) / len(texts)
            line += f"  {len(texts) - len(wrong)}/{len(texts)} {share:6.1%} {spent:5.2f} s"
            if number == 0:
                total, right = total + len(texts), right + len(texts) - len(wrong)
                if chosen.show:
                    print(wrong)
        print(line, flush=True)
    print(f"all edits: {right / total:.1%}")
    named = {path: m for path, text in none_in() if (m := told.identify(text))}
    print(f"of 200 Python sources, {len(named)} are told to hold a licence: "
          + ", ".join(f"{os.path.basename(p)} {m[0].id}" for p, m in named.items()))  # fmt: skip


if __name__ == "__main__":
    main()
