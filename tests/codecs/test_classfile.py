"""Class files: what they define, what they use, and what cannot be read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from java_classes import java_class
from pratique.codecs.classfile import named_packages, read_class
from pratique.errors import MalformedError

WHOLE = java_class(
    "com/shop/Cart", above="com/shop/Base", interfaces=["com/shop/Seen"],
    methods=[("add", "(I)V"), ("<init>", "()V")], private=[("own", "()V")],
    uses=[("org/log/Logger", "info", "(Ljava/lang/String;)V"), ("org/log/Level", "HIGH", "I")],
    names=["[Lorg/arrays/One;", "[I"], major=61,
)  # fmt: skip


def test_what_a_class_says() -> None:
    found = read_class(WHOLE, "Cart.class")
    assert (found.name, found.above) == ("com/shop/Cart", ("com/shop/Base", "com/shop/Seen"))
    assert found.major == 61
    assert found.members == {("add", "(I)V"), ("<init>", "()V")}
    assert found.uses == {("org/log/Logger", "info", "(Ljava/lang/String;)V"),
                          ("org/log/Level", "HIGH", "I")}  # fmt: skip


def test_the_packages_that_it_names() -> None:
    assert named_packages(WHOLE, "x") == {"com/shop", "org/log", "org/arrays", ""}


@pytest.mark.parametrize("size", range(0, len(WHOLE) - 2, 7))
def test_what_is_cut_short(size: int) -> None:
    with pytest.raises(MalformedError, match="a class file that cannot be read"):
        read_class(WHOLE[:size], "Cart.class")


@given(st.integers(0, len(WHOLE) - 1), st.integers(0, 255))
def test_a_wrong_byte_is_no_traceback(at: int, byte: int) -> None:
    changed = WHOLE[:at] + bytes([byte]) + WHOLE[at + 1 :]
    for read in (read_class, named_packages):
        try:
            read(changed, "x")
        except MalformedError as error:
            assert "x" in error.message  # noqa: PT017 - it may be read as well
