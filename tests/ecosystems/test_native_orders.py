"""Our orders beside the package managers' on this machine; `benchmarks/orderings.py` asks more."""

from __future__ import annotations

import os
from random import Random

import pytest

from conftest import CORPUS
from ecosystems.native import NATIVES, Absent, Native, told
from ecosystems.neighbours import families, pairs

COUNT = int(os.environ.get("PRATIQUE_PAIRS", "300"))


@pytest.mark.parametrize("native", NATIVES, ids=lambda native: native.name)
def test_a_manager_orders_versions_as_we_do(native: Native) -> None:
    known = native.known or families(CORPUS / "feeds" / "mirror-dev", native.feeds)
    made = pairs(known, native.words, native.separators, COUNT, Random(7))
    asked = [pair for pair in made if native.fits(*pair)]
    try:
        theirs = native.compare(asked)
    except Absent as absent:
        pytest.skip(str(absent))
    assert len(asked) - theirs.count("?") > COUNT // 10
    rows = [
        (pair, told(native.key, *pair), their) for pair, their in zip(asked, theirs, strict=True)
    ]
    assert not [row for row in rows if row[2] not in ("?", row[1])]
