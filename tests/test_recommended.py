"""Packages that Debian only recommends, and that are needed all the same."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from pratique.checks.dockerfile.apt_recommends import check
from pratique.codecs.dockerfile.build import build
from pratique.codecs.dockerfile.instructions import parse
from pratique.codecs.dockerfile.recommended import needed
from pratique.codecs.edits import applied

FLAG = "--no-install-recommends"


def mended(text: str) -> str:
    return applied(text, [one.fix for one in check.judge(build(parse(text))) if one.fix])


@pytest.mark.parametrize(("before", "after"), [
    ("-y gcc", f"{FLAG} -y gcc libc6-dev"),
    ("-y gcc-12=12.2.0 vim", f"{FLAG} -y gcc-12=12.2.0 libc6-dev vim"),
    ("-y gcc g++", f"{FLAG} -y gcc g++"),
    ("-y build-essential cmake", f"{FLAG} -y build-essential cmake"),
    ("-y cmake", f"{FLAG} -y cmake gcc libc6-dev make"),
    ("-y curl \\\n    git", f"{FLAG} -y curl ca-certificates \\\n    git"),
    ("-y \\\n  git \\\n  gcc", f"{FLAG} -y \\\n  git ca-certificates \\\n  gcc libc6-dev"),
    ("-y gcc libc6-dev", f"{FLAG} -y gcc libc6-dev"),
])  # fmt: skip
def test_what_is_needed_is_named(before: str, after: str) -> None:
    """Else `gcc` finds no stdio.h, and `curl` no certificate."""
    text = f"FROM debian:12\nRUN apt-get update && apt-get install {before}\n"
    assert mended(text) == text.replace(before, after)
    assert mended(mended(text)) == mended(text)


def test_a_word_that_is_not_plain_is_not_mended() -> None:
    text = 'FROM debian:12\nRUN apt-get install -y "gcc"\n'
    assert mended(text) == text


@pytest.mark.debian
@pytest.mark.parametrize("package", ["gcc", "curl", "wget", "git", "cmake", "autoconf"])
def test_it_is_what_debian_recommends(package: str) -> None:
    if not shutil.which("apt-cache"):
        pytest.skip("apt-cache is not installed")
    words = ["apt-cache", "depends", "--recurse", "--no-suggests", "--no-conflicts", "--no-breaks",
             "--no-replaces", "--no-enhances", package]  # fmt: skip
    said = subprocess.run(words, check=False, capture_output=True, text=True).stdout
    if not said:
        pytest.skip("apt has no lists")
    assert all(other in said for other in needed(package, ()))
