from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pratique.analyzers.go_mod import go_mod, go_vendor
from reading import packages_of, read_as_far_as_possible, versions_of

Corpus = Callable[[str], Path]
TRIVY = "gomod/aquasecurity+trivy/pkg/dependency/parser/golang/mod/testdata/"
SYFT = "gomod/anchore+syft/"
PARSER = "github.com/aquasecurity/go-dep-parser"
XERRORS = "golang.org/x/xerrors"


def found(corpus: Corpus, name: str) -> dict[str, tuple[str, str]]:
    data = corpus(f"{name}/go.mod").read_bytes()
    packages, _ = read_as_far_as_possible(go_mod, "go.mod", data)
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
    data = b'module "e.org/m"\n\nrequire (\n\t`e.org/a` v1.0.0 // indirect; why\n)\nrequire b v2\ngo 1.17\n'
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


OLD = b"module e.org/m\ngo 1.16\nrequire e.org/a v1.1.0\nreplace e.org/r => e.org/r v9.0.0\n"
SUM = (
    b"e.org/a v1.0.0/go.mod h1:x=\ne.org/a v1.1.0 h1:x=\ne.org/a v1.1.0/go.mod h1:x=\n"
    b"e.org/b v0.9.0 h1:x=\ne.org/b v0.10.0 h1:x=\ne.org/c v1.0.0/go.mod h1:x=\n"
    b"e.org/r v9.0.0 h1:x=\n"
)
VENDORED = (
    b"# e.org/a v1.1.0\n## explicit; go 1.16\ne.org/a\n# e.org/b v0.10.0\ne.org/b/x\n"
    b"# e.org/r v1.0.0 => e.org/r v9.0.0\ne.org/r\n# e.org/l v1.0.0 => ./l\ne.org/l\n"
    b"# e.org/r => e.org/r v9.0.0\n# e.org/l => ./l\n"
)


def old(others: dict[str, bytes], data: bytes = OLD) -> tuple[dict[str, str], str]:
    packages, error = read_as_far_as_possible(go_mod, "m/go.mod", data, others)
    return {p.name: f"{p.version} {p.relation}" for p in packages}, error


def test_go_sum_names_what_an_old_go_mod_does_not() -> None:
    expected = {
        "e.org/m": " root",
        "e.org/a": "v1.1.0 direct",
        "e.org/b": "v0.10.0 indirect",
        "e.org/r": "v9.0.0 indirect",
    }
    assert old({"m/go.sum": SUM}) == (expected, "")
    assert old({"m/vendor/modules.txt": VENDORED}) == (expected, "")


def test_an_old_go_mod_alone_is_incomplete_and_a_new_one_is_not() -> None:
    assert old({})[1] == "indirect modules are not known, there is no go.sum"
    assert old({}, b"module m\ngo 1.16\n") == ({"m": " root"}, "")
    newer = OLD.replace(b"1.16", b"1.17")
    assert old({"m/go.sum": SUM}, newer)[0].keys() == {"e.org/m", "e.org/a"}


def test_a_vendor_folder_is_read_where_no_go_mod_is_beside() -> None:
    packages = packages_of(go_vendor, "m/vendor/modules.txt", VENDORED)
    assert [(p.name, p.version, p.relation, p.line) for p in packages] == [
        ("e.org/a", "v1.1.0", "direct", 1),
        ("e.org/b", "v0.10.0", "indirect", 4),
        ("e.org/r", "v9.0.0", "indirect", 6),
    ]
    path = "vendor/modules.txt"
    assert read_as_far_as_possible(go_vendor, path, VENDORED, {"go.mod": OLD}) == ([], "")


def test_a_go_mod_within_a_vendor_folder_adds_nothing() -> None:
    path, others = "m/vendor/e.org/a/go.mod", {"m/vendor/modules.txt": VENDORED}
    assert read_as_far_as_possible(go_mod, path, OLD, others) == ([], "")
    assert read_as_far_as_possible(go_mod, path, OLD)[0]


@settings(deadline=None)
@given(st.binary(max_size=200), st.integers(0, 250), st.integers(0, 80))
def test_mutated_files_give_modules_or_a_clear_error(noise: bytes, at: int, cut: int) -> None:
    mutated = [data[:at] + noise + data[at + cut :] for data in (OLD, SUM, VENDORED)]
    read_as_far_as_possible(go_mod, "go.mod", mutated[0], {"go.sum": mutated[1]})
    read_as_far_as_possible(go_mod, "go.mod", OLD, {"vendor/modules.txt": mutated[2]})
    read_as_far_as_possible(go_vendor, "vendor/modules.txt", mutated[2])


def test_what_modules_need_is_told_by_what_go_has_fetched() -> None:
    data = b"""module example.org/shop

go 1.22

require github.com/Masterminds/semver v1.5.0

require (
    golang.org/x/mod v0.22.0 // indirect
    golang.org/x/sys v0.30.0 // indirect
)
"""
    cache = "~/go/pkg/mod/cache/download/"
    others = {
        f"{cache}github.com/!masterminds/semver/@v/v1.5.0.mod": b"module github.com/Masterminds/semver\n"
        b"require (\n\tgolang.org/x/mod v0.1.0\n\tgolang.org/x/sys v0.1.0 // indirect\n\tother v1.0.0\n)\n",
        f"{cache}golang.org/x/mod/@v/v0.22.0.mod": b"\xff(((",
    }
    packages, error = read_as_far_as_possible(go_mod, "go.mod", data, others)
    assert error == ""
    assert {package.name: package.depends for package in packages} == {
        "example.org/shop": ("github.com/Masterminds/semver@v1.5.0",),
        "github.com/Masterminds/semver": ("golang.org/x/mod@v0.22.0",),
        "golang.org/x/mod": (),
        "golang.org/x/sys": (),
    }
