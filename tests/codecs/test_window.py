from __future__ import annotations

import io

import pytest

from pratique.codecs.window import Window
from pratique.errors import MalformedError


def test_a_part_counts_from_its_own_start_and_ends_at_its_own_end() -> None:
    part = Window(io.BytesIO(b"0123456789"), 10, "x").part(2, 5)
    assert part.at(0, 3) == b"234"
    assert part.part(1, 2).upto(0, 100) == b"34"
    assert part.upto(4, 100) == b"6"
    assert part.upto(5, 1) == part.upto(-1, 1) == b""


def test_reading_beyond_the_end_is_an_error_with_its_place() -> None:
    window = Window(io.BytesIO(b"0123456789"), 10, "a/b")
    for read in (lambda: window.at(8, 3), lambda: window.part(8, 3), lambda: window.part(-1, 2)):
        with pytest.raises(MalformedError, match=r"a/b: cut short"):
            read()
    assert window.part(10, 0).size == 0
