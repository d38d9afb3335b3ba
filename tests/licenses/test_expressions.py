"""What ecosystems write of licences becomes SPDX expressions; what nobody knows stays as found."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pratique.codecs.sbom.licenses import is_expression
from pratique.licenses.evaluate import conjuncts, evaluate, leaves
from pratique.licenses.expressions import current, is_known, normalise
from pratique.licenses.ids import EXCEPTIONS, LICENSES

SPELLINGS = {
    # PyPI: classifiers and free text
    "MIT License": "MIT",
    "Apache Software License": "Apache-2.0",
    "GNU General Public License v2 or later (GPLv2+)": "GPL-2.0-or-later",
    "GNU Lesser General Public License v3 (LGPLv3)": "LGPL-3.0-only",
    "GNU Library or Lesser General Public License (LGPL)": "LGPL-2.0-or-later",
    "GNU Affero General Public License v3 or later (AGPLv3+)": "AGPL-3.0-or-later",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
    "ISC License (ISCL)": "ISC",
    "Historical Permission Notice and Disclaimer (HPND)": "HPND",
    "The Unlicense (Unlicense)": "Unlicense",
    "CC0 1.0 Universal (CC0 1.0) Public Domain Dedication": "CC0-1.0",
    "3-Clause BSD License": "BSD-3-Clause",
    "new BSD": "BSD-3-Clause",
    "Apache License, Version 2.0": "Apache-2.0",
    "BSD License": "BSD",
    # npm
    "(MIT OR CC0-1.0)": "MIT OR CC0-1.0",
    "MIT/X11": "MIT",
    "UNLICENSED": "UNLICENSED",
    "SEE LICENSE IN LICENSE.md": "SEE LICENSE IN LICENSE.md",
    # from Maven, names and addresses
    "The Apache Software License, Version 2.0": "Apache-2.0",
    "Eclipse Public License - v 1.0": "EPL-1.0",
    "GNU Lesser General Public License, Version 2.1": "LGPL-2.1-only",
    "Common Development and Distribution License (CDDL) v1.0": "CDDL-1.0",
    "CDDL + GPLv2 with classpath exception":
        "CDDL-1.0 OR GPL-2.0-only WITH Classpath-exception-2.0",
    "Dual License: CDDL 1.0 and GPL V2 with Classpath Exception":
        "CDDL-1.0 OR GPL-2.0-only WITH Classpath-exception-2.0",
    "http://www.apache.org/licenses/LICENSE-2.0.txt": "Apache-2.0",
    "https://opensource.org/licenses/MIT": "MIT",
    "https://creativecommons.org/licenses/by-sa/4.0/": "CC-BY-SA-4.0",
    "https://www.gnu.org/licenses/gpl-3.0.html": "GPL-3.0-only",
    # of NuGet
    "https://licenses.nuget.org/Apache-2.0": "Apache-2.0",
    # rpm: Fedora's old short names, and SPDX
    "ASL 2.0": "Apache-2.0",
    "LGPLv2+ and BSD and Public Domain":
        "LGPL-2.0-or-later AND LicenseRef-BSD AND LicenseRef-public-domain",
    "GPLv2+ with exceptions": "LicenseRef-GPL-2.0-or-later-with-exceptions",
    "(LGPLv2+ or LGPLv3+) and MIT": "(LGPL-2.0-or-later OR LGPL-3.0-or-later) AND MIT",
    "BSD with advertising": "BSD-4-Clause",
    # Debian
    "Expat": "MIT",
    "GPL-1+ or Artistic, and Unicode":
        "(GPL-1.0-or-later OR Artistic-1.0-Perl) AND Unicode-DFS-2016",
    "GPL-3+ with Bison exception": "GPL-3.0-or-later WITH Bison-exception-2.2",
    "GPL-2+-autoconf-exception": "GPL-2.0-or-later WITH Autoconf-exception-generic",
    "LGPLv3+_or_GPLv2+": "LGPL-3.0-or-later OR GPL-2.0-or-later",
    "GFDL-NIV-1.3+": "GFDL-1.3-no-invariants-or-later",
    "ISC and/or LGPL-2.1+": "ISC OR LGPL-2.1-or-later",
    # Alpine's old names, side by side
    "GPL2 BSD MIT": "GPL-2.0-only AND LicenseRef-BSD AND MIT",
    # cargo, CPAN, R, WordPress
    "MIT/Apache-2.0": "MIT OR Apache-2.0",
    "perl_5": "Artistic-1.0-Perl OR GPL-1.0-or-later",
    "GPL (>= 2)": "GPL-2.0-or-later",
    "MIT + file LICENSE": "MIT",
    "GPLv2 or later": "GPL-2.0-or-later",
    # SPDX: withdrawn ids, deep expressions
    "GPL-2.0": "GPL-2.0-only",
    "GPL-2.0+": "GPL-2.0-or-later",
    "GPL-2.0-with-classpath-exception": "GPL-2.0-only WITH Classpath-exception-2.0",
    "Apache-2.0 WITH LLVM-exception": "Apache-2.0 WITH LLVM-exception",
    "Apache-2.0 OR (MIT AND (BSD-3-Clause OR GPL-2.0+))":
        "Apache-2.0 OR (MIT AND (BSD-3-Clause OR GPL-2.0-or-later))",
    # unknown beside known, and unknown alone
    "MIT AND Foo Bar License": "MIT AND LicenseRef-Foo-Bar-License",
    "Foo Bar License": "Foo Bar License",
    "": "",
}  # fmt: skip


@pytest.mark.parametrize("text", SPELLINGS)
def test_spellings(text: str) -> None:
    assert normalise(text) == SPELLINGS[text]


@pytest.mark.parametrize("id", sorted(LICENSES))
def test_an_id_is_what_it_is_or_what_replaces_it(id: str) -> None:
    assert normalise(id) == current(id)
    assert is_known(current(id))
    assert is_expression(current(id))


@pytest.mark.parametrize("id", sorted(LICENSES))
def test_case_does_not_matter(id: str) -> None:
    ambiguous = {"Artistic-1.0", "Zlib"}
    assert id in ambiguous or normalise(id.lower()) in (current(id), normalise(id.upper()))


WORDS = st.sampled_from([
    *sorted(LICENSES)[::7], *sorted(EXCEPTIONS)[::5], "and", "or", "AND", "OR", "WITH", "with", "(", ")", ",",
    "/", "|", "+", "GPL", "GPLv2+", "BSD", "license", "version", "2.0", "or later", "Foo", "the", "&",
    "file LICENSE", "https://opensource.org/licenses/MIT", "_or_", "exception",
])  # fmt: skip


@given(st.lists(WORDS, max_size=12).map(" ".join) | st.text(max_size=200))
def test_normalising_again_changes_nothing(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once


@pytest.mark.parametrize(
    "text", ["(" * 5000, "MIT or " * 5000, "a b " * 400, "or " * 300, "GPL-2+ with " * 80,
             "(" * 300 + "MIT" + ")" * 300, "\0\udcff MIT", "GPL " + "(>= 2) " * 120],
)  # fmt: skip
def test_hostile_names_are_told_in_bounded_time(text: str) -> None:
    assert isinstance(normalise(text), str)


@given(st.text(max_size=300) | st.lists(WORDS, max_size=20).map(" ".join))
def test_any_text_can_be_taken_apart(text: str) -> None:
    assert evaluate(text, lambda _: 1, min, max) == 1
    assert all(isinstance(leaf, str) for leaf in leaves(text))
    assert isinstance(conjuncts(text), list)


def test_or_takes_the_mildest_and_and_the_strictest() -> None:
    ranks = {"A": 1, "B": 2, "C": 3, "C WITH X": 0}
    for text, rank in (
        ("A OR C", 1), ("A AND C", 3), ("A OR B AND C", 1), ("(A OR B) AND C", 3),
        ("(A OR C) AND (B OR C)", 2), ("C WITH X AND A", 1),
    ):  # fmt: skip
        assert evaluate(text, lambda leaf: ranks[leaf], min, max) == rank
