"""Licences by their texts, on the licence files of the packages that these tests run with."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable
from importlib.metadata import distribution
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pratique.licenses.documents import stated
from pratique.licenses.ids import LICENSES
from pratique.licenses.notices import claims, notices, tags
from pratique.licenses.texts import THRESHOLD, _read, identify
from pratique.licenses.words import words

APACHE = (Path(__file__).parents[2] / "LICENSE").read_text("utf-8")


def license_of(package: str) -> str:
    """The text of an installed package's licence file."""
    for file in distribution(package).files or ():
        if re.search(
            r"dist-info/(licenses/)?(LICENSE|LICENCE|COPYING)(\.(txt|rst|md))?$", str(file)
        ):
            return Path(str(file.locate())).read_text("utf-8")
    pytest.skip(f"{package} has no licence file here")


INSTALLED = {"pytest": "MIT", "hypothesis": "MPL-2.0", "msgspec": "BSD-3-Clause", "cryptography": "",
             "license-expression": "Apache-2.0", "zstandard": "BSD-3-Clause", "ruff": "MIT"}  # fmt: skip
EDITS: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "reflowed": lambda text: "\n\n".join(
        textwrap.fill(" ".join(part.split()), 50) for part in text.split("\n\n")
    ),
    "commented": lambda text: "/*\n" + re.sub("^", " * ", text, flags=re.MULTILINE) + "\n */",
    "hashes": lambda text: re.sub("^", "# ", text, flags=re.MULTILINE),
    "curly": lambda text: text.replace('"', "\u201d").replace("'", "\u2019"),
    "British": lambda text: text.replace("icense", "icence"),
    "shouted": str.upper,
    "claimed": lambda text: f"Copyright (c) 2024 Jo Example and others\n\n{text}",
    "renamed": lambda text: re.sub(
        r"(the )?((authors or )?copyright holders?|regents)( and contributors)?",
        "Example Works",
        text,
        flags=re.IGNORECASE,
    ),
    "framed": lambda text: f"This is Frobnicator.\n\n{text}\n\nThanks to everybody.",
    "Windows": lambda text: text.replace("\n", "\r\n"),
}


@pytest.mark.parametrize("edit", EDITS)
@pytest.mark.parametrize("package", [name for name, id in INSTALLED.items() if id])
def test_usual_edits_make_no_difference(package: str, edit: str) -> None:
    assert identify(EDITS[edit](license_of(package)))[0].id == INSTALLED[package]


@pytest.mark.parametrize("edit", EDITS)
def test_the_apache_license(edit: str) -> None:
    assert [match.id for match in identify(EDITS[edit](APACHE))] == ["Apache-2.0"]


def test_several_licences_in_a_file_are_all_told() -> None:
    both = license_of("pytest") + "\n\n" + license_of("msgspec") + "\n\n" + APACHE
    assert {match.id for match in identify(both)} == {"MIT", "BSD-3-Clause", "Apache-2.0"}


def test_half_a_text_is_no_licence() -> None:
    assert identify(APACHE[: len(APACHE) // 2]) == ()


@pytest.mark.parametrize(
    "text",
    ["", " ", "All rights reserved.", "This program prints the time.", "license " * 400,
     "# Usage\n\nInstall it, then run it. See LICENSE for the licence.\n",
     "Redistribution is a word in this sentence, as is warranty."],
)  # fmt: skip
def test_nothing_is_told_of_what_holds_none(text: str) -> None:
    assert stated(text).licenses == ()


@given(
    st.text(max_size=2000) | st.binary(max_size=2000).map(lambda b: b.decode("utf-8", "replace"))
)
def test_any_text_can_be_asked(text: str) -> None:
    found = stated(text)
    assert 0 <= found.confidence <= 1
    assert all(isinstance(word, str) for word in words(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('Licensed under the Apache License, Version 2.0 (the "License")', ("Apache-2.0",)),
        (("This program is free software; you can redistribute it and/or modify it under the terms of "
         "the GNU General Public License as published by the Free Software Foundation; either version "
         "2 of the License, or (at your option) any later version."), ("GPL-2.0-or-later",)),
        (("under the terms of the GNU General Public License as published by the Free Software "
         "Foundation; version 2 of the License."), ("GPL-2.0-only",)),
        (("# distributed under the terms of the GNU Lesser\n# General Public License, version 2.1 or "
         "later"), ("LGPL-2.1-or-later",)),
        ("The library is licensed as LGPLv2.1+, the tools are GPLv3+.",
         ("LGPL-2.1-or-later", "GPL-3.0-or-later")),
        ("It is released under the MIT license.", ("MIT",)),
        ("You may use it under the same terms as Perl itself.",
         ("Artistic-1.0-Perl OR GPL-1.0-or-later",)),
        ("This file is in the public domain.", ("public-domain",)),
        ("covered by the GNU GPL. See /usr/share/common-licenses/GPL-2", ("GPL-2.0-only",)),
        ("The Debian packaging is licensed under the GNU General Public License, version 2.", ()),
    ],
)  # fmt: skip
def test_notices(text: str, expected: tuple[str, ...]) -> None:
    assert notices(text) == expected


def test_spdx_tags_are_read_wherever_they_stand() -> None:
    text = "/* SPDX-License-Identifier: GPL-2.0+ OR MIT */\n# SPDX-License-Identifier: Apache-2.0\n"
    assert tags(text) == ("GPL-2.0-or-later OR MIT", "Apache-2.0")
    assert stated(text).licenses == tags(text)


def test_claims_are_lines_that_name_somebody_or_a_year() -> None:
    text = (
        "Copyright (c) 2019 Jo Example\n * Copyright 2020-2021, Others Ltd.\n"
        "The above copyright notice must be kept.\ncopyright notice, this list of\n(c) 2001 A B\n"
    )
    assert claims(text) == (
        "Copyright (c) 2019 Jo Example", "Copyright 2020-2021, Others Ltd.", "(c) 2001 A B",
    )  # fmt: skip


def test_the_table_names_listed_licences_only() -> None:
    table = _read()
    assert {template.id for template in table.templates} <= LICENSES
    assert len({template.id for template in table.templates}) > 600
    assert 0.5 < THRESHOLD < 1
