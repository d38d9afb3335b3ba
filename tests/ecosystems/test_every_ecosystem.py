from __future__ import annotations

from collections import Counter
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pratique.model.ecosystem import Ecosystem
from pratique.plugins import load

ECOSYSTEMS = load("pratique.ecosystems", Ecosystem)
SYSTEM_TYPES = {"deb", "rpm", "apk"}
# https://ossf.github.io/osv-schema/#affectedpackage-field
OSV = {
    "AlmaLinux", "Alpaquita", "Alpine", "Azure Linux", "BellSoft Hardened Containers",
    "Bioconductor", "Bitnami", "CRAN", "Chainguard", "ConanCenter", "Debian", "Echo",
    "GitHub Actions", "Go", "Hackage", "Hex", "Julia", "Mageia", "Maven", "MinimOS", "NuGet",
    "Packagist", "Photon OS", "Pub", "PyPI", "Red Hat", "Rocky Linux", "RubyGems", "SUSE", "SwiftURL", "Ubuntu",
    "Wolfi", "crates.io", "npm", "openEuler", "openSUSE",
}  # fmt: skip
ELSEWHERE = {"Amazon Linux", "Fedora", "Oracle Linux"}
"""Distributions with feeds of their own that OSV has no name for."""
HOSTILE = (
    "1" * 5000 + "!", "1.0alpha" + "1" * 5000 + "!", "1." * 5000 + "!", "1" + "a" * 5000 + "!",
    "1" + ".0" * 5000, "1" + "_rc1" * 3000 + "!", "1-" * 5000, "1" + "-a" * 5000 + "!",
    "1+" + "a." * 5000 + "!", "~" * 5000, "/" * 5000 + "x", "a@" * 5000, ".git" * 3000,
    " " * 5000 + "1!", "2010" + "-10" * 5000, "1" + "^a" * 3000,
)  # fmt: skip
each_ecosystem = pytest.mark.parametrize("ecosystem", ECOSYSTEMS, ids=lambda e: e.name)


def test_all_ecosystems_of_osv_that_can_be_installed_are_there() -> None:
    assert {ecosystem.name for ecosystem in ECOSYSTEMS} == OSV | ELSEWHERE


def test_a_package_has_one_ecosystem() -> None:
    types = Counter(e.purl_type for e in ECOSYSTEMS if not e.distros)
    distros = Counter((e.purl_type, distro) for e in ECOSYSTEMS for distro in e.distros)
    assert set(types.values()) == {1}
    assert set(distros.values()) == {1}


@each_ecosystem
def test_a_distribution_has_a_namespace_and_a_language_has_none(ecosystem: Ecosystem) -> None:
    assert bool(ecosystem.distros) == bool(ecosystem.namespace)
    assert bool(ecosystem.distros) == (ecosystem.purl_type in SYSTEM_TYPES)
    assert ecosystem.distros == tuple(distro.lower() for distro in ecosystem.distros)
    assert ecosystem.distros or ecosystem.named_by == "binary"


@each_ecosystem
@settings(max_examples=40)
@given(st.text(max_size=20))
def test_any_text_is_a_version_or_a_value_error(ecosystem: Ecosystem, text: str) -> None:
    with suppress(ValueError):
        key = ecosystem.version_key(text)
        assert key == ecosystem.version_key(f" {text} ")
        assert not key < key  # noqa: PLR0124 - irreflexive


@each_ecosystem
@settings(max_examples=40)
@given(st.text(st.sampled_from("aB1._-/:@ßİ") | st.characters(), max_size=20))
def test_a_canonical_name_is_its_own(ecosystem: Ecosystem, name: str) -> None:
    assert ecosystem.canonical(ecosystem.canonical(name)) == ecosystem.canonical(name)


@each_ecosystem
@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_a_long_text_is_read_at_once(ecosystem: Ecosystem, text: str) -> None:
    """Patterns that try every way to split a text would not come to an end here."""
    with suppress(ValueError):
        key = ecosystem.version_key(text)
        assert key == key  # noqa: PLR0124
    ecosystem.canonical(text)


@pytest.mark.parametrize(
    ("ecosystem", "name", "canonical"),
    [("PyPI", "Flask_SQLAlchemy", "flask-sqlalchemy"), ("NuGet", "Newtonsoft.Json", "newtonsoft.json"),
     ("Packagist", "Symfony/Http-Kernel", "symfony/http-kernel"), ("npm", "JSONStream", "JSONStream"),
     ("Go", "github.com/BurntSushi/toml", "github.com/BurntSushi/toml"),
     ("GitHub Actions", "Actions/Checkout", "actions/checkout"),
     ("Maven", "org.Example:Lib", "org.Example:Lib")],
)  # fmt: skip
def test_names_are_written_as_their_ecosystem_does(
    ecosystem: str, name: str, canonical: str
) -> None:
    assert next(e for e in ECOSYSTEMS if e.name == ecosystem).canonical(name) == canonical
