"""Modules of Python: the names that they have, and what they import."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pratique.codecs.python_imports import Imported, imports, read_module

SOURCE = b'''
"""A module."""
import os, a.b as ab
from .near import one as two, three
try:
    import fast
except ImportError:
    fast = None
if True:
    first = second = 1
    (third, *rest) = [1, 2]
else:
    fourth: int = 4
with open("x") as handle:
    inner = [hidden for hidden in ()]
for turn in ():
    pass
def function():
    local = 1
    global later
    later = 2
class Kind:
    field = 1
'''


def test_the_names_of_a_module() -> None:
    found = read_module(SOURCE)
    assert found.names >= {"os", "ab", "two", "three", "fast", "first", "second", "third", "rest",
                           "fourth", "handle", "inner", "turn", "function", "later", "Kind"}  # fmt: skip
    assert found.names.isdisjoint({"local", "field", "one", "a"})
    assert not found.is_open


@pytest.mark.parametrize(
    "source",
    [b"from x import *", b"def __getattr__(name):\n    return lazy[name]", b"globals()['x'] = 1",
     b"import sys\nsys.modules[__name__] = 1", b"no python at all", b"x = 1\0", b"exec('x = 1')"],
)  # fmt: skip
def test_one_that_may_have_more(source: bytes) -> None:
    assert read_module(source).is_open


def test_a_getattr_that_answers_for_some_names_alone() -> None:
    source = b"""
def __getattr__(name):
    if name == "__version__":
        import metadata
        return metadata.version("x")
    if name in ("old", "older"):
        return 1
    raise AttributeError(name)
"""
    found = read_module(source)
    assert not found.is_open
    assert {"__version__", "old", "older"} <= found.names


def test_what_is_imported() -> None:
    source = b"""
import top.inner, other as o
from top import one, two as three
from . import beside
from ..up import four
from .... import too_far
from stars import *
def late():
    from top.late import five
try:
    from top import maybe
except (ImportError, KeyError):
    maybe = None
try:
    from top import must
except ValueError:
    pass
if TYPE_CHECKING:
    from top import Kind
else:
    from top import real
"""
    assert imports(source, "pack.sub") == {
        Imported("top.inner"), Imported("other"), Imported("top", "one"), Imported("top", "two"),
        Imported("pack.sub", "beside"), Imported("pack.up", "four"), Imported("stars"),
        Imported("top.late", "five"), Imported("top", "must"), Imported("top", "real"),
    }  # fmt: skip


@given(st.binary(max_size=200))
def test_any_bytes_are_no_traceback(data: bytes) -> None:
    read_module(data)
    imports(data, "x")
