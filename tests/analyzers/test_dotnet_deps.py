from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pratique.analyzers.dotnet_deps import dotnet_deps
from reading import packages_of, read_as_far_as_possible

Corpus = Callable[[str], Path]
TRIVY = "dotnet/aquasecurity+trivy/pkg/dependency/parser/dotnet/core_deps/testdata/"
SYFT = "dotnet/anchore+syft/"


def relations(path: Path) -> dict[str, str]:
    packages = packages_of(dotnet_deps, "app/x.deps.json", path.read_bytes())
    return {f"{package.name} {package.version}": package.relation for package in packages}


def test_the_project_is_the_root_and_what_it_needs_is_direct(corpus: Corpus) -> None:
    assert relations(corpus(f"{TRIVY}happy.deps.json")) == {
        "ExampleApp1 1.0.0": "root",
        "Newtonsoft.Json 13.0.1": "direct",
    }


def test_other_projects_are_of_the_workspace(corpus: Corpus) -> None:
    assert relations(corpus(f"{TRIVY}multi-project.deps.json")) == {
        "Web 1.0.0": "root",
        "Api 1.0.0": "workspace",
        "Data 1.0.0": "workspace",
        "Newtonsoft.Json 13.0.3": "direct",
    }


@pytest.mark.parametrize("file", ["ambiguous-root", "missing-target"])
def test_where_the_graph_does_not_tell_packages_are_neither(corpus: Corpus, file: str) -> None:
    assert (
        relations(corpus(f"{TRIVY}{file}.deps.json"))[
            "Newtonsoft.Json " + ("13.0.3" if file == "ambiguous-root" else "13.0.1")
        ]
        == ""
    )


def test_packages_that_bring_nothing_at_run_time_are_left_out(corpus: Corpus) -> None:
    assert relations(corpus(f"{TRIVY}without-runtime.deps.json")) == {
        "hello2 1.0.0": "root",
        "JsonDiffPatch 2.0.61": "direct",
        "Libuv 1.9.1": "indirect",
        "System.Collections.Immutable 1.3.0": "indirect",
    }


def test_a_runtime_pack_is_named_like_its_package(corpus: Corpus) -> None:
    path = corpus(
        f"{SYFT}syft/pkg/cataloger/internal/dotnet/pe/testdata/net8-app-single-file.deps.json"
    )
    assert relations(path) == {
        "dotnetapp 1.0.0": "root",
        "Microsoft.NETCore.App.Runtime.win-x64 8.0.14": "direct",
        "Newtonsoft.Json 13.0.3": "direct",
        "Humanizer.Core 2.14.1": "indirect",
    }


def test_lines_are_those_of_the_libraries(corpus: Corpus) -> None:
    data = corpus(f"{TRIVY}happy.deps.json").read_bytes()
    packages = packages_of(dotnet_deps, "app/x.deps.json", data)
    assert [package.line for package in packages] == [28, 33]


@pytest.mark.parametrize("file", ["invalid", "no-libraries"])
def test_broken_and_empty_files_give_nothing(corpus: Corpus, file: str) -> None:
    data = corpus(f"{TRIVY}{file}.deps.json").read_bytes()
    packages, error = read_as_far_as_possible(dotnet_deps, "app/x.deps.json", data)
    assert (packages, bool(error)) == ([], file == "invalid")
