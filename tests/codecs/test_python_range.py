"""Ranges of pyproject.toml: what they allow, and how they move."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pratique.codecs.pyproject import changed
from pratique.codecs.python_range import allows, moved
from pratique.ecosystems.pypi import pypi

KEY = pypi.version_key


@pytest.mark.parametrize(("written", "version", "expected"), [
    ("==3.2.0", "3.2.25", "==3.2.25"),
    ("== 3.2.0 ", "3.2.25", "== 3.2.25 "),
    ("3.2.0", "3.2.25", "3.2.25"),
    ("^3.2", "4.2.16", "^4.2.16"),
    ("~2.27.0", "2.31.0", "~2.31.0"),
    ("~=3.2.0", "4.2.16", "~=4.2.16"),
    ("~=3.2", "4.2.16", "~=4.2"),
    (">=3.2,<4.0", "4.2.16", ">=4.2.16,<5.0"),
    (">=3.0, <3.1", "3.1.6", ">=3.1.6, <3.2"),
    ("==3.2.*", "4.2.16", "==4.2.*"),
    (">=1,!=1.5", "2.0", ">=2.0,!=1.5"),
    ("<=2.0", "2.1", "<=2.1"),
])  # fmt: skip
def test_a_range_keeps_its_style_and_then_allows_the_version(
    written: str, version: str, expected: str
) -> None:
    assert moved(written, version, KEY) == expected
    assert allows(expected, version, KEY)


@pytest.mark.parametrize(("written", "version", "is_allowed"), [
    ("^0.4.1", "0.4.9", True), ("^0.4.1", "0.5.0", False), ("^3.2", "4.0", False),
    ("~2.27.0", "2.27.9", True), ("~2.27", "2.28", False), ("~=3.2", "3.9", True),
    ("*", "1", True), ("==3.*", "3.1", True), ("==3.*", "30.1", False), ("@ file:x", "1", False),
    (">=1,<2", "2", False), ("!=1.*", "1.5", False),
])  # fmt: skip
def test_what_a_range_allows(written: str, version: str, is_allowed: bool) -> None:
    assert allows(written, version, KEY) is is_allowed


@given(st.text("0123456789.*<>=~^!, ab", max_size=30))
def test_any_text_is_a_range_or_none(written: str) -> None:
    try:
        allows(written, "1.2.3", KEY)
        moved(written, "1.2.3", KEY)
    except ValueError as error:
        pytest.fail(str(error))


def test_only_what_is_asked_for_is_changed() -> None:
    text = """\
[build-system]
requires = ["django==1.0"]
[project]
dependencies = [
    "Django[argon2]==3.2.0 ; python_version > '3'", # web
    # "django==3.2.0",
    'django-cors==3.2.0',
]
[tool.poetry.dependencies]
django = { version = "^3.2", extras = ["argon2"] }  # "^3.2"
other = "^3.2"
[tool.poetry.group.dev.dependencies]
Django = '^3.2'
"""
    expected = text.replace("argon2]==3.2.0", "argon2]X").replace(
        'version = "^3.2"', 'version = "P"'
    )
    expected = expected.replace("Django = '^3.2'", "Django = 'P'")
    assert changed(text, {"django": lambda _, poetry: "P" if poetry else "X"}) == expected
    assert changed(text, {}) == text
