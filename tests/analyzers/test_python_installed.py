from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from pratique.analyzers.python_installed import python_installed
from pratique.model.inventory import Package
from reading import packages_of, read_as_far_as_possible

Corpus = Callable[[str], Path]
TRIVY = "metadata/aquasecurity+trivy/pkg/dependency/parser/python/packaging/testdata/"


def read(headers: str) -> Package:
    (package,) = packages_of(
        python_installed, "lib/site-packages/x.dist-info/METADATA", headers.encode()
    )
    return package


def test_headers_up_to_the_first_blank_line_are_read() -> None:
    package = read("Metadata-Version: 2.1\nName: Flask\nVersion: 2.0.0\n\nName: no\nVersion: 9\n")
    assert (package.name, package.version, package.type) == ("Flask", "2.0.0", "pypi")


def test_carriage_returns_and_odd_case_do_not_matter() -> None:
    package = read("name: a\r\nVERSION : 1.0\r\n\r\nVersion: 2\r\n")
    assert (package.name, package.version) == ("a", "1.0")


def test_an_expression_goes_before_classifiers_and_these_before_the_license_field() -> None:
    head = "Name: a\nVersion: 1\nLicense: Something\n"
    classifier = "Classifier: License :: OSI Approved :: MIT License\n"
    assert read(head).licenses == ("Something",)
    assert read(head + classifier).licenses == ("MIT License",)
    assert read(head + classifier + "License-Expression: MIT OR 0BSD\n").licenses == (
        "MIT OR 0BSD",
    )


@pytest.mark.parametrize(
    "text",
    ["License: UNKNOWN", "License: MIT\n  Copyright me", "Classifier: License :: OSI Approved"],
)
def test_what_names_no_license_is_left_out(text: str) -> None:
    assert read(f"Name: a\nVersion: 1\n{text}\n").licenses == ()


def test_an_indented_name_belongs_to_the_field_before() -> None:
    assert read("Description: x\n  Name: no\nName: a\nVersion: 1\n").name == "a"


@pytest.mark.parametrize("headers", ["Name: a\n", "Version: 1\n", "Name: a\nVersion:\n", ""])
def test_metadata_without_a_name_or_a_version_is_malformed(headers: str) -> None:
    _, error = read_as_far_as_possible(python_installed, "x.egg-info", headers.encode())
    assert "name and a version" in error


@pytest.mark.parametrize(
    ("file", "name", "version", "licenses"),
    [
        ("zipp-3.12.1.METADATA", "zipp", "3.12.1", ("MIT License",)),
        ("iniconfig-2.0.0.METADATA", "iniconfig", "2.0.0", ("MIT",)),
        ("setuptools-51.3.3-py3.8.egg-info.PKG-INFO", "setuptools", "51.3.3", ()),
        ("networkx-3.0.METADATA", "networkx", "3.0", ()),
    ],
)
def test_real_metadata_is_read(
    corpus: Corpus, file: str, name: str, version: str, licenses: tuple[str, ...]
) -> None:
    package = read(corpus(TRIVY + file).read_text())
    assert (package.name, package.version, package.licenses) == (name, version, licenses)


def test_sixty_files_take_a_few_milliseconds(corpus: Corpus) -> None:
    data = corpus(TRIVY + "networkx-3.0.METADATA").read_bytes()
    times = []
    for _ in range(5):
        start = time.perf_counter()
        for _ in range(60):
            packages_of(python_installed, "x.dist-info/METADATA", data)
        times.append(time.perf_counter() - start)
    assert min(times) < 0.02
