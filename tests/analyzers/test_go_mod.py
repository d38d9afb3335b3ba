from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pratique.analyzers.go_mod import go_mod
from reading import packages_of, read_as_far_as_possible, versions_of

Corpus = Callable[[str], Path]
TRIVY = "gomod/aquasecurity+trivy/pkg/dependency/parser/golang/mod/testdata/"
SYFT = "gomod/anchore+syft/"
PARSER = "github.com/aquasecurity/go-dep-parser"
XERRORS = "golang.org/x/xerrors"


def found(corpus: Corpus, name: str) -> dict[str, tuple[str, str]]:
    packages = packages_of(go_mod, "go.mod", corpus(f"{name}/go.mod").read_bytes())
    return {package.name: (package.version, package.relation) for package in packages}


def test_requirements_are_direct_or_indirect_and_the_module_is_the_root(corpus: Corpus) -> None:
    packages = found(corpus, f"{TRIVY}normal")
    assert len(packages) == 6
    assert packages["github.com/org/repo"] == ("", "root")
    assert packages["github.com/stretchr/testify"] == ("v1.9.0", "indirect")
    assert packages["github.com/aquasecurity/go-version"] == (
        "v0.0.0-20240603093900-cf8a8d29271d",
        "direct",
    )


def test_a_replacement_stands_in_for_the_version_it_names(corpus: Corpus) -> None:
    replaced = found(corpus, f"{TRIVY}replaced-with-version")
    other = found(corpus, f"{TRIVY}replaced-with-version-mismatch")
    assert replaced[PARSER] == ("v0.0.0-20220406074731-71021a481237", "direct")
    assert other[PARSER] == ("v0.0.0-20211224170007-df43bca6b6ff", "direct")


def test_a_module_replaced_by_a_folder_is_left_out(corpus: Corpus) -> None:
    assert XERRORS not in found(corpus, f"{TRIVY}replaced-with-local-path-and-version")
    assert XERRORS in found(corpus, f"{TRIVY}replaced-with-local-path-and-version-mismatch")


def test_blocks_comments_and_exclusions_are_understood(corpus: Corpus) -> None:
    folder = f"{SYFT}syft/pkg/cataloger/golang/testdata/go-mod-fixtures/many-packages"
    packages = found(corpus, folder)
    assert len(packages) == 8
    assert packages["github.com/anchore/syft"] == ("", "root")
    assert packages["github.com/adrg/xdg"] == ("v0.2.1", "direct")
    assert packages["github.com/anchore/archiver/v3"] == ("v3.5.2", "direct")
    assert packages["github.com/bmatcuk/doublestar"] == ("v8.8.8", "indirect")


def test_quotes_and_line_numbers_are_read() -> None:
    data = b'module "e.org/m"\n\nrequire (\n\t`e.org/a` v1.0.0 // indirect; why\n)\nrequire b v2\n'
    packages = packages_of(go_mod, "go.mod", data)
    assert [(package.name, package.line) for package in packages] == [
        ("e.org/m", 1), ("e.org/a", 4), ("b", 6),
    ]  # fmt: skip
    assert packages[1].relation == "indirect"


def test_no_standard_library_is_derived_from_the_toolchain() -> None:
    data = b"module m\ngo 1.22\ntoolchain go1.22.5\n"
    assert versions_of(packages_of(go_mod, "go.mod", data)) == {"m": ""}


@pytest.mark.parametrize("data", [b"", b"go 1.22\n", b"module\n", b"module m\nrequire a\n"])
def test_a_file_without_a_module_or_cut_short_is_malformed(data: bytes) -> None:
    assert read_as_far_as_possible(go_mod, "go.mod", data)[1]


def test_what_comes_before_and_after_a_broken_requirement_is_kept() -> None:
    data = b"module m\nrequire a v1\nrequire b\nrequire c v3\n"
    packages, error = read_as_far_as_possible(go_mod, "go.mod", data)
    assert versions_of(packages) == {"m": "", "a": "v1", "c": "v3"}
    assert error
