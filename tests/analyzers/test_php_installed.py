from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pratique.analyzers.php_installed import php_installed
from reading import packages_of, read_as_far_as_possible, versions_of

Corpus = Callable[[str], Path]
PATH = "app/vendor/composer/installed.json"
SYFT = "composer/anchore+syft/syft/pkg/cataloger/php/testdata/vendor/"


@pytest.mark.parametrize("layout", ["composer_1", "composer_2"])
def test_both_layouts_give_the_same_packages(corpus: Corpus, layout: str) -> None:
    packages = packages_of(
        php_installed, PATH, corpus(f"{SYFT}{layout}/installed.json").read_bytes()
    )
    assert versions_of(packages) == {"asm89/stack-cors": "1.3.0", "behat/mink": "v1.8.1"}
    assert {package.licenses for package in packages} == {("MIT",)}
    assert all(package.line for package in packages)


def test_composer_2_tells_what_is_for_development(corpus: Corpus) -> None:
    data = corpus(f"{SYFT}composer_2/installed.json").read_bytes()
    packages = packages_of(php_installed, PATH, data)
    assert [package.name for package in packages if package.dev] == ["behat/mink"]


def test_names_are_written_in_lower_case() -> None:
    (package,) = packages_of(php_installed, PATH, b'[{"name":"A/B","version":"v1"},{"name":""}]')
    assert (package.name, package.version, package.type) == ("a/b", "v1", "composer")


@pytest.mark.parametrize("data", [b"", b"7", b'[{"name":7}]', b'{"packages":{}}', b"[" * 100_000])
def test_other_shapes_are_malformed(data: bytes) -> None:
    assert read_as_far_as_possible(php_installed, PATH, data)[1]
